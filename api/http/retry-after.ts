/**
 * Milliseconds a reply asks to wait before the next call (`retry-after-ms`, `Retry-After` in seconds or as a date);
 * `undefined` if it does not say, or says nothing sensible.
 */
export function retryAfterMs(headers: { [name: string]: string } = {}): number | undefined {
	const milliseconds = Number(headers['retry-after-ms'] || NaN);
	if (isWait(milliseconds)) return milliseconds;
	const after = headers['retry-after'] ?? '';
	const wait = /[a-z]/i.test(after) ? Date.parse(after) - Date.now() : Number(after || NaN) * 1000;
	return isWait(wait) ? wait : undefined;
}

/** Whether a server takes no more calls at this moment: it says "too many", or when to come again. */
export function isRateLimited(status: number, headers: { [name: string]: string } = {}): boolean {
	return status === 429 || ([503, 529].includes(status) && retryAfterMs(headers) !== undefined);
}

const isWait = (milliseconds: number) => Number.isFinite(milliseconds) && milliseconds >= 0;

/** A wait in words: `7 seconds`, rounded up. */
export function formatSeconds(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
