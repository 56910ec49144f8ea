import { isObject, type JsonObject } from '../json';

/** A newer version of a response, an item or a part. What is blank in the newer one keeps the older value. */
export function mergeSnapshot(before: JsonObject, after: JsonObject): JsonObject {
	const kept = Object.keys(after).filter((key) => !isBlank(before[key]) && isBlank(after[key]));
	return { ...before, ...after, ...Object.fromEntries(kept.map((key) => [key, before[key]])) };
}

/** Whether a value is empty: no text, or a list of parts without text. */
export function isBlank(value: unknown): boolean {
	if (!Array.isArray(value)) return value === undefined || value === null || value === '';
	return value.every((part) => isObject(part) && (part.text === '' || part.refusal === ''));
}
