import type { Clock } from '../clock';

/** Milliseconds between two measurements of the lag, and how late a timer is anyway */
const TICK = 20;
const TOLERANCE = 2;

/**
 * How late the event loop is because this process computes: an answer that lies there unread is not the server's delay.
 * Measured as usual, by how late a timer is (https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop).
 */
export class EventLoopLag {
	private measuredMs = 0;

	private dueAt?: number;

	/** @param isNeeded whether to go on measuring */
	constructor(
		private readonly clock: Clock,
		private readonly isNeeded: () => boolean,
	) {}

	/** Milliseconds that the event loop was late, in all since the first measurement */
	get totalMs(): number {
		return this.measuredMs + this.lateMs;
	}

	/** Measures from now on, if it does not yet. */
	start(): void {
		if (this.dueAt !== undefined) return;
		this.dueAt = this.clock.now() + TICK;
		void this.clock.sleep(TICK).then(() => {
			this.measuredMs += this.lateMs;
			this.dueAt = undefined;
			if (this.isNeeded()) this.start();
		});
	}

	private get lateMs(): number {
		return this.dueAt === undefined ? 0 : Math.max(0, this.clock.now() - this.dueAt - TOLERANCE);
	}
}
