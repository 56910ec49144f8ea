import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { ANSWER, gateway, saying } from '../support/one-item';
import { fixture, json } from '../support/replies';

const { run } = gateway();
const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
const asked = { model, prompt: 'Hi' };
const asSchema = (schema: unknown, more: INodeParameters = {}) =>
	({ outputFormat: 'jsonSchema', schema: JSON.stringify(schema), ...more }) satisfies INodeParameters;
const loose = (schema: object) => asSchema(schema, { strict: false });
const asFields = (...rows: object[]): INodeParameters => ({
	outputFormat: 'fields',
	outputFields: { values: rows.map((row) => ({ name: '', type: 'string', description: '', options: '', ...row })) },
});
/** The rules of strict mode: https://platform.openai.com/docs/guides/structured-outputs */
const strictly = (properties: INodeParameters): INodeParameters => ({
	type: 'object',
	properties,
	required: Object.keys(properties),
	additionalProperties: false,
});
const text = { type: 'string' };

/** The `text.format` that is sent. */
async function formatOf(parameters: INodeParameters) {
	const { requests } = await run({ ...asked, ...parameters }, {}, saying('{}'));
	return requests[0].body.text.format;
}

describe('The schema that is sent', () => {
	const wrapped = {
		type: 'json_schema',
		json_schema: { name: 'place', description: 'Where', strict: true, schema: strictly({ city: text }) },
	};
	test.each<[string, INodeParameters, object]>([
		[
			'from fields of every type',
			asFields(
				{ name: 'city', description: 'Where it is' },
				{ name: ' people ', type: 'integer' },
				{ name: 'area', type: 'number' },
				{ name: 'capital', type: 'boolean', options: 'yes, no' },
				{ name: 'rivers', type: 'array', description: 'All of them' },
				{ name: 'size', options: 'small, large' },
				{ name: 'stars', type: 'integer', options: '1, 2, 3' },
				{ name: 'tags', type: 'array', options: 'old,new' },
			),
			strictly({
				city: { type: 'string', description: 'Where it is' },
				people: { type: 'integer' },
				area: { type: 'number' },
				capital: { type: 'boolean' },
				rivers: { type: 'array', description: 'All of them', items: { type: 'string' } },
				size: { type: 'string', enum: ['small', 'large'] },
				stars: { type: 'integer', enum: [1, 2, 3] },
				tags: { type: 'array', items: { type: 'string', enum: ['old', 'new'] } },
			}),
		],
		[
			'from fields named like what every object has',
			asFields({ name: 'constructor' }, { name: 'toString' }, { name: '__proto__' }),
			JSON.parse(
				'{"type": "object", "properties": {"constructor": {"type": "string"}, "toString": {"type": "string"}, "__proto__": {"type": "string"}}, "required": ["constructor", "toString", "__proto__"], "additionalProperties": false}',
			),
		],
		[
			'from an example',
			{
				outputFormat: 'example',
				schemaExample: '{"title": "x", "price": 10, "sold": false, "note": null, "rows": [{"a": 1.5}], "none": [], "inner": {"b": "y"}}',
			},
			strictly({
				title: text,
				price: { type: 'number' },
				sold: { type: 'boolean' },
				note: { type: ['string', 'null'] },
				rows: { type: 'array', items: strictly({ a: { type: 'number' } }) },
				none: { type: 'array', items: text },
				inner: strictly({ b: text }),
			}),
		],
		['as an object', { outputFormat: 'jsonSchema', schema: strictly({ city: text }) }, strictly({ city: text })],
		['from the form that chat completions want', asSchema(wrapped), strictly({ city: text })],
		[
			'from the form of text.format',
			asSchema({ type: 'json_schema', name: 'place', schema: strictly({ city: text }) }),
			strictly({ city: text }),
		],
		[
			'with what strict mode wants, at every level',
			asSchema({
				type: 'object',
				properties: {
					rows: { type: 'array', items: { type: 'object', properties: { a: text } } },
					either: { anyOf: [{ type: 'object', properties: { b: text } }, { type: 'null' }] },
					maybe: { type: ['object', 'null'], properties: { properties: text } },
					link: { $ref: '#/$defs/link' },
				},
				$defs: { link: { properties: { url: text } } },
			}),
			{
				...strictly({
					rows: { type: 'array', items: strictly({ a: text }) },
					either: { anyOf: [strictly({ b: text }), { type: 'null' }] },
					maybe: { ...strictly({ properties: text }), type: ['object', 'null'] },
					link: { $ref: '#/$defs/link' },
				}),
				$defs: { link: { properties: { url: text }, required: ['url'], additionalProperties: false } },
			},
		],
		[
			'with what the user wrote left alone',
			asSchema({
				type: 'object',
				properties: { a: text, b: { type: 'object', additionalProperties: text } },
				required: ['a'],
				additionalProperties: true,
			}),
			{
				type: 'object',
				properties: { a: text, b: { type: 'object', additionalProperties: text, required: [] } },
				required: ['a'],
				additionalProperties: true,
			},
		],
		[
			'as it is with Strict off',
			asSchema({ type: 'object', properties: { a: text } }, { strict: false }),
			{ type: 'object', properties: { a: text } },
		],
	])('%s', async (_, parameters, schema) => {
		expect((await formatOf(parameters)).schema).toEqual(schema);
	});

	test.each<[string, string, unknown[]]>([
		['commas', 'small, medium,large', ['small', 'medium', 'large']],
		['semicolons', 'small; medium; large', ['small', 'medium', 'large']],
		['the commas and semicolons of Chinese and Japanese', '小，中；大、特大', ['小', '中', '大', '特大']],
		['line ends', 'small\nmedium\r\nlarge\n', ['small', 'medium', 'large']],
		['both at once, where a value stands there twice', 'small,\nmedium, small', ['small', 'medium']],
		['nothing, where an expression gives a list', '={{ ["small, or tiny", "large"] }}', ['small, or tiny', 'large']],
		['commas after a bracket', '[a], [b]', ['[a]', '[b]']],
	])('has allowed values separated by %s', async (_, options, values) => {
		expect((await formatOf(asFields({ name: 'size', options }))).schema.properties.size).toEqual({ type: 'string', enum: values });
	});

	test.each<[string, INodeParameters, RegExp[]]>([
		[
			'of a single allowed value',
			asFields({ name: 'size', options: 'small | medium | large' }),
			[/^Output field "size" allows a single value/],
		],
		[
			'of allowed values that do nothing',
			asFields({ name: 'urgent', type: 'boolean', options: 'yes, no' }),
			[/^Output field "urgent" is a Yes or No, so its Allowed Values do nothing/],
		],
		['of no other', asFields({ name: 'size', options: 'small; large' }, { name: 'urgent', type: 'boolean' }), []],
	])('comes with a warning above the output, once for all items, %s', async (_, parameters, warnings) => {
		const items = [{ json: {} }, { json: {} }];
		const { hints } = await run({ ...asked, ...parameters, options: { treatAsErrors: [] } }, { items }, saying('{}'));
		const messages = hints.filter(({ type }) => type === 'warning').map(({ message }) => message);
		expect(messages).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
	});

	test.each<[string, INodeParameters, string]>([
		['Output Fields with a field error', asFields({ name: 'city' }, { name: ' error ' }), '"Output Fields" may not name a value "error"'],
		['an Example with a key error', { outputFormat: 'example', schemaExample: '{"error": "x"}' }, '"Example" may not name a value "error"'],
		['a Schema with a key error', asSchema({ type: 'object', properties: { error: text } }), '"Schema" may not name a value "error"'],
		['a wrapped Schema with a key error', asSchema({ schema: strictly({ error: text }) }), '"Schema" may not name a value "error"'],
		['the first output field without a name', { outputFormat: 'fields' }, 'Output field 1 has no name'],
		['another one without a name', asFields({ name: 'a' }, { description: 'b' }), 'Output field 2 has no name'],
		[
			'allowed values that are no numbers',
			asFields({ name: 'n', type: 'number', options: 'one; two' }),
			'The Allowed Values of output field "n"',
		],
	])('is not made of %s', async (_, parameters, message) => {
		const { error, requests } = await run({ ...asked, ...parameters });
		expect(error?.message).toContain(message);
		expect(requests).toEqual([]);
	});

	test.each<[string, INodeParameters]>([
		['Output Fields', asFields({ name: 'error_text' })],
		['an Example', { outputFormat: 'example', schemaExample: '{"inner": {"error": "x"}}' }],
	])('of %s is strict and called result, whatever a hidden field says', async (_, parameters) => {
		expect(await formatOf({ ...parameters, schemaName: 'town', strict: false })).toMatchObject({ name: 'result', strict: true });
	});

	test('has its columns in the order of the fields', async () => {
		const { schema } = await formatOf(asFields({ name: 'z' }, { name: 'a' }, { name: 'm' }));
		expect([Object.keys(schema.properties), schema.required]).toEqual([
			['z', 'a', 'm'],
			['z', 'a', 'm'],
		]);
	});

	test.each([
		['the one in the schema', {}, 'place', 'Where'],
		['the one of the form, which wins', { schemaName: 'town', schemaDescription: 'Which' }, 'town', 'Which'],
	])('is called by %s', async (_, parameters, name, description) => {
		expect(await formatOf(asSchema(wrapped, parameters))).toMatchObject({ name, description, strict: true });
	});
});

