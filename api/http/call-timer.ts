import { sleep } from 'n8n-workflow';

import type { Road } from './send';
import { Stopped } from '../errors/api-error';

/** Milliseconds between two looks at the time: how late a deadline or Stop may be noticed */
const SLICE = 100;

/** Watches how long one call takes in all or, for a stream, how long the server is silent. */
export class Clock {
	private since = Date.now();

	private running = true;

	/** When the time for the last words is up */
	private last = Infinity;

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
	heard() {
		if (this.isStream) this.since = Date.now();
	}

	/** From now on there are only that many milliseconds, whatever comes; `Infinity` takes that back. */
	hurry(milliseconds: number) {
		this.last = Date.now() + milliseconds;
	}

	stop() {
		this.running = false;
	}

	/**
	 * Aborts the call when time is up. With `encoding: 'stream'` the timeout of n8n's helper ends at the reply's headers:
	 * nothing else bounds a silent body. One loop of short sleeps costs less than a timer for each piece that comes.
	 */
	async watch(controller: AbortController) {
		while (this.running) {
			await sleep(SLICE);
			if (!this.running) return;
			this.expired = Date.now() > Math.min(this.since + this.limit, this.deadline, this.last);
			if (this.expired) return controller.abort();
		}
	}
}

/**
 * Waits that many milliseconds, or until nothing more goes out.
 * @throws Stopped within a tenth of a second after Stop
 */
export async function pause({ connection, pace }: Pick<Road, 'connection' | 'pace'>, milliseconds: number): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!connection.stopped() && !pace.isClosed?.() && Date.now() < end) {
		await sleep(Math.min(SLICE, end - Date.now()));
	}
	if (connection.stopped()) throw new Stopped();
}
