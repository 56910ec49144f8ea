import { CHAT_FULL, testCases, type Case } from '../support/cases';
import { testClock } from '../support/clock';
import { silentAfter } from '../support/hanging-replies';
import { bytes, compressed, cutOff, fixture, json, pieces, sse, type Reply } from '../support/replies';

const HELLO = 'Grüße aus Köln! 你好，世界 👋🏽 (naïve café)';
const streaming = { options: { stream: true } };
const text = (...stream: string[]) => bytes(stream.join(''), 'text/event-stream');
const created = { type: 'response.created', response: { id: 'resp_1', object: 'response', model: 'm', status: 'in_progress', output: [] } };
const delta = (piece: unknown, more: object = {}) => ({ type: 'response.output_text.delta', delta: piece, ...more });
const message = (said: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: said, annotations: [] }] });
const chat = (index: number, piece: object, finish_reason?: string) => ({
	object: 'chat.completion.chunk',
	choices: [{ index, delta: piece, finish_reason }],
});
const completed = (more: object = {}) => ({ type: 'response.completed', response: { ...created.response, status: 'completed', ...more } });
const whole = [created, delta('Hel'), delta('lo'), completed()];
const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const interrupted = { code: 'interrupted', partialText: 'Hello', attempts: 1, hint: expect.stringMatching(/resp_1$/) };
const ENDED = 'The stream ended before the answer was finished';
const soon = { 'retry-after-ms': '1' };

/** A stream from pieces of text, with these line ends. */
const lined = (end: string) => text(whole.map(data).join('').replaceAll('\n', end));

/** The user's Stop button */
const stop = new AbortController();

const clock = testClock();
/** A stream of these events in which nothing comes any more, though so many seconds pass. */
const keptOpen = (events: object[], seconds: number): Reply => ({
	...sse([]),
	body: silentAfter(sse(events).body, () => clock.putForward(seconds)),
});

/** 20 MB in one line, and 100,000 events */
const LONG = 'Wort '.repeat(4 * 1024 * 1024);
const MANY = 100_000;

const openai = [
	'text.1',
	'search.2',
	'tools.1',
	'reasoning.2',
	'refusal.2',
	'image.1',
	'phases.1',
	'incomplete-reasoning.1',
	'incomplete-filter.1',
];

/** Cases of calls that ask for a stream. */
const testStreams = (topic: string, cases: Case[]) =>
	testCases(
		topic,
		cases.map((one) => ({ parameters: streaming, ...one })),
	);

/** A reply in chunks, each a write of its own. */
function chunked(parts: string[], headers: string, end: string): string[] {
	const length = (part: string) => Buffer.byteLength(part).toString(16);
	return [
		`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n${headers}\r\n`,
		...parts.map((part) => `${length(part)}\r\n${part}\r\n`),
		end,
	];
}

testStreams('A plain reply to a streaming request', [
	{
		title: 'JSON is the answer',
		why: 'https://github.com/ChatGPTBox-dev/chatGPTBox/issues/294',
		reply: fixture('openai-text.1.json'),
		expectJson: { id: 'resp_0ed94fe7ec73cf5600', text: HELLO },
	},
	{
		title: 'an error as JSON is the error',
		reply: fixture('new-api-quota.1.json'),
		expectError: { code: 'insufficient_user_quota', status: 200 },
	},
	{
		title: 'JSON with a [DONE] after it is the answer',
		why: '9router',
		reply: fixture('9router-json-then-done.1.sse'),
		expectJson: 'I do not know',
	},
	{
		title: 'a web page is an error with its title',
		reply: bytes('<html><title>Dashboard</title>', 'text/html'),
		expectError: { message: 'The server sent a web page: Dashboard', hint: expect.stringMatching(/lacks \/v1/) },
	},
]);

testStreams('A stream with an error status', [
	{
		title: 'is an HTTP error; the first event tells the reason',
		reply: {
			...text(': hi\n\n', 'event: error\n', data({ type: 'error', error: { message: 'Too long', code: 'context_length_exceeded' } })),
			status: 400,
		},
		expectError: { message: 'Too long', status: 400, code: 'context_length_exceeded' },
	},
	{
		title: 'is tried again like a plain reply with that status',
		reply: [
			{ ...text(data({ error: { message: 'Busy' } })), status: 503, headers: { 'content-type': 'text/event-stream', ...soon } },
			sse(whole),
		],
		expectJson: 'Hello',
		expectCalls: 2,
	},
]);

