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

	/** Milliseconds without a call taken after which the execution gives up; half as many where the server never took one. */
	get limitMs(): number {
		return this.hasTaken || this.takenByOthersAt !== undefined ? this.maxWaitMs : this.maxWaitMs / 2;
	}

	/** Milliseconds until the execution gives up. */
	get leftMs(): number {
		return this.limitMs - this.usedMs;
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
		if (this.refusedSince === undefined) return 0;
		const now = this.clock.now();
		const refusedForMs = now - this.refusedSince;
		return Math.max(now - (this.takenByOthersAt ?? this.refusedSince), refusedForMs - (WITH_OTHERS - 1) * this.maxWaitMs);
	}

	/** When the server last took a call of another execution, if it did so since it refuses those of this one. */
	private get takenByOthersAt(): number | undefined {
		const { refusedSince = Infinity, lastTaken } = this;
		return lastTaken.at !== undefined && lastTaken.at > refusedSince ? lastTaken.at : undefined;
	}
}
