import { langChainsOwn, useChatModel, type AIMessage, type AIMessageChunk, type ChatModel } from '../support/chat-model';
import { ANSWER } from '../support/one-item';
import { fixture, json, sse, type Reply } from '../support/replies';
import { startServer } from '../support/server';

let server: Awaited<ReturnType<typeof startServer>>;
let reply: Reply;
beforeAll(async () => {
	server = await startServer(() => reply);
});
afterAll(async () => await server.close());

const credentials = () => ({ responsesApi: { baseUrl: server.url, apiKey: 'sk-test-4711' } });

async function whole(model: Pick<ChatModel, 'stream'>): Promise<AIMessageChunk> {
	let message: AIMessageChunk | undefined;
	for await (const chunk of await model.stream('Hi')) message = message?.concat(chunk) ?? chunk;
	if (!message) throw new Error('Nothing came');
	return message;
}

/** What our model makes of a reply, asked for a plain answer and for a stream, with what n8n's log holds of it. */
async function answers(given: Reply) {
	reply = given;
	const both = async (model: ChatModel) => ({ plain: await model.invoke('Hi'), streamed: await whole(model) });
	const { result, error, log } = await useChatModel(both, { credentials: credentials() });
	if (!result) throw new Error(error?.message);
	return { ...result, log };
}

const readOf = ({ text, tool_calls = [], usage_metadata: usage }: AIMessage | AIMessageChunk) => ({
	text,
	calls: tool_calls.map(({ id, name, args }) => ({ id, name, args })),
	usage,
});

/** The same without what n8n's adapter does not tell of a stream. */
const readOfStream = (message: AIMessage | AIMessageChunk) => {
	const { input_tokens, output_tokens, total_tokens } = message.usage_metadata ?? {};
	return { ...readOf(message), usage: { input_tokens, output_tokens, total_tokens } };
};

describe("LangChain's own model of the API and ours read the same from", () => {
	test.each([
		'anyfast-text.1.json',
		'openai-reasoning.1.json',
		'openai-reasoning.2.json',
		'openai-search.1.json',
		'openai-text.1.json',
		'openai-tools.1.json',
	])('%s', async (name) => {
		const { plain } = await answers(fixture(name));
		expect(readOf(plain)).toEqual(readOf(await langChainsOwn(server.url).invoke('Hi')));
	});

	test.each(['openai-reasoning.1.sse', 'openai-reasoning.2.sse', 'openai-search.2.sse', 'openai-text.1.sse', 'openai-tools.1.sse'])(
		'%s',
		async (name) => {
			const { streamed } = await answers(fixture(name));
			expect(readOfStream(streamed)).toEqual(readOfStream(await whole(langChainsOwn(server.url))));
		},
	);
});

describe('Asked for a plain answer and for a stream, the model says the same of', () => {
	test.each([
		['a chat completion', 'anyapi-text.1.json', 0],
		['a stream of chat completions', 'anyapi-text.1.sse', 0],
		['a stream without indexes', 'llama.cpp-tools.1.sse', 2],
		['a plain reply', 'openai-functions.1.json', 1],
		['a stream', 'openai-tools.1.sse', 2],
		['a stream whose last event holds nothing', '9router-text-without-output.1.sse', 0],
	])('%s (%s)', async (_, name, calls) => {
		const { plain, streamed, log } = await answers(fixture(name));
		expect(readOfStream(streamed)).toEqual(readOfStream(plain));
		expect(plain.tool_calls).toHaveLength(calls);
		expect(calls > 0 || plain.text !== '').toBe(true);
		const { input_tokens: promptTokens, output_tokens: completionTokens, total_tokens: totalTokens } = plain.usage_metadata ?? {};
		// as the server counted, where it did
		if (completionTokens)
			expect(log.map((entry) => entry?.tokenUsage)).toEqual(Array(2).fill({ promptTokens, completionTokens, totalTokens }));
		else expect(log.map((entry) => entry?.tokenUsage)).toEqual([undefined, undefined]);
	});
});

const [message] = ANSWER.output;
const [part] = message.content;
const responding = (output: object[], more: object = {}) => json({ ...ANSWER, output, ...more });
const saidOf = (text: string, more: object = {}) => ({ ...message, content: [{ ...part, text }], ...more });
const refused = { type: 'refusal', refusal: 'I cannot help with that.' };
const incomplete = (reason: string) => ({ status: 'incomplete', incomplete_details: { reason } });

