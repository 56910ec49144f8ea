/** Calls in flight at first */
const INITIAL = 5;
/** Calls in flight at most, where the user sets nothing */
const AUTOMATIC_MAX = 200;
/** How many times longer answers may take when twice as many calls are in flight */
const MAX_GRADIENT = 1.6;
/** Fewest answers by which the latency is judged */
const MIN_SAMPLES = 5;
/** Rounds (one success for each call in flight) until growth is tried again: the first time, and at most */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 10;
/** Milliseconds of a round: a slower one counts as several, or a pause would last for minutes */
const LONGEST_ROUND = 2000;
/** After an answer that took longer than these milliseconds its place stays free: for this share of the time beyond them */
const QUICK_ANSWER = 500;
const FREE_SHARE = 0.2;
/** Places that stay free on average, where the share above would be more */
const FREE_PLACES = 0.4;
/** Milliseconds for which a place stays free at most: others ask more often than that */
const LONGEST_FREE = 5000;

/** Sums of the logarithms of latencies, and of how many calls were in flight: a very slow answer changes a mean of logarithms little. */
class Samples {
	count = 0;

	private logLatency = 0;

	private logInFlight = 0;

	add(milliseconds: number, inFlight: number): void {
		this.count++;
		this.logLatency += Math.log(Math.max(1, milliseconds));
		this.logInFlight += Math.log(inFlight);
	}

	/** The power of the number of calls in flight with which the latency grew from the other samples to these: 1 if the server only queues. */
	growthFrom(other: Samples): number {
		const latency = this.logLatency / this.count - other.logLatency / other.count;
		return latency / (this.logInFlight / this.count - other.logInFlight / other.count);
	}
}

/**
 * How many calls may be in flight.
 *
 * It begins with 5 and goes up by one for each success, so that it doubles with each round (slow start, as in TCP). A
 * server that queues calls instead of refusing them shows it by its latency (the gradient of Netflix's
 * concurrency-limits, https://github.com/Netflix/concurrency-limits): `base` is a number known to be fine, and growth
 * goes to twice that number, or to the 5 of the beginning if that is more. If answers there take at most 1.6 times as long
 * as at the base, that number is the new base; else the limit goes back, and growth is tried again after some rounds, twice
 * as many each time it fails. Then it is tried with one call more, and goes on once that call is answered (congestion
 * avoidance, as in TCP).
 *
 * A server that refuses what is too much gives a free place to whoever asks next. This execution would ask at once, each time,
 * and another one that found no place would wait until the end. So a place stays free for a moment after a slow answer; where
 * answers are quick, the time in which the next call is made ready is enough.
 */
export class ConcurrencyLimit {
	private allowed: number;

	private base: number;

	private atBase = new Samples();

	private aboveBase = new Samples();

	/** Successes that could not raise the limit yet, because the latency at the present limit has not been judged */
	private credit = 0;

	/** Rounds until growth is tried again, and how many the next pause lasts */
	private pause = 0;

	private nextPause = FIRST_PAUSE;

	/** Whether growth is tried with one call more, after a pause: what it costs if the server takes no more is one refused call */
	private isTrying = false;

	private slowest = 0;

	/** Whether the server ever refused calls because they were too many */
	private isLimited = false;

	/** When the places that stay free may be used again, as the clock counts */
	private freeUntil: number[] = [];

	/**
	 * @param max never exceeded
	 * @param timeoutMs milliseconds that a call may take
	 */
	constructor(
		private readonly max = AUTOMATIC_MAX,
		private readonly timeoutMs = Infinity,
	) {
		this.allowed = Math.min(INITIAL, max);
		this.base = this.allowed;
	}

	/** Calls that may be in flight at this moment */
	get current(): number {
		return this.allowed;
	}

