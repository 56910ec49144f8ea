import { isObject, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { formError, type Item } from '../../shared/errors/parameter-error';

/** Two parts of a body as one: objects combine at every level, lists are joined, anything else is replaced. */
export function joined(body: Body, part: Body): Body {
	// merging parts of a body gives a part of a body
	return merged(body, part, (before, after) => [...before, ...after]) as Body;
}

/**
 * A body with the user's extra body over it: objects combine at every level, lists and values are replaced.
 * @throws NodeOperationError for keys that would change more than the body
 */
export function overridden(body: Body, extra: JsonObject, item: Item): Body {
	refuseKeys(extra, item);
	return merged(body, extra, (_, after) => after) as Body;
}

function merged(before: JsonObject, after: JsonObject, lists: (before: unknown[], after: unknown[]) => unknown[]): JsonObject {
	const result = { ...before };
	for (const [key, value] of Object.entries(after)) {
		const old = result[key];
		if (isObject(old) && isObject(value)) result[key] = merged(old, value, lists);
		else result[key] = Array.isArray(old) && Array.isArray(value) ? lists(old, value) : value;
	}
	return result;
}

function refuseKeys(value: unknown, item: Item) {
	if (Array.isArray(value)) value.forEach((entry) => refuseKeys(entry, item));
	if (!isObject(value)) return;
	for (const [key, entry] of Object.entries(value)) {
		if (key === '__proto__' || key === 'constructor') {
			throw formError(item, `"Extra Body" may not hold the key "${key}"`, 'Remove that key: no server takes it');
		}
		refuseKeys(entry, item);
	}
}
