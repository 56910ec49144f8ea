type Headers = { [name: string]: string };

/** Most milliseconds between two launches: a longer wait is left to the server to ask for */
const LONGEST = 10_000;
/** Share of a token limit under which it counts as nearly used up */
const NEARLY_NONE = 0.02;
const UNITS: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** How launches are to be spaced for a while. */
export interface Advice {
	/** Milliseconds between two launches */
	interval: number;
	/** For how many milliseconds */
	lasts: number;
}

/**
 * How to space launches so that the limits a server tells of (`x-ratelimit-*`) are not run into: what is left of them
 * is spread evenly over the time until they are refilled. `undefined` while enough is left.
 * https://platform.openai.com/docs/guides/rate-limits
 */
export function adviceIn(headers: Headers, inFlight: number): Advice | undefined {
	const requests = numberIn(headers, 'x-ratelimit-remaining-requests');
	if (requests >= 0 && requests <= inFlight) return spread(resetIn(headers, 'requests'), requests + 1);
	const tokens = numberIn(headers, 'x-ratelimit-remaining-tokens');
	const share = tokens / numberIn(headers, 'x-ratelimit-limit-tokens');
	return tokens <= 0 || share < NEARLY_NONE ? spread(resetIn(headers, 'tokens'), 1) : undefined;
}

function spread(lasts: number, launches: number): Advice | undefined {
	return lasts > 0 ? { interval: Math.min(lasts / launches, LONGEST), lasts } : undefined;
}

/** Milliseconds until a limit is refilled: `6m0s`, `12ms`, or a number of seconds. */
function resetIn(headers: Headers, what: string): number {
	const name = `x-ratelimit-reset-${what}`;
	const seconds = numberIn(headers, name);
	if (Number.isFinite(seconds)) return seconds * 1000;
	const parts = [...(headers[name] ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
	return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
}

const numberIn = (headers: Headers, name: string) => Number(headers[name] || NaN);
