import { asObject, isObject, objectIn, type JsonObject } from '../../../api/json';

/**
 * What is wrong with a value by a JSON Schema, with its place (`$.rows[2].price`); `undefined` if nothing is. It looks at
 * types, required and unexpected keys, enum, const, nesting, `anyOf` and `oneOf`, and references inside the schema: what
 * strict mode allows. What else a schema says is not judged: an answer is paid, and must not be refused by mistake.
 * n8n gives its nodes no validator, and a package may bring none.
 */
export function validate(value: unknown, schema: unknown, root: unknown = schema, place = '$'): string | undefined {
	if (schema === false) return `${place} should not be there`;
	if (!isObject(schema) || (value === null && schema.nullable === true)) return undefined;
	if (typeof schema.$ref === 'string') return validate(value, resolveReference(schema.$ref, root), root, place);
	return (
		validateType(value, schema, place) ??
		validateChoices(value, schema, root, place) ??
		(isObject(value) ? validateObject(value, schema, root, place) : undefined) ??
		(Array.isArray(value) ? validateList(value, schema, root, place) : undefined)
	);
}

/** The schema at a JSON pointer; nothing for any other reference, or for one that leads to a reference again. */
function resolveReference(reference: string, root: unknown): unknown {
	if (reference !== '#' && !reference.startsWith('#/')) return undefined;
	const steps = reference
		.split('/')
		.slice(1)
		.map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
	const schema = steps.reduce<unknown>((holder, step) => asObject(holder)[step], root);
	return isObject(schema) && '$ref' in schema ? undefined : schema;
}

function validateType(value: unknown, { type }: JsonObject, place: string): string | undefined {
	const types: unknown[] = Array.isArray(type) ? type : [type];
	if (!types.every(isType) || types.some((name) => isOfType(value, name))) return undefined;
	return `${place} should be ${types.join(' or ')}, but is ${nameOfType(value)}`;
}

/** Whether a word is one of the types; servers with words of their own (`OBJECT`) judge by themselves. */
const isType = (name: unknown): name is string =>
	['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'].includes(String(name));

function isOfType(value: unknown, type: string): boolean {
	if (type === 'integer') return Number.isInteger(value);
	return type === nameOfType(value);
}

function nameOfType(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

function validateChoices(value: unknown, schema: JsonObject, root: unknown, place: string): string | undefined {
	// the keys of an object may come in any order: only texts, numbers and the like are compared
	const isSame = (entry: unknown) => entry === value || (isNested(entry) && isNested(value));
	if (Array.isArray(schema.enum) && !schema.enum.some(isSame)) {
		return `${place} should be one of ${JSON.stringify(schema.enum)}, but is ${JSON.stringify(value)}`;
	}
	if ('const' in schema && !isSame(schema.const)) return `${place} should be ${JSON.stringify(schema.const)}`;
	const branches = [schema.anyOf, schema.oneOf].find(Array.isArray);
	const found = branches?.map((branch: unknown) => validate(value, branch, root, place));
	return found && found.every((fault) => fault !== undefined) ? found[0] : undefined;
}

const isNested = (value: unknown) => typeof value === 'object' && value !== null;

function validateObject(value: JsonObject, schema: JsonObject, root: unknown, place: string): string | undefined {
	const properties = objectIn(schema, 'properties');
	const required = Array.isArray(schema.required) ? schema.required : [];
	const missing = required.find((key) => typeof key === 'string' && !Object.hasOwn(value, key));
	if (missing !== undefined) return `${place}.${missing} is missing`;
	for (const [key, entry] of Object.entries(value)) {
		const others = isObject(schema.patternProperties) ? undefined : schema.additionalProperties;
		const inner = Object.hasOwn(properties, key) ? properties[key] : others;
		const fault = validate(entry, inner, root, `${place}.${key}`);
		if (fault) return fault;
	}
	return undefined;
}

function validateList(value: unknown[], { items, prefixItems }: JsonObject, root: unknown, place: string): string | undefined {
	const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
	for (const [index, entry] of value.entries()) {
		const fault = validate(entry, index < first.length ? first[index] : items, root, `${place}[${index}]`);
		if (fault) return fault;
	}
	return undefined;
}
