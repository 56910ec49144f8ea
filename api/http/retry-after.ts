import { parseDuration } from '../duration';
import type { ReplyHeaders } from './headers';

/** Numbers from here on are no seconds to wait but a time, in seconds or milliseconds since 1970 */
const FIRST_TIME_S = 1e9;
const FIRST_TIME_MS = 1e12;

/**
 * Milliseconds that a response asks to wait before the next call: `retry-after-ms`, or `Retry-After` in seconds or as a date.
 * Servers also send it with a unit (`2s`) or as a time since 1970. `undefined` without such a header, or with an unreadable one.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: ReplyHeaders = {}): number | undefined {
	const milliseconds = Number(headers['retry-after-ms'] || NaN);
	if (isWait(milliseconds)) return milliseconds;
	const after = (headers['retry-after'] ?? '').replaceAll('"', '').trim();
	const wait = secondsMs(Number(after || NaN)) ?? parseDuration(after) ?? dateMs(after);
	return isWait(wait) ? wait : undefined;
}

function secondsMs(value: number): number | undefined {
	if (Number.isNaN(value)) return undefined;
	if (value >= FIRST_TIME_MS) return value - Date.now();
	return value >= FIRST_TIME_S ? value * 1000 - Date.now() : value * 1000;
}

/** Without a year, `Date.parse` takes almost any text for a date. */
const dateMs = (text: string) => (/\d{4}/.test(text) ? Date.parse(text) - Date.now() : NaN);

/** The headers with a wait in them that the body asked for, where they ask for none themselves. */
export function withRetryAfter(headers: ReplyHeaders, milliseconds: number | undefined): ReplyHeaders {
	const isAsked = milliseconds !== undefined && retryAfterMs(headers) === undefined;
	return isAsked ? { ...headers, 'retry-after-ms': String(milliseconds) } : headers;
}

const isWait = (milliseconds: number) => Number.isFinite(milliseconds) && milliseconds >= 0;
