import type { Clock } from './clock';
import type { ConcurrencyLimit } from './concurrency-limit';
import type { LearntRate } from './learnt-rate';
import { ProbeTimer } from './probe-timer';
import { RefusalRuns } from './refusal-runs';

/** Milliseconds after which a probe counts as taken if it was not refused: an answer may take minutes */
const PROBE_TIME = 1000;
/** How many calls have to be taken in a row until the server is well again */
const WELL = 5;

/** A call that went out. */
export interface Launch {
	/** Calls are numbered in the order in which they go out */
	number: number;
	/** Calls in flight at that moment, this one included */
	inFlight: number;
	/** When, as the clock counts */
	at: number;
	/** Whether it waited for its turn because the server takes only so many calls in a time */
	isSpaced: boolean;
	/** Whether the server took it, as far as is known */
	isTaken: boolean;
}

/** How the server refused a call. */
export interface Refused {
	/** Calls still in flight */
	inFlight: number;
	/** Milliseconds that the server asks to wait, 0 if it asks for nothing */
	askedMs: number;
	/** Whether it was not there at all */
	isOutage: boolean;
}

/**
 * Tells a refusal by chance from a server that takes no more calls, and one that takes only so many at once from one
 * that takes none (a circuit breaker: normal = closed, shut = open, recovering = half-open).
 *
 * - A refusal alone is no matter of the run.
 * - A run of them: no more calls may be in flight than those that the server did take.
 * - Another run of them although there are no more, or nothing is in flight: the run is shut. One call at a time goes out
 *   as a probe.
 * - A probe is taken: half as many calls as before may be in flight, and one refusal is a run, until five in a row are
 *   taken.
 */
export class CircuitBreaker {
	/** Whether the server ever took a call */
	hasTaken = false;

	private state: 'normal' | 'shut' | 'recovering' = 'normal';

	/** Whether the server is away, while the run is shut */
	private isOutage = false;

	private readonly runs = new RefusalRuns();

	private readonly timer: ProbeTimer;

	private launches = 0;

	/** Calls up to this number went out before the limit was lowered or the state changed */
	private oldUpTo = 0;

	/** The limit before it was lowered after a run of refusals, until a call is taken that went out later */
	private limitBefore?: number;

	/** The limit when the run was shut */
	private fullLimit = 1;

	private probe?: Launch;

	private nextProbeAt = 0;

	private takenInRow = 0;

	private slowestRefusalMs = 0;

	/** When the server first refused a call since it took one */
	private refusedSince?: number;

	/** @param maxWaitMs milliseconds that a row waits for a server that takes no calls */
	constructor(
		private readonly limit: ConcurrencyLimit,
		private readonly rate: LearntRate,
		private readonly clock: Clock,
		private readonly maxWaitMs: number,
	) {
		this.timer = new ProbeTimer(clock);
	}

	get isNormal(): boolean {
		return this.state === 'normal';
	}

	/** Why no call goes out at the moment, if that is so. */
	get shutBy(): 'limit' | 'outage' | undefined {
		if (this.state !== 'shut') return undefined;
		return this.isOutage ? 'outage' : 'limit';
	}

	/** Milliseconds without a call taken after which the run gives up; half as many where the server never took one. */
	get patienceMs(): number {
		return this.hasTaken ? this.maxWaitMs : this.maxWaitMs / 2;
	}

	/** Milliseconds until the run gives up. */
	get leftMs(): number {
		return this.patienceMs - this.refusedForMs;
	}

	/** Most milliseconds that the server may ask to wait. */
	get longestWaitMs(): number {
		return this.maxWaitMs - this.refusedForMs;
	}

	/** Milliseconds that the server has refused calls and taken none. */
	private get refusedForMs(): number {
		return this.refusedSince === undefined ? 0 : this.clock.now() - this.refusedSince;
	}

	/** When the next call may go out, as the clock counts; `Infinity`: not before one in flight has ended. */
	nextLaunchAt(inFlight: number): number {
		if (this.state === 'shut') {
			if (!this.probe) return this.nextProbeAt;
			const takenAt = this.probe.at + Math.max(PROBE_TIME, 3 * this.slowestRefusalMs);
			if (this.clock.now() < takenAt) return takenAt;
			this.reopen(this.probe);
		}
		return inFlight < this.limit.current ? this.clock.now() : Infinity;
	}

