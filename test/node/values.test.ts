import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { gateway } from '../support/one-item';

const { run } = gateway();
const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
const asked = { model, prompt: 'Hi' };

/**
 * What is sent for each of these values of the expression `{{ $json.value }}`: the body without `model` and `input`,
 * or the message if nothing is.
 */
async function sentFor(parameters: INodeParameters, values: unknown[]) {
	const items = values.map((value) => ({ json: { value } as IDataObject }));
	const node = { onError: 'continueRegularOutput' as const };
	const result = await run({ ...asked, ...parameters, requests: { concurrency: 1 } }, { items, node });
	const bodies = result.requests.map(({ body }) => body);
	return result.items.map(({ json }) => json.error ?? bodies.shift());
}

const value = '={{ $json.value }}';
const NOT_SET = [undefined, null, ''];

describe('A value that an expression gives', () => {
	const rest = { model: 'gpt-5.4', input: [{ type: 'message', role: 'user', content: 'Hi' }] };
	const nothing = NOT_SET.map((none): [unknown, object] => [none, {}]);

	test.each<[string, INodeParameters, Array<[unknown, object | string]>]>([
		[
			'for a number field',
			{ sampling: { temperature: value } },
			[
				...nothing,
				['  ', {}],
				[0, { temperature: 0 }],
				[0.5, { temperature: 0.5 }],
				['0.5', { temperature: 0.5 }],
				[' 1 ', { temperature: 1 }],
				['warm', '"Temperature" takes a number, not "warm"'],
				['0,5', '"Temperature" takes a number, not "0,5"'],
				[true, '"Temperature" takes a number, not true'],
				[[], '"Temperature" takes a number, not []'],
				[{}, '"Temperature" takes a number, not {}'],
			],
		],
		[
			'for a switch',
			{ options: { store: value } },
			[
				...nothing,
				[false, { store: false }],
				[true, { store: true }],
				['false', { store: false }],
				['TRUE', { store: true }],
				['perhaps', '"Store" takes true or false, not "perhaps"'],
				[1, '"Store" takes true or false, not 1'],
			],
		],
		[
			'for a text field',
			{ instructions: value },
			[
				...nothing,
				['Be brief', { instructions: 'Be brief' }],
				[0, { instructions: '0' }],
				[false, { instructions: 'false' }],
				[{ a: [1] }, { instructions: '{"a":[1]}' }],
				[[], { instructions: '[]' }],
				[new Date('2026-11-22T10:00:00Z'), { instructions: '2026-11-22T10:00:00.000Z' }],
			],
		],
		[
			'for a choice',
			{ reasoning: { effort: value } },
			[...nothing, ['low', { reasoning: { effort: 'low' } }], ['extreme', { reasoning: { effort: 'extreme' } }]],
		],
		[
			'for several choices',
			{ options: { include: value } },
			[
				...nothing,
				[[], { include: [] }],
				[['reasoning.encrypted_content'], { include: ['reasoning.encrypted_content'] }],
				['a, b', { include: ['a', 'b'] }],
			],
		],
		[
			'for JSON',
			{ options: { extraBody: value } },
			[
				...nothing,
				['  ', {}],
				['null', {}],
				[{ top_k: 1 }, { top_k: 1 }],
				['{"top_k": 1}', { top_k: 1 }],
				[0, '"Extra Body" is not a JSON object'],
			],
		],
		[
			'for names with commas between',
			{ tools: { webSearch: { allowedDomains: value } } },
			[
				...NOT_SET.map((none): [unknown, object] => [none, { tools: [{ type: 'web_search' }] }]),
				[' , ', { tools: [{ type: 'web_search' }] }],
				[['a.com', 'b.com'], { tools: [{ type: 'web_search', filters: { allowed_domains: ['a.com', 'b.com'] } }] }],
			],
		],
		[
			'for the tool choice',
			{ tools: { toolChoice: value } },
			[...nothing, [{ type: 'mcp', server_label: 'shop' }, { tool_choice: { type: 'mcp', server_label: 'shop' } }]],
		],
		[
			'for a row of a list',
			{ options: { metadata: { values: [{ name: 'order', value }] } } },
			[
				...NOT_SET.map((none): [unknown, object] => [none, { metadata: { order: '' } }]),
				[4711, { metadata: { order: '4711' } }],
				[false, { metadata: { order: 'false' } }],
			],
		],
		[
			'for the JSON in a row',
			{ tools: { functions: { values: [{ name: 'f', parameters: value, strict: false }] } } },
			[
				[{ type: 'object' }, { tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }] }],
				['{"type": "object"}', { tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }] }],
			],
		],
	])('%s', async (_, parameters, rows) => {
		const sent = await sentFor(
			parameters,
			rows.map(([given]) => given),
		);
		expect(sent).toEqual(rows.map(([, expected]) => (typeof expected === 'string' ? expected : { ...rest, ...expected })));
	});

	test('for the prompt', async () => {
		const sent = await sentFor({ prompt: value }, [...NOT_SET, ' Hi ', 0, false, { a: 1 }, []]);
		expect(sent.slice(0, 3)).toEqual(NOT_SET.map(() => '"Prompt" is blank for this item'));
		expect(sent.slice(3).map(({ input }) => input[0].content)).toEqual([' Hi ', '0', 'false', '{"a":1}', '[]']);
	});

	test('for the content of a message', async () => {
		const messages = { values: [{ role: value, content: value, binaryFields: '', imageUrls: '', fileUrls: '' }] };
		const sent = await sentFor({ inputType: 'messages', messages }, ['', 'user', 0]);
		expect(sent[0]).toBe('Message 1 has neither text nor a file');
		expect(sent.slice(1).map(({ input }) => input)).toEqual([
			[{ type: 'message', role: 'user', content: 'user' }],
			[{ type: 'message', role: '0', content: '0' }],
		]);
	});
});