testStreams('Lines and fields', [
	...[
		['LF', '\n'],
		['CRLF', '\r\n'],
		['CR', '\r'],
	].flatMap(([name, end]) => [
		{ title: `lines may end in ${name}`, reply: lined(end), expectJson: 'Hello' },
		{ title: `${name} may be cut anywhere`, reply: pieces(lined(end), 1), expectJson: 'Hello' },
	]),
	{
		title: 'line ends may be mixed',
		reply: text(
			data(created).replace('\n\n', '\r\n\n'),
			data(delta('Hello')).replace('\n\n', '\r\r\n'),
			data(completed()).replace('\n\n', '\n\r'),
		),
		expectJson: 'Hello',
	},
	{ title: 'a byte order mark and blank lines may come first', reply: text('\uFEFF\r\n\n\n', ...whole.map(data)), expectJson: 'Hello' },
	{
		title: 'comments are passed over',
		why: 'https://github.com/QuantumNous/new-api/blob/01dd22d0/relay/helper/stream_scanner.go',
		reply: text(': PING\n\n', ':\n', ': OPENROUTER PROCESSING\n\n', ...whole.map(data)),
		expectJson: 'Hello',
	},
	{
		title: 'fields may lack the blank after the colon, the colon or a meaning',
		why: 'https://html.spec.whatwg.org/multipage/server-sent-events.html',
		reply: text(
			'id: 7\nretry: 10\nfoo: bar\ndata\n\n',
			`data:${JSON.stringify(created)}\n\n`,
			'event:response.output_text.delta\n',
			`data:${JSON.stringify({ delta: 'Hello' })}\n\n`,
			data(completed()),
		),
		expectJson: 'Hello',
	},
	{
		title: 'data may have several lines',
		reply: text(...[created, delta('Hello'), completed()].map((event) => JSON.stringify(event, null, 2).replace(/^/gm, 'data: ') + '\n\n')),
		expectJson: 'Hello',
	},
]);

testStreams('Pieces of any size', [
	{
		title: 'pieces may be of one byte, in the middle of a character too',
		reply: pieces(fixture('openai-text.1.sse'), 1),
		expectJson: HELLO,
	},
	{
		title: 'half a surrogate pair may come in each of two deltas',
		reply: sse([created, delta('\ud83d'), delta('\udc4b'), completed()]),
		expectJson: '👋',
	},
	{ title: 'a line may have 20 MB', reply: text(data(created), data(completed({ output: [message(LONG)] }))), expectJson: LONG },
	{
		title: 'a hundred thousand small deltas make one text',
		reply: text(
			data(created),
			Array.from({ length: MANY }, (_, n) => data(delta(n % 10 ? 'a' : ' ', { sequence_number: n }))).join(''),
			data(completed()),
		),
		expectJson: ' aaaaaaaaa'.repeat(MANY / 10),
	},
]);

testStreams('A stream that breaks off', [
	{
		title: 'inside JSON is an interruption that keeps the text',
		reply: text(...whole.slice(0, 3).map(data), 'data: {"type":"response.compl'),
		expectError: { message: ENDED, ...interrupted },
	},
	{
		title: 'between two events is an interruption that keeps the text',
		reply: sse(whole.slice(0, 3)),
		expectError: { message: ENDED, ...interrupted },
	},
	{
		title: 'with [DONE] while an item is still open is an interruption',
		reply: sse([...whole.slice(0, 3), '[DONE]']),
		expectError: interrupted,
	},
	{
		title: 'with [DONE] after every item was closed is an answer',
		reply: sse([...whole.slice(0, 3), { type: 'response.output_item.done', item: message('Hello') }, '[DONE]']),
		expectJson: { status: 'completed', text: 'Hello', usage: null },
	},
	{
		title: 'by a reset is an interruption that keeps the text',
		reply: cutOff(sse(whole.slice(0, 3))),
		expectError: { message: ENDED, ...interrupted },
	},
	{ title: 'by a reset after the last event is an answer', reply: cutOff(sse(whole)), expectJson: 'Hello' },
	{
		title: 'by a reset before the blank line of the last event is an answer',
		reply: cutOff(text(whole.map(data).join('').trimEnd())),
		expectJson: 'Hello',
	},
]);

