import type { INodeParameters } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { cutOff, json, sse } from '../support/replies';
import { startServer } from '../support/server';

const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
const messageOf = (part: object) => ({ type: 'message', role: 'assistant', content: [part] });
const responseWith = (part: object) => ({ id: 'resp_1', object: 'response', status: 'completed', output: [messageOf(part)] });
const delta = (text: string) => ({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: text });

const WHOLE = { type: 'output_text', text: 'Hello there', annotations: [] };
const STREAM = [
	{ type: 'response.created', response: { id: 'resp_1', object: 'response', status: 'in_progress' } },
	delta('Hello '),
	delta('there'),
	{ type: 'response.completed', response: responseWith(WHOLE) },
];

let server: Awaited<ReturnType<typeof startServer>>;
afterEach(async () => await server.close());

/** What the chat was shown, one word and text a chunk, and the run. */
async function chatWith(reply: Parameters<typeof startServer>[0], more: INodeParameters = {}, options: object = {}) {
	server = await startServer(reply);
	const credentials = { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } };
	const run = await runNode({ model, prompt: 'Hi', ...more }, { credentials, isStreaming: true, ...options });
	return { ...run, shown: run.chunks.map(({ type, content }) => [type, content ?? ''].join(' ').trim()) };
}

test.each([
	['the key of the credential', ['You sent sk-te', 'st-47', '11, so it', ' is sk-test'], 'You sent [hidden], so it is sk-test'],
	['nothing that only begins like it', ['sk-test', '-4712', ' it is'], 'sk-test-4712 it is'],
])('A chat is shown the pieces of an answer without %s', async (_, pieces, text) => {
	const whole = { ...WHOLE, text: pieces.join('') };
	const { chunks } = await chatWith(sse([STREAM[0], ...pieces.map(delta), { type: 'response.completed', response: responseWith(whole) }]));
	expect(chunks.map(({ content }) => content ?? '').join('')).toBe(text);
});

describe('A chat that shows answers as they come', () => {
	test.each([
		['each piece of a stream', sse(STREAM), ['begin', 'item Hello', 'item there', 'end']],
		['a plain reply at once', json(responseWith(WHOLE)), ['begin', 'item Hello there', 'end']],
		[
			'a refusal after some text',
			sse([
				STREAM[0],
				delta('Sure '),
				{
					type: 'response.completed',
					response: {
						...responseWith(WHOLE),
						output: [
							{
								type: 'message',
								role: 'assistant',
								content: [
									{ type: 'output_text', text: 'Sure ' },
									{ type: 'refusal', refusal: 'not' },
								],
							},
						],
					},
				},
			]),
			['begin', 'item Sure', 'item not', 'end'],
		],
		['an empty answer as an empty piece', json({ ...responseWith(WHOLE), output: [] }), ['begin', 'item', 'end']],
		[
			'a refusal',
			json(responseWith({ type: 'refusal', refusal: 'I cannot help with that' })),
			['begin', 'item I cannot help with that', 'end'],
		],
	])('is shown %s', async (_, reply, expected) => {
		expect((await chatWith(reply)).shown).toEqual(expected);
	});

	test.each([
		[
			'nothing more where the answer is another than its pieces made',
			sse([STREAM[0], delta('Helo'), STREAM[3]]),
			['begin', 'item Helo', 'end'],
		],
		[
			'the first of several answers alone',
			sse(
				[
					[1, 'Bye'],
					[0, 'Hello'],
				].map(([index, content]) => ({ object: 'chat.completion.chunk', choices: [{ index, delta: { content }, finish_reason: 'stop' }] })),
			),
			['begin', 'item Hello', 'end'],
		],
	])('is shown %s', async (_, reply, expected) => {
		expect((await chatWith(reply)).shown).toEqual(expected);
	});

	test('makes the node ask for a stream', async () => {
		await chatWith(sse(STREAM));
		expect(server.requests[0].body).toMatchObject({ stream: true });
	});

	test('leaves it to the user not to stream', async () => {
		await chatWith(json(responseWith(WHOLE)), { options: { stream: false } });
		expect(server.requests[0].body).toMatchObject({ stream: false });
	});

	test('gets the same item at the end as without', async () => {
		const streamed = await chatWith(sse(STREAM));
		await server.close();
		const plain = await chatWith(json(responseWith(WHOLE)), {}, { isStreaming: false });
		expect(streamed.items).toEqual(plain.items);
	});

	test('is shown a piece while the rest is still to come', async () => {
		let finish = () => {};
		const rest = new Promise<void>((resolve) => (finish = resolve));
		const shown: string[] = [];
		await chatWith(
			sse([...STREAM.slice(0, 2), rest, ...STREAM.slice(2)]),
			{},
			{
				onChunk: ({ content }: { content?: string }) => {
					shown.push(content ?? '');
					if (content === 'Hello ') finish();
				},
			},
		);
		expect(shown).toEqual(['', 'Hello ', 'there', '']);
	});

	test.each([
		// n8n shows the description of the error that ends a run
		['by n8n where it ends the run', 'stopWorkflow', 'error The connection broke while the answer came'],
		['by the node where the run goes on', 'continueRegularOutput', 'error The stream ended before the answer was finished'],
	])('is shown an interruption, %s', async (_, onError, words) => {
		const { shown } = await chatWith(cutOff(sse(STREAM.slice(0, 2))), {}, { node: { onError } });
		expect(shown).toEqual(['begin', 'item Hello', expect.stringContaining(words)]);
	});
});
