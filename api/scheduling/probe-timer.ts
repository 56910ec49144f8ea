import type { Clock } from '../clock';

/** Milliseconds before the first probe, and how many times longer each wait is than the one before */
const FIRST_WAIT = 500;
const GROWTH = 1.25;
/** Longest wait: this share of the time since the calls were shut off, but from `least` to `most` milliseconds */
const LONGEST_WAIT = { share: 1 / 8, least: 4000, most: 16_000 };
/** The first probe goes out after this share of the shortest of the last shut times; so many of those are remembered */
const AIM = 0.75;
const REMEMBERED = 2;
/** Shorter shut times say nothing: other executions may have taken all places for that while */
const LEAST_AIM = 5000;

/** When the next probe goes out while all calls are shut off. */
export class ProbeTimer {
	private shutAt = 0;

	private probes = 0;

	/** How long the last shut times were, in milliseconds, the newest first */
	private durations: number[] = [];

	constructor(private readonly clock: Clock) {}

	/** All calls are shut off. */
	start(): void {
		this.shutAt = this.clock.now();
		this.probes = 0;
	}

	/** A probe was refused. */
	onRefused(): void {
		this.probes++;
	}

	/** The server takes calls again. */
	stop(isOutage: boolean): void {
		if (!isOutage) this.durations = [this.clock.now() - this.shutAt, ...this.durations].slice(0, REMEMBERED);
	}

	/**
	 * Milliseconds until the next probe: what the server asks for, unless that was too short twice; else half a second,
	 * growing with each probe. A random part is added, so that workers and executions do not probe at the same moments.
	 * @param askedMs milliseconds that the server asks to wait, 0 where it asks for nothing
	 * @param averageMs milliseconds between two calls that the server took on average
	 */
	next(askedMs: number, averageMs: number, isOutage: boolean): number {
		const own = isOutage ? this.growing : Math.max(this.growing, averageMs, this.probes === 0 ? this.aim : 0);
		const wait = askedMs === 0 ? own : Math.max(askedMs, this.probes > 1 ? own : 0);
		return wait + this.clock.random() * Math.min(wait / 20, 500);
	}

	private get growing(): number {
		const { share, least, most } = LONGEST_WAIT;
		const longest = Math.min(Math.max((this.clock.now() - this.shutAt) * share, least), most);
		return Math.min(FIRST_WAIT * GROWTH ** this.probes, longest);
	}

	/** A limit by the minute opens at about the same time again. */
	private get aim(): number {
		const shortest = this.durations.length > 0 ? Math.min(...this.durations) : 0;
		return shortest < LEAST_AIM ? 0 : AIM * shortest;
	}
}
