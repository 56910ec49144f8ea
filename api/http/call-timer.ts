import { sleep } from 'n8n-workflow';

import type { RequestContext } from './send';
import { AbortedError } from '../errors/api-error';

/** Milliseconds between two looks at the time: how late a deadline or Stop may be noticed */
const CHECK_INTERVAL_MS = 100;

/** Watches how long one call takes in all or, for a stream, how long the server is silent. */
export class CallTimer {
	private lastActivity = Date.now();

	private running = true;

	/** When the time for the last words is up */
	private reducedDeadline = Infinity;

	/** Whether time was up */
	expired = false;

	/**
	 * @param limit milliseconds
	 * @param deadline when time is up in any case, as `Date.now()` counts
	 */
	constructor(
		private readonly limit: number,
		private readonly isStream: boolean,
		private readonly deadline = Infinity,
	) {}

	/** Bytes came. */
	onData() {
		if (this.isStream) this.lastActivity = Date.now();
	}

	/** From now on there are only that many milliseconds, whatever comes; `Infinity` takes that back. */
	setDeadline(milliseconds: number) {
		this.reducedDeadline = Date.now() + milliseconds;
	}

	stop() {
		this.running = false;
	}

	/**
	 * Aborts the call when time is up. With `encoding: 'stream'` the timeout of n8n's helper ends at the reply's headers:
	 * nothing else bounds a silent body. One loop of short sleeps costs less than a timer for each piece that comes.
	 */
	async run(controller: AbortController) {
		while (this.running) {
			await sleep(CHECK_INTERVAL_MS);
			if (!this.running) return;
			this.expired = Date.now() > Math.min(this.lastActivity + this.limit, this.deadline, this.reducedDeadline);
			if (this.expired) return controller.abort();
		}
	}
}

/**
 * Waits that many milliseconds, or until nothing more goes out.
 * @throws Stopped within a tenth of a second after Stop
 */
export async function delay(
	{ connection, rateLimiter }: Pick<RequestContext, 'connection' | 'rateLimiter'>,
	milliseconds: number,
): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!connection.isCancelled() && !rateLimiter.isClosed?.() && Date.now() < end) {
		await sleep(Math.min(CHECK_INTERVAL_MS, end - Date.now()));
	}
	if (connection.isCancelled()) throw new AbortedError();
}
