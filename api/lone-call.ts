import { ApiError } from './errors/api-error';
import type { Connection } from './http/connection';
import { noRateLimit, type RateLimiter } from './http/rate-limiter';
import type { RequestLimits } from './http/request';
import { backoffMs } from './http/retry';
import { retryAfterMs } from './http/retry-after';
import { outcomeOf } from './scheduling/outcome';

/**
 * The rate limiter of a single call that belongs to no execution. A refusal costs nothing, so the call waits and does not count
 * it as a try, as long as Max Retry Wait allows. The call waits as long as the server asks, else half a second and twice as long
 * each time.
 */
export function loneCall(connection: Connection, { maxRetryWait }: Pick<RequestLimits, 'maxRetryWait'>): RateLimiter {
	let givesUpAt: number | undefined;
	let refusals = 0;
	return {
		...noRateLimit(connection),
		release: (error) => {
			if (!(error instanceof ApiError) || outcomeOf(error) !== 'refused') return undefined;
			const now = Date.now();
			givesUpAt ??= now + maxRetryWait * 1000;
			const leftMs = givesUpAt - now;
			const askedMs = retryAfterMs(error.details.headers);
			if (askedMs !== undefined && askedMs > leftMs) return { delayMs: askedMs, counts: false, gaveUp: 'retry_wait_too_long' };
			if (leftMs <= 0) return { delayMs: 0, counts: false, gaveUp: 'no_calls_taken' };
			const delayMs = backoffMs(++refusals, askedMs);
			// the last try goes out just before it gives up
			return { delayMs: askedMs === undefined ? Math.min(delayMs, leftMs) : delayMs, counts: false };
		},
	};
}
