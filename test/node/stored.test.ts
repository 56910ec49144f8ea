import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { searchList } from '../support/engine';
import { ANSWER, gateway } from '../support/one-item';
import { bytes, fixture, json, type Reply } from '../support/replies';

const { run, credentials } = gateway();
const item = (id: string) => ({ id, type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] });
const page = (ids: string[], has_more = false) =>
	json({ object: 'list', data: ids.map(item), first_id: ids[0], last_id: ids.at(-1), has_more });
const conversation = { id: 'conv_1', object: 'conversation', created_at: 1773132155, metadata: { order: '4711' } };
const compaction = { id: 'cmp_1', object: 'response.compaction', output: [{ type: 'compaction', encrypted_content: 'x' }], usage: null };
const simplified = {
	id: ANSWER.id,
	model: 'gpt-5.4',
	status: 'completed',
	text: 'Hello!',
	usage: { input_tokens: 8, cached_tokens: 0, output_tokens: 15, reasoning_tokens: 0, total_tokens: 23 },
};
const asked = { model: 'gpt-5.4', prompt: 'Hi' };
const input = [{ type: 'message', role: 'user', content: 'Hi' }];
const of = (resource: string, operation: string, more: INodeParameters = {}): INodeParameters => ({ resource, operation, ...more });
const response = { responseId: 'resp_1' };
const talk = { conversationId: 'conv_1' };