const place = asSchema(strictly({ city: text, people: { type: 'integer' } }));
const bonn = { city: 'Bonn', people: 330000 };
/** The item that comes out, or the message. */
async function outcome(parameters: INodeParameters, reply: Parameters<typeof run>[2]): Promise<IDataObject | string> {
	const { items, error } = await run({ ...asked, ...parameters }, {}, reply);
	return error ? error.message : items[0].json;
}

describe('An answer in JSON is read', () => {
	test.each([
		['as it is', JSON.stringify(bonn)],
		['with blanks and lines around', `\n ${JSON.stringify(bonn, undefined, 2)}\n`],
		['from a fenced block', `\`\`\`json\n${JSON.stringify(bonn)}\n\`\`\``],
		['from the only fenced block in some prose', `Here you are:\n\`\`\`\n${JSON.stringify(bonn)}\n\`\`\`\nAnything else?`],
		['with quotes and commas mended', '{city: \'Bonn\', "people": 330000,}'],
		['with a comma mended in a fenced block in some prose', 'Here you are:\n```json\n{"city": "Bonn", "people": 330000,}\n```\nBye'],
		['from a block on one line', '```json {"city": "Bonn", "people": 330000}```'],
		['from a whole block whose last fence is missing', '```json\n{"city": "Bonn", "people": 330000}\n'],
		['with a missing comma mended', '{"city": "Bonn" "people": 330000}'],
		['with a bracket too many', '{"city": "Bonn", "people": 330000}}'],
	])('%s', async (_, answer) => {
		const item = await outcome(place, saying(answer));
		expect(item).toMatchObject({ text: answer, json: bonn });
		expect(item).not.toHaveProperty('jsonError');
	});

	test.each<[string, INodeParameters, string, unknown]>([
		['any object for a JSON object', { outputFormat: 'jsonObject' }, '{"a": [1]}', { a: [1] }],
		['a list, where the schema is one', asSchema({ type: 'array', items: text }), '["a"]', ['a']],
		['one of some shapes', loose({ oneOf: [{ type: 'string' }, { type: 'integer' }] }), '7', 7],
		['one of several shapes', asSchema({ anyOf: [strictly({ a: text }), strictly({ b: text })] }), '{"b": "x"}', { b: 'x' }],
		['a tree', asSchema({ type: 'object', properties: { in: { $ref: '#' } }, required: [] }), '{"in": {"in": {}}}', { in: { in: {} } }],
		['a null, where the schema is one', loose({ type: ['object', 'null'] }), 'null', null],
		['a null in a block', loose({ type: ['object', 'null'] }), '```json\nnull\n```', null],
		['quotes in a text that the model forgot to escape', loose({}), '{"size": "5" wide", "n": 1}', { size: '5" wide', n: 1 }],
		['a fence in a text of a block', loose({}), 'See:\n```json\n{"md": "```js\\nx\\n```",}\n```', { md: '```js\nx\n```' }],
		['a null where it is allowed', asSchema(strictly({ a: { type: ['string', 'null'] } })), '{"a": null}', { a: null }],
		[
			'keys that the schema of the user neither asks for nor forbids',
			asSchema({ type: 'object', properties: { a: text, b: text } }),
			'{"a": "x", "c": 1}',
			{ a: 'x', c: 1 },
		],
		[
			'a key that fits a pattern',
			loose({ type: 'object', patternProperties: { '^x': text }, additionalProperties: false }),
			'{"x1": "a"}',
			{ x1: 'a' },
		],
		[
			'a list with a type for each place',
			loose({ type: 'array', prefixItems: [text, { type: 'integer' }], items: false }),
			'["a", 1]',
			['a', 1],
		],
		['a constant whose keys come in another order', loose({ const: { a: 1, b: 2 } }), '{"b": 2, "a": 1}', { a: 1, b: 2 }],
		['what an anchor stands for', loose({ type: 'object', properties: { a: { $ref: '#node' } }, required: ['a'] }), '{"a": 1}', { a: 1 }],
		['a reference in a circle', loose({ $ref: '#' }), '{"a": 1}', { a: 1 }],
		['types in the words of Gemini', loose({ type: 'OBJECT', properties: { a: { type: 'STRING' } } }), '{"a": "x"}', { a: 'x' }],
		[
			'a null in the words of OpenAPI',
			loose({ type: 'object', properties: { a: { type: 'string', nullable: true } } }),
			'{"a": null}',
			{ a: null },
		],
		[
			'a schema from Extra Body',
			{ options: { extraBody: { text: { format: { type: 'json_schema', schema: strictly({ a: text }) } } } } },
			'{"a": "x"}',
			{ a: 'x' },
		],
		[
			'what the schema of the user allows, where Extra Body adds a title to it',
			{
				...asSchema({ type: 'object', properties: { a: text, b: text } }),
				options: { extraBody: { text: { format: { schema: { title: 'Pair' } } } } },
			},
			'{"a": "x", "c": 1}',
			{ a: 'x', c: 1 },
		],
	])('%s', async (_, parameters, answer, document) => {
		expect(await outcome(parameters, saying(answer))).toMatchObject({ json: document });
	});
});

