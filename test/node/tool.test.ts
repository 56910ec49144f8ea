import { callTool, runNode } from '../support/engine';
import { json, type Reply } from '../support/replies';
import { startServer } from '../support/server';

/** What an agent fills in, as n8n writes it into the fields of a tool. */
const fromAI = (name: string) => `={{ $fromAI('${name}', '', 'string') }}`;

const RESPONSE = {
	id: 'resp_1',
	object: 'response',
	status: 'completed',
	model: 'gpt-5.4',
	output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Bonjour', annotations: [] }] }],
	usage: { input_tokens: 9, output_tokens: 2, total_tokens: 11 },
};

const MISSING = json({ error: { message: 'The model `gpt-9` does not exist', code: 'model_not_found' } }, { status: 404 });
const HINT = expect.objectContaining({ status: 404, code: 'model_not_found', hint: expect.stringContaining('choose another') });

const FILLED_IN = { model: { __rl: true, mode: 'id', value: 'gpt-5.4' }, prompt: 'Hello' };

let server: Awaited<ReturnType<typeof startServer>>;
afterEach(async () => await server.close());

const credentials = () => ({ responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } });

/** An agent asks the node, as its tool, for a translation. */
async function asked(reply: Parameters<typeof startServer>[0], options: object = {}) {
	server = await startServer(reply);
	const parameters = {
		model: { __rl: true, mode: 'id', value: fromAI('model') },
		prompt: fromAI('text'),
		instructions: fromAI('rules'),
	};
	return await callTool(
		parameters,
		{ model: 'gpt-5.4', text: 'Hello', rules: 'Translate into French' },
		{ credentials: credentials(), ...options },
	);
}

describe('The node as the tool of an agent', () => {
	test('says what it is for and what Prompt is, which the agent fills in by itself', async () => {
		server = await startServer(json(RESPONSE));
		const { description, args, answer } = await callTool(
			{ model: FILLED_IN.model },
			{ Prompt: 'Translate into French: Hello' },
			{ credentials: credentials() },
		);
		expect(description).toMatch(/^Asks another AI model and gives its answer\. Prompt holds the whole task/);
		expect(args).toEqual({ Prompt: expect.stringContaining('The whole task for the model') });
		expect(server.requests[0].body.input).toEqual([{ type: 'message', role: 'user', content: 'Translate into French: Hello' }]);
		expect(JSON.parse(answer)).toEqual([{ answer: 'Bonjour' }]);
	});

	test.each([
		['what the user says of it', { toolDescription: 'Translates into French' }, 'Translates into French'],
		['the operation, for another one than Create', { operation: 'get', responseId: 'resp_1' }, 'Get response in Responses API'],
	])('says %s', async (_, parameters, description) => {
		server = await startServer(json(RESPONSE));
		const tool = await callTool({ ...FILLED_IN, ...parameters }, {}, { credentials: credentials() });
		expect(tool.description).toBe(description);
	});

	test.each(['details', 'inputAndAnswer', 'raw'])('gives the answer alone, whatever Output says: %s', async (output) => {
		server = await startServer(json(RESPONSE));
		const { answer } = await callTool({ ...FILLED_IN, output }, {}, { credentials: credentials() });
		expect(JSON.parse(answer)).toEqual([{ answer: 'Bonjour' }]);
	});

	test('sends what the agent fills in', async () => {
		await asked(json(RESPONSE));
		expect(server.requests[0].body).toEqual({
			model: 'gpt-5.4',
			input: [{ type: 'message', role: 'user', content: 'Hello' }],
			instructions: 'Translate into French',
		});
	});

	test('gives the answer alone', async () => {
		const { answer } = await asked(json(RESPONSE));
		expect(JSON.parse(answer)).toEqual([{ answer: 'Bonjour' }]);
	});

	test('does not talk to the chat of the agent', async () => {
		const { chunks } = await asked(json(RESPONSE), { isStreaming: true });
		expect(chunks).toEqual([]);
	});

	test('tells the agent in words what went wrong', async () => {
		const { answer } = await asked(MISSING);
		expect(JSON.parse(answer)).toEqual([{ error: 'The model `gpt-9` does not exist', details: HINT }]);
	});

	test('tells the agent of a response that goes on where it is', async () => {
		server = await startServer(json({ id: 'resp_1', object: 'response', status: 'queued', model: 'gpt-5.4', output: [] }));
		const options = { background: true, waitForCompletion: false };
		const { answer } = await callTool({ ...FILLED_IN, options }, {}, { credentials: credentials() });
		expect(JSON.parse(answer)).toMatchObject([{ id: 'resp_1', status: 'queued' }]);
	});
});

describe('The node as the tool of an agent whose tools the engine runs', () => {
	/** As the engine runs it: like any node, but for its type. */
	async function run(reply: Reply) {
		server = await startServer(reply);
		return await runNode(FILLED_IN, { credentials: credentials(), node: { type: 'n8n-nodes-responses.responsesTool' }, isStreaming: true });
	}

	test('gives the answer alone', async () => {
		const { items } = await run(json(RESPONSE));
		expect(items.map((item) => item.json)).toEqual([{ answer: 'Bonjour' }]);
	});

	test('does not talk to the chat of the agent', async () => {
		expect([(await run(json(RESPONSE))).chunks, server.requests[0].body.stream]).toEqual([[], undefined]);
	});

	test('tells the agent in words what went wrong', async () => {
		const { items } = await run(MISSING);
		expect(items.map((item) => item.json)).toEqual([{ error: 'The model `gpt-9` does not exist', details: HINT }]);
	});
});
