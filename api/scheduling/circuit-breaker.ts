import type { Clock } from '../clock';
import type { ConcurrencyLimit } from './concurrency-limit';
import type { LearntRate } from './learnt-rate';
import type { Patience } from './patience';
import { ProbeTimer } from './probe-timer';
import { RefusalStreaks } from './refusal-streaks';

/** Milliseconds after which a probe counts as taken if it was not refused: an answer may take minutes */
const PROBE_TIME = 1000;
/** So many calls in a row have to be taken after a shut time until the state is normal again, or two rounds of calls if that is less */
const RECOVERED_AFTER = 5;
const RECOVERED_ROUNDS = 2;

/** A call that went out. */
export interface Launch {
	/** Calls are numbered in the order in which they go out */
	number: number;
	/** Calls in flight at that moment, this one included */
	inFlight: number;
	/** When the call went out, as the clock counts */
	at: number;
	/** Whether the call was held back because the server takes only so many calls in a time */
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
	/** Whether the server could not be reached at all */
	isOutage: boolean;
}

/**
 * Finds out why the server refuses calls: by chance, because too many are in flight at once, or because it takes none at all
 * (a circuit breaker: normal = closed, shut = open, recovering = half-open).
 *
 * - A single refusal concerns its own row only.
 * - After a streak of refusals, no more calls may be in flight than those that the server did take.
 * - After another streak at that lower number, or after a streak while nothing is in flight, all calls are shut off. From
 *   then on one call at a time goes out, as a probe.
 * - Once the server takes a probe, half as many calls as before may be in flight. Until the server has taken some calls in a
 *   row, a single refusal already counts as a streak.
 */
export class CircuitBreaker {
	private state: 'normal' | 'shut' | 'recovering' = 'normal';

	/** Whether the server is away, while all calls are shut off */
	private isOutage = false;

	private readonly streaks = new RefusalStreaks();

	private readonly timer: ProbeTimer;

	private launches = 0;

	/** Calls up to this number went out before the limit was lowered or the state changed */
	private oldUpTo = 0;

	/** The limit before a streak of refusals lowered it; forgotten once the server takes a call that went out after that */
	private limitBefore?: number;

	/** The limit when the calls were shut off */
	private fullLimit = 1;

	private probe?: Launch;

	private nextProbeAt = 0;

	private takenInRow = 0;

	private slowestRefusalMs = 0;

	constructor(
		private readonly limit: ConcurrencyLimit,
		private readonly rate: LearntRate,
		private readonly patience: Patience,
		private readonly clock: Clock,
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

	/**
	 * When the next call may go out, as the clock counts; `Infinity`: not before one in flight has ended.
	 * @param inFlight calls in flight now; absent for a call that takes no place of its own
	 */
	nextLaunchAt(inFlight?: number): number {
		if (this.state === 'shut') {
			if (!this.probe) return this.nextProbeAt;
			const takenAt = this.probe.at + Math.max(PROBE_TIME, 3 * this.slowestRefusalMs);
			if (this.clock.now() < takenAt) return takenAt;
			this.reopen(this.probe);
		}
		const now = this.clock.now();
		return inFlight === undefined ? now : this.limit.nextLaunchAt(inFlight, now);
	}

	/** A call goes out. */
	onLaunch(call: Pick<Launch, 'inFlight' | 'isSpaced'>): Launch {
		const launch = { ...call, number: ++this.launches, at: this.clock.now(), isTaken: false };
		if (this.state === 'shut') this.probe = launch;
		return launch;
	}

	/** The server took a call. */
	onTaken(launch: Launch): void {
		if (launch.isTaken) return;
		launch.isTaken = true;
		this.patience.onTaken();
		if (launch === this.probe) this.reopen(launch);
		this.rate.onTaken(launch.isSpaced);
		this.streaks.countTaken();
		if (launch.number <= this.oldUpTo) return;
		this.limitBefore = undefined;
		const enough = Math.min(RECOVERED_AFTER, RECOVERED_ROUNDS * this.limit.current);
		if (this.state === 'recovering' && ++this.takenInRow >= enough) this.state = 'normal';
	}

	/** The server refused a call. Returns whether all calls are shut off now, so that all rows wait. */
	onRefused(launch: Launch, refused: Refused): boolean {
		const now = this.clock.now();
		this.patience.onRefused();
		this.slowestRefusalMs = Math.max(this.slowestRefusalMs, now - launch.at);
		this.streaks.add(launch.number, this.isNormal && !launch.isSpaced);
		if (launch === this.probe) {
			this.timer.onRefused();
			this.holdProbe(refused);
		} else if (this.state !== 'shut') this.judge(launch, refused);
		return this.state === 'shut';
	}

	/** Decides whether the refusal is chance, a sign of too many calls at once, or of a server that takes none. */
	private judge({ number, inFlight, isSpaced }: Launch, refused: Refused) {
		const isWary = this.state === 'recovering' || isSpaced;
		const significant = this.streaks.significantLength - (isWary ? 1 : 0);
		const length = this.streaks.lengthAt(number);
		if (length < (isWary ? 1 : 2)) this.limit.onRefusedAlone(inFlight);
		else if (refused.inFlight === 0 || isSpaced) {
			// fewer calls at once would not help
			if (length >= significant) this.shut(refused);
		} else if (this.limitBefore === undefined) this.lowerLimit(refused);
		else if (number <= this.oldUpTo || inFlight > this.limit.current) {
			// the call went out when more were in flight than may be now, so its refusal says nothing new
			this.oldUpTo = Math.max(this.oldUpTo, number);
			this.limit.lower(refused.inFlight);
		} else if (this.streaks.lengthAt(number, this.oldUpTo) >= significant) this.shut(refused);
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
		const isAsked = askedMs > 0 && askedMs <= this.patience.longestWaitMs;
		const waitMs = this.timer.next(isAsked ? askedMs : 0, this.rate.averageMs, isOutage);
		// the last probe goes out just before the execution gives up
		this.nextProbeAt = this.clock.now() + (isAsked ? waitMs : Math.min(waitMs, Math.max(0, this.patience.leftMs)));
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