describe('A value that is no text is refused where a text is wanted, and nothing is sent', () => {
	const row = (more: INodeParameters): INodeParameters => ({
		inputType: 'messages',
		messages: { values: [{ role: 'user', content: 'Hi', binaryFields: '', imageUrls: '', fileUrls: '', ...more }] },
	});
	const binary = { data: { data: 'eA==', mimeType: 'text/plain', fileName: 'a.txt' } };
	test.each<[string, INodeParameters, string]>([
		['"Image URLs', row({ imageUrls: '={{ [{ a: 1 }] }}' }), 'e.g. https://example.com/photo.jpg'],
		['"Image URLs', row({ imageUrls: '={{ ({ a: 1 }) }}' }), 'a list of texts'],
		['"File URLs', row({ fileUrls: '={{ ["https://a.example", ["https://b.example"]] }}' }), 'Give text'],
		['"Binary Fields', row({ binaryFields: '={{ $binary.data }}' }), 'Give the name of the field that holds it, such as data'],
		['"Binary Fields"', { binaryFields: '={{ $binary.data }}' }, 'Give the name of the field that holds it, such as data'],
		['"Binary Fields"', { binaryFields: '={{ $binary }}' }, 'Give the name of the field that holds it, such as data'],
		['"Binary Fields"', { binaryFields: '={{ [$binary.data] }}' }, 'Give the name of the field that holds it, such as data'],
		['"Model"', { model: { ...model, value: '={{ ({ id: "gpt-5.4" }) }}' } }, 'Give text'],
		['"Model"', { model: '={{ ({ id: "gpt-5.4" }) }}' }, 'Give text'],
		['"Conversation ID"', { options: { conversation: '={{ ({ id: "conv_1" }) }}' } }, 'e.g. conv_123'],
		['"Stop"', { sampling: { stop: '={{ ["a", "b"] }}' } }, 'e.g. END'],
		['"Effort"', { reasoning: { effort: '={{ ({ level: "low" }) }}' } }, 'Give text'],
		['"Allowed Domains"', { tools: { webSearch: { allowedDomains: '={{ [{ a: 1 }] }}' } } }, 'e.g. example.com'],
		['"Vector Store IDs"', { tools: { fileSearch: { vectorStoreIds: '={{ [{ id: "vs_1" }] }}' } } }, 'e.g. vs_123'],
		['"Include Additional Data"', { options: { include: '={{ [{ a: 1 }] }}' } }, 'Give text'],
		['"Prompt" takes text, not NaN', { prompt: '={{ $json.none * 2 }}' }, 'what it gives for this item'],
		['"Instructions" takes text, not Infinity', { instructions: '={{ 1 / 0 }}' }, 'what it gives for this item'],
		['"Extra Body" is not valid JSON: "a" is NaN', { options: { extraBody: '={{ ({ a: NaN }) }}' } }, 'Correct the JSON'],
		['"Temperature" takes a number, not NaN', { sampling: { temperature: '={{ NaN }}' } }, 'Type a number'],
	])('%s', async (message, parameters, hint) => {
		const { error, requests } = await run({ ...asked, ...parameters }, { items: [{ json: {}, binary }] });
		expect([error?.message, error?.description, requests]).toEqual([expect.stringContaining(message), expect.stringContaining(hint), []]);
	});

	test.each<[string, INodeParameters, object]>([
		['the text of a JSON field in a prompt', { prompt: '={{ ({ a: [1] }) }}' }, { input: [{ content: '{"a":[1]}' }] }],
		[
			'a list of numbers as IDs',
			{ tools: { codeInterpreter: { fileIds: '={{ [1, "b,c"] }}' } } },
			{ tools: [{ container: { file_ids: ['1', 'b,c'] } }] },
		],
		[
			'an object as metadata',
			{ options: { metadata: { values: [{ name: 'a', value: '={{ ({ b: 1 }) }}' }] } } },
			{ metadata: { a: '{"b":1}' } },
		],
		['a date as an ID', { options: { user: '={{ new Date(0) }}' } }, { user: '1970-01-01T00:00:00.000Z' }],
	])('but for %s', async (_, parameters, body) => {
		const { requests } = await run({ ...asked, ...parameters });
		expect(requests[0].body).toMatchObject(body);
	});
});