describe('An answer', () => {
	test.each<[string, Reply, string, string]>([
		['is one text', responding([saidOf('Hel'), saidOf('lo')]), 'Hello', 'stop'],
		['is told as it was refused', responding([{ ...message, content: [refused] }]), 'I cannot help with that.', 'stop'],
		['with text before the refusal', responding([{ ...message, content: [part, refused] }]), 'Hello!\n\nI cannot help with that.', 'stop'],
		[
			'that was cut off says so',
			responding([saidOf('Once upon')], incomplete('max_output_tokens')),
			'Once upon\n\n[The answer was cut off: raise Options > Max Output Tokens, or ask for a shorter one]',
			'length',
		],
		[
			'that has all the tokens that were allowed was cut off, though it says that it is completed',
			responding([saidOf('Once upon')], { max_output_tokens: 15 }),
			'Once upon\n\n[The answer was cut off: raise Options > Max Output Tokens, or ask for a shorter one]',
			'length',
		],
		[
			'that a filter stopped says so',
			responding([saidOf('Once upon')], incomplete('content_filter')),
			'Once upon\n\n[The content filter of the server stopped the answer: change the prompt]',
			'content-filter',
		],
		['that is blank is blank', responding([saidOf('')]), '', 'stop'],
	])('%s', async (_, given, text, finishReason) => {
		const { plain, streamed, log } = await answers(given);
		expect([plain.content, streamed.content]).toEqual([text, text]);
		const told = log.map((entry) => entry?.response.generations[0][0]);
		expect(told).toEqual(Array(2).fill({ text, generationInfo: { finish_reason: finishReason } }));
	});

	test('holds its thoughts beside the text', async () => {
		const thoughts = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] };
		const { plain, streamed } = await answers(responding([thoughts, message]));
		for (const { content, additional_kwargs } of [plain, streamed]) {
			expect([content, additional_kwargs.reasoning_content]).toEqual(['Hello!', 'Hm']);
		}
	});

	test('leaves out what was said on the way to it, which a stream has shown already', async () => {
		const output = [saidOf('Let me see. ', { phase: 'commentary' }), saidOf('{"a":1}', { phase: 'final_answer' })];
		const { plain, streamed } = await answers(responding(output));
		expect([plain.text, streamed.text]).toEqual(['{"a":1}', 'Let me see. {"a":1}']);
	});

	test('holds the images that the server made', async () => {
		const image = { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'iVBORw0KGgo=', output_format: 'webp' };
		const { plain } = await answers(responding([message, image]));
		expect(plain.content).toEqual([
			{ type: 'text', text: 'Hello!' },
			{ type: 'file', mimeType: 'image/webp', data: 'iVBORw0KGgo=' },
		]);
	});

	test('holds an image in no other format than that of an image, and one that is an address as text', async () => {
		const image = { type: 'image_generation_call', result: 'iVBORw0KGgo=', output_format: 'php' };
		const { plain } = await answers(responding([message, image, { ...image, result: 'https://cdn.example/pic.png' }]));
		expect(plain.content).toEqual([
			{ type: 'text', text: 'Hello!\n\nhttps://cdn.example/pic.png' },
			{ type: 'file', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
		]);
	});

	test('comes in pieces, none of them blank, and its calls whole', async () => {
		const delta = (text: string) => ({ type: 'response.output_text.delta', output_index: 0, delta: text });
		const call = { type: 'function_call', call_id: 'call_1', name: 'add', arguments: '{"a": 1}' };
		const other = { ...call, call_id: 'call_2', arguments: '{"a": 2}' };
		reply = sse([
			delta('Hel'),
			delta(''),
			delta('lo'),
			{ type: 'response.completed', response: { ...ANSWER, output: [saidOf('Hello'), call, other] } },
		]);
		const pieces: AIMessageChunk[] = [];
		const read = async (model: ChatModel) => {
			for await (const piece of await model.stream('Hi')) pieces.push(piece);
		};
		await useChatModel(read, { credentials: credentials() });
		// a chat shows a blank piece for whatever is no text
		expect(pieces.filter(({ content }) => typeof content !== 'string')).toEqual([]);
		expect(pieces.map(({ content }) => content).filter(Boolean)).toEqual(['Hel', 'lo']);
		const chunks = pieces.flatMap(({ tool_call_chunks = [] }) => tool_call_chunks);
		// LangChain joins by the index
		expect(chunks.map(({ index, id, args }) => [index, id, args])).toEqual([
			[0, 'call_1', '{"a": 1}'],
			[1, 'call_2', '{"a": 2}'],
		]);
	});
});

test('Tokens are counted without the Internet', async () => {
	const counts = async (model: ChatModel) =>
		await Promise.all(['12345678', '你好', [{ type: 'text', text: '' }]].map(async (text) => await model.getNumTokens(text as never)));
	const { result } = await useChatModel(counts, { credentials: credentials() });
	expect(result).toEqual([2, 2, 7]);
});

test('A call that the server has answered itself, as Mastra does, is none for the agent', async () => {
	const { plain, streamed } = await answers(fixture('mastra-tool.1.sse'));
	expect([readOf(plain), readOf(streamed)]).toEqual([
		expect.objectContaining({ text: 'It is sunny in Paris.', calls: [] }),
		expect.objectContaining({ text: 'It is sunny in Paris.', calls: [] }),
	]);
});