	/**
	 * When the next call may go out, as the clock counts; `Infinity`: not before one in flight has ended.
	 * @param inFlight calls in flight now
	 */
	nextLaunchAt(inFlight: number, now: number): number {
		this.freeUntil = this.freeUntil.filter((time) => time > now);
		if (inFlight + this.freeUntil.length < this.allowed) return now;
		return inFlight < this.allowed ? Math.min(...this.freeUntil) : Infinity;
	}

	/**
	 * A call was answered: its place stays free for a moment, where the server has no more places.
	 * @param random gives numbers from 0 to 1
	 */
	leaveFree(latencyMs: number, now: number, random: () => number): void {
		if (!this.isLimited || latencyMs <= QUICK_ANSWER) return;
		const share = Math.min(FREE_SHARE, FREE_PLACES / this.allowed) * (0.5 + random());
		this.freeUntil.push(now + Math.min(share * (latencyMs - QUICK_ANSWER), LONGEST_FREE));
	}

	/**
	 * A call was answered.
	 * @param inFlight how many calls were in flight when it went out, itself included
	 */
	onSuccess(inFlight: number, latencyMs: number): void {
		this.slowest = Math.max(this.slowest, latencyMs);
		(inFlight > this.base ? this.aboveBase : this.atBase).add(latencyMs, inFlight);
		if (this.pause > 0) {
			// a server that queues calls is not asked to work on more of them sooner
			const rounds = this.isLimited ? Math.max(1, latencyMs / LONGEST_ROUND) : 1;
			this.pause -= rounds / this.allowed;
			this.isTrying = this.pause <= 0;
			return;
		}
		if (this.isTrying && inFlight > this.base) {
			this.isTrying = false;
			this.credit = 0;
		}
		// ten calls at once on a server that answers one after another would run into the time limit, and may be billed
		if (4 * this.slowest > this.timeoutMs) return;
		this.credit++;
		if (this.aboveBase.count >= Math.max(MIN_SAMPLES, this.base)) this.judge();
		const ceiling = Math.min(this.max, this.isTrying ? this.base + 1 : Math.max(INITIAL, 2 * this.base));
		const growth = Math.min(this.credit, ceiling - this.allowed);
		this.allowed += growth;
		this.credit -= growth;
	}

	/** Lowers the limit to this number, if the number is lower. */
	lower(number: number): void {
		this.isLimited = true;
		if (number < this.allowed) this.set(number);
	}

	/**
	 * A call was refused while others were taken: while growth is paused, the limit goes down by one, to half of the base at
	 * least; where growth was just tried, it is paused again.
	 * @param inFlight how many calls were in flight when it went out, itself included
	 */
	onRefusedAlone(inFlight: number): void {
		if (this.pause > 0 && this.allowed > this.base / 2) this.allowed = Math.max(1, this.allowed - 1);
		else if (this.isTrying && inFlight > this.base) {
			this.set(this.base);
			this.pauseGrowth();
		}
	}

	/** Stops growth for some rounds, twice as many each time. */
	pauseGrowth(): void {
		this.pause = this.nextPause;
		this.nextPause = Math.min(2 * this.nextPause, LONGEST_PAUSE);
		this.isTrying = false;
	}

	/** Sets the limit to this number, from which it grows again. */
	restart(number: number): void {
		this.set(number);
		this.pause = 0;
		this.isTrying = false;
	}

	private set(number: number) {
		this.allowed = this.base = Math.max(1, Math.min(number, this.max));
		this.credit = 0;
		this.atBase = new Samples();
		this.aboveBase = new Samples();
	}

	private judge(): void {
		if (this.atBase.count >= MIN_SAMPLES && this.aboveBase.growthFrom(this.atBase) > Math.log2(MAX_GRADIENT)) {
			this.set(this.base);
			this.pauseGrowth();
			return;
		}
		this.base = this.allowed;
		this.atBase = this.aboveBase;
		this.aboveBase = new Samples();
		this.nextPause = FIRST_PAUSE;
	}
}
