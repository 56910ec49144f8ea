import type { ResponseCreateParams } from 'openai/resources/responses/responses';

import { messages, useChatModel, z, type ChatModel } from '../support/chat-model';
import { ANSWER } from '../support/one-item';
import { json } from '../support/replies';
import { startServer } from '../support/server';

const { AIMessage, HumanMessage, SystemMessage, ToolMessage } = messages;

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
	server = await startServer(() => json(ANSWER));
});
afterAll(async () => await server.close());

/** The body that a call sends. */
async function bodyOf(use: (model: ChatModel) => Promise<unknown>, options: object = {}) {
	const first = server.requests.length;
	const credentials = { responsesApi: { baseUrl: server.url, apiKey: 'sk-test-4711' } };
	const { error } = await useChatModel(use, { credentials, options });
	expect(error).toBeUndefined();
	expect(server.requests.length).toBe(first + 1);
	return server.requests[first].body;
}

const sent = async (given: Parameters<ChatModel['invoke']>[0], options?: object) =>
	await bodyOf(async (model) => await model.invoke(given), options);
const user = (content: string | object[]) => ({ type: 'message', role: 'user', content });

describe('The chat model sends', () => {
	test('model and input, and nothing that nobody set', async () => {
		expect(await sent('Hi')).toEqual({
			model: 'gpt-5.4',
			input: [{ type: 'message', role: 'user', content: 'Hi' }],
		} satisfies ResponseCreateParams);
	});

	test('system messages in front as instructions, a later one in its place', async () => {
		const given = [
			new SystemMessage('Be short'),
			new SystemMessage('Be kind'),
			new HumanMessage('Hi'),
			new SystemMessage('Now'),
			new HumanMessage('Go'),
		];
		expect(await sent(given)).toEqual({
			model: 'gpt-5.4',
			instructions: 'Be short\n\nBe kind',
			input: [user('Hi'), { type: 'message', role: 'system', content: 'Now' }, user('Go')],
		});
	});

	test('a system message as input where there is nothing else', async () => {
		expect(await sent([new SystemMessage('Say hi')])).toEqual({
			model: 'gpt-5.4',
			input: [{ type: 'message', role: 'system', content: 'Say hi' }],
		});
	});

	test('answers of the model as plain text', async () => {
		const given = [
			new HumanMessage('Hi'),
			new AIMessage({
				content: [
					{ type: 'text', text: 'Hel' },
					{ type: 'text', text: 'lo' },
				],
			}),
			new HumanMessage('Bye'),
		];
		expect((await sent(given)).input).toEqual([user('Hi'), { type: 'message', role: 'assistant', content: 'Hello' }, user('Bye')]);
	});

	test('`stream` only where the answer is streamed', async () => {
		const body = await bodyOf(async (model) => {
			for await (const chunk of await model.stream('Hi')) expect(chunk.content).toBeDefined();
		});
		expect(body).toEqual({ model: 'gpt-5.4', input: [user('Hi')], stream: true });
	});
});

const PNG = 'iVBORw0KGgo=';
const PDF = 'JVBERi0=';

