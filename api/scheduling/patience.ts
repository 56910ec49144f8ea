import type { Clock } from '../clock';

/** How many times as long as else an execution waits while the server takes calls of other executions */
const WITH_OTHERS = 4;

/** When the server last took a call of any execution that shares this object. */
export interface LastTaken {
	/** As the clock counts; absent: it took none so far */
	at?: number;
}

/** How long an execution waits for a server that takes none of its calls. */
export class Patience {
	/** Whether the server ever took a call of this execution */
	hasTaken = false;

	/** When the server first refused a call since it took one */
	private refusedSince?: number;

	/**
	 * @param maxWaitMs milliseconds that a row waits for a server that takes no calls
	 * @param lastTaken shared by executions that call the server at the same time
	 */
	constructor(
		private readonly clock: Clock,
		private readonly maxWaitMs: number,
		private readonly lastTaken: LastTaken = {},
	) {}

	/** The server took a call. */
	onTaken(): void {
		this.hasTaken = true;
		this.refusedSince = undefined;
		this.lastTaken.at = this.clock.now();
	}

	/** The server refused a call. */
	onRefused(): void {
		this.refusedSince ??= this.clock.now();
	}

	/** For how many milliseconds the server has refused all calls of this execution. */
	get refusedForMs(): number {
		return this.refusedSince === undefined ? 0 : this.clock.now() - this.refusedSince;
	}

	/** Milliseconds until the execution gives up; the limit is half as long where the server never took a call. */
	get leftMs(): number {
		const isTaking = this.hasTaken || this.takenByOthersAt !== undefined;
		return (isTaking ? this.maxWaitMs : this.maxWaitMs / 2) - this.usedMs;
	}

	/** Most milliseconds that the server may ask to wait. */
	get longestWaitMs(): number {
		return this.maxWaitMs - this.usedMs;
	}

	/**
	 * The milliseconds that count: while the server takes calls of other executions, the turn of this one comes. But it may be
	 * this one alone that is always refused, so that has an end, too.
	 */
	private get usedMs(): number {
		const sinceOthersMs = this.clock.now() - (this.takenByOthersAt ?? -Infinity);
		return Math.max(Math.min(this.refusedForMs, sinceOthersMs), this.refusedForMs - (WITH_OTHERS - 1) * this.maxWaitMs);
	}

	/** When the server last took a call of another execution, if it did so since it refuses those of this one. */
	private get takenByOthersAt(): number | undefined {
		const { refusedSince = Infinity, lastTaken } = this;
		return lastTaken.at !== undefined && lastTaken.at > refusedSince ? lastTaken.at : undefined;
	}
}