const WRONG: Array<[string, INodeParameters, string, string]> = [
	['prose', place, 'Bonn is a city.', 'it is not valid JSON: Bonn is a city.'],
	['nothing', place, '', 'it is empty'],
	// n8n's repair gives up on these
	['an object with words before it', place, 'Here it is: {"city": "Bonn", "people": 1} ok', 'it is not valid JSON: Here it is'],
	['an object with words after it', place, '{"city": "Bonn", "people": 1} ok', 'it is not valid JSON'],
	['two objects', place, '{"city": "Bonn"}{"people": 1}', 'it is not valid JSON'],
	['words with brackets', place, "I'm sorry: I can't [help] with that.", "it is not valid JSON: I'm sorry"],
	['two blocks', place, '```\n{"city": "a"}\n```\n```\n{"city": "b"}\n```', 'it is not valid JSON'],
	['another type', place, '{"city": "Bonn", "people": "many"}', '$.people should be integer, but is string'],
	['half a person', place, '{"city": "Bonn", "people": 0.5}', '$.people should be integer, but is number'],
	[
		'a wrong place in a list',
		loose({ type: 'array', prefixItems: [text], items: { type: 'integer' } }),
		'["a", "b"]',
		'$[1] should be integer, but is string',
	],
	['none of some shapes', loose({ oneOf: [{ type: 'string' }, { type: 'integer' }] }), 'true', '$ should be string, but is boolean'],
	['a missing key that every object has', loose({ type: 'object', required: ['constructor'] }), '{}', '$.constructor is missing'],
	['a missing key', place, '{"city": "Bonn"}', '$.people is missing'],
	['a key too many', place, '{"city": "Bonn", "people": 1, "mayor": "x"}', '$.mayor should not be there'],
	['a list for an object', { outputFormat: 'jsonObject' }, '[1]', '$ should be object, but is array'],
	[
		'a value that is no option',
		asFields({ name: 'size', options: 'small, large' }),
		'{"size": "huge"}',
		'$.size should be one of ["small","large"], but is "huge"',
	],
	[
		'an error deep inside',
		{ outputFormat: 'example', schemaExample: '{"rows": [{"price": 1}]}' },
		'{"rows": [{"price": 1}, {"price": 2}, {"price": null}]}',
		'$.rows[2].price should be number, but is null',
	],
];

