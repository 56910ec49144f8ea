import { sleep } from 'n8n-workflow';

import { AbortedError } from '../errors/api-error';
import type { RequestContext } from './context';

/** Milliseconds between two looks at the time: how late a deadline or Stop may be noticed */
export const CHECK_INTERVAL_MS = 100;

/**
 * Resolves after `milliseconds`, or earlier when the scheduler is closed.
 * @throws AbortedError at most 100 ms after the execution was stopped
 */
export async function delay(
	{ connection, rateLimiter }: Pick<RequestContext, 'connection'> & Partial<Pick<RequestContext, 'rateLimiter'>>,
	milliseconds: number,
): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!connection.isCancelled() && !rateLimiter?.isClosed?.() && Date.now() < end) {
		await sleep(Math.min(CHECK_INTERVAL_MS, end - Date.now()));
	}
	if (connection.isCancelled()) throw new AbortedError();
}
