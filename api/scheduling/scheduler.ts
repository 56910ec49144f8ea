import { sleep } from 'n8n-workflow';

import { AbortedError } from '../errors/api-error';
import type { RateLimiter } from '../http/rate-limiter';
import { retryAfterMs, isRateLimited } from '../http/retry-after';
import { Limit } from './concurrency-limit';
import { adviceIn, type Advice } from './rate-limit-headers';

/** Milliseconds between two looks at the time while calls are held back: how late Stop may be noticed */
const SLICE = 100;
/** Calls refused in a row after which none counts as a row's try: those of other runs take up all that the server gives */
const SHUT_OUT = 9;
/** Calls refused in a row after which they count again: this is no matter of waiting */
const GIVEN_UP = 100;

/** How many calls an execution makes at once, and how fast. */
export interface SchedulerSettings {
	/** Most calls in flight */
	concurrency: number;
	/** Most calls begun in a minute; 0 for no limit */
	requestsPerMinute: number;
	/** Longest wait in ms that a server may ask for */
	maxRetryAfterMs: number;
}

type Headers = { [name: string]: string };

/** One that waits to be let out. */
interface Waiting {
	go: () => void;
	stop: (reason: Error) => void;
}

/**
 * Lets the rows of a run in and their calls out: at most `concurrency` rows are at work, as many calls in flight as the
 * server takes (see `Limit`), and as many rows again are made ready meanwhile, so that one can go out the moment another
 * is done. A server that refuses a call and says how long to wait, or says that its limits are nearly used up, holds
 * all calls back.
 */
export class Gate {
	/** Calls made so far, and how many of them were tries after a failed one */
	readonly made = { calls: 0, retries: 0 };

	private readonly limit: Limit;

	private inFlight = 0;

	/** Calls that wait: those of rows at work go before the first ones of other rows */
	private readonly waiting: { first: Waiting[]; further: Waiting[] } = { first: [], further: [] };

	/** Rows that were let in and are not done, and those of them that are at work: a call of theirs has gone out */
	private rows = { in: 0, atWork: 0 };

	private nextRow?: () => void;

	private heldUntil = 0;

	private advice: Advice & { until: number } = { interval: 0, lasts: 0, until: 0 };

	/** Calls refused one after another without any that was not */
	private refusals = 0;

	private isTicking = false;

	private closed?: Error;

	private readonly interval: number;

	/** @param isStopped whether the run was stopped */
	constructor(
		private readonly spacing: SchedulerSettings,
		private readonly isStopped: () => boolean,
	) {
		this.limit = new Limit(spacing.concurrency);
		this.interval = spacing.requestsPerMinute > 0 ? 60_000 / spacing.requestsPerMinute : 0;
	}

	/** Waits until one row more may be at work, and gives that row's place. One caller at a time. */
	async enter(): Promise<Place> {
		if (this.rows.in >= 2 * this.spacing.concurrency) {
			await new Promise<void>((resolve) => (this.nextRow = resolve));
			// calls that can go out now come before rows that are only made ready
			await sleep(0);
		}
		this.rows.in++;
		return new Place(this);
	}

	/** For `Place`: a row is done. */
	left(wasAtWork: boolean): void {
		this.rows.in--;
		if (wasAtWork) this.rows.atWork--;
		this.nextRow?.();
		this.nextRow = undefined;
		this.letOut();
	}

	/** For `Place`: resolves with the number of the call when it may go out. */
	async turn(which: 'first' | 'further'): Promise<number> {
		if (this.closed) throw this.closed;
		await new Promise<void>((go, stop) => {
			this.waiting[which].push({ go, stop });
			this.letOut();
		});
		this.made.calls++;
		return this.limit.launched();
	}

	/** For `Place`: how the call of that number ended. */
	saw(launch: number, status: number, headers: Headers): void {
		this.inFlight--;
		if (isRateLimited(status, headers)) this.refused(launch, retryAfterMs(headers) ?? 0);
		else this.refusals = 0;
		if (status >= 200 && status < 300) this.limit.succeeded();
		const advice = adviceIn(headers, this.inFlight);
		if (advice) this.advice = { ...advice, until: Date.now() + advice.lasts };
		if (advice) this.hold(advice.interval);
		this.letOut();
	}

	/** Nothing more goes out: those that wait get this error. Calls in flight are left alone. */
	close(reason: Error): void {
		this.closed ??= reason;
		for (const { stop } of [...this.waiting.first.splice(0), ...this.waiting.further.splice(0)]) stop(reason);
	}

	get isClosed(): boolean {
		return this.closed !== undefined;
	}

	/** Whether the server has refused so many calls in a row that others than this run must be using it up. */
	get isShutOut(): boolean {
		return this.rows.in > 1 && this.refusals > SHUT_OUT && this.refusals < GIVEN_UP;
	}

	private refused(launch: number, asked: number) {
		this.refusals++;
		this.limit.refused(launch, this.inFlight);
		// rows whose server asks for more fail at once and tell so: the others must not wait for it unseen
		if (asked > this.spacing.maxRetryAfterMs) return;
		// longer than any row waits by itself, so that rows that were refused are back in time, and by chance, so that
		// workers and parallel executions do not begin again in step
		this.hold(asked + Math.min(asked / 20, 500) * (1 + Math.random()));
	}

	private hold(milliseconds: number) {
		if (milliseconds > 0) this.heldUntil = Math.max(this.heldUntil, Date.now() + milliseconds);
	}

	private letOut() {
		if (this.isStopped()) this.close(new AbortedError());
		while (this.inFlight < this.limit.now && this.hasNext) {
			const now = Date.now();
			if (now < this.heldUntil) return void this.tick();
			this.inFlight++;
			this.hold(now < this.advice.until ? Math.max(this.interval, this.advice.interval) : this.interval);
			this.next()?.go();
		}
	}

	private get hasNext(): boolean {
		const { first, further } = this.waiting;
		return further.length > 0 || (first.length > 0 && this.rows.atWork < this.spacing.concurrency);
	}

	private next(): Waiting | undefined {
		if (this.waiting.further.length > 0) return this.waiting.further.shift();
		this.rows.atWork++;
		return this.waiting.first.shift();
	}

	/** Looks again until the time has come; one such loop is enough for all that wait. */
	private async tick() {
		if (this.isTicking) return;
		this.isTicking = true;
		while (Date.now() < this.heldUntil && !this.isStopped() && !this.closed) {
			await sleep(Math.min(SLICE, this.heldUntil - Date.now()));
		}
		this.isTicking = false;
		this.letOut();
	}
}

/** A row's place in the gate: the pace of its calls, and whether the last of them failed. */
export class Place implements RateLimiter {
	/** Number of its last call, 0 before the first */
	private launch = 0;

	private hasFailed = false;

	private isLeft = false;

	constructor(private readonly gate: Gate) {}

	async acquire(): Promise<void> {
		this.launch = await this.gate.turn(this.launch === 0 ? 'first' : 'further');
		if (this.hasFailed) this.gate.made.retries++;
	}

	release(status: number, headers: Headers): void {
		this.hasFailed = status === 0 || status >= 400;
		this.gate.saw(this.launch, status, headers);
	}

	isExhaustedByOthers(): boolean {
		return this.gate.isShutOut;
	}

	isClosed(): boolean {
		return this.gate.isClosed;
	}

	/** Lets another row in. */
	leave(): void {
		if (this.isLeft) return;
		this.isLeft = true;
		this.gate.left(this.launch > 0);
	}
}
