import type { Clock } from '../clock';

/** Spacing of the calls that the server took without a pause last time, as a share of the average time per call */
const QUICK = 0.1;
/** The same for the calls after those */
const SPACING = 0.95;
/** The spacing shrinks with each call, to find out whether the server takes more: by this factor, then by its square, its cube and so on */
const SHRINKING = 0.85;
/** Fewest calls that show a rate: a single one in a long time may mean that other executions took all places */
const LEAST_TAKEN = 2;
/** The first time, at least so many calls count as taken, so that a late execution does not use up at once what all wait for */
const FIRST_TAKEN = 10;
/** Most milliseconds between two calls: a longer time may mean that other executions used up the limit */
const LONGEST_SPACING = 6000;
/** Milliseconds within which a call still went out on time */
const LATE = 20;

/**
 * How many calls the server takes in a time, learnt from one moment at which it takes calls again to the next. As many calls as
 * it took in a row last time go out quickly, though not at once, so that other executions get their share. The others go out a
 * little faster than the server took them on average, and ever faster as long as it takes them: what the server seemed to take
 * is wrong once the other executions are done.
 */
export class LearntRate {
	/** Milliseconds between two calls that the server took on average */
	averageMs = 0;

	/** Calls that the server takes in a minute, as far as is known */
	perMinute?: number;

	private quick = { calls: 0, spacingMs: 0 };

	private spacingMs = 0;

	private shrinking = SHRINKING;

	private cycle: { since: number; taken: number; takenUnspaced: number; isFirst: boolean };

	constructor(private readonly clock: Clock) {
		this.cycle = { since: clock.now(), taken: 0, takenUnspaced: 0, isFirst: true };
	}

	/** Milliseconds to leave between the last call and the next. */
	get currentSpacingMs(): number {
		return this.quick.calls > 0 ? this.quick.spacingMs : this.spacingMs;
	}

	/** A call goes out this many milliseconds after the last one. Returns whether its turn was delayed. */
	onLaunch(sinceLastMs: number): boolean {
		if (this.quick.calls > 0) {
			this.quick.calls--;
			return false;
		}
		const isSpaced = this.averageMs > 0 && this.spacingMs > LATE && sinceLastMs < this.spacingMs + LATE;
		this.spacingMs *= this.shrinking;
		this.shrinking *= SHRINKING;
		return isSpaced;
	}

	/** The server took a call. */
	onTaken(isSpaced: boolean): void {
		this.cycle.taken++;
		if (!isSpaced) this.cycle.takenUnspaced++;
	}

	/** The server takes calls again. After an outage there is nothing to learn. */
	onReopen(isOutage: boolean): void {
		const { since, taken, takenUnspaced, isFirst } = this.cycle;
		if (!isOutage && !isFirst && taken < LEAST_TAKEN) {
			// what is taken next counts as well, but not as taken in a row
			this.cycle.takenUnspaced = 0;
			return;
		}
		const now = this.clock.now();
		this.cycle = { since: now, taken: 0, takenUnspaced: 0, isFirst: false };
		if (isOutage) return;
		const least = isFirst ? FIRST_TAKEN : 0;
		const spacingMs = Math.min((now - since) / Math.max(taken, least), LONGEST_SPACING);
		if (taken >= LEAST_TAKEN) this.perMinute = (60_000 * taken) / (now - since);
		this.quick = { calls: Math.max(takenUnspaced, least), spacingMs: QUICK * spacingMs };
		// a token bucket is full at first, so the first cycle shows more calls than the server takes later
		this.averageMs = isFirst ? 0 : spacingMs;
		this.spacingMs = (isFirst ? QUICK : SPACING) * spacingMs;
		this.shrinking = SHRINKING;
	}
}
