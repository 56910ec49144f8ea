import { parseDuration } from '../duration';
import type { ReplyHeaders } from '../http/headers';

/** Most milliseconds between two launches: a longer wait is left to the server to ask for */
const LONGEST_INTERVAL = 10_000;
/** Longest time in milliseconds until a limit is refilled. A longer one is a limit by the day, or of one key among several: ignored */
const LONGEST_RESET = 60_000;
/** Share of a token limit under which it counts as nearly used up */
const NEARLY_NONE = 0.02;

/** How launches are to be spaced for a while. */
interface Throttle {
	/** Milliseconds between two launches */
	interval: number;
	since: number;
	until: number;
}

/**
 * What is left of the server's limits, by the headers `x-ratelimit-*` of the newest reply. Where nearly nothing is left, the
 * remaining calls are spread evenly over the time until the limits are refilled. A gateway with several keys passes on the
 * headers of the key that it chose: one reply says that nothing is left, the next that everything is. Such headers are
 * ignored from then on.
 * https://platform.openai.com/docs/guides/rate-limits
 */
export class RateLimitHeaders {
	private throttle?: Throttle;

	private isBelieved = true;

	/** A reply has come. */
	update(headers: ReplyHeaders, inFlight: number, now: number): void {
		if (!this.isBelieved) return;
		const isTold = 'x-ratelimit-remaining-requests' in headers || 'x-ratelimit-remaining-tokens' in headers;
		if (!isTold) return;
		const { throttle } = this;
		// calls in flight end in any order: only a header with twice as much left contradicts the one before
		const isPlenty = throttleIn(headers, 2 * inFlight + 1, 2 * NEARLY_NONE, now) === undefined;
		if (throttle && isPlenty && now < (throttle.since + throttle.until) / 2) this.isBelieved = false;
		this.throttle = this.isBelieved ? throttleIn(headers, inFlight, NEARLY_NONE, now) : undefined;
	}

	/**
	 * When the next call may go out, as the clock counts.
	 * @param last when the last call went out
	 */
	nextLaunchAt(now: number, last: number): number {
		const { throttle } = this;
		return throttle && now < throttle.until ? Math.max(last, throttle.since) + throttle.interval : now;
	}
}

function throttleIn(headers: ReplyHeaders, fewRequests: number, fewTokens: number, now: number): Throttle | undefined {
	const requests = numberIn(headers, 'x-ratelimit-remaining-requests');
	if (requests >= 0 && requests <= fewRequests) return spread(resetIn(headers, 'requests', now), requests + 1, now);
	const tokens = numberIn(headers, 'x-ratelimit-remaining-tokens');
	const share = tokens / numberIn(headers, 'x-ratelimit-limit-tokens');
	return tokens <= 0 || share < fewTokens ? spread(resetIn(headers, 'tokens', now), 1, now) : undefined;
}

function spread(reset: number, launches: number, now: number): Throttle | undefined {
	if (!(reset > 0 && reset <= LONGEST_RESET)) return undefined;
	return { interval: Math.min(reset / launches, LONGEST_INTERVAL), since: now, until: now + reset };
}

/** Milliseconds until a limit is refilled: `6m0s`, `12ms`, a number of seconds, or a time in seconds since 1970. */
function resetIn(headers: ReplyHeaders, what: string, now: number): number {
	const name = `x-ratelimit-reset-${what}`;
	const seconds = numberIn(headers, name);
	if (seconds > 1e9) return seconds * 1000 - now;
	if (Number.isFinite(seconds)) return seconds * 1000;
	return parseDuration(headers[name] ?? '') ?? 0;
}

const numberIn = (headers: ReplyHeaders, name: string) => Number(headers[name] || NaN);
