/**
 * Milliseconds that a response asks to wait before the next call: `retry-after-ms`, or `Retry-After` in seconds or as a date.
 * `undefined` without such a header, or with an unreadable one.
 */
export function retryAfterMs(headers: { [name: string]: string } = {}): number | undefined {
	const milliseconds = Number(headers['retry-after-ms'] || NaN);
	if (isWait(milliseconds)) return milliseconds;
	const after = headers['retry-after'] ?? '';
	const wait = /[a-z]/i.test(after) ? Date.parse(after) - Date.now() : Number(after || NaN) * 1000;
	return isWait(wait) ? wait : undefined;
}

/** Whether the server refuses calls at this moment: HTTP 429, or 503 and 529 that say when to come again. */
export function isRateLimited(status: number, headers: { [name: string]: string } = {}): boolean {
	return status === 429 || ([503, 529].includes(status) && retryAfterMs(headers) !== undefined);
}

const isWait = (milliseconds: number) => Number.isFinite(milliseconds) && milliseconds >= 0;

/** A duration in words, rounded up: `7 seconds`. */
export function formatSeconds(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