	/** A call goes out. */
	onLaunch(inFlight: number, isSpaced: boolean): Launch {
		const launch = { number: ++this.launches, inFlight, at: this.clock.now(), isSpaced, isTaken: false };
		if (this.state === 'shut') this.probe = launch;
		return launch;
	}

	/** The server took a call. */
	onTaken(launch: Launch): void {
		if (launch.isTaken) return;
		launch.isTaken = true;
		this.hasTaken = true;
		this.refusedSince = undefined;
		if (launch === this.probe) this.reopen(launch);
		this.rate.onTaken(launch.isSpaced);
		this.runs.countTaken();
		if (launch.number <= this.oldUpTo) return;
		this.limitBefore = undefined;
		if (this.state === 'recovering' && ++this.takenInRow >= WELL) this.state = 'normal';
	}

	/** The server refused a call. Gives whether the run is shut, so that all rows wait. */
	onRefused(launch: Launch, refused: Refused): boolean {
		const now = this.clock.now();
		this.refusedSince ??= now;
		this.slowestRefusalMs = Math.max(this.slowestRefusalMs, now - launch.at);
		this.runs.add(launch.number, this.isNormal && !launch.isSpaced);
		if (launch === this.probe) {
			this.timer.onRefused();
			this.holdProbe(refused);
		} else if (this.state !== 'shut') this.judge(launch, refused);
		return this.state === 'shut';
	}

	/** Whether the refusal is chance, a sign of too many calls at once, or of a server that takes none. */
	private judge({ number, inFlight, isSpaced }: Launch, refused: Refused) {
		const isWary = this.state === 'recovering' || isSpaced;
		const significant = this.runs.significantLength - (isWary ? 1 : 0);
		const length = this.runs.lengthAt(number);
		if (length < (isWary ? 1 : 2)) this.limit.onRefusedAlone();
		else if (refused.inFlight === 0 || isSpaced) {
			// fewer calls at once would not help
			if (length >= significant) this.shut(refused);
		} else if (this.limitBefore === undefined) this.lowerLimit(refused);
		else if (number <= this.oldUpTo || inFlight > this.limit.current) {
			// it went out when more were in flight than may be now: it tells nothing new
			this.oldUpTo = Math.max(this.oldUpTo, number);
			this.limit.lower(refused.inFlight);
		} else if (this.runs.lengthAt(number, this.oldUpTo) >= significant) this.shut(refused);
	}

	private lowerLimit({ inFlight }: Refused) {
		this.limitBefore = this.limit.current;
		this.oldUpTo = this.launches;
		this.limit.lower(inFlight);
		this.limit.pauseGrowth();
	}

	private shut(refused: Refused) {
		if (this.state === 'normal') this.fullLimit = this.limitBefore ?? this.limit.current;
		this.state = 'shut';
		this.limitBefore = undefined;
		this.oldUpTo = this.launches;
		this.timer.start();
		this.holdProbe(refused);
	}

	private holdProbe({ askedMs, isOutage }: Refused) {
		this.isOutage = isOutage;
		this.probe = undefined;
		const isAsked = askedMs > 0 && askedMs <= this.longestWaitMs;
		const waitMs = this.timer.next(isAsked ? askedMs : 0, this.rate.averageMs, isOutage);
		// the last probe goes out just before the run gives up
		this.nextProbeAt = this.clock.now() + (isAsked ? waitMs : Math.min(waitMs, Math.max(0, this.leftMs)));
	}

	private reopen(probe: Launch) {
		this.state = 'recovering';
		this.probe = undefined;
		this.takenInRow = 0;
		// the probe is the first call of the new cycle
		this.oldUpTo = probe.number - 1;
		this.timer.stop(this.isOutage);
		this.rate.onReopen(this.isOutage);
		this.limit.restart(Math.floor(this.fullLimit / 2));
	}
}
