import { sleep } from 'n8n-workflow';

import { CHECK_INTERVAL_MS } from './delay';

/** Aborts a call that takes too long in all or, for a stream, whose server is silent for too long. */
export class CallTimer {
	private lastActivity = Date.now();

	private isRunning = true;

	private reducedDeadline = Infinity;

	/** Whether the call was aborted because it took too long */
	expired = false;

	/**
	 * @param limit milliseconds
	 * @param deadline when to abort in any case, as `Date.now()` counts
	 */
	constructor(
		private readonly limit: number,
		private readonly isStream: boolean,
		private readonly deadline = Infinity,
	) {}

	/** The server sent bytes. For a stream, the time of silence begins anew. */
	onData() {
		if (this.isStream) this.lastActivity = Date.now();
	}

	/** Sets a hard deadline in ms from now. `Infinity` removes it. */
	setDeadline(milliseconds: number) {
		this.reducedDeadline = Date.now() + milliseconds;
	}

	stop() {
		this.isRunning = false;
	}

	/**
	 * Aborts the call when time is up. With `encoding: 'stream'` the timeout of n8n's helper ends at the reply's headers:
	 * nothing else bounds a silent body. One loop of short sleeps costs less than a timer for each piece that comes.
	 */
	async run(controller: AbortController) {
		while (this.isRunning) {
			await sleep(CHECK_INTERVAL_MS);
			if (!this.isRunning) return;
			this.expired = Date.now() > Math.min(this.lastActivity + this.limit, this.deadline, this.reducedDeadline);
			if (this.expired) return controller.abort();
		}
	}
}
