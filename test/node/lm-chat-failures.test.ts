import { messages, useChatModel, type ChatModel } from '../support/chat-model';
import { silentAfter } from '../support/hanging-replies';
import { ANSWER, saying } from '../support/one-item';
import { cutOff, fixture, json, sse, type Reply } from '../support/replies';
import { startServer, type Recorded } from '../support/server';

type Handler = Reply | Reply[] | ((request: Recorded) => Reply);

const plain = async (model: ChatModel) => (await model.invoke('Hi')).text;
const streamed = async (model: ChatModel) => {
	let text = '';
	for await (const chunk of await model.stream('Hi')) text += chunk.text;
	return text;
};

/** Asks a server that replies so; `key` is the API key of the credential. */
async function asking(given: Handler, use: (model: ChatModel) => Promise<unknown> = plain, options: object = {}, key = 'sk-test-4711') {
	const server = await startServer(given);
	try {
		const run = await useChatModel(use, { credentials: { responsesApi: { baseUrl: server.url, apiKey: key } }, options });
		return { ...run, requests: server.requests };
	} finally {
		await server.close();
	}
}

const busy = json({ error: { message: 'Slow down' } }, { status: 429, headers: { 'retry-after': '0' } });
const broken = json({ error: { message: 'The model broke' } }, { status: 500 });
const calling = (args: string) => json({ ...ANSWER, output: [{ type: 'function_call', call_id: 'call_1', name: 'add', arguments: args }] });
const incomplete = (reason: string, output: object[] = []) =>
	json({ ...ANSWER, status: 'incomplete', incomplete_details: { reason }, output });

describe('What went wrong is told in the words of the server, and what to do, of', () => {
	const delta = { type: 'response.output_text.delta', output_index: 0, delta: 'Hello' };

	test.each<[string, Reply, string, RegExp]>([
		[
			'a wrong key',
			fixture('openai-wrong-key.1.json', { status: 401 }),
			'Incorrect API key provided',
			/^Check the API Key in the credential/,
		],
		[
			'a parameter of an option',
			fixture('openai-unsupported-temperature.1.json', { status: 400 }),
			"Unsupported parameter: 'temperature'",
			/Options > Temperature/,
		],
		[
			'an error with a good status',
			json({ error: { message: 'Quota used up', code: 'insufficient_quota' } }),
			'Quota used up',
			/top it up/,
		],
		[
			'a web page',
			{ headers: { 'content-type': 'text/html' }, body: ['<title>Welcome</title>'] },
			'The server sent a web page',
			/lacks \/v1/,
		],
		['a response that failed', json({ ...ANSWER, status: 'failed', error: { message: 'It broke' } }), 'It broke', /./],
		['a stream that was cut', cutOff(sse([delta])), 'The stream ended before the answer was finished', /may have been billed/],
		[
			'a wait that is too long',
			json({ error: 'Busy' }, { status: 429, headers: { 'retry-after': '21' } }),
			'Busy',
			/Max Retry Wait in Options/,
		],
		[
			'an answer that a filter stopped at once',
			incomplete('content_filter'),
			'The answer is incomplete',
			/content filter.*change the prompt/,
		],
		[
			'an answer that is all reasoning',
			incomplete('max_output_tokens', [{ type: 'reasoning', summary: [] }]),
			'The answer is incomplete',
			/raise Options > Max Output Tokens, or lower Options > Reasoning > Effort/,
		],
		[
			'arguments that are no JSON',
			calling('{"a": 1'),
			'The model called add with what is no JSON object: {"a": 1',
			/better at calling tools/,
		],
		['arguments that are no object', calling('[1]'), 'The model called add with what is no JSON object', /./],
		[
			'arguments that were cut off',
			incomplete('max_output_tokens', [{ type: 'function_call', call_id: '1', name: 'add', arguments: '{"a": 1' }]),
			'The answer is incomplete: max_output_tokens',
			/raise Options > Max Output Tokens/,
		],
		[
			'a tool that wants to be approved',
			json({ ...ANSWER, output: [{ type: 'mcp_approval_request', id: 'a', name: 'search', server_label: 'shop', arguments: '{}' }] }),
			'The model asks for leave to use search of shop',
			/Require Approval of that MCP server to Never/,
		],
	])('%s', async (_, given, message, hint) => {
		for (const use of [plain, streamed]) {
			const { error, modelErrors, requests } = await asking(given, use);
			for (const shown of [error, ...modelErrors]) {
				expect(shown).toMatchObject({ message: expect.stringContaining(message), description: expect.stringMatching(hint) });
			}
			// on the model, where n8n shows it as the error of a sub-node
			expect(modelErrors).toMatchObject([{ functionality: 'configuration-node', node: { name: 'Model' } }]);
			// which item it was the model does not know
			expect(modelErrors[0].context).not.toHaveProperty('itemIndex');
			expect(requests).toHaveLength(1);
		}
	});

	test('the key, which is never shown', async () => {
		const given = json({ error: { message: 'No such key: sk-secret-4711' } }, { status: 401 });
		const run = await asking(given, plain, {}, 'sk-secret-4711');
		expect(run.error?.message).toBe('No such key: [hidden]');
		expect(JSON.stringify([run.error, run.modelErrors, run.log])).not.toContain('sk-secret');
	});
});

