import type { Connection } from './connection';
import type { RateLimiter } from './rate-limiter';
import type { RequestLimits } from './request';

/** What every request of one item shares. */
export interface RequestContext {
	connection: Connection;
	limits: RequestLimits;
	rateLimiter: RateLimiter;
}