test('An answer is read without what the model said on its way to it', async () => {
	const said = (phase: string, words: string) => ({
		type: 'message',
		role: 'assistant',
		phase,
		content: [{ type: 'output_text', text: words }],
	});
	const output = [said('commentary', '{"note": "looking it up"}'), said('final_answer', JSON.stringify(bonn))];
	expect(await outcome(place, json({ ...ANSWER, output }))).toMatchObject({
		json: bonn,
		text: `{"note": "looking it up"}${JSON.stringify(bonn)}`,
	});
});

describe('A JSON answer that was cut off is no document, whatever the schema allows', () => {
	const anything = loose({});
	test.each([
		['in a number', '{"name": "Ada", "age": 3'],
		['in a negative number', '{"name": "Ada", "age": -'],
		['in a key', '{"name": "Ada", "a'],
		['after a key', '{"name": "Ada", "age"'],
		['after a colon', '{"name": "Ada", "age": '],
		['after a comma', '{"name": "Ada",'],
		['after a text', '{"name": "Ada"'],
		['in a text', '{"name": "Ad'],
		['in a text, after a character of its own', '{"name": "Ada \\'],
		['in a text with single quotes', "{'name': 'Ad"],
		['in a word', '{"name": "Ada", "old": tr'],
		['after an entry of a list', '[{"name": "Ada"}, {"name": "Bob"}'],
		['after a comma of a list', '[{"name": "Ada"}, '],
		['in a list of numbers', '[1, 2, 3'],
		['in a list in an object', '{"rows": [{"name": "Ada"}, {"name": "Bob"}'],
		['in an inner object', '{"who": {"name": "Ada"}'],
		['before its first key', '{'],
		['after many line feeds', `{"name": "Ada"${'\n'.repeat(5000)}`],
		['in a block', '```json\n{"name": "Ada", "age": 3\n'],
		['in a block that was closed', '```json\n[{"name": "Ada"},\n```'],
		['in a block after some prose', 'Here you are:\n```json\n{"name": "Ada", "age": 3'],
		['in a second block', '```json\n{"name": "Draft"}\n```\nBetter:\n```json\n{"name": "Ad'],
		['after some prose', 'Here you are: {"name": "Ada", "age": 3'],
		['after a line for each entry', '{"name": "Ada"}\n{"name": "Bob"}\n'],
		['by the model itself', '[{"name": "Ada"}, ...]'],
		['by the model itself, in an object', '{"rows": [1, 2, …]}'],
		['with a bracket closed too early', '{"rows": [1, 2}'],
		['with a value left out', '{"name": "Ada", "age": }'],
		['with half a number', '{"name": "Ada", "age": 3.}'],
	])('%s', async (_, answer) => {
		expect(await outcome(anything, saying(answer))).toContain('The answer is not the JSON that was asked for: it is not valid JSON');
		const item = await outcome({ ...anything, options: { treatAsErrors: [] } }, saying(answer));
		expect(item).toMatchObject({ text: answer, jsonError: expect.any(String) });
		expect(item).not.toHaveProperty('json');
	});

	test('and the error says that it was cut off, and shows where', async () => {
		const { error } = await run({ ...asked, ...place }, {}, saying(`{"city": "${'B'.repeat(200)}", "people": 33`));
		expect(error?.message).toMatch(/not valid JSON: \{"city": "B+ \.\.\. B+", "people": 33 \(it was cut off\)$/);
	});
});

describe('An answer that says it is completed, but has as many tokens as were allowed, counts as cut off', () => {
	const limited = (maxOutputTokens: number): INodeParameters => ({ sampling: { maxOutputTokens } });
	const [message] = ANSWER.output;
	const saysWith = (words: string, tokens: number, more: object = {}) =>
		json({
			...ANSWER,
			output: [{ ...message, content: [{ ...message.content[0], text: words }] }],
			usage: { ...ANSWER.usage, output_tokens: tokens },
			...more,
		});
	const text = JSON.stringify(bonn);

	test.each<[string, INodeParameters, Parameters<typeof run>[2]]>([
		['JSON that ends too early', limited(8), fixture('llama.cpp-cut.1.json')],
		['JSON that looks whole', limited(15), saysWith(text, 15)],
		['JSON with more tokens than were allowed', limited(15), saysWith(text, 16)],
		...['max_output_tokens', 'max_completion_tokens', 'max_tokens'].map((name): [string, INodeParameters, ReturnType<typeof saysWith>] => [
			`by ${name} in Extra Body`,
			{ options: { extraBody: { [name]: 15 } } },
			saysWith(text, 15),
		]),
	])('an error says so: %s', async (_, parameters, reply) => {
		const { error } = await run({ ...asked, ...place, ...parameters }, {}, reply);
		expect(error?.message).toBe('The answer is incomplete: max_output_tokens');
		expect(error?.description).toContain('raise Sampling > Max Output Tokens');
	});

	test.each<[string, INodeParameters, Parameters<typeof run>[2]]>([
		['text', limited(8), fixture('llama.cpp-cut.1.json')],
		[
			'a chat completion',
			limited(8),
			json({ choices: [{ message: { content: 'Bo' }, finish_reason: 'stop' }], usage: { completion_tokens: 8, prompt_tokens: 1 } }),
		],
		['a stored response, by its own limit', { operation: 'get', responseId: 'resp_1' }, saysWith('Bo', 8, { max_output_tokens: 8 })],
	])('text comes out with the reason: %s', async (_, parameters, reply) => {
		const { items, hints } = await run({ ...asked, ...parameters }, {}, reply);
		expect(items[0].json).toMatchObject({ incompleteReason: 'max_output_tokens', status: 'completed' });
		if (parameters.operation === undefined) expect(hints.map(({ message: words }) => words).join()).toContain('1 answer cut off');
	});

	test.each<[string, INodeParameters, Parameters<typeof run>[2]]>([
		['with fewer tokens', limited(16), saysWith(text, 15)],
		['without a limit', {}, saysWith(text, 15)],
		['without usage', limited(15), json({ ...ANSWER, output: [{ ...message, content: [{ ...message.content[0], text }] }], usage: null })],
		[
			'whose tokens are those of several choices',
			{ sampling: { maxOutputTokens: 15, n: 2 } },
			json({
				choices: [text, text].map((content) => ({ message: { content }, finish_reason: 'stop' })),
				usage: { prompt_tokens: 1, completion_tokens: 20 },
			}),
		],
	])('but not one %s', async (_, parameters, reply) => {
		const { items, error } = await run({ ...asked, ...place, ...parameters }, {}, reply);
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ json: bonn });
		expect(items[0].json).not.toHaveProperty('incompleteReason');
	});
});

