import { isObject, type JsonObject } from '../../../api/json';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import { splitNames } from '../../shared/request/parameters';

/** One row of Output Fields. */
export interface OutputField {
	name?: string;
	/** A JSON type; `array` is a list of texts */
	type?: string;
	description?: string;
	/** Comma-separated: the only values allowed */
	options?: string;
}

/** Keywords of JSON Schema under which one schema stands, a list of them, or several by name. */
const SINGLE_SCHEMA_KEYWORDS = ['items', 'not', 'additionalProperties'];
const SCHEMA_LIST_KEYWORDS = ['anyOf', 'allOf', 'oneOf', 'prefixItems'];
const NAMED_SCHEMA_KEYWORDS = ['properties', '$defs', 'definitions'];

/** Schemas as they were given, by what is sent for them: an answer is judged by what the user asked for. */
const GIVEN = new WeakMap<object, JsonObject>();

/** The schema to send in strict mode; `judgingSchema` finds the given one again. */
export function toStrictSchema(given: JsonObject): JsonObject {
	const sent = strictSchema(given);
	GIVEN.set(sent, given);
	return sent;
}

/** The schema that an answer has to satisfy where this one was sent. */
export const expectedSchema = (sent: unknown): unknown => (isObject(sent) && GIVEN.get(sent)) || sent;

/**
 * The schema as strict mode wants it: at every object level all keys required and no others allowed, where the schema
 * does not say. https://platform.openai.com/docs/guides/structured-outputs
 */
function strictSchema(schema: JsonObject): JsonObject {
	const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strictKeyword(key, value)]));
	const isObjectLevel =
		schema.type === 'object' || isObject(schema.properties) || (Array.isArray(schema.type) && schema.type.includes('object'));
	if (!isObjectLevel) return inner;
	const required = isObject(schema.properties) ? Object.keys(schema.properties) : [];
	return { ...inner, required: inner.required ?? required, additionalProperties: inner.additionalProperties ?? false };
}

function strictKeyword(key: string, value: unknown): unknown {
	const strict = (entry: unknown) => (isObject(entry) ? strictSchema(entry) : entry);
	if (SINGLE_SCHEMA_KEYWORDS.includes(key)) return Array.isArray(value) ? value.map(strict) : strict(value);
	if (SCHEMA_LIST_KEYWORDS.includes(key) && Array.isArray(value)) return value.map(strict);
	if (!NAMED_SCHEMA_KEYWORDS.includes(key) || !isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, strict(entry)]));
}

/**
 * The schema that the rows of Output Fields make.
 * @throws NodeOperationError for no row, a row without a name, or a name given twice
 */
export function schemaFromFields(rows: readonly OutputField[], item: ItemContext): JsonObject {
	if (rows.length === 0) throw parameterError(item, '"Output Fields" is empty', 'Add the values that the answer is to hold');
	const properties = new Map<string, JsonObject>();
	for (const [index, row] of rows.entries()) {
		const name = row.name?.trim() ?? '';
		if (name === '') throw parameterError(item, `Output field ${index + 1} has no name`, 'Give it a name, or remove it');
		if (properties.has(name)) throw parameterError(item, `Output field "${name}" is there twice`, 'Rename or remove one of them');
		properties.set(name, fieldSchema(row, item));
	}
	return strictSchema({ type: 'object', properties: Object.fromEntries(properties) });
}

function fieldSchema({ name, type = 'string', description, options }: OutputField, item: ItemContext): JsonObject {
	const about = description ? { description } : {};
	const choice = { type: type === 'array' ? 'string' : type, ...enumOf(options, type, `${name}`, item) };
	return type === 'array' ? { type, ...about, items: choice } : { ...choice, ...about };
}

function enumOf(options: string | undefined, type: string, name: string, item: ItemContext): JsonObject {
	const names = splitNames(options);
	if (names.length === 0 || type === 'boolean') return {};
	if (type !== 'number' && type !== 'integer') return { enum: names };
	const numbers = names.map(Number);
	if (numbers.every(Number.isFinite)) return { enum: numbers };
	throw parameterError(item, `The options of output field "${name}" are not numbers`, 'Give numbers, or make the field a text');
}

/**
 * A schema made from a sample: every key required, types from the values, lists from their first entry.
 * @throws NodeOperationError if the sample is no object
 */
export function schemaFromExample(example: unknown, item: ItemContext): JsonObject {
	if (!isObject(example)) {
		throw parameterError(item, '"Example" is not a JSON object', 'Give a sample such as {"title": "A short title", "tags": ["one"]}');
	}
	return strictSchema(schemaOfValue(example));
}

function schemaOfValue(sample: unknown): JsonObject {
	if (Array.isArray(sample)) return { type: 'array', items: sample.length > 0 ? schemaOfValue(sample[0]) : { type: 'string' } };
	if (isObject(sample)) {
		const properties = Object.entries(sample).map(([key, value]) => [key, schemaOfValue(value)]);
		return { type: 'object', properties: Object.fromEntries(properties) };
	}
	// a sample of 10 says nothing against 9.5
	if (typeof sample === 'number' || typeof sample === 'boolean') return { type: typeof sample };
	return { type: sample === null ? ['string', 'null'] : 'string' };
}
