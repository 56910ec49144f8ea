import { DURATION, parseDuration } from '../duration';
import { isObject, nestedEntries, type JsonObject } from '../json';

/** A wait in words: "Please retry in 1.5s", "try again after 2 minutes", "请在 12 秒后重试" */
const WORDS = new RegExp(
	`(?:retry|again|wait|resets?)(?: in| after| for)?:? (?:about |approximately |at least )?(${DURATION})|(${DURATION})[之以]?[后後]`,
	'i',
);

/** Milliseconds by the name of a field; a text may hold its own unit. */
const FIELDS = new Map([
	['retryDelay', 1000], // RetryInfo of Google's APIs: gemini-limit.1.json
	['retry_after', 1000],
	['retry_after_seconds', 1000],
	['retry_after_ms', 1],
	['resets_in_seconds', 1000],
]);

/** Milliseconds that an error asks to wait, by a field at any depth or in words; `undefined` if it does not. */
export function askedWaitMs(body: JsonObject, message = ''): number | undefined {
	for (const [key, value] of nestedEntries(body)) {
		const unit = FIELDS.get(key);
		const wait = unit === undefined ? undefined : waitIn(value, unit);
		if (wait !== undefined) return wait;
	}
	const [, before, after] = WORDS.exec(message) ?? [];
	return parseDuration(before ?? after ?? '');
}

function waitIn(value: unknown, unit: number): number | undefined {
	// a Duration of protobuf as JSON is `1.5s`, in some clients an object
	const amount = isObject(value) ? value.seconds : value;
	if (typeof amount === 'string' && parseDuration(amount) !== undefined) return parseDuration(amount);
	const wait = typeof amount === 'number' || (typeof amount === 'string' && amount !== '') ? Number(amount) * unit : NaN;
	return wait >= 0 ? wait : undefined;
}