describe('Of several messages or parts', () => {
	const part = (words: string) => ({ type: 'output_text', text: words, annotations: [] });
	const messages = (...texts: Array<string | string[]>) =>
		json({ ...ANSWER, output: texts.map((words) => ({ type: 'message', role: 'assistant', content: [words].flat().map(part) })) });
	const document = JSON.stringify(bonn);
	const other = JSON.stringify({ city: 'Ulm', people: 1 });
	test.each([
		['the same twice', messages(document, document)],
		['the same part twice', messages([document, document])],
		['the same block twice', messages(`\`\`\`json\n${document}\n\`\`\``, `\`\`\`json\n${document}\n\`\`\``)],
		['words before it', messages('Let me look it up.', document)],
		['the last of two different ones', messages(other, document)],
		['one in two parts', messages([document.slice(0, 9), document.slice(9)])],
		['one in two messages', messages(document.slice(0, 9), document.slice(9))],
	])('the document is read: %s', async (_, reply) => {
		expect(await outcome(place, reply)).toMatchObject({ json: bonn });
	});

	test.each([
		['the second of two is cut off', messages(document, document.slice(0, -3))],
		['the last part of one that is cut off looks like one', messages(['{"rows": [', document])],
		['the last message of one that is cut off looks like one', messages('{"rows": [', document)],
	])('none is read where %s', async (_, reply) => {
		expect(await outcome(place, reply)).toContain('it is not valid JSON');
	});
});