testStreams('An empty stream', [
	{
		title: 'a stream of ids and retry times is an empty reply',
		reply: text('id: 1\nretry: 5\n\n'),
		expectError: { message: 'The server sent an empty reply' },
	},
	...[[], ['[DONE]']].map((events) => ({
		title: `a stream of ${events.length ? '[DONE]' : 'nothing'} is an empty reply`,
		reply: sse(events),
		expectError: { message: 'The server sent an empty reply', code: 'malformed_reply' },
	})),
]);

testStreams('After the last event', [
	{
		title: 'whatever comes is passed over',
		reply: sse([...whole, delta('!'), { type: 'error', error: { message: 'Late' } }, '[DONE]', 'rubbish']),
		parameters: { output: 'raw', ...streaming },
		expectJson: { status: 'completed', output: [{ content: [{ text: 'Hello' }] }] },
	},
	{ title: 'the connection is not kept open', reply: sse([...whole, new Promise(() => {})]), expectJson: 'Hello' },
]);

testStreams('An error in the stream', [
	...(
		[
			[
				'nested',
				'https://github.com/stdapi-ai/stdapi.ai/issues/294',
				[{ type: 'error', error: { type: 'server_error', code: 'oops', message: 'Broken', param: null } }],
				{ message: 'Broken', code: 'oops', type: 'server_error' },
			],
			[
				'flat, as documented',
				'https://platform.openai.com/docs/api-reference/responses-streaming/error',
				[{ type: 'error', code: 'oops', message: 'Broken', param: 'x_y' }],
				{ message: 'Broken', code: 'oops', param: 'x_y' },
			],
			[
				'in a failed response',
				'OpenAI, responses.js, new-api',
				[{ type: 'response.failed', response: { status: 'failed', error: { code: 'oops', message: 'Broken' } } }],
				{ message: 'Broken', code: 'oops' },
			],
			[
				'without a type',
				'OpenRouter, llama.cpp',
				[{ error: { message: 'Broken', code: 429 } }],
				{ message: 'Broken', code: '429', hint: expect.stringMatching(/trouble|limits|message/) },
			],
			['as a bare text', undefined, [{ error: 'Broken' }], { message: 'Broken' }],
			['with a type of its own', undefined, [{ type: 'upstream.problem', error: { message: 'Broken' } }], { message: 'Broken' }],
			['as a code and a msg', undefined, [{ code: 500, msg: 'Broken' }], { message: 'Broken', code: '500' }],
			[
				'as response.error',
				'https://github.com/QuantumNous/new-api/blob/7a67d7c1/relay/channel/openai/responses_stream_error_test.go',
				[{ type: 'response.error', response: { error: { message: 'Broken', code: 'oops' } } }],
				{ message: 'Broken', code: 'oops' },
			],
			[
				'in a failed response without words',
				'https://github.com/QuantumNous/new-api/blob/0ba37c55/relay/channel/openai/responses_fallback.go',
				[{ type: 'response.failed', response: { error: { type: 'stream_error', code: 'stream_disconnect' } } }],
				{ code: 'stream_disconnect', type: 'stream_error' },
			],
		] satisfies Array<[form: string, why: string | undefined, events: object[], Case['expectError']]>
	).flatMap(([form, why, events, expectError]) => [
		{
			title: `is the error: ${form}`,
			why,
			reply: sse([created, ...events]),
			expectError: { ...expectError, status: 200, attempts: 1 } as Case['expectError'],
		},
		{
			title: `is the error also after text: ${form}`,
			why,
			reply: sse([created, delta('Half'), ...events]),
			expectError: expectError as Case['expectError'],
		},
	]),
	{
		title: 'without a type is the error also under the event name message',
		reply: text(data(created), 'event: message\ndata: {"code":500,"msg":"Broken"}\n\n'),
		expectError: { message: 'Broken', code: '500' },
	},
	{
		title: 'is told by the event name where its data has no type',
		reply: text(data(created), 'event: error\ndata: {"message":"Broken","code":"oops"}\n\n'),
		expectError: { message: 'Broken', code: 'oops' },
	},
	{
		title: 'keeps the text that came before a failed response',
		reply: sse([created, delta('Half'), { type: 'response.failed', response: { error: { message: 'Broken' } } }]),
		expectError: { message: 'Broken', partialText: 'Half' },
	},
	{
		title: 'is told by the event response.failed, whatever the status in it says',
		reply: sse([created, { type: 'response.failed', response: { status: 'completed', output: [], error: { message: 'Broken' } } }]),
		expectError: { message: 'Broken' },
	},
	{
		title: 'keeps the text that came before, as OpenRouter sends it',
		reply: fixture('openrouter-error.1.sse'),
		expectError: { message: 'Provider returned error', code: '429', partialText: 'One, two' },
	},
	{
		title: 'is the error where nothing else comes, as llama.cpp sends it',
		reply: fixture('llama.cpp-error.1.sse'),
		expectError: { message: 'Context size has been exceeded.', type: 'server_error' },
	},
	{
		title: 'is the error where the gateway made it up',
		why: 'https://github.com/QuantumNous/new-api/blob/0ba37c55/relay/channel/openai/responses_fallback.go',
		reply: fixture('new-api-stream-error.1.sse'),
		expectError: { message: 'stream disconnected before completion', code: 'stream_disconnect' },
	},
	{
		title: 'is told by its title where a proxy writes a web page into the stream',
		reply: text(data(created), data(delta('Hello')), '<html><head><title>502 Bad Gateway</title></head>\n'),
		expectError: { message: `${ENDED}: 502 Bad Gateway`, partialText: 'Hello' },
	},
	{
		title: 'is the error in a chat stream, as vLLM sends it',
		why: 'https://github.com/infiniflow/ragflow/issues/10235',
		reply: sse([
			chat(0, { content: 'Half' }),
			{ object: 'error', message: 'engine died', type: 'InternalServerError', code: 500 },
			'[DONE]',
		]),
		expectError: { message: 'engine died', code: '500', partialText: 'Half' },
	},
	{
		title: 'is the error where JSON follows the events',
		reply: text(data(created), data(delta('Hello')), '{"error":{"message":"Quota gone","code":"insufficient_quota"}}'),
		expectError: { message: 'Quota gone', code: 'insufficient_quota', partialText: 'Hello' },
	},
	{
		title: 'is the error where JSON in several lines follows the events',
		reply: text(data(created), data(delta('Hello')), JSON.stringify({ error: { message: 'Quota gone' } }, null, 2)),
		expectError: { message: 'Quota gone', partialText: 'Hello' },
	},
]);

