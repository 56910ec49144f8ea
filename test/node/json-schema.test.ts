import {
	expectedSchema,
	schemaFromExample,
	schemaFromFields,
	withStrictSchema,
	type OutputField,
} from '../../nodes/Responses/request/json-schema';
import type { ItemContext } from '../../nodes/shared/errors/parameter-error';

const warnings: string[] = [];
beforeEach(() => warnings.splice(0));
// what an error of the form needs of n8n
const item = {
	context: { getNode: () => ({ name: 'Node' }) },
	index: 0,
	warn: (text: string) => warnings.push(text),
} as unknown as ItemContext;
const strict = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const strictFormat = (schema: object, isStrict = true) => ({
	text: { format: { type: 'json_schema' as const, name: 'result', strict: isStrict, schema: { ...schema } } },
});

describe('schemaFromFields', () => {
	test.each<[string, OutputField, object]>([
		['a text', { name: 'a' }, { type: 'string' }],
		['a described number', { name: 'a', type: 'number', description: 'How many' }, { type: 'number', description: 'How many' }],
		[
			'a list of texts',
			{ name: 'a', type: 'array', description: 'Tags' },
			{ type: 'array', description: 'Tags', items: { type: 'string' } },
		],
		['allowed texts', { name: 'a', options: ' small,large; ，huge\nsmall' }, { type: 'string', enum: ['small', 'large', 'huge'] }],
		['allowed numbers', { name: 'a', type: 'integer', options: '1, 2' }, { type: 'integer', enum: [1, 2] }],
		[
			'allowed texts in a list',
			{ name: 'a', type: 'array', options: 'x,y' },
			{ type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
		],
		['allowed values as a list', { name: 'a', options: '["x, y","z"]' }, { type: 'string', enum: ['x, y', 'z'] }],
	])('makes %s', (_, row, schema) => expect(schemaFromFields([row], item)).toEqual(strict({ a: schema })));

	test.each<[string, OutputField[], RegExp]>([
		['no field', [], /"Output Fields" is empty/],
		['a field without a name', [{ name: 'a' }, { name: ' ' }], /Output field 2 has no name/],
		['the same name twice', [{ name: 'a' }, { name: ' a' }], /"a" is there twice/],
		['allowed numbers that are words', [{ name: 'a', type: 'number', options: 'one' }], /are not numbers/],
		['a field called error', [{ name: 'error' }], /may not name a value "error"/],
	])('refuses %s', (_, rows, message) => expect(() => schemaFromFields(rows, item)).toThrow(message));

	test.each<[string, OutputField, number]>([
		['a single allowed value', { name: 'a', options: 'small large' }, 1],
		['allowed values of a Yes or No', { name: 'a', type: 'boolean', options: 'yes,no' }, 1],
		['several allowed values', { name: 'a', options: 'small,large' }, 0],
	])('tells what does nothing or comes to one: %s', (_, row, count) => {
		schemaFromFields([row], item);
		expect(warnings).toHaveLength(count);
	});
});

describe('schemaFromExample', () => {
	test('takes the types of the values at every depth', () => {
		const example = { text: 'a', count: 10, isNew: false, nothing: null, tags: ['x'], none: [], rows: [{ n: 1.5 }] };
		expect(schemaFromExample(example, item)).toEqual(
			strict({
				text: { type: 'string' },
				count: { type: 'number' },
				isNew: { type: 'boolean' },
				nothing: { type: ['string', 'null'] },
				tags: { type: 'array', items: { type: 'string' } },
				none: { type: 'array', items: { type: 'string' } },
				rows: { type: 'array', items: strict({ n: { type: 'number' } }) },
			}),
		);
	});

	test.each([[['a']], ['text'], [null]])('refuses %j, which is no object', (example) => {
		expect(() => schemaFromExample(example, item)).toThrow('"Example" is not a JSON object');
	});
});

describe('withStrictSchema', () => {
	test('adds at every object level what strict mode wants, and leaves what the schema says', () => {
		const given = {
			properties: {
				a: { type: 'object', properties: { b: { type: 'string' } } },
				c: { anyOf: [{ type: 'object', properties: {} }, { type: 'null' }] },
				d: { type: 'array', items: { type: ['object', 'null'], properties: { e: {} }, required: [], additionalProperties: true } },
			},
			$defs: { f: { type: 'object', properties: { g: {} } } },
		};
		expect(withStrictSchema(strictFormat(given))).toEqual(
			strictFormat({
				properties: {
					a: strict({ b: { type: 'string' } }),
					c: { anyOf: [strict({}), { type: 'null' }] },
					d: { type: 'array', items: { type: ['object', 'null'], properties: { e: {} }, required: [], additionalProperties: true } },
				},
				required: ['a', 'c', 'd'],
				additionalProperties: false,
				$defs: { f: strict({ g: {} }) },
			}),
		);
	});

	test('leaves a schema alone that is not to be strict, and a body without one', () => {
		const body = strictFormat({ type: 'object', properties: { a: {} } }, false);
		expect([withStrictSchema(body), withStrictSchema({ model: 'm' })]).toEqual([body, { model: 'm' }]);
	});
});

describe('expectedSchema', () => {
	test.each<[object, object | undefined]>([
		[strictFormat({ type: 'array' }), { type: 'array' }],
		[{ text: { format: { type: 'json_object' } } }, { type: 'object' }],
		[{ text: { format: { type: 'text' } } }, undefined],
		[{}, undefined],
	])('of %j is %j', (body, schema) => expect(expectedSchema(body)).toEqual(schema));
});
