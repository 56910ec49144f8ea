import { isObject, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';

/** Two parts of a body as one: objects combine at every level, lists are joined, anything else is replaced. */
export function mergeParts(body: Body, part: Body): Body {
	// merging parts of a body gives a part of a body
	return deepMerge(body, part, (before, after) => [...before, ...after]) as Body;
}

/**
 * A body with the user's extra body over it: objects combine at every level, lists and values are replaced.
 * @throws NodeOperationError for keys that would change more than the body
 */
export function applyExtraBody(body: Body, extra: JsonObject, item: ItemContext): Body {
	refuseReservedKeys(extra, item);
	return deepMerge(body, extra, (_, after) => after) as Body;
}

function deepMerge(before: JsonObject, after: JsonObject, lists: (before: unknown[], after: unknown[]) => unknown[]): JsonObject {
	const result = { ...before };
	for (const [key, value] of Object.entries(after)) {
		const old = result[key];
		if (isObject(old) && isObject(value)) result[key] = deepMerge(old, value, lists);
		else result[key] = Array.isArray(old) && Array.isArray(value) ? lists(old, value) : value;
	}
	return result;
}

function refuseReservedKeys(value: unknown, item: ItemContext) {
	if (Array.isArray(value)) value.forEach((entry) => refuseReservedKeys(entry, item));
	if (!isObject(value)) return;
	for (const [key, entry] of Object.entries(value)) {
		if (key === '__proto__' || key === 'constructor') {
			throw parameterError(item, `"Extra Body" may not hold the key "${key}"`, 'Remove that key: no server takes it');
		}
		refuseReservedKeys(entry, item);
	}
}
