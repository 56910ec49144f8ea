import { sleep } from 'n8n-workflow';

import { AbortedError } from '../errors/api-error';
import type { Connection } from './connection';

/** Milliseconds between two checks of the clock: a deadline or Stop may be noticed that late */
export const CHECK_INTERVAL_MS = 100;

/**
 * Resolves after `milliseconds`, or earlier once no more calls are made (`isClosed`).
 * @throws AbortedError at most 100 ms after the execution was stopped
 */
export async function delay(
	{ connection, rateLimiter }: { connection: Connection; rateLimiter?: { isClosed?(): boolean } },
	milliseconds: number,
): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!connection.isCancelled() && !rateLimiter?.isClosed?.() && Date.now() < end) {
		await sleep(Math.min(CHECK_INTERVAL_MS, end - Date.now()));
	}
	if (connection.isCancelled()) throw new AbortedError();
}