describe('An answer that is not the JSON that was asked for', () => {
	test.each(WRONG)('fails: %s', async (_, parameters, answer, reason) => {
		expect(await outcome(parameters, saying(answer))).toContain(`The answer is not the JSON that was asked for: ${reason}`);
	});

	test.each(WRONG)('comes out with jsonError if it is not to be an error: %s', async (_, parameters, answer, reason) => {
		const item = await outcome({ ...parameters, options: { treatAsErrors: [] } }, saying(answer));
		expect(item).toMatchObject({ text: answer, jsonError: expect.stringContaining(reason) });
		expect(item).not.toHaveProperty('json');
	});

	test('leaves its text in the details of the error', async () => {
		const { items } = await run({ ...asked, ...place }, { node: { onError: 'continueRegularOutput' } }, saying('No idea'));
		expect(items[0].json).toMatchObject({ details: { code: 'invalid_json', partialText: 'No idea' } });
	});
});

describe('Is not read as JSON, and no error by default', () => {
	const message = (content: object[]) => [{ type: 'message', role: 'assistant', content }];
	test.each<[string, object, object]>([
		['a refusal', { output: message([{ type: 'refusal', refusal: 'I cannot help' }]) }, { text: '', refusal: 'I cannot help' }],
		[
			'a tool call',
			{ output: [{ type: 'function_call', call_id: 'c1', name: 'find', arguments: '{"a": 1}' }] },
			{ toolCalls: [{ callId: 'c1', name: 'find', arguments: { a: 1 } }] },
		],
	])('%s', async (_, reply, item) => {
		const given = await outcome(place, json({ ...ANSWER, ...reply }));
		expect(given).toMatchObject(item);
		expect(given).not.toHaveProperty('json');
		expect(given).not.toHaveProperty('jsonError');
	});

	test('text, where no JSON is asked for', async () => {
		expect(await outcome({}, saying('{"a": 1}'))).not.toHaveProperty('json');
	});
});

