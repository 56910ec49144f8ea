import { isObject } from '../../../api/json';
import type { Field } from '../description/field';
import { parameterError, type ItemContext } from '../errors/parameter-error';

/** Characters of a value that an error shows */
const EXCERPT_LENGTH = 60;

/**
 * A value of a text field: a text unchanged, numbers and booleans as text, dates as ISO 8601; `undefined` for "". Lists and objects
 * become JSON where the field accepts them.
 * @throws NodeOperationError that names the field
 */
export function coerceText(field: Field, raw: unknown, item: ItemContext): string | undefined {
	if (raw === undefined || raw === null || raw === '') return undefined;
	// NaN and Infinity come from a calculation that has gone wrong
	if (typeof raw === 'number' && !Number.isFinite(raw)) throw textError(field, raw, item);
	if (typeof raw !== 'object') return String(raw);
	const json = jsonOf(raw);
	// an invalid date is `null` in JSON
	if (json === 'null') return undefined;
	if (json?.startsWith('"')) return String(JSON.parse(json));
	if (json !== undefined && field.accepts === 'json') return json;
	if (field.accepts === 'list' && Array.isArray(raw)) return JSON.stringify(raw.map((entry) => coerceEntry(field, entry, item)));
	throw textError(field, raw, item);
}

/** The chosen values of a field with several choices: a list of texts, or a text with commas. */
export function coerceChoices(field: Field, raw: unknown, item: ItemContext): unknown {
	return Array.isArray(raw) ? raw.map((entry) => coerceEntry(field, entry, item)) : coerceText(field, raw, item);
}

const coerceEntry = (field: Field, entry: unknown, item: ItemContext) => coerceText({ ...field, accepts: undefined }, entry, item) ?? '';

function textError(field: Field, raw: unknown, item: ItemContext) {
	const wanted = field.accepts === 'list' ? 'text or a list of texts' : 'text';
	const example = field.placeholder ? `, ${field.placeholder}` : '';
	return parameterError(
		item,
		`"${field.displayName}" takes ${wanted}, not ${excerptOf(raw)}`,
		isFile(raw)
			? 'That is a file. Give the name of the field that holds it, such as data, in Binary Fields'
			: `Give ${wanted}${example}. If it is an expression, look at what it gives for this item`,
	);
}

/** Whether a value is a binary field of n8n's (`{{ $binary.data }}`), all of them (`{{ $binary }}`) or a list of some. */
function isFile(value: unknown): boolean {
	const entries: unknown[] = Array.isArray(value) ? value : isObject(value) ? [value, ...Object.values(value)] : [];
	return entries.some((entry) => isObject(entry) && typeof entry.mimeType === 'string');
}

/** A value as an error shows it, in a few words. */
export function excerptOf(value: unknown): string {
	const text = (typeof value === 'number' ? String(value) : jsonOf(value)) ?? typeof value;
	return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}...` : text;
}

/** The JSON of a value; `undefined` for a value without JSON, such as one that contains itself. */
function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		// the caller makes the error, which names the field
		return undefined;
	}
}