/** An operation, the replies, the calls that are made, and the items that come out. */
const OPERATIONS: Array<[string, INodeParameters, Reply[], Array<[string, IDataObject?, unknown?]>, IDataObject[]]> = [
	['Get', of('response', 'get', response), [json(ANSWER)], [['GET /responses/resp_1']], [simplified]],
	[
		'Get, raw',
		of('response', 'get', { ...response, output: 'raw' }),
		[json({ ...ANSWER, error: null })],
		[['GET /responses/resp_1']],
		[ANSWER],
	],
	[
		'Get of one that is still at work',
		of('response', 'get', response),
		[json({ id: 'resp_1', object: 'response', model: 'gpt-5.4', status: 'in_progress', output: [] })],
		[['GET /responses/resp_1']],
		[{ id: 'resp_1', model: 'gpt-5.4', status: 'in_progress', text: '', usage: null }],
	],
	[
		'Get of one that was asked for as JSON',
		of('response', 'get', response),
		[json({ ...ANSWER, text: { format: { type: 'json_object' } } })],
		[['GET /responses/resp_1']],
		[{ ...simplified, jsonError: 'it is not valid JSON: Hello!' }],
	],
	[
		'Cancel',
		of('response', 'cancel', response),
		[json({ ...ANSWER, id: 'resp_1', status: 'cancelled', output: [], usage: null })],
		[['POST /responses/resp_1/cancel']],
		[{ id: 'resp_1', model: 'gpt-5.4', status: 'cancelled', text: '', usage: null }],
	],
	[
		'Delete',
		of('response', 'delete', response),
		[json({ id: 'resp_1', object: 'response', deleted: true })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete with an empty reply',
		of('response', 'delete', response),
		[bytes('', 'text/plain', { status: 204 })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with a message',
		of('response', 'delete', response),
		[json({ message: 'Response deleted successfully' })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with success and a message',
		of('response', 'delete', response),
		[json({ success: true, code: 0, message: 'ok' })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with a status and a message',
		of('response', 'delete', response),
		[json({ status: 'success', message: 'Deleted' })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with a detail',
		of('response', 'delete', response),
		[json({ detail: 'deleted' })],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with words',
		of('response', 'delete', response),
		[bytes('Deleted', 'text/plain')],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with true',
		of('response', 'delete', response),
		[json(true)],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with a JSON text',
		of('response', 'delete', response),
		[json('OK')],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with null',
		of('response', 'delete', response),
		[json(null)],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Delete answered with a list',
		of('response', 'delete', response),
		[json([])],
		[['DELETE /responses/resp_1']],
		[{ deleted: true, id: 'resp_1' }],
	],
	[
		'Get Input Items, all pages',
		of('response', 'getInputItems', { ...response, returnAll: true }),
		[page(['m3', 'm2'], true), page(['m1'])],
		[
			['GET /responses/resp_1/input_items', { limit: '100' }],
			['GET /responses/resp_1/input_items', { limit: '100', after: 'm2' }],
		],
		[item('m3'), item('m2'), item('m1')],
	],
	[
		'Get Input Items, up to the limit',
		of('response', 'getInputItems', { ...response, limit: 3 }),
		[page(['m4', 'm3'], true), page(['m2', 'm1'], true)],
		[
			['GET /responses/resp_1/input_items', { limit: '3' }],
			['GET /responses/resp_1/input_items', { limit: '1', after: 'm3' }],
		],
		[item('m4'), item('m3'), item('m2')],
	],
	[
		'Get Input Items, none',
		of('response', 'getInputItems', response),
		[page([])],
		[['GET /responses/resp_1/input_items', { limit: '50' }]],
		[],
	],
	[
		'Compact',
		of('response', 'compact', { ...asked, options: { promptCacheKey: 'k', serviceTier: 'flex', previousResponseId: 'resp_0' } }),
		[json(compaction)],
		[
			[
				'POST /responses/compact',
				{},
				{ model: 'gpt-5.4', input, prompt_cache_key: 'k', service_tier: 'flex', previous_response_id: 'resp_0' },
			],
		],
		[compaction],
	],
	[
		'Compact what the server keeps',
		of('response', 'compact', { model: 'gpt-5.4', options: { previousResponseId: 'resp_0' } }),
		[json(compaction)],
		[['POST /responses/compact', {}, { model: 'gpt-5.4', previous_response_id: 'resp_0' }]],
		[compaction],
	],
	[
		'Count Input Tokens',
		of('response', 'countTokens', {
			...asked,
			instructions: 'Be brief',
			outputFormat: 'jsonObject',
			reasoning: { effort: 'low' },
			tools: { webSearch: {}, toolChoice: 'auto', parallelToolCalls: false },
			options: { truncation: 'auto', verbosity: 'low', extraBody: '{"personality": "friendly"}' },
		}),
		[json({ object: 'response.input_tokens', input_tokens: 11 })],
		[
			[
				'POST /responses/input_tokens',
				{},
				{
					model: 'gpt-5.4',
					input,
					instructions: 'Be brief',
					text: { format: { type: 'json_object' }, verbosity: 'low' },
					reasoning: { effort: 'low' },
					tools: [{ type: 'web_search' }],
					tool_choice: 'auto',
					parallel_tool_calls: false,
					truncation: 'auto',
					personality: 'friendly',
				},
			],
		],
		[{ object: 'response.input_tokens', input_tokens: 11 }],
	],

	['Create', of('conversation', 'create'), [json(conversation)], [['POST /conversations', {}, {}]], [conversation]],
	[
		'Create with items and metadata',
		of('conversation', 'create', { conversationItems: [input[0]], conversationMetadata: { values: [{ name: 'order', value: '4711' }] } }),
		[json(conversation)],
		[['POST /conversations', {}, { items: input, metadata: { order: '4711' } }]],
		[conversation],
	],
	['Get', of('conversation', 'get', talk), [json(conversation)], [['GET /conversations/conv_1']], [conversation]],
	[
		'Update',
		of('conversation', 'update', { ...talk, conversationMetadata: { values: [{ name: 'a', value: 'b' }] } }),
		[json(conversation)],
		[['POST /conversations/conv_1', {}, { metadata: { a: 'b' } }]],
		[conversation],
	],
	[
		'Update to nothing',
		of('conversation', 'update', talk),
		[json(conversation)],
		[['POST /conversations/conv_1', {}, { metadata: {} }]],
		[conversation],
	],
	[
		'Delete',
		of('conversation', 'delete', talk),
		[json({ id: 'conv_1', deleted: true })],
		[['DELETE /conversations/conv_1']],
		[{ deleted: true, id: 'conv_1' }],
	],
	[
		'Add Items',
		of('conversation', 'addItems', { ...talk, conversationItems: JSON.stringify(input) }),
		[page(['m1', 'm2'])],
		[['POST /conversations/conv_1/items', {}, { items: input }]],
		[item('m1'), item('m2')],
	],
	[
		'Get Items',
		of('conversation', 'getItems', { ...talk, limit: 2 }),
		[page(['m2', 'm1'])],
		[['GET /conversations/conv_1/items', { limit: '2' }]],
		[item('m2'), item('m1')],
	],
	[
		'Delete Item',
		of('conversation', 'deleteItem', { ...talk, conversationItemId: 'm1' }),
		[json(conversation)],
		[['DELETE /conversations/conv_1/items/m1']],
		[{ deleted: true, id: 'm1' }],
	],
];

test.each(OPERATIONS)('%s', async (_, parameters, replies, calls, items) => {
	const done = await run(parameters, {}, ...replies);
	expect(done.error).toBeUndefined();
	expect(done.requests.map(({ method, path, query, body }) => [`${method} ${path}`, query, body])).toEqual(
		calls.map(([call, query = {}, body]) => [call.replace(' /', ' /v1/'), query, body]),
	);
	expect(done.items).toEqual(items.map((entry) => ({ json: entry, pairedItem: { item: 0 } })));
});

describe('An ID', () => {
	test.each([
		['with signs of its own leads nowhere else', 'resp_1/x?y=1#z', 'resp_1%2Fx%3Fy%3D1%23z'],
		['may be pasted with blanks around', ' resp_1\n', 'resp_1'],
		['may be a number', '={{ 4711 }}', '4711'],
	])('%s', async (_, responseId, path) => {
		const { requests } = await run(of('response', 'get', { responseId }));
		expect(requests.map((request) => request.path)).toEqual([`/v1/responses/${path}`]);
	});

	test.each([
		['', /^"(Response|Conversation) ID" is blank$/],
		['  ', /^"(Response|Conversation) ID" is blank$/],
		['={{ $json.missing }}', /^"(Response|Conversation) ID" is blank$/],
		['{{ $json.id }}', /^"(Response|Conversation) ID" holds {{ }} as plain text$/],
		['.', /^"\." is not an ID$/],
		['..', /^"\.\." is not an ID$/],
		['../models', /is not an ID$/],
		['resp_1/../../models', /is not an ID$/],
		['resp_1\\..\\x', /is not an ID$/],
	])('that is %j is refused before any call', async (id, message) => {
		for (const [resource, operation] of [
			['response', 'delete'],
			['response', 'get'],
			['conversation', 'delete'],
			['conversation', 'addItems'],
		]) {
			const { error, requests } = await run(of(resource, operation, { responseId: id, conversationId: id, conversationItems: '[{}]' }));
			expect([error?.message, requests]).toEqual([expect.stringMatching(message), []]);
		}
	});
});

describe('Is refused before any call', () => {
	test.each<[string, INodeParameters]>([
		['"Items" is empty', of('conversation', 'addItems', talk)],
		[
			'"Items" holds 21 items, more than 20',
			of('conversation', 'addItems', { ...talk, conversationItems: JSON.stringify(Array(21).fill(input[0])) }),
		],
		['"Items" is not valid JSON', of('conversation', 'create', { conversationItems: 'Hello' })],
		['"Limit" takes 1 or more, not 0', of('conversation', 'getItems', { ...talk, limit: 0 })],
		['"Model" is blank', of('response', 'compact', { prompt: 'Hi' })],
		['"Model" is blank', of('response', 'countTokens', { prompt: 'Hi' })],
		['"Prompt" is blank for this item', of('response', 'countTokens', { model: 'gpt-5.4' })],
		['This node has no operation "__CUSTOM_API_CALL__" for "response"', of('response', '__CUSTOM_API_CALL__')],
	])('%s', async (message, parameters) => {
		const { error, requests } = await run(parameters);
		expect([error?.message, requests]).toEqual([expect.stringContaining(message), []]);
	});
});

test.each<[string, Reply, string | undefined]>([
	[
		'a response that failed',
		json({ ...ANSWER, status: 'failed', output: [], error: { code: 'server_error', message: 'It broke' } }),
		'failed',
	],
	['an error of the call in a good reply', json({ error: { code: 'server_error', message: 'It broke' } }), undefined],
	['the word failed without a response', json({ status: 'failed', code: 'server_error', message: 'It broke' }), undefined],
	['a response that the server does not know', json({ error: { message: 'Not found' } }, { status: 404 }), undefined],
	['a web page in place of the server', bytes('<html></html>', 'text/html'), undefined],
])('An error item tells by responseStatus that the response is over, not only the call: %s', async (_, reply, responseStatus) => {
	const { items } = await run(of('response', 'get', response), { node: { onError: 'continueRegularOutput' } }, reply);
	expect(items[0].json.error).toEqual(expect.any(String));
	expect((items[0].json.details as IDataObject).responseStatus).toBe(responseStatus);
});

test('What the server did not delete is an error', async () => {
	const { error } = await run(of('response', 'delete', response), {}, json({ id: 'resp_1', object: 'response', deleted: false }));
	expect(error?.message).toBe('The server did not delete "resp_1"');
});

describe('A list that comes in pages', () => {
	const all = of('response', 'getInputItems', { ...response, returnAll: true });
	const ids = (found: Array<{ json: IDataObject }>) => found.map(({ json: { id } }) => id);
	const without = (reply: Reply, key: string) => ({
		...reply,
		body: [JSON.stringify({ ...JSON.parse(String(reply.body)), [key]: undefined })],
	});

	test('is read to its end where the server does not say whether there is more', async () => {
		const { items, requests } = await run(all, {}, ...[['m3', 'm2'], ['m1'], []].map((some) => without(page(some), 'has_more')));
		expect([ids(items), requests.length]).toEqual([['m3', 'm2', 'm1'], 3]);
	});

	test('is what a server gave that refuses to be asked for more', async () => {
		const { items } = await run(
			all,
			{},
			without(page(['m2', 'm1']), 'has_more'),
			json({ error: 'Unknown parameter: after' }, { status: 400 }),
		);
		expect(ids(items)).toEqual(['m2', 'm1']);
	});

	test('is an error where a full page may have another that does not come', async () => {
		const full = Array.from({ length: 100 }, (_, n) => `m${n}`);
		const { error } = await run(all, {}, without(page(full), 'has_more'), json({ error: 'Gone' }, { status: 400 }));
		expect(error?.message).toBe('Gone');
	});

	test('is taken once from a server that only counts', async () => {
		const many = Array.from({ length: 30 }, (_, n) => `m${n}`);
		const some = { ...response, limit: 50 };
		const { items } = await run(
			of('response', 'getInputItems', some),
			{},
			without(page(many), 'has_more'),
			without(page(many.slice(0, 20)), 'has_more'),
		);
		expect(ids(items)).toEqual(many);
	});

	test('is an error where a page that the server told of does not come', async () => {
		const { error } = await run(all, {}, page(['m2'], true), json({ error: 'Gone' }, { status: 400 }));
		expect(error?.message).toBe('Gone');
	});

	test('is taken once from a server that knows no pages', async () => {
		const { items, requests } = await run(all, {}, page(['m2', 'm1'], true));
		expect([ids(items), requests.length]).toEqual([['m2', 'm1'], 2]);
	});

	test('goes on after the ID that the server calls the last', async () => {
		const first = json({ data: [item('m2')], has_more: true, last_id: 'cursor_7' });
		const { requests } = await run(all, {}, first, page(['m1']));
		expect(requests[1].query).toMatchObject({ after: 'cursor_7' });
	});
});

test.each([
	['a conversation with a title', of('conversation', 'get', talk), { id: 'conv_1', object: 'conversation', title: 'My chat' }],
	['a conversation with details', of('conversation', 'create'), { id: 'conv_1', object: 'conversation', detail: 'x' }],
])('Words in what was stored are no complaint: %s', async (_, parameters, reply) => {
	expect((await run(parameters, {}, json(reply))).items[0].json).toEqual(reply);
});

test('A complaint with a good code is one', async () => {
	const { error } = await run(of('response', 'delete', response), {}, json({ code: 200, message: 'response not found' }));
	expect(error?.message).toBe('response not found');
});

test('A deletion may say that it went well', async () => {
	const { items } = await run(of('response', 'delete', response), {}, json({ success: true, message: 'deleted' }));
	expect(items[0].json).toEqual({ deleted: true, id: 'resp_1' });
});

test('A count that is none is an error: the server has made an answer', async () => {
	const { error } = await run(of('response', 'countTokens', asked), {}, fixture('omniroute-count-answered.1.json'));
	expect([error?.message, error?.description]).toEqual([
		'The server gave no count of tokens',
		expect.stringContaining('may have been billed'),
	]);
});

test.each<[string, ReturnType<typeof json>]>([
	['a response', fixture('openai-text.1.json')],
	['a chat completion', fixture('anyapi-text.1.json')],
	['a stream', fixture('openai-text.1.sse')],
])('A compacted input that is none is an error: the server has made an answer, %s', async (_, reply) => {
	const { error } = await run(of('response', 'compact', asked), {}, reply);
	expect([error?.message, error?.description]).toEqual([
		'The server gave no compacted input',
		expect.stringContaining('may have been billed'),
	]);
});

test('A compacted input is one by its items too', async () => {
	const reply = { output: [{ type: 'message' }, { type: 'compaction_summary', encrypted_content: 'x' }] };
	const { items } = await run(of('response', 'compact', asked), {}, json(reply));
	expect(items[0].json).toEqual(reply);
});

describe('Models', () => {
	const described = (id: string, types?: string[]) => ({
		id,
		object: 'model',
		created: 1626777600,
		owned_by: 'x',
		...(types && { supported_endpoint_types: types }),
	});
	// as AnyFast's page of its list of models shows it
	const listed = [
		described('gpt-image', ['openai']),
		described('o5', ['openai', 'openai-response']),
		described('GPT-5.4', ['openai-response']),
		described('claude'),
	];
	const sorted = ['GPT-5.4', 'o5', 'claude', 'gpt-image'];
	const search = async (filter: string | undefined, ...replies: Reply[]) => {
		// the replies are for the next calls
		await run({ resource: 'model', operation: 'getAll' }, {}, json({ data: [] }), ...replies);
		return await searchList('searchModels', { credentials: credentials(), filter });
	};

	test.each<[string, INodeParameters, string[]]>([
		['in the order of the server', { returnAll: true }, listed.map(({ id }) => id)],
		['as many as the limit says', { limit: 2 }, ['gpt-image', 'o5']],
	])('come as items: %s', async (_, many, ids) => {
		const { items, requests } = await run(of('model', 'getAll', many), {}, json({ data: listed }));
		expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models']);
		expect(items).toEqual(ids.map((id) => ({ json: listed.find((entry) => entry.id === id), pairedItem: { item: 0 } })));
	});

	test.each<[string, string | undefined, string[]]>([
		['those for this API first, then by name', undefined, sorted],
		['those with what was typed', ' GPT', ['GPT-5.4', 'gpt-image']],
		['none, where nothing fits', 'llama', []],
	])('are in the list of the form: %s', async (_, filter, ids) => {
		expect(await search(filter, json({ object: 'list', data: listed }))).toEqual({ results: ids.map((id) => ({ name: id, value: id })) });
	});

	test('are in the list of the form last, with their purpose, where they give no text', async () => {
		const models = [{ id: 'a-embedding', supported_endpoint_types: ['embeddings'] }, { id: 'b' }];
		expect(await search(undefined, json({ data: models }))).toEqual({
			results: [
				{ name: 'b', value: 'b' },
				{ name: 'a-embedding (embeddings)', value: 'a-embedding' },
			],
		});
	});

	test.each([
		['because the key is wrong', json({ error: { message: 'Incorrect API key provided' } }, { status: 401 }), 'Incorrect API key provided'],
		[
			'because the server has no such list',
			json({ error: { message: 'Invalid URL (GET /v1/models)' } }, { status: 404 }),
			'Invalid URL (GET /v1/models)',
		],
		['because the address takes no such call', json({ error: { message: 'Not allowed' } }, { status: 405 }), 'Not allowed'],
		['because it is empty', json({ data: [] }), 'The server lists no models for this key'],
		[
			'because the address is that of a web page',
			bytes('<html><title>Console</title></html>', 'text/html'),
			'The server sent a web page: Console',
		],
	])('are not in the list of the form, which says why: %s', async (_, reply, message) => {
		await expect(search('', reply)).rejects.toThrow(message);
	});

	test('are not in the list of the form of a wrong credential, which says what is wrong', async () => {
		const wrong = searchList('searchModels', { credentials: { responsesApi: { baseUrl: 'example.com' } } });
		await expect(wrong).rejects.toThrow('The Base URL does not start with http:// or https://');
	});
});
