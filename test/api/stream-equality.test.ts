import type { IDataObject } from 'n8n-workflow';
import OpenAI from 'openai';

import { runNode } from '../support/engine';
import { cutOff, fixture, pieces } from '../support/replies';
import { startServer, type Reply } from '../support/server';
import { runOnce, credentialsOf, SECRET_KEY, parametersOf } from '../support/cases';

const stream = { options: { stream: true } };
const PAIRS = [
	'text.1',
	'search.2',
	'tools.1',
	'reasoning.2',
	'refusal.2',
	'image.1',
	'phases.1',
	'incomplete-reasoning.1',
	'incomplete-filter.1',
].map((name) => `openai-${name}`);

describe('A stream gives the very item that the plain reply gives', () => {
	test.each([...PAIRS, 'chat-full.1'])('%s', async (name) => {
		const plain = await runOnce(fixture(`${name}.json`));
		const { json, files } = await runOnce(fixture(`${name}.sse`), { parameters: stream });
		expect({ json, files }).toEqual({ json: plain.json, files: plain.files });
	});

	test.each(PAIRS)('%s, also where the last event holds no output', async (name) => {
		const [bytes] = fixture(`${name}.sse`).body;
		const bare = String(bytes).replace(/("type":"response\.(?:completed|incomplete)".*?"output":)\[.*\](,"parallel)/, '$1[]$2');
		const plain = await runOnce(fixture(`${name}.json`));
		const { json, files } = await runOnce({ ...fixture(`${name}.sse`), body: [bare] }, { parameters: stream });
		expect({ json, files }).toEqual({ json: plain.json, files: plain.files });
	});

	test.each(PAIRS)('%s, raw', async (name) => {
		const raw = { output: 'raw' };
		const plain = await runOnce(fixture(`${name}.json`), { parameters: raw });
		const { json } = await runOnce(fixture(`${name}.sse`), { parameters: { ...stream, ...raw } });
		expect(json).toEqual(plain.json);
	});
});

/** Asks once for each offset of a stream; the reply is made for it. */
async function atEachOffset(name: string, replyAt: (reply: Reply, offset: number) => Reply): Promise<IDataObject[]> {
	const reply = fixture(name);
	const size = Buffer.byteLength(reply.body[0] as Uint8Array);
	const server = await startServer(({ body }) => replyAt(reply, Number(body.input[0].content)));
	const parameters = parametersOf({ prompt: '={{ $json.offset }}', ...stream, requests: { concurrency: 20, maxRetries: 0 } });
	const { items } = await runNode(parameters, {
		credentials: credentialsOf(server.url),
		items: Array.from({ length: size }, (_, offset) => ({ json: { offset } })),
		node: { onError: 'continueRegularOutput' },
	});
	await server.close();
	expect(server.requests).toHaveLength(size);
	return items.map(({ json }) => json);
}

describe('A stream in two pieces gives the same wherever it is cut in two', () => {
	test.each(['compact-responses.1.sse', 'compact-chat.1.sse'])('%s', async (name) => {
		const { json } = await runOnce(fixture(name), { parameters: stream });
		const items = await atEachOffset(name, (reply, offset) => pieces(reply, [offset]));
		expect(items.filter((item) => JSON.stringify(item) !== JSON.stringify(json))).toEqual([]);
	});
});

describe('A stream that breaks off is never an answer, wherever it does', () => {
	test.each([
		['compact-responses.1.sse', '"type":"response.completed"'],
		['compact-chat.1.sse', '"finish_reason":"stop"'],
	])('%s', async (name, end) => {
		const { json: whole } = await runOnce(fixture(name), { parameters: stream });
		const items = await atEachOffset(name, (reply, offset) => cutOff(reply, offset));
		const last = String(fixture(name).body[0]).lastIndexOf(end);
		const early = items.slice(0, Buffer.byteLength(String(fixture(name).body[0]).slice(0, last)));
		expect(early.filter((item) => !('error' in item))).toEqual([]);
		const texts = items.map(({ details }) => (details as { partialText?: string } | undefined)?.partialText ?? '');
		expect(texts.filter((text) => !String(whole.text).startsWith(text))).toEqual([]);
	});
});

/** What the official client makes of the same bytes. */
async function withClient<T>(name: string, read: (client: OpenAI) => Promise<T>): Promise<T> {
	const server = await startServer(fixture(name));
	const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: SECRET_KEY, maxRetries: 0 });
	return await read(client).finally(async () => await server.close());
}

type Response = OpenAI.Responses.Response;

/** The response in the last event that has one. */
async function lastResponse(client: OpenAI): Promise<Response | undefined> {
	let last: Response | undefined;
	for await (const event of await client.responses.create({ model: 'm', input: 'x', stream: true })) {
		if ('response' in event) last = event.response;
	}
	return last;
}

describe('The official client reads the same from the same stream', () => {
	test.each([
		...PAIRS.map((name) => `${name}.sse`),
		'openai-keepalive.1.sse',
		'openai-reasoning.1.sse',
		'responses.js-text.1.sse',
		'omniroute-text.1.sse',
		'llama.cpp-tools.1.sse',
	])('%s', async (name) => {
		const theirs = await withClient(name, lastResponse);
		const { json } = await runOnce(fixture(name), { parameters: { ...stream, output: 'raw' } });
		const image = (item: { type: string }) => (item.type === 'image_generation_call' ? { ...item, result: 'image' } : item);
		expect({ error: null, ...json }).toEqual({ error: null, ...theirs, output: theirs?.output.map(image) });
	});

	test('chat-full.1.sse', async () => {
		const theirs = await withClient(
			'chat-full.1.sse',
			async (client) => await client.chat.completions.stream({ model: 'm', messages: [] }).finalChatCompletion(),
		);
		const { json } = await runOnce(fixture('chat-full.1.sse'), { parameters: stream });
		const [{ message }, second] = theirs.choices;
		expect(json).toMatchObject({
			text: message.content,
			alternatives: [second.message.content],
			toolCalls: message.tool_calls?.map((call) => ({ callId: call.id, name: 'function' in call && call.function.name })),
			usage: {
				input_tokens: theirs.usage?.prompt_tokens,
				output_tokens: theirs.usage?.completion_tokens,
				total_tokens: theirs.usage?.total_tokens,
			},
		});
	});

	test.each(['openrouter-error.1.sse', 'llama.cpp-error.1.sse'])('%s, an error', async (name) => {
		const { json } = await runOnce(fixture(name), { parameters: stream });
		await expect(withClient(name, lastResponse)).rejects.toThrow(String(json.error));
	});
});