describe('A value that contains itself, or has thousands of levels, is an error of the form, and nothing is sent', () => {
	const circular = '={{ (() => { const a = {}; a.b = a; return a; })() }}';
	const deep = '={{ (() => { let a = 1; for (let at = 0; at < 3000; at++) a = { a }; return a; })() }}';
	const deepText = `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`;
	const fields: Array<[string, (given: string) => INodeParameters]> = [
		['Prompt', (prompt) => ({ prompt })],
		['Options', (extraBody) => ({ options: { extraBody } })],
		['Sampling', (temperature) => ({ sampling: { temperature } })],
		['Options', (store) => ({ options: { store } })],
		['Model', (value) => ({ model: { ...model, value } })],
		['Input Items', (inputItems) => ({ inputType: 'json', inputItems })],
		['Tools', (toolsJson) => ({ tools: { toolsJson } })],
	];
	test.each(fields.flatMap(([label, parameters]) => [circular, deep].map((given) => [label, parameters(given)] as const)))(
		'"%s" %j',
		async (label, parameters) => {
			const { error, requests } = await run({ ...asked, ...parameters });
			expect([error?.name, error?.message, requests]).toEqual([
				'NodeOperationError',
				`"${label}" holds a value that is nested too deeply, or contains itself`,
				[],
			]);
		},
	);

	test.each<[string, INodeParameters]>([
		['Extra Body', { options: { extraBody: deepText } }],
		['Input Items', { inputType: 'json', inputItems: deepText }],
		['Schema', { outputFormat: 'jsonSchema', schema: deepText }],
		['Example', { outputFormat: 'example', schemaExample: deepText }],
		['Tools (JSON)', { tools: { toolsJson: `[${deepText}]` } }],
	])('"%s" as text', async (label, parameters) => {
		const { error, requests } = await run({ ...asked, ...parameters });
		expect([error?.message, requests]).toEqual([`"${label}" is nested too deeply: more than 200 levels`, []]);
	});

	test('but not a hundred levels', async () => {
		const { requests } = await run({ ...asked, options: { extraBody: `${'{"a":'.repeat(100)}1${'}'.repeat(100)}` } });
		expect(requests[0].body).toHaveProperty('a.a.a.a.a');
	});
});

describe('A wrong expression under Requests', () => {
	const wrong = { ...asked, requests: { concurrency: "={{ $('Missing').item.json.x }}" } };
	const items = [{ json: { a: 1 } }, { json: { a: 2 } }];

	test('fails every item where the node continues', async () => {
		const result = await run(wrong, { items, node: { onError: 'continueRegularOutput' } });
		expect(result.requests).toEqual([]);
		expect(result.items.map(({ json }) => json)).toEqual(
			Array(2).fill({ error: "Referenced node doesn't exist", details: { hint: expect.stringContaining('expression in "Requests"') } }),
		);
	});

	test('leaves by the error output', async () => {
		const result = await run(wrong, { items, node: { onError: 'continueErrorOutput' } });
		expect([result.items, result.errorItems.length]).toEqual([[], 2]);
	});

	test('ends the run otherwise', async () => {
		const { error, requests } = await run(wrong, { items });
		expect([error?.message, requests]).toEqual(["Referenced node doesn't exist", []]);
	});
});

describe('The model', () => {
	test.each<[string, INodeParameters['model']]>([
		['as the list gives it', { __rl: true, mode: 'list', value: 'gpt-5.4', cachedResultName: 'gpt-5.4' }],
		['typed by ID, with a blank around', { __rl: true, mode: 'id', value: ' gpt-5.4\n' }],
		['as plain text', 'gpt-5.4'],
		['by an expression', { __rl: true, mode: 'id', value: '={{ "gpt-" + 5.4 }}' }],
	])('%s', async (_, given) => {
		const { requests } = await run({ model: given, prompt: 'Hi' });
		expect(requests[0].body.model).toBe('gpt-5.4');
	});
});

