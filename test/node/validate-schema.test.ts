import { validate } from '../../nodes/Responses/output/validate-schema';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const tree = { $defs: { node: object({ child: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }) }, $ref: '#/$defs/node' };

describe('validate', () => {
	test.each<[string, unknown, unknown, string | undefined]>([
		['a value of the type', 'a', { type: 'string' }, undefined],
		['a value of another type', 1, { type: 'string' }, '$ should be string, but is number'],
		['a value of one of the types', null, { type: ['string', 'null'] }, undefined],
		['a whole number', 1, { type: 'integer' }, undefined],
		['a number that is not whole', 1.5, { type: 'integer' }, '$ should be integer, but is number'],
		['a list', [], { type: 'object' }, '$ should be object, but is array'],
		['null', null, { type: 'object' }, '$ should be object, but is null'],
		['null where it is allowed', null, { type: 'string', nullable: true }, undefined],
		["a server's own type", 'a', { type: 'OBJECT' }, undefined],
		['any value, without a schema', 1, undefined, undefined],
		['any value, with the schema false', 1, false, '$ should not be there'],
		['one of the values', 'a', { enum: ['a', 'b'] }, undefined],
		['none of the values', 'c', { enum: ['a', 'b'] }, '$ should be one of ["a","b"], but is "c"'],
		['the value', 1, { const: 1 }, undefined],
		['another value', 2, { const: 1 }, '$ should be 1'],
		['an object beside an object in an enum, which are not compared', { a: 1 }, { enum: [{ a: 1 }] }, undefined],
		['a required key', { a: 1 }, object({ a: {} }, { required: ['a'] }), undefined],
		['a missing key', {}, object({ a: {} }, { required: ['a'] }), '$.a is missing'],
		['a key that only the prototype has', {}, object({}, { required: ['constructor'] }), '$.constructor is missing'],
		['a key that is not allowed', { b: 1 }, object({ a: {} }, { additionalProperties: false }), '$.b should not be there'],
		['a key of another schema', { b: 1 }, object({}, { additionalProperties: { type: 'string' } }), '$.b should be string, but is number'],
		['a key by a pattern', { b: 1 }, object({}, { additionalProperties: false, patternProperties: { b: {} } }), undefined],
		[
			'a value deep inside',
			{ rows: [{ a: 1 }, { a: 'x' }] },
			object({ rows: { items: object({ a: { type: 'number' } }) } }),
			'$.rows[1].a should be number, but is string',
		],
		['the first entries of a list', ['a', 1], { prefixItems: [{ type: 'string' }], items: { type: 'number' } }, undefined],
		['a wrong first entry', [1], { prefixItems: [{ type: 'string' }] }, '$[0] should be string, but is number'],
		['one of several schemas', 1, { anyOf: [{ type: 'string' }, { type: 'number' }] }, undefined],
		['none of several schemas', true, { oneOf: [{ type: 'string' }, { type: 'number' }] }, '$ should be string, but is boolean'],
		['a reference', { child: { child: null } }, tree, undefined],
		['a wrong value behind a reference', { child: { child: 1 } }, tree, '$.child.child should be object, but is number'],
		['a reference that leads nowhere', 1, { $ref: 'https://example.com/schema' }, undefined],
		['a reference to a reference', 1, { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, undefined],
		['an escaped reference', 1, { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'string' } } }, '$ should be string, but is number'],
	])('%s', (_, value, schema, violation) => expect(validate(value, schema)).toBe(violation));
});
