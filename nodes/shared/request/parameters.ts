import { isObject, parsedOrUndefined } from '../../../api/json';
import type { Field, Values } from '../description/field';
import { formError, type Item } from '../errors/parameter-error';

/**
 * The values of these fields for an item, each converted by the type of its field; what is not set is left out.
 * A field that the form does not show has no value. Expressions may give anything, whatever the field looks like.
 * @throws NodeOperationError that names the field whose value does not fit
 */
export function valuesOf(fields: readonly Field[], item: Item): Values {
	// without `null` n8n throws for a field that the form does not show
	return converted(fields, (name) => item.context.getNodeParameter(name, item.index, null), item);
}

function converted(fields: readonly Field[], read: (name: string) => unknown, item: Item): Values {
	const values: Values = {};
	for (const field of fields) {
		const value = valueOf(field, read(field.name), item);
		if (value !== undefined) values[field.name] = value;
	}
	return values;
}

/** One value; `undefined` where it is not set: `0`, `false` and an empty list are set. */
function valueOf(field: Field, raw: unknown, item: Item): unknown {
	// pasted IDs often come with a blank or a line end
	if (field.type === 'resourceLocator') return textOf(isObject(raw) ? raw.value : raw)?.trim() || undefined;
	if (raw === undefined || raw === null || raw === '') return undefined;
	switch (field.type) {
		case 'number':
			return numberOf(field, raw, item);
		case 'boolean':
			return booleanOf(field, raw, item);
		case 'json':
			return jsonOf(field, raw, item);
		case 'collection':
			return converted(field.fields ?? [], (name) => (isObject(raw) ? raw[name] : undefined), item);
		case 'fixedCollection':
			return rowsOf(field, raw, item);
		case 'multiOptions':
			return Array.isArray(raw) ? raw : namesIn(raw);
		default:
			return textOf(raw);
	}
}

/** Text as it is, numbers and booleans as text, objects and lists as JSON, dates as in JSON; `undefined` for "". */
function textOf(raw: unknown): string | undefined {
	if (raw === undefined || raw === null || raw === '') return undefined;
	if (typeof raw !== 'object') return String(raw);
	const json = JSON.stringify(raw);
	// an invalid date is null
	if (json === 'null') return undefined;
	return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function numberOf(field: Field, raw: unknown, item: Item): number | undefined {
	if (typeof raw === 'string' && raw.trim() === '') return undefined;
	const number = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : NaN;
	if (Number.isFinite(number)) return number;
	throw formError(
		item,
		`"${field.displayName}" takes a number, not ${JSON.stringify(raw)}`,
		'Type a number, or clear the field. If it is an expression, look at what it gives for this item',
	);
}

function booleanOf(field: Field, raw: unknown, item: Item): boolean {
	const value = typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw formError(
		item,
		`"${field.displayName}" takes true or false, not ${JSON.stringify(raw)}`,
		'Switch it on or off. If it is an expression, look at what it gives for this item',
	);
}

/** JSON as an object, or as the text of one. */
function jsonOf(field: Field, raw: unknown, item: Item): unknown {
	if (typeof raw !== 'string') return raw;
	if (raw.trim() === '') return undefined;
	try {
		return JSON.parse(raw) ?? undefined;
	} catch (error) {
		throw formError(
			item,
			`"${field.displayName}" is not valid JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`,
			'Correct the JSON; an expression must give an object, a list or the text of one',
		);
	}
}

/** The rows of a list; one without any row is not set. */
function rowsOf(field: Field, raw: unknown, item: Item): Values[] | undefined {
	const list: unknown = isObject(raw) ? raw.values : raw;
	const entries = Array.isArray(list) ? list : isObject(list) ? [list] : [];
	if (entries.length === 0) return undefined;
	return entries.map((row: unknown) => converted(field.fields ?? [], (name) => (isObject(row) ? row[name] : undefined), item));
}

/** The names in a comma-separated text (or in a list that an expression gave), without blanks around them. */
export function namesIn(text: unknown): string[] {
	const listed = typeof text === 'string' && text.startsWith('[') ? parsedOrUndefined(text) : text;
	const names = Array.isArray(listed) ? listed.map(String) : String(text ?? '').split(',');
	return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** The addresses in such a text: a comma inside an address (or a data URL) ends none, only one before the next does. */
export function urlsIn(text: unknown): string[] {
	if (typeof text !== 'string' || text.startsWith('[')) return namesIn(text);
	const urls = text.split(/,\s*(?=[a-z][a-z0-9+.-]*:|$)/i);
	return urls.map((url) => url.trim()).filter((url) => url !== '');
}