describe('A call is made again', () => {
	test.each([plain, streamed])('when the server is busy or broken: %p', async (use) => {
		const { result, requests, error } = await asking([busy, broken, saying('Hello')], use);
		expect([error, result]).toEqual([undefined, 'Hello']);
		expect(requests).toHaveLength(3);
	});

	test('as long as the server only refuses it, which costs nothing', async () => {
		const { result, requests } = await asking([busy, busy, busy, busy, saying('Hello')]);
		expect([result, requests.length]).toEqual(['Hello', 5]);
	});

	test('as often as Max Retries says', async () => {
		const { error, requests } = await asking(broken, plain, { maxRetries: 0 });
		expect([error?.message, requests.length]).toEqual(['The model broke', 1]);
	});

	test('not once an answer has begun', async () => {
		const { requests } = await asking(cutOff(sse([{ type: 'response.output_text.delta', delta: 'Hello' }])), streamed);
		expect(requests).toHaveLength(1);
	});

	test('by another model that stands by', async () => {
		const given = ({ body }: Recorded) => (body.tools ? saying('Hello') : broken);
		const { result } = await asking(
			given,
			async (model) => await model.withFallbacks([model.bindTools([{ name: 'a', schema: {} } as never])]).invoke('Hi'),
			{ maxRetries: 0 },
		);
		expect((result as { text: string }).text).toBe('Hello');
	});
});

describe('The socket is closed at once', () => {
	const started = `data: ${JSON.stringify({ type: 'response.output_text.delta', output_index: 0, delta: 'Hello' })}\n\n`;
	const stream = { headers: { 'content-type': 'text/event-stream' } };

	/** What becomes of a call whose server falls silent; `act` is called then. */
	async function leaving(
		act: (leave: AbortController, stop: AbortController) => void,
		use: (model: ChatModel, signal: AbortSignal) => Promise<unknown>,
	) {
		const [leave, stop] = [new AbortController(), new AbortController()];
		const server = await startServer(() => ({ ...stream, body: silentAfter([started], () => act(leave, stop)) }));
		const credentials = { responsesApi: { baseUrl: server.url, apiKey: 'sk-test-4711' } };
		const run = await useChatModel(async (model) => await use(model, leave.signal), { credentials, signal: stop.signal });
		await server.requests[0].closed;
		const { closedByClientAt } = server.requests[0];
		await server.close();
		return { ...run, closedByClientAt };
	}

	test.each([plain, streamed])('after Stop: %p', async (use) => {
		const { closedByClientAt, result } = await leaving((_, stop) => stop.abort(), use);
		expect(closedByClientAt).toBeDefined();
		expect(result).toBeUndefined();
	});

	test('by the signal of a call', async () => {
		const { closedByClientAt, error } = await leaving(
			(leave) => leave.abort(),
			async (model, signal) => await model.invoke('Hi', { signal }),
		);
		expect(closedByClientAt).toBeDefined();
		expect(error).toBeDefined();
	});

	test('when the reader of a stream leaves', async () => {
		const { closedByClientAt, error } = await leaving(
			() => {},
			async (model) => {
				for await (const { text } of model._streamResponseChunks([new messages.HumanMessage('Hi')], {})) if (text !== '') break;
			},
		);
		expect(closedByClientAt).toBeDefined();
		expect(error).toBeUndefined();
	});
});
