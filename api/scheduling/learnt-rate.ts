import type { Clock } from './clock';

/** Share of the average time per call in which the calls go out that the server took without a pause last time */
const QUICK = 0.1;
/** The same for calls beyond those, and by how much it shrinks with each call, so that more room is found */
const SPACING = 0.95;
const SHRINKING = 0.85;
/** Most milliseconds between two calls: what took longer may have been others that used up the limit */
const LONGEST_SPACING = 6000;
/** Milliseconds within which a call still went out on time */
const LATE = 20;

/**
 * How many calls the server takes in a time, learnt from one opening to the next. As many calls as it took in a row last
 * time go out quickly, though not at once, so that other executions get their share; the others go out a little faster
 * than the server took them on average.
 */
export class LearntRate {
	/** Milliseconds between two calls that the server took on average */
	averageMs = 0;

	/** Calls that the server takes in a minute, as far as is known */
	perMinute?: number;

	private quick = { calls: 0, spacingMs: 0 };

	private spacingMs = 0;

	private cycle: { since: number; taken: number; takenUnspaced: number; isFirst: boolean };

	constructor(private readonly clock: Clock) {
		this.cycle = { since: clock.now(), taken: 0, takenUnspaced: 0, isFirst: true };
	}

	/** Milliseconds to leave between the last call and the next. */
	get currentSpacingMs(): number {
		return this.quick.calls > 0 ? this.quick.spacingMs : this.spacingMs;
	}

	/** A call goes out so long after the last one. Whether it had to wait for its turn. */
	onLaunch(sinceLastMs: number): boolean {
		if (this.quick.calls > 0) {
			this.quick.calls--;
			return false;
		}
		const isSpaced = this.spacingMs > LATE && sinceLastMs < this.spacingMs + LATE;
		this.spacingMs *= SHRINKING;
		return isSpaced;
	}

	onTaken(isSpaced: boolean): void {
		this.cycle.taken++;
		if (!isSpaced) this.cycle.takenUnspaced++;
	}

	/** The server takes calls again. After an outage there is nothing to learn. */
	onReopen(isOutage: boolean): void {
		const { since, taken, takenUnspaced, isFirst } = this.cycle;
		const now = this.clock.now();
		this.cycle = { since: now, taken: 0, takenUnspaced: 0, isFirst: false };
		if (isOutage) return;
		const averageMs = (now - since) / Math.max(1, taken);
		const spacingMs = Math.min(averageMs, LONGEST_SPACING);
		this.perMinute = 60_000 / averageMs;
		this.quick = { calls: takenUnspaced, spacingMs: QUICK * spacingMs };
		// a bucket of tokens was full at first: its first cycle tells too much
		this.averageMs = isFirst ? 0 : spacingMs;
		this.spacingMs = SPACING * this.averageMs;
	}
}
