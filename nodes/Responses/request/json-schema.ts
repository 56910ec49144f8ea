import { isObject, objectIn, parseJson, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';

/** One row of Output Fields. */
export interface OutputField {
	name?: string;
	/** A type of JSON Schema; `array` is a list of texts */
	type?: string;
	description?: string;
	/** The only values that are allowed: one after the other in a text, or a list */
	options?: string;
}

/** Keywords of JSON Schema whose value is a schema, a list of schemas, or an object of named schemas. */
const SCHEMA_KEYWORDS = ['items', 'not', 'additionalProperties'];
const SCHEMA_LIST_KEYWORDS = ['anyOf', 'allOf', 'oneOf', 'prefixItems'];
const NAMED_SCHEMAS_KEYWORDS = ['properties', '$defs', 'definitions'];

/** The schema that the answer to a request body has to satisfy; `undefined` if the body does not ask for JSON. */
export function expectedSchema({ text }: { text?: unknown }): JsonObject | undefined {
	const format = objectIn(text, 'format');
	if (format.type === 'json_object') return { type: 'object' };
	return format.type === 'json_schema' ? objectIn(format, 'schema') : undefined;
}

/** The body with its schema as strict mode wants it, if it asks for strict mode. */
export function withStrictSchema(body: Body): Body {
	const format = body.text?.format;
	if (format?.type !== 'json_schema' || format.strict !== true) return body;
	return { ...body, text: { ...body.text, format: { ...format, schema: toStrictSchema(format.schema) } } };
}

/**
 * The schema as strict mode wants it: at every object level all keys are required and no others are allowed, unless the
 * schema says otherwise. https://platform.openai.com/docs/guides/structured-outputs
 */
function toStrictSchema(schema: JsonObject): JsonObject {
	const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strictKeyword(key, value)]));
	const isObjectLevel =
		schema.type === 'object' || isObject(schema.properties) || (Array.isArray(schema.type) && schema.type.includes('object'));
	if (!isObjectLevel) return inner;
	const required = isObject(schema.properties) ? Object.keys(schema.properties) : [];
	return { ...inner, required: inner.required ?? required, additionalProperties: inner.additionalProperties ?? false };
}

function strictKeyword(key: string, value: unknown): unknown {
	const strict = (entry: unknown) => (isObject(entry) ? toStrictSchema(entry) : entry);
	if (SCHEMA_KEYWORDS.includes(key)) return Array.isArray(value) ? value.map(strict) : strict(value);
	if (SCHEMA_LIST_KEYWORDS.includes(key) && Array.isArray(value)) return value.map(strict);
	if (!NAMED_SCHEMAS_KEYWORDS.includes(key) || !isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, strict(entry)]));
}

/**
 * The schema of an object with the rows of Output Fields as its keys.
 * @throws NodeOperationError if there is no row, a row has no name, two rows have the same name, or one is called `error`
 */
export function schemaFromFields(rows: readonly OutputField[], item: ItemContext): JsonObject {
	if (rows.length === 0) throw parameterError(item, '"Output Fields" is empty', 'Add the values that the answer is to hold');
	const properties = new Map<string, JsonObject>();
	for (const [index, row] of rows.entries()) {
		const name = row.name?.trim() ?? '';
		if (name === '') throw parameterError(item, `Output field ${index + 1} has no name`, 'Give it a name such as industry, or remove it');
		if (properties.has(name)) throw parameterError(item, `Output field "${name}" is there twice`, 'Rename or remove one of them');
		properties.set(name, fieldSchema(row, item));
	}
	const schema = toStrictSchema({ type: 'object', properties: Object.fromEntries(properties) });
	refuseErrorKey(schema, 'Output Fields', item);
	return schema;
}

function fieldSchema({ name, type = 'string', description, options }: OutputField, item: ItemContext): JsonObject {
	const described = description ? { description } : {};
	const valueSchema = { type: type === 'array' ? 'string' : type, ...enumOf(options, type, `${name}`, item) };
	return type === 'array' ? { type, ...described, items: valueSchema } : { ...valueSchema, ...described };
}

function enumOf(options: string | undefined, type: string, name: string, item: ItemContext): JsonObject {
	const values = splitValues(options);
	if (values.length === 0) return {};
	if (type === 'boolean') {
		item.warn?.(`Output field "${name}" is a Yes or No, so its Allowed Values do nothing: clear them, or choose the type Text`);
		return {};
	}
	if (values.length === 1) {
		item.warn?.(
			`Output field "${name}" allows a single value, so every answer holds that one: separate its Allowed Values by commas, as in low, normal, high`,
		);
	}
	if (type !== 'number' && type !== 'integer') return { enum: values };
	const numbers = values.map(Number);
	if (numbers.every(Number.isFinite)) return { enum: numbers };
	throw parameterError(item, `The Allowed Values of output field "${name}" are not numbers`, 'Give numbers, or choose the type Text');
}

/** Allowed values, each once. Commas, semicolons (also those of Chinese and Japanese) and line ends separate them. */
function splitValues(options = ''): string[] {
	// an expression may give a list, which arrives as its JSON
	const list = parseJson(options);
	const values = Array.isArray(list) ? list.map(String) : options.split(/[,;，；、\r\n]/);
	return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}

/**
 * Refuses a schema whose answers n8n would take for failed items: it sends an item with `error` to the error output.
 * @throws NodeOperationError
 */
export function refuseErrorKey({ properties }: JsonObject, label: string, item: ItemContext): void {
	if (!isObject(properties) || !Object.hasOwn(properties, 'error')) return;
	throw parameterError(
		item,
		`"${label}" may not name a value "error": n8n takes an item with such a field for a failed one`,
		'Give it another name, such as problem',
	);
}

/**
 * A schema made from an example: every key is required, types come from the values, the schema of a list from its first
 * entry.
 * @throws NodeOperationError if the example is not an object, or has the key `error`
 */
export function schemaFromExample(example: unknown, item: ItemContext): JsonObject {
	if (!isObject(example)) {
		throw parameterError(item, '"Example" is not a JSON object', 'Give a sample such as {"title": "A short title", "tags": ["one"]}');
	}
	const schema = toStrictSchema(schemaOfValue(example));
	refuseErrorKey(schema, 'Example', item);
	return schema;
}

function schemaOfValue(value: unknown): JsonObject {
	if (Array.isArray(value)) return { type: 'array', items: value.length > 0 ? schemaOfValue(value[0]) : { type: 'string' } };
	if (isObject(value)) {
		const properties = Object.entries(value).map(([key, entry]) => [key, schemaOfValue(entry)]);
		return { type: 'object', properties: Object.fromEntries(properties) };
	}
	// `number` for whole numbers too: the example 10 does not exclude 9.5
	if (typeof value === 'number' || typeof value === 'boolean') return { type: typeof value };
	return { type: value === null ? ['string', 'null'] : 'string' };
}