testStreams('An error event before the failed response', [
	{
		title: 'the reason of the failed response is told, the first one beside it',
		why: 'https://github.com/openai/openai-dotnet/issues/881',
		reply: fixture('openai-error-then-failed.1.sse'),
		expectError: {
			message: expect.stringMatching(/^Rate limit reached .*\(before: An error occurred while processing your request\.\)$/),
			code: 'rate_limit_exceeded',
		},
	},
	{
		title: 'equal reasons are told once',
		reply: sse([
			created,
			{ type: 'error', error: { message: 'Broken' } },
			{ type: 'response.failed', response: { error: { message: 'Broken' } } },
		]),
		expectError: { message: 'Broken' },
	},
	{
		title: 'the code of the error event is kept where the failed response has none',
		reply: sse([
			created,
			{ type: 'error', error: { message: 'First', code: 'oops' } },
			{ type: 'response.failed', response: { error: { message: 'Then' } } },
		]),
		expectError: { message: 'Then (before: First)', code: 'oops' },
	},
	{
		title: 'an error event alone ends the call, though the stream stays open',
		reply: () => keptOpen([created, { type: 'error', error: { message: 'Broken' } }], 3),
		expectError: { message: 'Broken' },
	},
]);

testStreams('The last event', [
	{
		title: 'response.incomplete is a result',
		reply: fixture('openai-incomplete-filter.1.sse'),
		expectJson: { status: 'incomplete', incompleteReason: 'content_filter', text: 'The first step is' },
	},
	...[{ output: [] }, { output: null }, {}].map((more) => ({
		title: `holds ${JSON.stringify(more)}: what came as events counts`,
		why: 'https://github.com/BerriAI/litellm/pull/32724',
		reply: sse([created, delta('Hello'), completed(more)]),
		expectJson: { text: 'Hello', usage: null },
	})),
	{
		title: 'holds no output: what came as events counts',
		why: 'https://github.com/decolua/9router/issues/705',
		reply: fixture('9router-text-without-output.1.sse'),
		expectJson: 'Grüße 👋🏽 from here',
	},
	{
		title: 'holds no output and nothing came before: no answer',
		why: 'https://github.com/decolua/9router/issues/705',
		reply: fixture('9router-empty-completed.1.sse'),
		expectError: { code: 'malformed_reply' },
	},
	{
		title: 'holds the status in_progress: its type counts',
		reply: sse([created, delta('Hello'), { type: 'response.completed', response: { status: 'in_progress' } }]),
		expectJson: { text: 'Hello', status: 'completed' },
	},
	{
		title: 'holds no items: those of response.in_progress stay',
		reply: sse([{ type: 'response.in_progress', response: { output: [message('Hello')] } }, completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'holds no items: those of output_item.done count before their deltas',
		reply: sse([
			created,
			delta('Hel', { output_index: 0 }),
			{ type: 'response.output_item.done', output_index: 0, item: message('Hello') },
			completed({ output: [] }),
		]),
		expectJson: 'Hello',
	},
	{
		title: 'holds no output: text, thoughts, calls and usage are put together from the events',
		why: 'https://github.com/QuantumNous/new-api/blob/3afd7472/service/relayconvert/internal/oai_chat/to_oai_responses_stream_resp.go',
		reply: fixture('new-api-bridge.1.sse'),
		expectJson: {
			id: 'chatcmpl-20261122',
			model: 'qwen3-max',
			status: 'completed',
			text: '茶叶礼盒',
			reasoning: '想一想',
			toolCalls: [{ callId: 'call_9', name: 'lookup', arguments: { sku: 7 } }],
			usage: { input_tokens: 9, cached_tokens: 4, output_tokens: 7, reasoning_tokens: 3, total_tokens: 16 },
		},
	},
	{
		title: 'holds another text than the deltas: its text counts',
		reply: sse([created, delta('Helo'), completed({ output: [message('Hello')] })]),
		expectJson: 'Hello',
	},
	{
		title: 'holds an empty text: that of the deltas stays',
		reply: sse([created, delta('Hello'), completed({ output: [message('')] })]),
		expectJson: 'Hello',
	},
]);

testStreams('Events that are incomplete', [
	{
		title: 'a done event without its value changes nothing',
		why: 'https://github.com/QuantumNous/new-api/blob/3afd7472/service/relayconvert/internal/oai_chat/to_oai_responses_stream_resp.go',
		reply: sse([
			created,
			delta('Hello'),
			{ type: 'response.output_text.done' },
			{ type: 'response.content_part.done', part: { type: 'output_text' } },
			{ type: 'response.output_item.done', item: { type: 'message', content: [] } },
			completed(),
		]),
		expectJson: 'Hello',
	},
	{
		title: 'a done event with its value sets it',
		reply: sse([created, delta('Helo'), { type: 'response.output_text.done', text: 'Hello' }, completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'deltas alone are enough: nothing announces response, item or part',
		reply: sse([delta('Hel'), delta('lo'), completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'a first event without its response is passed over',
		why: 'https://github.com/diegosouzapw/OmniRoute/issues/14330',
		reply: fixture('omniroute-text.1.sse'),
		expectJson: 'All the same.',
	},
	{
		title: 'deltas may be null, or objects with a text',
		reply: sse([created, delta(null), delta({ text: 'Hel' }), delta({ text: 'lo' }), completed()]),
		expectJson: 'Hello',
	},
]);

testStreams('Items without true indexes', [
	{
		title: 'items without indexes are kept apart',
		why: 'llama.cpp',
		reply: fixture('llama.cpp-tools.1.sse'),
		expectJson: {
			model: 'qwen3-4b.gguf',
			text: 'Let me look.',
			toolCalls: [
				{ callId: 'fc_a', name: 'first', arguments: { n: 1 } },
				{ callId: 'fc_b', name: 'second', arguments: {} },
			],
		},
	},
	{
		title: 'items without indexes are kept apart by the kind of their deltas',
		reply: sse([
			created,
			delta('Look.'),
			{ type: 'response.reasoning_text.delta', delta: 'Hm' },
			{ type: 'response.function_call_arguments.delta', delta: '{}' },
			{ type: 'response.output_item.done', item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '' } },
			completed(),
		]),
		expectJson: { text: 'Look.', reasoning: 'Hm', toolCalls: [{ callId: 'c', name: 'f', arguments: {} }] },
	},
	{
		title: 'items that all say index 0 are kept apart by the kind of their deltas',
		reply: sse([
			created,
			{ type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Hm' },
			delta('Hello', { output_index: 0, content_index: 0 }),
			{ type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No' },
			completed(),
		]),
		expectJson: { text: 'Hello', reasoning: 'Hm', refusal: 'No' },
	},
	...[5e6, -1].map((content_index) => ({
		title: `a part at index ${content_index} is the last one`,
		reply: sse([created, delta('Hel', { content_index: 0 }), delta('lo', { content_index }), completed()]),
		expectJson: 'Hello',
	})),
	{
		title: 'items that all say index 0 are kept apart where one is closed before the next begins',
		reply: sse([
			created,
			...['Hel', 'lo'].flatMap((said) =>
				['added', 'done'].map((verb) => ({ type: `response.output_item.${verb}`, output_index: 0, item: message(said) })),
			),
			completed(),
		]),
		expectJson: 'Hello',
	},
]);

testStreams('Events that come twice or out of order', [
	{
		title: 'a piece that comes twice is kept twice where the stream was not resumed: nothing of an answer is dropped on suspicion',
		reply: sse([
			{ ...created, sequence_number: 0 },
			delta('ha', { sequence_number: 1 }),
			delta('ha', { sequence_number: 1 }),
			delta('!', { sequence_number: 2 }),
			completed(),
		]),
		expectJson: 'haha!',
	},
	{
		title: 'equal pieces are all kept where every event has the same sequence number',
		reply: sse([delta('ha', { sequence_number: 0 }), delta('ha', { sequence_number: 0 }), delta('!', { sequence_number: 0 }), completed()]),
		expectJson: 'haha!',
	},
	{
		title: 'equal pieces are all kept where each item counts from 0',
		reply: sse([
			delta('a', { sequence_number: 0, output_index: 0 }),
			delta('b', { sequence_number: 1, output_index: 0 }),
			delta('a', { sequence_number: 0, output_index: 1 }),
			delta('b', { sequence_number: 1, output_index: 1 }),
			completed(),
		]),
		expectJson: 'abab',
	},
	{
		title: 'items stand at their index, whatever comes first',
		reply: sse([delta('lo', { output_index: 1 }), delta('Hel', { output_index: 0 }), completed()]),
		expectJson: 'Hello',
	},
]);

testStreams('Calls at the same time', [
	{
		title: 'are kept apart',
		reply: fixture('openai-tools.1.sse'),
		expectJson: {
			toolCalls: [
				{ callId: 'call_1', name: 'get_weather', arguments: { city: 'Paris', unit: 'c' } },
				{ callId: 'call_2', name: 'get_weather', arguments: { city: 'Köln' } },
			],
		},
	},
	{
		title: 'are kept apart also where the last event holds no output',
		reply: text(String(fixture('openai-tools.1.sse').body).replace(/"output":\[\{.*?\],"parallel/g, '"output":[],"parallel')),
		expectJson: {
			toolCalls: [
				{ callId: 'call_1', arguments: { city: 'Paris', unit: 'c' } },
				{ callId: 'call_2', arguments: { city: 'Köln' } },
			],
		},
	},
]);

testStreams('Data that is no event of the API', [
	{
		title: 'text is passed over',
		reply: sse(['PING', created, 'ok', delta('Hello'), 'undefined', '', completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'text is shown where there is nothing else',
		reply: sse(['upstream gone']),
		expectError: { message: 'The server sent something that is not a response: upstream gone', code: 'malformed_reply' },
	},
	{
		title: 'keepalive is passed over',
		why: 'https://github.com/openai/openai-node/issues/1964',
		reply: fixture('openai-keepalive.1.sse'),
		expectJson: 'Slow but sure.',
	},
	{
		title: 'events that nobody knows are passed over',
		reply: sse([
			created,
			{ type: 'vendor:progress', percent: 50 },
			delta('Hello'),
			{ hello: 'world' },
			'17',
			{ type: 'response.future.delta', delta: 'x' },
			completed(),
		]),
		expectJson: 'Hello',
	},
	{
		title: 'a message without a sign of failure is passed over',
		reply: sse([created, { message: 'still working' }, delta('Hello'), completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'a message as the last event is the error',
		reply: sse([created, delta('Hello'), { message: 'upstream gone' }]),
		expectError: { message: 'upstream gone', partialText: 'Hello' },
	},
	{
		title: 'a message before [DONE] is the error',
		reply: sse([chat(0, { content: 'Half' }), { message: 'upstream overloaded' }, '[DONE]']),
		expectError: { message: 'upstream overloaded', partialText: 'Half' },
	},
	{
		title: 'a detail is the error where there is nothing else',
		reply: sse([{ detail: 'Model not loaded' }, '[DONE]']),
		expectError: { message: 'Model not loaded' },
	},
	{
		title: 'a message after the whole answer is passed over',
		reply: sse([chat(0, { content: 'Hello' }, 'stop'), { code: 0, msg: 'success' }, '[DONE]']),
		expectJson: 'Hello',
	},
	{
		title: 'comments after the last event are passed over',
		why: 'OmniRoute',
		reply: fixture('omniroute-text-trailer.1.sse'),
		expectJson: { text: 'Grüße 👋🏽 from here', usage: null },
	},
]);

testStreams('Names and types of events', [
	{
		title: 'the type in the data counts where the event name says something else',
		reply: text('event: response.failed\n', data(created), 'event: message\n', data(delta('Hello')), 'event: ping\n', data(completed())),
		expectJson: 'Hello',
	},
	{
		title: 'events are read as OpenClaw sends them',
		reply: fixture('openclaw-text.1.sse'),
		expectJson: { text: 'Grüße 👋🏽 from here', usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 } },
	},
	{
		title: 'events are read as Mastra sends them, with a tool that the server has run itself',
		reply: fixture('mastra-tool.1.sse'),
		expectJson: {
			text: 'It is sunny in Paris.',
			toolCalls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
			usage: { total_tokens: 36 },
		},
	},
]);

testStreams('Snapshots', [
	{
		title: 'that break off leave their text in the details',
		reply: sse([{ object: 'response', status: 'in_progress', output: [message('Hel')] }]),
		expectError: { code: 'interrupted', partialText: 'Hel' },
	},
	{
		title: 'without a type: the latest counts',
		reply: fixture('snapshots-text.1.sse'),
		expectJson: { id: 'snap_1', text: 'Snapshot', usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } },
	},
]);

testStreams('Chat completions', [
	{
		title: 'chunks make a response with everything in it',
		reply: fixture('chat-full.1.sse'),
		expectJson: CHAT_FULL,
	},
	{
		title: 'chunks without their object, under the event name message, are read',
		reply: text(
			'event: message\n',
			data({ choices: [{ delta: { content: 'Hel' } }] }),
			'event: message\n',
			data({ choices: [{ delta: { content: [{ type: 'text', text: 'lo' }] }, finish_reason: 'stop' }] }),
		),
		expectJson: { text: 'Hello', status: 'completed' },
	},
	{
		title: 'chunks that end without a finish reason were cut',
		reply: sse([{ object: 'chat.completion.chunk', choices: [{ delta: { content: 'Hello' } }] }]),
		expectError: { code: 'interrupted', partialText: 'Hello' },
	},
	{
		title: 'a stream that stays open after the finish reason is not waited for',
		reply: () => keptOpen([{ object: 'chat.completion.chunk', choices: [{ delta: { content: 'Hello' }, finish_reason: 'length' }] }], 11),
		expectJson: { text: 'Hello', status: 'incomplete' },
	},
	{
		title: 'chunks of which one choice has a finish reason and another has none were cut',
		reply: sse([chat(0, { content: 'Hel' }), chat(1, { content: 'Bye' }, 'stop')]),
		expectError: { code: 'interrupted', partialText: 'Hel' },
	},
	{
		title: 'choices may end one after the other',
		reply: sse([chat(1, { content: 'Bye' }, 'stop'), chat(0, { content: 'Hel' }), chat(0, { content: 'lo' }, 'stop'), '[DONE]']),
		expectJson: { text: 'Hello', alternatives: ['Bye'] },
	},
	{
		title: 'a call in the form before tool_calls comes in pieces',
		reply: sse([
			chat(0, { function_call: { name: 'f', arguments: '{"a"' } }),
			chat(0, { function_call: { arguments: ':1}' } }, 'function_call'),
		]),
		expectJson: { toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
	},
	{
		title: 'calls of one index are told apart by their ids',
		why: 'https://github.com/ollama/ollama/issues/15457',
		reply: sse([
			chat(0, { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }),
			chat(0, { tool_calls: [{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }] }, 'tool_calls'),
		]),
		expectJson: {
			toolCalls: [
				{ callId: 'a', name: 'f' },
				{ callId: 'b', name: 'g' },
			],
		},
	},
	{
		title: 'the key __proto__ changes nothing',
		reply: text(`data: {"choices":[{"delta":{"content":"Hello","__proto__":{"content":"x"}},"finish_reason":"stop"}]}\n\n`),
		expectJson: 'Hello',
	},
	{
		title: 'an error beside the choices is the error',
		why: 'OpenRouter',
		reply: sse([
			{
				object: 'chat.completion.chunk',
				choices: [{ delta: { content: 'Half' }, finish_reason: 'error' }],
				error: { code: 502, message: 'Upstream gone' },
			},
		]),
		expectError: { message: 'Upstream gone', code: '502', partialText: 'Half' },
	},
]);

testStreams('Silence and Stop', [
	{
		title: 'silence before the first byte ends with Timeout',
		reply: () => {
			clock.putForward(601);
			return { body: [], after: new Promise(() => {}) };
		},
		expectError: { message: 'The server did not begin to answer within 600 seconds', code: 'timeout', attempts: 1 },
	},
	{
		title: 'silence in the stream ends with Timeout and keeps the text',
		reply: () => keptOpen([created, delta('Hello')], 601),
		expectError: { message: 'The server did not go on within 600 seconds', code: 'timeout', partialText: 'Hello', attempts: 1 },
	},
	{
		title: 'Stop ends a stream that stays open',
		signal: stop.signal,
		reply: () => {
			stop.abort();
			return sse([created, delta('Hello'), new Promise(() => {})]);
		},
		expectStatus: 'canceled',
	},
]);

testStreams('Transfer', [
	{ title: 'a compressed stream is read', reply: compressed(fixture('openai-text.1.sse'), 'gzip'), expectJson: HELLO },
	{
		title: 'trailers after the stream change nothing',
		raw: { pieces: chunked([...whole.map(data)], 'Trailer: x-sum\r\n', '0\r\nx-sum: 1\r\n\r\n') },
		expectJson: 'Hello',
	},
	{
		title: 'a chunk with a broken size is an interruption that keeps the text',
		raw: { pieces: chunked(whole.slice(0, 3).map(data), '', 'zz\r\nrubbish\r\n') },
		expectError: { code: 'interrupted', partialText: 'Hello', attempts: 1 },
	},
]);

testStreams('A stream that is taken up again', [
	{
		title: 'a server that cannot resume a stream is asked for the response itself',
		why: 'https://github.com/QuantumNous/new-api/blob/01f6839b/router/relay-router.go',
		reply: ({ method, query }) => {
			if (method === 'POST') return sse([{ ...created, sequence_number: 0 }, delta('Hel', { sequence_number: 1 })]);
			return query.stream
				? json({ error: { message: 'Invalid URL (GET)' } }, { status: 404 })
				: json({ id: 'resp_1', status: 'completed', output: [message('Hello')] });
		},
		parameters: { options: { stream: true, background: true } },
		expectJson: 'Hello',
		expectCalls: 3,
	},
	{
		title: 'a server that does not count up is not asked to go on after a number, but for the response itself',
		reply: ({ method, query }) => {
			if (method === 'POST') return sse([created, delta('Hel')].map((event) => ({ ...event, sequence_number: 0 })));
			return query.stream ? sse(whole) : json({ id: 'resp_1', status: 'completed', output: [message('Hello')] });
		},
		parameters: { options: { stream: true, background: true } },
		expectJson: 'Hello',
		expectCalls: 2,
	},
	{
		title: 'a server that sends all events again: each counts once',
		reply: ({ method }) => {
			const events = whole.map((event, n) => ({ ...event, sequence_number: n }));
			return sse(method === 'POST' ? events.slice(0, 2) : events);
		},
		parameters: { options: { stream: true, background: true } },
		expectJson: 'Hello',
		expectCalls: 2,
	},
]);

testStreams('A stream recorded from OpenAI', [
	// every kind of answer is the same as in the plain reply (stream-equality.test.ts); here it is asked for as a stream
	...openai.map(
		(name): Case => ({
			title: `is read: openai-${name}`,
			reply: fixture(`openai-${name}.sse`),
			expectJson: { id: expect.stringMatching(/^resp_/) as never },
		}),
	),
]);
