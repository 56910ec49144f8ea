import { asObject, isContainer, isObject, objectIn, type JsonObject } from '../../../api/json';

/**
 * The first violation of a JSON Schema by a value, with its path (`$.rows[2].price`); `undefined` if there is none. Checked
 * are types, required and unexpected keys, `enum`, `const`, `anyOf`, `oneOf` and references inside the schema, at every
 * level: the keywords of strict mode. Other keywords are ignored: a billed answer must not be rejected by mistake.
 * n8n offers its nodes no validator, and a community package may have no dependency.
 */
export function validate(value: unknown, schema: unknown, root: unknown = schema, path = '$'): string | undefined {
	if (schema === false) return `${path} should not be there`;
	if (!isObject(schema) || (value === null && schema.nullable === true)) return undefined;
	if (typeof schema.$ref === 'string') return validate(value, resolveReference(schema.$ref, root), root, path);
	return (
		validateType(value, schema, path) ??
		validateChoices(value, schema, root, path) ??
		(isObject(value) ? validateObject(value, schema, root, path) : undefined) ??
		(Array.isArray(value) ? validateList(value, schema, root, path) : undefined)
	);
}

/** The schema at a JSON pointer; `undefined` for other references, and for a reference to a reference, which could be endless. */
function resolveReference(reference: string, root: unknown): unknown {
	if (reference !== '#' && !reference.startsWith('#/')) return undefined;
	const steps = reference
		.split('/')
		.slice(1)
		.map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
	const schema = steps.reduce<unknown>((holder, step) => asObject(holder)[step], root);
	return isObject(schema) && '$ref' in schema ? undefined : schema;
}

function validateType(value: unknown, { type }: JsonObject, path: string): string | undefined {
	const types: unknown[] = Array.isArray(type) ? type : [type];
	if (!types.every(isType) || types.some((name) => isOfType(value, name))) return undefined;
	return `${path} should be ${types.join(' or ')}, but is ${nameOfType(value)}`;
}

/** Whether a name is a type of JSON Schema. Other names (`OBJECT`) are those of a server, which checks them itself. */
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

function validateChoices(value: unknown, schema: JsonObject, root: unknown, path: string): string | undefined {
	// objects and lists are not compared: the keys of an object may come in any order
	const isEqual = (entry: unknown) => entry === value || (isContainer(entry) && isContainer(value));
	if (Array.isArray(schema.enum) && !schema.enum.some(isEqual)) {
		return `${path} should be one of ${JSON.stringify(schema.enum)}, but is ${JSON.stringify(value)}`;
	}
	if ('const' in schema && !isEqual(schema.const)) return `${path} should be ${JSON.stringify(schema.const)}`;
	const branches = [schema.anyOf, schema.oneOf].find(Array.isArray);
	const violations = branches?.map((branch: unknown) => validate(value, branch, root, path));
	return violations?.every((violation) => violation !== undefined) ? violations[0] : undefined;
}

function validateObject(value: JsonObject, schema: JsonObject, root: unknown, path: string): string | undefined {
	const properties = objectIn(schema, 'properties');
	const required = Array.isArray(schema.required) ? schema.required : [];
	const missing = required.find((key) => typeof key === 'string' && !Object.hasOwn(value, key));
	if (missing !== undefined) return `${path}.${missing} is missing`;
	for (const [key, entry] of Object.entries(value)) {
		const others = isObject(schema.patternProperties) ? undefined : schema.additionalProperties;
		const inner = Object.hasOwn(properties, key) ? properties[key] : others;
		const violation = validate(entry, inner, root, `${path}.${key}`);
		if (violation) return violation;
	}
	return undefined;
}

function validateList(value: unknown[], { items, prefixItems }: JsonObject, root: unknown, path: string): string | undefined {
	const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
	for (const [index, entry] of value.entries()) {
		const violation = validate(entry, index < first.length ? first[index] : items, root, `${path}[${index}]`);
		if (violation) return violation;
	}
	return undefined;
}