describe('Treat as Errors', () => {
	const refusal = json({
		...ANSWER,
		output: [{ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'I cannot help' }] }],
	});
	const cut = (reason: string, output: object[] = ANSWER.output) =>
		json({ ...ANSWER, status: 'incomplete', incomplete_details: { reason }, output });
	const thoughts = [{ type: 'reasoning', summary: [] }];
	test.each<[string, string, Parameters<typeof run>[2], string, string]>([
		['a refusal', 'refusal', refusal, 'I cannot help', 'change the prompt'],
		[
			'an answer that was cut off',
			'incomplete',
			cut('max_output_tokens'),
			'The answer is incomplete: max_output_tokens',
			'raise Sampling > Max Output Tokens',
		],
		[
			'an answer that was only thought of',
			'incomplete',
			cut('max_output_tokens', thoughts),
			'The answer is incomplete: max_output_tokens',
			'went into reasoning',
		],
		['an answer that was filtered', 'incomplete', cut('content_filter'), 'The answer is incomplete: content_filter', 'content filter'],
	])('%s', async (_, kind, reply, message, hint) => {
		const { error } = await run({ ...asked, options: { treatAsErrors: [kind] } }, {}, reply);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain(hint);
	});

	test('tells of its call like every error', async () => {
		const busy = json({}, { status: 503, headers: { 'retry-after': '0' } });
		const { error } = await run({ ...asked, options: { treatAsErrors: ['refusal'] } }, {}, busy, {
			...refusal,
			headers: { ...refusal.headers, 'x-request-id': 'req_1' },
		});
		const details = {
			status: 200,
			code: 'refusal',
			requestId: 'req_1',
			attempts: 2,
			waitedMs: expect.any(Number),
			hint: expect.stringContaining('change the prompt'),
		};
		expect(error).toMatchObject({ httpCode: '200', context: { details } });
	});

	test('an answer that was cut off, by default where it was asked for as JSON', async () => {
		const { error } = await run({ ...asked, ...place }, {}, cut('max_output_tokens'));
		expect(error).toMatchObject({
			message: 'The answer is incomplete: max_output_tokens',
			context: { details: { code: 'incomplete', partialText: 'Hello!' } },
		});
		expect(await outcome({}, cut('max_output_tokens'))).toMatchObject({ text: 'Hello!', incompleteReason: 'max_output_tokens' });
	});

	test('leaves those out that are not named', async () => {
		expect(await outcome({ options: { treatAsErrors: ['incomplete', 'invalidJson'] } }, refusal)).toMatchObject({
			refusal: 'I cannot help',
		});
		const tolerant = { ...place, options: { treatAsErrors: ['invalidJson'] } };
		const given = await outcome(tolerant, cut('max_output_tokens'));
		expect(given).toMatchObject({ text: 'Hello!', status: 'incomplete', incompleteReason: 'max_output_tokens' });
		expect(given).not.toHaveProperty('json');
		expect(given).not.toHaveProperty('jsonError');
	});
});
