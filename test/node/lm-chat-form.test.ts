import type { ResponseCreateParams } from 'openai/resources/responses/responses';

import { LmChatResponses } from '../../nodes/LmChatResponses/LmChatResponses.node';
import { fields } from '../../nodes/LmChatResponses/options';
import { Responses } from '../../nodes/Responses/Responses.node';
import { operations } from '../../nodes/Responses/operations';
import type { Field } from '../../nodes/shared/description/field';
import { useChatModel } from '../support/chat-model';
import { ANSWER } from '../support/one-item';
import { json } from '../support/replies';
import { startServer } from '../support/server';
import { runAlone, tarball } from '../support/tarball';

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
	server = await startServer(() => json(ANSWER));
});
afterAll(async () => await server.close());

const credentials = () => ({ responsesApi: { baseUrl: server.url, apiKey: 'sk-test-4711' } });
const input = [{ type: 'message', role: 'user', content: 'Hi' }] as const;
const plain = { model: 'gpt-5.4', input: [...input] };

async function asking(options: object, more: object = {}) {
	const first = server.requests.length;
	const run = await useChatModel(async (model) => await model.invoke('Hi'), { credentials: credentials(), options, ...more });
	return { ...run, bodies: server.requests.slice(first).map(({ body }) => body) };
}

const OPTIONS: Array<[string, object, Partial<ResponseCreateParams> & Record<string, unknown>]> = [
	['codeInterpreter', {}, { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }],
	['extraBody', '{"top_k": 40, "input": "Bye"}', { top_k: 40, input: 'Bye' }],
	['fileSearch', { vectorStoreIds: 'vs_1' }, { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }],
	['include', ['reasoning.encrypted_content'], { include: ['reasoning.encrypted_content'] }],
	['maxOutputTokens', 500, { max_output_tokens: 500 }],
	['maxRetries', 0, {}],
	['maxRetryWait', 1, {}],
	[
		'mcp',
		{ values: [{ serverLabel: 'shop', serverUrl: 'https://mcp.example.com', requireApproval: 'never' }] },
		{ tools: [{ type: 'mcp', server_label: 'shop', server_url: 'https://mcp.example.com', require_approval: 'never' }] },
	],
	['metadata', { values: [{ name: 'order', value: '4711' }] }, { metadata: { order: '4711' } }],
	['parallelToolCalls', false, { parallel_tool_calls: false }],
	['promptCacheKey', 'news', { prompt_cache_key: 'news' }],
	['reasoning', { effort: 'high', summary: 'auto' }, { reasoning: { effort: 'high', summary: 'auto' } }],
	['safetyIdentifier', 'u1', { safety_identifier: 'u1' }],
	['serviceTier', 'flex', { service_tier: 'flex' }],
	['store', false, { store: false }],
	['temperature', 0, { temperature: 0 }],
	['timeout', 30, {}],
	['topP', 0.5, { top_p: 0.5 }],
	['user', 'customer-42', { user: 'customer-42' }],
	// several servers refuse `text` without a format
	['verbosity', 'low', { text: { format: { type: 'text' }, verbosity: 'low' } }],
	['webSearch', {}, { tools: [{ type: 'web_search' }] }],
].map(([name, value, body]) => [name, value, body] as never);

describe('An option of the chat model', () => {
	test.each(OPTIONS)('%s', async (name, value, body) => {
		const { bodies, error } = await asking({ [name]: value });
		expect(error).toBeUndefined();
		expect(bodies).toEqual([{ ...plain, ...body }]);
	});

	const [, { fields: options = [] }] = fields;

	test('has a row above', () => {
		expect(options.map(({ name }) => name).sort()).toEqual(OPTIONS.map(([name]) => name).sort());
	});

	test('is the very field of the node Responses API', () => {
		const all = (list: readonly Field[]): Field[] => list.flatMap((field) => [field, ...all(field.fields ?? [])]);
		const theirs = all(operations.flatMap((operation) => operation.fields));
		// made for each node; or its default, or a hint, differs
		const own = ['include', 'metadata', 'maxRetryWait'];
		expect(
			[fields[0], ...options]
				.filter((field) => !theirs.includes(field))
				.map(({ name }) => name)
				.sort(),
		).toEqual(own.sort());
	});

	test('does not wait longer than 20 seconds unless it says so', () => {
		expect(options.find(({ name }) => name === 'maxRetryWait')).toMatchObject({
			default: 20,
			description: expect.stringContaining('default 20'),
		});
	});
});

describe('A form that cannot be sent is told on the model and by the node that uses it:', () => {
	test.each<[string, object, object, string]>([
		['no model', {}, { model: '' }, '"Model" is blank'],
		['a stream by Extra Body', { extraBody: '{"stream": true}' }, {}, '"stream" cannot be set in "Extra Body"'],
		['broken JSON', { extraBody: '{' }, {}, '"Extra Body" is not valid JSON'],
		[
			'a wrong credential',
			{},
			{ credentials: { responsesApi: { baseUrl: 'ftp://x', apiKey: '' } } },
			'The Base URL does not start with http',
		],
	])('%s', async (_, options, more, message) => {
		const { error, modelErrors, bodies } = await asking(options, more);
		for (const shown of [error, ...modelErrors]) {
			expect(shown).toMatchObject({ message: expect.stringContaining(message), description: expect.stringMatching(/./) });
		}
		expect(modelErrors).toHaveLength(1);
		expect(bodies).toEqual([]);
	});
});

test('An n8n without the SDK loads both nodes, and the chat model says what it needs', () => {
	const supply = `
		const { LmChatResponses, Responses } = require('./dist/index.js');
		const context = { getNode: () => ({ name: new Responses().description.name }), addInputData: () => ({ index: 0 }), addOutputData: () => {} };
		new LmChatResponses().supplyData.call(context, 0).catch(({ message, description }) => console.log(JSON.stringify([message, description])));
	`;
	expect(JSON.parse(runAlone(tarball().files, supply).stdout)).toEqual([
		'The Responses Chat Model needs n8n 2.16 or newer',
		'Update n8n. The node Responses API works in this version too',
	]);
});

test('The list of models is that of the node Responses API', () => {
	expect(new LmChatResponses().methods).toEqual(new Responses().methods);
});