describe('A part of a message that is no text', () => {
	test.each<[string, object, object]>([
		[
			'an image of a chain',
			{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'high' } },
			{ type: 'input_image', detail: 'high', image_url: `data:image/png;base64,${PNG}` },
		],
		[
			'an image of an agent',
			{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
			{ type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' },
		],
		[
			'an image given as a mere address',
			{ type: 'image_url', image_url: 'https://example.com/a.png' },
			{ type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' },
		],
		[
			'a PDF of an agent',
			{ type: 'file', source_type: 'base64', mime_type: 'application/pdf', data: PDF, metadata: { filename: 'bill.pdf' } },
			{ type: 'input_file', filename: 'bill.pdf', file_data: `data:application/pdf;base64,${PDF}` },
		],
		[
			'a file without a type or a name',
			{ type: 'file', data: PDF },
			{ type: 'input_file', filename: 'file.pdf', file_data: `data:application/pdf;base64,${PDF}` },
		],
		[
			'a file of another type',
			{ type: 'file', source_type: 'base64', mime_type: 'text/csv', data: 'YQ==', metadata: { filename: 'rows.csv' } },
			{ type: 'input_file', filename: 'rows.csv', file_data: 'data:text/csv;base64,YQ==' },
		],
		[
			'a file with an address',
			{ type: 'file', source_type: 'url', mime_type: 'application/pdf', url: 'https://example.com/a.pdf' },
			{ type: 'input_file', file_url: 'https://example.com/a.pdf' },
		],
		['a file at the server', { type: 'file', source_type: 'id', id: 'file-123' }, { type: 'input_file', file_id: 'file-123' }],
		[
			'an image with a type',
			{ type: 'image', source_type: 'base64', mime_type: 'image/webp', data: PNG },
			{ type: 'input_image', detail: 'auto', image_url: `data:image/webp;base64,${PNG}` },
		],
		[
			'an image by the names of LangChain 1',
			{ type: 'image', mimeType: 'image/png', data: PNG },
			{ type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${PNG}` },
		],
		[
			'a part in the words of the API',
			{ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
			{ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
		],
	])('%s', async (_, part, expected) => {
		const content = [{ type: 'text', text: 'Look' }, part];
		const given = new HumanMessage({ content: content as never });
		expect((await sent([given])).input).toEqual([user([{ type: 'input_text', text: 'Look' }, expected])]);
		// what n8n gave is n8n's own: the log shows it as it was
		expect(given.content).toEqual(content);
	});

	test('in what a tool gave', async () => {
		const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
		const { input } = await sent([
			new HumanMessage('Hi'),
			new AIMessage({ content: '', tool_calls: [{ id: 'call_p', name: 'look', args: {} }] }),
			new ToolMessage({ tool_call_id: 'call_p', content: [{ type: 'text', text: 'Here' }, image] }),
		]);
		expect(input[2]).toEqual({
			type: 'function_call_output',
			call_id: 'call_p',
			output: [
				{ type: 'input_text', text: 'Here' },
				{ type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' },
			],
		});
	});
});

describe('A tool of the agent', () => {
	const tool = (schema: unknown, name = 'get_weather') => ({ name, description: 'The weather', schema, invoke: async () => '' }) as never;
	const parametersOf = async (schema: unknown) => (await bodyOf(async (model) => await model.bindTools([tool(schema)]).invoke('Hi'))).tools;
	const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

	test.each<[string, unknown, object]>([
		['a zod object', z.object({ city: z.string() }), city],
		['zod with a transformation', z.object({ city: z.string() }).transform(({ city: name }) => name), city],
		['a JSON schema', { ...city, $schema: 'http://json-schema.org/draft-07/schema#' }, city],
		['nothing', {}, { type: 'object', properties: {} }],
		['zod of another copy', { _def: {}, safeParse: () => undefined }, { type: 'object', properties: {} }],
	])('whose parameters are %s', async (_, schema, parameters) => {
		expect(await parametersOf(schema)).toEqual([
			{ type: 'function', name: 'get_weather', description: 'The weather', parameters, strict: false },
		]);
	});

	test('comes after those of the server, each once', async () => {
		const body = await bodyOf(
			async (model) => {
				const bound = model.bindTools([tool({}, 'first')], { tool_choice: 'any' } as never) as ChatModel;
				return await bound.bindTools([tool({}, 'first'), tool({}, 'second')]).invoke('Hi');
			},
			{ webSearch: {} },
		);
		expect(body.tools.map(({ name, type }: { name?: string; type: string }) => name ?? type)).toEqual(['web_search', 'first', 'second']);
		expect(body.tool_choice).toBe('required');
	});

	test.each<[unknown, unknown]>([
		['any', 'required'],
		['none', 'none'],
		['get_weather', { type: 'function', name: 'get_weather' }],
		[
			{ type: 'function', function: { name: 'get_weather' } },
			{ type: 'function', name: 'get_weather' },
		],
		[undefined, undefined],
	])('that has to be called: %j', async (choice, expected) => {
		const body = await bodyOf(async (model) => await model.bindTools([tool({})], { tool_choice: choice } as never).invoke('Hi'));
		expect(body.tool_choice).toEqual(expected);
	});
});
