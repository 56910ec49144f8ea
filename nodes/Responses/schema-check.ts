import { isObject, objectIn, type JsonObject } from '../../api/json';

/**
 * What is wrong with a value by a JSON Schema, with its place (`$.rows[2].price`); `undefined` if nothing is. It looks at
 * types, required and unexpected keys, enum, const, nesting, `anyOf` and `oneOf`, and references inside the schema: what
 * strict mode allows. n8n gives its nodes no validator, and a package may bring none.
 */
export function mismatch(value: unknown, schema: unknown, root: unknown = schema, place = '$'): string | undefined {
	if (schema === false) return `${place} should not be there`;
	if (!isObject(schema)) return undefined;
	if (typeof schema.$ref === 'string') return mismatch(value, resolved(schema.$ref, root), root, place);
	return (
		typeMismatch(value, schema, place) ??
		choiceMismatch(value, schema, root, place) ??
		(isObject(value) ? objectMismatch(value, schema, root, place) : undefined) ??
		(Array.isArray(value) ? listMismatch(value, schema, root, place) : undefined)
	);
}

function resolved(reference: string, root: unknown): unknown {
	const steps = reference.split('/').slice(1);
	return steps.reduce<unknown>((holder, step) => objectIn({ holder }, 'holder')[step], root);
}

function typeMismatch(value: unknown, { type }: JsonObject, place: string): string | undefined {
	const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
	if (types.length === 0 || types.some((name) => isOfType(value, name))) return undefined;
	return `${place} should be ${types.join(' or ')}, but is ${nameOfType(value)}`;
}

function isOfType(value: unknown, type: string): boolean {
	if (type === 'integer') return Number.isInteger(value);
	return type === nameOfType(value);
}

function nameOfType(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

function choiceMismatch(value: unknown, schema: JsonObject, root: unknown, place: string): string | undefined {
	const isSame = (entry: unknown) => JSON.stringify(entry) === JSON.stringify(value);
	if (Array.isArray(schema.enum) && !schema.enum.some(isSame)) {
		return `${place} should be one of ${JSON.stringify(schema.enum)}, but is ${JSON.stringify(value)}`;
	}
	if ('const' in schema && !isSame(schema.const)) return `${place} should be ${JSON.stringify(schema.const)}`;
	const branches = [schema.anyOf, schema.oneOf].find(Array.isArray);
	const found = branches?.map((branch: unknown) => mismatch(value, branch, root, place));
	return found && found.every((fault) => fault !== undefined) ? found[0] : undefined;
}

function objectMismatch(value: JsonObject, schema: JsonObject, root: unknown, place: string): string | undefined {
	const properties = objectIn(schema, 'properties');
	const required = Array.isArray(schema.required) ? schema.required : [];
	const missing = required.find((key) => typeof key === 'string' && !Object.hasOwn(value, key));
	if (missing !== undefined) return `${place}.${missing} is missing`;
	for (const [key, entry] of Object.entries(value)) {
		const inner = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
		const fault = mismatch(entry, inner, root, `${place}.${key}`);
		if (fault) return fault;
	}
	return undefined;
}

function listMismatch(value: unknown[], { items }: JsonObject, root: unknown, place: string): string | undefined {
	for (const [index, entry] of value.entries()) {
		const fault = mismatch(entry, items, root, `${place}[${index}]`);
		if (fault) return fault;
	}
	return undefined;
}