describe('A value that cannot be sent is named, and nothing is sent', () => {
	test.each<[string, INodeParameters]>([
		['"Model" is blank', { model: { ...model, value: '' } }],
		['"Model" is blank', { model: { ...model, value: '  ' } }],
		['"Model" is blank', { model: '' }],
		['"Prompt" is blank for this item', { prompt: '' }],
		['"Prompt" is blank for this item', { prompt: ' \n ' }],
		['"Messages" is empty', { inputType: 'messages', messages: {} }],
		[
			'Message 2 has neither text nor a file',
			{
				inputType: 'messages',
				messages: {
					values: [
						{ role: 'user', content: 'a' },
						{ role: 'user', content: ' ' },
					],
				},
			},
		],
		['"Input Items" is empty', { inputType: 'json', inputItems: '[]' }],
		['"Input Items" is not valid JSON', { inputType: 'json', inputItems: 'hello' }],
		['"Schema" is not a JSON object', { outputFormat: 'jsonSchema', schema: '[]' }],
		['"Schema" is not valid JSON', { outputFormat: 'jsonSchema', schema: '{' }],
		['"Schema Name" may hold letters, digits, _ and - (at most 64)', { outputFormat: 'jsonSchema', schemaName: 'a'.repeat(65) }],
		[
			'"Schema Name" may hold letters, digits, _ and - (at most 64), not "my schema"',
			{ outputFormat: 'jsonSchema', schemaName: 'my schema' },
		],
		['"Output Fields" is empty', { outputFormat: 'fields', outputFields: { values: [] } }],
		['Output field 1 has no name', { outputFormat: 'fields', outputFields: { values: [{ name: ' ' }] } }],
		['Output field "a" is there twice', { outputFormat: 'fields', outputFields: { values: [{ name: 'a' }, { name: 'a' }] } }],
		[
			'The Allowed Values of output field "a" are not numbers',
			{ outputFormat: 'fields', outputFields: { values: [{ name: 'a', type: 'number', options: 'small, large' }] } },
		],
		['"Example" is not a JSON object', { outputFormat: 'example', schemaExample: '["a"]' }],
		['"Vector Store IDs" of File Search is blank', { tools: { fileSearch: {} } }],
		[
			'MCP server 2 has neither a Server URL nor a Connector',
			{
				tools: {
					mcp: {
						values: [
							{ serverLabel: 'a', serverUrl: 'https://mcp.example.com' },
							{ serverLabel: 'b', serverUrl: '' },
						],
					},
				},
			},
		],
		[
			'MCP server 1 has both a Server URL and a Connector',
			{ tools: { mcp: { values: [{ serverLabel: 'a', serverUrl: 'https://mcp.example.com', connectorId: 'connector_gmail' }] } } },
		],
		['MCP server 1 has no label', { tools: { mcp: { values: [{ serverUrl: 'https://mcp.example.com' }] } } }],
		['Function 1 has no name', { tools: { functions: { values: [{ description: 'x' }] } } }],
		['"Parameters of Function 1" is not valid JSON', { tools: { functions: { values: [{ name: 'a', parameters: '{"type"' }] } } }],
		['"Tools (JSON)" is not a list of JSON objects', { tools: { toolsJson: '["web_search"]' } }],
		['"Tool Choice" is not valid JSON', { tools: { toolChoice: '{"type"' } }],
		['"Prompt Template" has no ID', { options: { promptTemplate: {} } }],
		['A pair in "Metadata" has no name', { options: { metadata: { values: [{ name: '', value: 'x' }] } } }],
		['"Extra Body" is not a JSON object', { options: { extraBody: '[1]' } }],
		['"Extra Body" is not valid JSON', { options: { extraBody: '{"a": }' } }],
		['"stream" cannot be set in "Extra Body"', { options: { extraBody: '{"stream": true}' } }],
		['"background" cannot be set in "Extra Body"', { options: { extraBody: '{"background": false}' } }],
		['"Extra Body" may not hold the key "__proto__"', { options: { extraBody: '{"a": [{"__proto__": {}}]}' } }],
		['"Extra Body" may not hold the key "constructor"', { options: { extraBody: '{"constructor": 1}' } }],
		["Referenced node doesn't exist", { instructions: "={{ $('Missing').item.json.x }}" }],
		// n8n would take the word for a run that was stopped
		['"Temperature" takes a number, not "cancelled"', { sampling: { temperature: '={{ "canceled" }}' } }],
	])('%s', async (message, parameters) => {
		const { error, requests, status } = await run({ ...asked, ...parameters });
		expect(error?.message).toContain(message);
		expect([error?.name, status, requests]).toEqual(['NodeOperationError', 'error', []]);
	});
});
