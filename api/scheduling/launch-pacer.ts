import type { LearntRate } from './learnt-rate';
import { RateLimitHeaders } from './rate-limit-headers';

/** Within so many milliseconds at most five calls go out, or a tenth of the limit where that is more, and one for each success */
const BURST_TIME = 10;
const LEAST_BURST = 5;
const BURST_SHARE = 1 / 10;

/**
 * How far apart calls go out: not all at the same moment, so that the first refusals are there before many more went out;
 * as the user asks; as the server's headers ask; and as fast as the server took them before.
 */
export class LaunchPacer {
	readonly headers = new RateLimitHeaders();

	private readonly interval: number;

	private last = -Infinity;

	private burst = { since: -Infinity, launches: 0 };

	/** Successes in whose place no other call went out yet */
	private successes = 0;

	/** @param requestsPerMinute as the user asks, 0 for no limit */
	constructor(
		private readonly rate: LearntRate,
		requestsPerMinute: number,
	) {
		this.interval = requestsPerMinute > 0 ? 60_000 / requestsPerMinute : 0;
	}

	/**
	 * When the next call may go out, as the clock counts.
	 * @param limit calls that may be in flight
	 */
	nextLaunchAt(now: number, limit: number): number {
		const { since, launches } = this.burst;
		const isBurst = this.successes === 0 && now < since + BURST_TIME && launches >= Math.max(LEAST_BURST, limit * BURST_SHARE);
		const spacing = Math.max(this.interval, this.rate.currentSpacingMs);
		return Math.max(isBurst ? since + BURST_TIME : now, this.last + spacing, this.headers.nextLaunchAt(now, this.last));
	}

	/** What holds the next call back, if that is the server. */
	waitReason(now: number): 'limit' | 'headers' | undefined {
		if (this.headers.nextLaunchAt(now, this.last) > now) return 'headers';
		return this.last + this.rate.currentSpacingMs > now ? 'limit' : undefined;
	}

	/**
	 * A call was answered: another one goes out in its place at once.
	 * @param limit calls that may be in flight
	 */
	onSuccess(limit: number): void {
		this.successes = Math.min(this.successes + 1, limit);
	}

	/** A call was refused, or the server was not there: what else goes out waits for the next refusals. */
	onRefused(): void {
		this.successes = 0;
	}

	/** A call goes out. Returns whether it had to wait because the server takes only so many in a time. */
	onLaunch(now: number): boolean {
		if (now >= this.burst.since + BURST_TIME) this.burst = { since: now, launches: 0 };
		if (this.successes > 0) this.successes--;
		else this.burst.launches++;
		const isSpaced = this.rate.onLaunch(now - this.last);
		this.last = now;
		return isSpaced;
	}
}
