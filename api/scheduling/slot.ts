import type { RateLimiter, Refusal, Turn } from '../http/rate-limiter';
import type { Launch } from './circuit-breaker';

/** Milliseconds that a row waits after it alone was refused: the first time, and at most */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 16_000;
/** How often a row may be refused while the server takes calls of other rows, and how many milliseconds it waits in all */
const MOST_REFUSALS = 8;
const MAX_TOTAL_WAIT = 30_000;
/** Fewest refusals after which a row is given up, however long the server asked it to wait */
const FEWEST_REFUSALS = 4;

/** The slot of one row of an execution: when the calls of the row may go out, and how often they were refused. */
export class Slot implements RateLimiter {
	/** The call that is under way, or else the last one */
	launch?: Launch;

	/** Tries that failed: rows with fewer go first */
	failures = 0;

	/** Whether the last call failed */
	hasFailed = false;

	/** Whether the last call has ended, and the row has neither made another one nor is done */
	isUndecided = false;

	/** The call that began a job in the background, while the server works on it: it is in flight all that time */
	job?: Launch;

	private isJobExpected = false;

	/** Refusals of this row alone, and milliseconds that it waited after them */
	private refusals = 0;

	private waitedMs = 0;

	/** Calls of the execution that the server had taken when it last refused this row */
	private takenBefore = -1;

	private isDone = false;

	/** @param number rows are numbered in the order in which they were let in */
	constructor(
		private readonly scheduler: SlotScheduler,
		readonly number: number,
	) {}

	async acquire(turn: Turn): Promise<number> {
		return await this.scheduler.acquire(this, turn);
	}

	onHeaders(status: number, headers: { [name: string]: string }): void {
		this.scheduler.onHeaders(this, status, headers);
	}

	release(error?: unknown): Refusal | undefined {
		this.hasFailed = error !== undefined;
		if (this.isJobExpected && !this.hasFailed) this.job ??= this.launch;
		const refusal = this.scheduler.release(this, error);
		if (this.hasFailed && refusal?.counts !== false) this.failures++;
		return refusal;
	}

	startJob(): void {
		this.isJobExpected = true;
	}

	endJob(isDone: boolean): void {
		const { job } = this;
		this.isJobExpected = false;
		this.job = undefined;
		if (job) this.scheduler.onJobDone(this, job, isDone);
	}

	isClosed(): boolean {
		return this.scheduler.isClosed;
	}

	/** The row works on something else before its next call: another row may be asked meanwhile. */
	pause(): void {
		this.refusals = 0;
		this.waitedMs = 0;
		this.scheduler.onRowIdle(this, false);
	}

	/** The row is done: lets another one in. */
	done(): void {
		if (this.isDone) return;
		this.isDone = true;
		this.scheduler.onRowIdle(this, true);
	}

	/**
	 * The row was refused while others may go on.
	 * @param askedMs milliseconds that the server asks to wait
	 * @param taken calls of the execution that the server took so far
	 * @param chance a random number from 0 to 1
	 */
	refusedAlone(askedMs: number | undefined, taken: number, chance: number): Refusal {
		if (taken > this.takenBefore) this.refusals++;
		this.takenBefore = taken;
		const own = Math.min(FIRST_DELAY * 2 ** (this.refusals - 1), LONGEST_DELAY) * (1 - chance / 4);
		const delayMs = askedMs === undefined ? own : askedMs + chance * Math.min(askedMs / 20, 500);
		const isTooLong = this.waitedMs >= MAX_TOTAL_WAIT && this.refusals >= FEWEST_REFUSALS;
		if (isTooLong || this.refusals >= MOST_REFUSALS) return { delayMs, counts: false, gaveUp: 'always_refused' };
		this.waitedMs += delayMs;
		return { delayMs, counts: false };
	}
}

/** What a slot asks its scheduler for; each method gets the slot itself. */
export interface SlotScheduler {
	readonly isClosed: boolean;
	/** See `RateLimiter.acquire`. */
	acquire(slot: Slot, turn: Turn): Promise<number>;
	/** See `RateLimiter.onHeaders`. */
	onHeaders(slot: Slot, status: number, headers: { [name: string]: string }): void;
	/** See `RateLimiter.release`. */
	release(slot: Slot, error?: unknown): Refusal | undefined;
	/** See `RateLimiter.endJob`. */
	onJobDone(slot: Slot, job: Launch, isDone: boolean): void;
	/** A row is done, or makes no call for a time. */
	onRowIdle(slot: Slot, isDone: boolean): void;
}
