import { isObject, objectIn, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import type { Field, ParameterValues } from '../description/field';
import { parameterError, type ItemContext } from '../errors/parameter-error';

/** Parameters that change how the reply comes, and the option that sets each. */
const RESERVED_PARAMS: { [param: string]: string } = { stream: 'Stream', background: 'Background' };

/**
 * The request body (or part of it) that fields make from their values: each field adds its own part.
 * @throws NodeOperationError for a value that cannot be sent
 */
export async function buildBody(fields: readonly Field[], values: ParameterValues, item: ItemContext): Promise<Body> {
	let body: Body = {};
	for (const field of fields) {
		const value = values[field.name];
		if (value !== undefined) body = mergeParts(body, await buildPart(field, value, values, item));
	}
	return body;
}

async function buildPart(field: Field, value: unknown, siblings: ParameterValues, item: ItemContext): Promise<Body> {
	const { sends, fields } = field;
	// the value was converted to the type of the field, which is the type that `sends` states for it
	if (typeof sends === 'function') return await sends(value as never, siblings, item);
	if (sends) return sends.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Body;
	return fields && field.type === 'collection' ? await buildBody(fields, value as ParameterValues, item) : {};
}

/**
 * The JSON object in the option Extra Body; `{}` where it is not set.
 * @param reservedHint what to do about `stream` and `background` where the form has no options for them
 * @throws NodeOperationError for a value that is no object, for `stream` and `background`, and for keys such as `__proto__`
 */
export function readExtraBody(values: ParameterValues, item: ItemContext, reservedHint?: string): JsonObject {
	const extraBody = objectIn(values, 'options').extraBody ?? {};
	if (!isObject(extraBody)) {
		throw parameterError(item, '"Extra Body" is not a JSON object', 'Give an object such as {"top_k": 40}, or remove the option');
	}
	const reserved = Object.keys(RESERVED_PARAMS).find((param) => param in extraBody);
	if (reserved !== undefined) {
		throw parameterError(
			item,
			`"${reserved}" cannot be set in "Extra Body"`,
			reservedHint ?? `Use the option ${RESERVED_PARAMS[reserved]} instead: it also changes how the reply is read`,
		);
	}
	refuseUnsafeKeys(extraBody, item);
	return extraBody;
}

function refuseUnsafeKeys(value: unknown, item: ItemContext): void {
	if (Array.isArray(value)) value.forEach((entry) => refuseUnsafeKeys(entry, item));
	if (!isObject(value)) return;
	for (const [key, entry] of Object.entries(value)) {
		if (key === '__proto__' || key === 'constructor') {
			throw parameterError(item, `"Extra Body" may not hold the key "${key}"`, 'Remove that key: no server takes it');
		}
		refuseUnsafeKeys(entry, item);
	}
}

/** The body with Extra Body over it: objects are merged at every level, lists and values are replaced. */
export function applyExtraBody(body: Body, extraBody: JsonObject): Body {
	return deepMerge(body, extraBody, (_, after) => after) as Body;
}

/** The body with the API's own default format beside a verbosity: several servers refuse `text` without `format`. */
export function withFormat(body: Body): Body {
	const isAlone = body.text?.verbosity !== undefined && body.text.format === undefined;
	return isAlone ? { ...body, text: { format: { type: 'text' }, ...body.text } } : body;
}

/** Two parts of a body as one: objects are merged at every level, lists are joined, other values are replaced. */
function mergeParts(body: Body, part: Body): Body {
	// two merged parts of a body are a part of a body
	return deepMerge(body, part, (before, after) => [...before, ...after]) as Body;
}

function deepMerge(before: JsonObject, after: JsonObject, mergeLists: (before: unknown[], after: unknown[]) => unknown[]): JsonObject {
	const merged = { ...before };
	for (const [key, value] of Object.entries(after)) {
		const old = merged[key];
		if (isObject(old) && isObject(value)) merged[key] = deepMerge(old, value, mergeLists);
		else merged[key] = Array.isArray(old) && Array.isArray(value) ? mergeLists(old, value) : value;
	}
	return merged;
}
