import { isObject, parseJson } from '../../../api/json';
import type { Field, ParameterValues } from '../description/field';
import { parameterError, type ItemContext } from '../errors/parameter-error';

/**
 * The values of these fields for an item, each converted by the type of its field; what is not set is left out.
 * A field that the form does not show has no value. Expressions may give anything, whatever the field looks like.
 * @throws NodeOperationError that names the field whose value does not fit
 */
export function readParameters(fields: readonly Field[], item: ItemContext): ParameterValues {
	// without `null` n8n throws for a field that the form does not show
	return coerceAll(fields, (name) => item.context.getNodeParameter(name, item.index, null), item);
}

function coerceAll(fields: readonly Field[], read: (name: string) => unknown, item: ItemContext): ParameterValues {
	const values: ParameterValues = {};
	for (const field of fields) {
		const value = coerce(field, read(field.name), item);
		if (value !== undefined) values[field.name] = value;
	}
	return values;
}

/** One value; `undefined` where it is not set: `0`, `false` and an empty list are set. */
function coerce(field: Field, raw: unknown, item: ItemContext): unknown {
	// pasted IDs often come with a blank or a line end
	if (field.type === 'resourceLocator') return coerceText(isObject(raw) ? raw.value : raw)?.trim() || undefined;
	if (raw === undefined || raw === null || raw === '') return undefined;
	switch (field.type) {
		case 'number':
			return coerceNumber(field, raw, item);
		case 'boolean':
			return coerceBoolean(field, raw, item);
		case 'json':
			return coerceJson(field, raw, item);
		case 'collection':
			return coerceAll(field.fields ?? [], (name) => (isObject(raw) ? raw[name] : undefined), item);
		case 'fixedCollection':
			return coerceRows(field, raw, item);
		case 'multiOptions':
			return Array.isArray(raw) ? raw : splitNames(raw);
		default:
			return coerceText(raw);
	}
}

/** Text as it is, numbers and booleans as text, objects and lists as JSON, dates as in JSON; `undefined` for "". */
function coerceText(raw: unknown): string | undefined {
	if (raw === undefined || raw === null || raw === '') return undefined;
	if (typeof raw !== 'object') return String(raw);
	const json = JSON.stringify(raw);
	// an invalid date is null
	if (json === 'null') return undefined;
	return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function coerceNumber(field: Field, raw: unknown, item: ItemContext): number | undefined {
	if (typeof raw === 'string' && raw.trim() === '') return undefined;
	const number = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : NaN;
	if (Number.isFinite(number)) return number;
	throw parameterError(
		item,
		`"${field.displayName}" takes a number, not ${JSON.stringify(raw)}`,
		'Type a number, or clear the field. If it is an expression, look at what it gives for this item',
	);
}

function coerceBoolean(field: Field, raw: unknown, item: ItemContext): boolean {
	const value = typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw parameterError(
		item,
		`"${field.displayName}" takes true or false, not ${JSON.stringify(raw)}`,
		'Switch it on or off. If it is an expression, look at what it gives for this item',
	);
}

/** JSON as an object, or as the text of one. */
function coerceJson(field: Field, raw: unknown, item: ItemContext): unknown {
	if (typeof raw !== 'string') return raw;
	if (raw.trim() === '') return undefined;
	try {
		return JSON.parse(raw) ?? undefined;
	} catch (error) {
		throw parameterError(
			item,
			`"${field.displayName}" is not valid JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`,
			'Correct the JSON; an expression must give an object, a list or the text of one',
		);
	}
}

/** The rows of a list; one without any row is not set. */
function coerceRows(field: Field, raw: unknown, item: ItemContext): ParameterValues[] | undefined {
	const list: unknown = isObject(raw) ? raw.values : raw;
	const entries = Array.isArray(list) ? list : isObject(list) ? [list] : [];
	if (entries.length === 0) return undefined;
	return entries.map((row: unknown) => coerceAll(field.fields ?? [], (name) => (isObject(row) ? row[name] : undefined), item));
}

/** The names in a comma-separated text (or in a list that an expression gave), without blanks around them. */
export function splitNames(text: unknown): string[] {
	const listed = typeof text === 'string' && text.startsWith('[') ? parseJson(text) : text;
	const names = Array.isArray(listed) ? listed.map(String) : String(text ?? '').split(',');
	return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** The names in a comma-separated text; `undefined` if there are none. */
export function optionalNames(text: unknown): string[] | undefined {
	const names = splitNames(text);
	return names.length > 0 ? names : undefined;
}

/** A value of a JSON field; `undefined` for `{}`, which an untouched field holds. */
export const unlessEmpty = (value: unknown) => (isObject(value) && Object.keys(value).length === 0 ? undefined : value);

/** The addresses in such a text: a comma inside an address (or a data URL) ends none, only one before the next does. */
export function splitUrls(text: unknown): string[] {
	if (typeof text !== 'string' || text.startsWith('[')) return splitNames(text);
	const urls = text.split(/,\s*(?=[a-z][a-z0-9+.-]*:|$)/i);
	return urls.map((url) => url.trim()).filter((url) => url !== '');
}
