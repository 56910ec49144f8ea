import { isObject, parseJson, textIn } from '../../../api/json';
import type { Field, ParameterValues } from '../description/field';
import { parameterError, type ItemContext } from '../errors/parameter-error';
import { constantParameters } from './constant-parameters';
import { coerceJson } from './json-values';
import { coerceChoices, coerceText, excerptOf } from './text-values';

/**
 * The values of these fields for an item, each converted to the type of its field. Values that are not set are left out,
 * and so are fields that the form does not show. An expression may give a value of any type.
 * @throws NodeOperationError that names the field whose value cannot be converted
 */
export function readParameters(fields: readonly Field[], item: ItemContext): ParameterValues {
	const { withExpression, constants } = constantParameters(item.context);
	const values: ParameterValues = {};
	for (const field of fields) {
		const value = constants.has(field) ? constants.get(field) : coerce(field, readParameter(field, item), item);
		if (!withExpression.has(field.name)) constants.set(field, value);
		if (value !== undefined) values[field.name] = value;
	}
	return values;
}

function readParameter({ name, displayName }: Field, item: ItemContext): unknown {
	try {
		// without the fallback `null` n8n throws for a field that the form does not show
		return item.context.getNodeParameter(name, item.index, null);
	} catch (error) {
		throw expressionError(displayName, error, item);
	}
}

/** The error for a value that n8n cannot read. n8n copies values level by level, so a value that contains itself overflows the stack. */
function expressionError(label: string, error: unknown, item: ItemContext) {
	if (error instanceof RangeError) {
		return parameterError(
			item,
			`"${label}" holds a value that is nested too deeply, or contains itself`,
			'Give the part of it that is needed',
		);
	}
	const hint = `Correct the expression in "${label}"`;
	const description = textIn(error, 'description');
	return parameterError(item, error instanceof Error ? error.message : String(error), description ? `${hint}. ${description}` : hint);
}

function coerceAll(fields: readonly Field[], read: (field: Field) => unknown, item: ItemContext): ParameterValues {
	const values: ParameterValues = {};
	for (const field of fields) {
		const value = coerce(field, read(field), item);
		if (value !== undefined) values[field.name] = value;
	}
	return values;
}

/** One value converted to the type of its field; `undefined` if it is not set. `0`, `false` and an empty list are set. */
function coerce(field: Field, raw: unknown, item: ItemContext): unknown {
	// pasted IDs often have a blank or a line end around them
	if (field.type === 'resourceLocator')
		return coerceText(field, isObject(raw) && 'value' in raw ? raw.value : raw, item)?.trim() || undefined;
	if (raw === undefined || raw === null || raw === '') return undefined;
	switch (field.type) {
		case 'number':
			return coerceNumber(field, raw, item);
		case 'boolean':
			return coerceBoolean(field, raw, item);
		case 'json':
			return coerceJson(field, raw, item);
		case 'collection':
			return coerceAll(field.fields ?? [], ({ name }) => (isObject(raw) ? raw[name] : undefined), item);
		case 'fixedCollection':
			return coerceRows(field, raw, item);
		case 'multiOptions':
			return splitNames(coerceChoices(field, raw, item));
		default:
			return coerceText(field, raw, item);
	}
}

function coerceNumber(field: Field, raw: unknown, item: ItemContext): number | undefined {
	if (typeof raw === 'string' && raw.trim() === '') return undefined;
	const number = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : NaN;
	if (Number.isFinite(number)) return number;
	throw parameterError(
		item,
		`"${field.displayName}" takes a number, not ${excerptOf(raw)}`,
		typeof raw === 'string' && /^[-\d.,\s]*,[\d.,\s]*$/.test(raw)
			? 'Write it with a point and without a comma, such as 0.25'
			: 'Type a number, or clear the field. If it is an expression, look at what it gives for this item',
	);
}

function coerceBoolean(field: Field, raw: unknown, item: ItemContext): boolean {
	const value = typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw parameterError(
		item,
		`"${field.displayName}" takes true or false, not ${excerptOf(raw)}`,
		'Switch it on or off. If it is an expression, look at what it gives for this item',
	);
}

/** What the form calls a row of the list: Function, Message. */
function rowName({ options = [], displayName }: Field): string {
	const [row] = options;
	return row && 'displayName' in row ? row.displayName : displayName;
}

/** The rows of a list, each with converted values; an error names the row. `undefined` if there are none. */
function coerceRows(field: Field, raw: unknown, item: ItemContext): ParameterValues[] | undefined {
	const list: unknown = isObject(raw) ? raw.values : raw;
	const entries = Array.isArray(list) ? list : isObject(list) ? [list] : [];
	if (entries.length === 0) return undefined;
	return entries.map((row: unknown, index) => {
		const fields = (field.fields ?? []).map((inner) => ({
			...inner,
			displayName: `${inner.displayName} of ${rowName(field)} ${index + 1}`,
		}));
		return coerceAll(fields, ({ name }) => (isObject(row) ? row[name] : undefined), item);
	});
}

/** The names in a comma-separated text, or in a list that an expression gave, trimmed. */
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

/** The URLs in a comma-separated text or a list. Only a comma before the next scheme (`https:`) separates: URLs hold commas too. */
export function splitUrls(text: unknown): string[] {
	if (typeof text !== 'string' || text.startsWith('[')) return splitNames(text);
	const urls = text.split(/,\s*(?=[a-z][a-z0-9+.-]*:|$)/i);
	return urls.map((url) => url.trim()).filter((url) => url !== '');
}
