import { bytes, compressed, cutOff, fixture, json, pieces, sse } from '../support/replies';
import { CHAT_FULL, testCases, type Row } from '../support/cases';

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

const rows: Row[] = [
	{
		of: 64,
		does: 'JSON in reply to a streaming request is the answer',
		reply: fixture('openai-text.1.json'),
		gives: { id: 'resp_0ed94fe7ec73cf5600', text: HELLO },
	},
	{
		of: 64,
		does: 'and an error is the error',
		reply: fixture('new-api-quota.1.json'),
		fails: { code: 'insufficient_user_quota', status: 200 },
	},
	{ of: 64, does: 'JSON with a [DONE] after it is the answer', reply: fixture('9router-json-then-done.1.sse'), gives: 'I do not know' },
	{
		of: 65,
		does: 'a web page is an error with its title',
		reply: bytes('<html><title>Dashboard</title>', 'text/html'),
		fails: { message: 'The server sent a web page: Dashboard', hint: expect.stringMatching(/lacks \/v1/) },
	},
	{
		of: 66,
		does: 'an error status wins over a label as stream',
		reply: {
			...text(': hi\n\n', 'event: error\n', data({ type: 'error', error: { message: 'Too long', code: 'context_length_exceeded' } })),
			status: 400,
		},
		fails: { message: 'Too long', status: 400, code: 'context_length_exceeded' },
	},
	{
		of: 66,
		does: 'and is tried again by its own rules',
		reply: [
			{ ...text(data({ error: { message: 'Busy' } })), status: 503, headers: { 'content-type': 'text/event-stream', ...soon } },
			sse(whole),
		],
		gives: 'Hello',
		calls: 2,
	},
	...[
		['LF', '\n'],
		['CRLF', '\r\n'],
		['CR', '\r'],
	].flatMap(([name, end]) => [
		{ of: 67, does: `lines may end in ${name}`, reply: lined(end), gives: 'Hello' },
		{ of: 67, does: `${name} may be cut anywhere`, reply: pieces(lined(end), 1), gives: 'Hello' },
	]),
	{
		of: 67,
		does: 'line ends may be mixed',
		reply: text(
			data(created).replace('\n\n', '\r\n\n'),
			data(delta('Hello')).replace('\n\n', '\r\r\n'),
			data(completed()).replace('\n\n', '\n\r'),
		),
		gives: 'Hello',
	},
	{ of: 68, does: 'a byte order mark and blank lines may come first', reply: text('\uFEFF\r\n\n\n', ...whole.map(data)), gives: 'Hello' },
	{
		of: 69,
		does: 'comments count as activity and say nothing',
		reply: text(': PING\n\n', ':\n', ': OPENROUTER PROCESSING\n\n', ...whole.map(data)),
		gives: 'Hello',
	},
	{
		of: 70,
		does: 'fields may lack the blank, the colon or a meaning',
		reply: text(
			'id: 7\nretry: 10\nfoo: bar\ndata\n\n',
			`data:${JSON.stringify(created)}\n\n`,
			'event:response.output_text.delta\n',
			`data:${JSON.stringify({ delta: 'Hello' })}\n\n`,
			data(completed()),
		),
		gives: 'Hello',
	},
	{
		of: 71,
		does: 'data may have several lines',
		reply: text(...[created, delta('Hello'), completed()].map((event) => JSON.stringify(event, null, 2).replace(/^/gm, 'data: ') + '\n\n')),
		gives: 'Hello',
	},
	{
		of: 72,
		does: 'pieces may be of one byte, in the middle of a character too',
		reply: pieces(fixture('openai-text.1.sse'), 1),
		gives: HELLO,
	},
	{
		of: 72,
		does: 'half a surrogate pair may come in each of two deltas',
		reply: sse([created, delta('\ud83d'), delta('\udc4b'), completed()]),
		gives: '👋',
	},
	{ of: 73, does: 'a line may have 20 MB', reply: text(data(created), data(completed({ output: [message(LONG)] }))), gives: LONG },
	{
		of: 74,
		does: 'a hundred thousand small deltas make one text',
		reply: text(
			data(created),
			Array.from({ length: MANY }, (_, n) => data(delta(n % 10 ? 'a' : ' ', { sequence_number: n }))).join(''),
			data(completed()),
		),
		gives: ' aaaaaaaaa'.repeat(MANY / 10),
	},
	{
		of: 75,
		does: 'a cut inside JSON is an interruption that keeps the text',
		reply: text(...whole.slice(0, 3).map(data), 'data: {"type":"response.compl'),
		fails: { message: ENDED, ...interrupted },
	},
	{ of: 76, does: 'so is an end without an end', reply: sse(whole.slice(0, 3)), fails: { message: ENDED, ...interrupted } },
	{ of: 76, does: 'and [DONE] with an item that is still open', reply: sse([...whole.slice(0, 3), '[DONE]']), fails: interrupted },
	{
		of: 76,
		does: 'but [DONE] after every item was closed is an end',
		reply: sse([...whole.slice(0, 3), { type: 'response.output_item.done', item: message('Hello') }, '[DONE]']),
		gives: { status: 'completed', text: 'Hello', usage: null },
	},
	{ of: 77, does: 'so is a reset', reply: cutOff(sse(whole.slice(0, 3))), fails: { message: ENDED, ...interrupted } },
	{ of: 77, does: 'a reset after the last event changes nothing', reply: cutOff(sse(whole)), gives: 'Hello' },
	{ of: 77, does: 'nor one before the blank line after it', reply: cutOff(text(whole.map(data).join('').trimEnd())), gives: 'Hello' },
	{
		of: 78,
		does: 'so is one of nothing but ids',
		reply: text('id: 1\nretry: 5\n\n'),
		fails: { message: 'The server sent an empty reply' },
	},
	...[[], ['[DONE]']].map((events) => ({
		of: 78,
		does: `a stream of ${events.length ? '[DONE]' : 'nothing'} is an empty reply`,
		reply: sse(events),
		fails: { message: 'The server sent an empty reply', code: 'malformed_reply' },
	})),
	{
		of: 79,
		does: 'what comes after the end is passed over',
		reply: sse([...whole, delta('!'), { type: 'error', error: { message: 'Late' } }, '[DONE]', 'rubbish']),
		parameters: { simplify: false, ...streaming },
		gives: { status: 'completed', output: [{ content: [{ text: 'Hello' }] }] },
	},
	{ of: 79, does: 'and the connection is not kept for it', reply: sse([...whole, new Promise(() => {})]), gives: 'Hello' },
	...(
		[
			[
				'a: nested, as OpenAI sends it',
				[{ type: 'error', error: { type: 'server_error', code: 'oops', message: 'Broken', param: null } }],
				{ message: 'Broken', code: 'oops', type: 'server_error' },
			],
			[
				'b: flat, as documented',
				[{ type: 'error', code: 'oops', message: 'Broken', param: 'x_y' }],
				{ message: 'Broken', code: 'oops', param: 'x_y' },
			],
			[
				'c: a failed response',
				[{ type: 'response.failed', response: { status: 'failed', error: { code: 'oops', message: 'Broken' } } }],
				{ message: 'Broken', code: 'oops' },
			],
			[
				'd: without a type',
				[{ error: { message: 'Broken', code: 429 } }],
				{ message: 'Broken', code: '429', hint: expect.stringMatching(/trouble|limits|message/) },
			],
			['d: a bare text', [{ error: 'Broken' }], { message: 'Broken' }],
			['d: with a type of its own', [{ type: 'upstream.problem', error: { message: 'Broken' } }], { message: 'Broken' }],
			['d: without the word error', [{ code: 500, msg: 'Broken' }], { message: 'Broken', code: '500' }],
			[
				'e: response.error',
				[{ type: 'response.error', response: { error: { message: 'Broken', code: 'oops' } } }],
				{ message: 'Broken', code: 'oops' },
			],
			[
				'f: made up by the gateway',
				[{ type: 'response.failed', response: { error: { type: 'stream_error', code: 'stream_disconnect' } } }],
				{ code: 'stream_disconnect', type: 'stream_error' },
			],
		] satisfies Array<[string, object[], Row['fails']]>
	).flatMap(([form, events, fails]) => [
		{
			of: 80,
			does: `an error in form ${form}, is the error`,
			reply: sse([created, ...events]),
			fails: { ...fails, status: 200, attempts: 1 } as Row['fails'],
		},
		{ of: 80, does: `so is form ${form}, after text`, reply: sse([created, delta('Half'), ...events]), fails: fails as Row['fails'] },
	]),
	{
		of: 80,
		does: 'a name that is none makes no difference',
		reply: text(data(created), 'event: message\ndata: {"code":500,"msg":"Broken"}\n\n'),
		fails: { message: 'Broken', code: '500' },
	},
	{
		of: 80,
		does: 'the name of an event counts where its data has no type',
		reply: text(data(created), 'event: error\ndata: {"message":"Broken","code":"oops"}\n\n'),
		fails: { message: 'Broken', code: 'oops' },
	},
	{
		of: 80,
		does: 'a failed response after text keeps the text',
		reply: sse([created, delta('Half'), { type: 'response.failed', response: { error: { message: 'Broken' } } }]),
		fails: { message: 'Broken', partialText: 'Half' },
	},
	{
		of: 80,
		does: 'a failed response is one by its name, whatever its status says',
		reply: sse([created, { type: 'response.failed', response: { status: 'completed', output: [], error: { message: 'Broken' } } }]),
		fails: { message: 'Broken' },
	},
	{
		of: 80,
		does: "OpenRouter's error after text keeps the text",
		reply: fixture('openrouter-error.1.sse'),
		fails: { message: 'Provider returned error', code: '429', partialText: 'One, two' },
	},
	{
		of: 80,
		does: "llama.cpp's error alone is the error",
		reply: fixture('llama.cpp-error.1.sse'),
		fails: { message: 'Context size has been exceeded.', type: 'server_error' },
	},
	{
		of: 80,
		does: "new-api's broken stream is the error",
		reply: fixture('new-api-stream-error.1.sse'),
		fails: { message: 'stream disconnected before completion', code: 'stream_disconnect' },
	},
	{
		of: 80,
		does: 'a web page in the stream (form g) is named',
		reply: text(data(created), data(delta('Hello')), '<html><head><title>502 Bad Gateway</title></head>\n'),
		fails: { message: `${ENDED}: 502 Bad Gateway`, partialText: 'Hello' },
	},
	{
		of: 81,
		does: 'the failed response has the better reason; the first is kept beside it',
		reply: fixture('openai-error-then-failed.1.sse'),
		fails: {
			message: expect.stringMatching(/^Rate limit reached .*\(before: An error occurred while processing your request\.\)$/),
			code: 'rate_limit_exceeded',
		},
	},
	{
		of: 81,
		does: 'the same words are told once',
		reply: sse([
			created,
			{ type: 'error', error: { message: 'Broken' } },
			{ type: 'response.failed', response: { error: { message: 'Broken' } } },
		]),
		fails: { message: 'Broken' },
	},
	{
		of: 81,
		does: 'a code of the first is kept where the failed response has none',
		reply: sse([
			created,
			{ type: 'error', error: { message: 'First', code: 'oops' } },
			{ type: 'response.failed', response: { error: { message: 'Then' } } },
		]),
		fails: { message: 'Then (before: First)', code: 'oops' },
	},
	{
		of: 81,
		does: 'an error after which nothing comes ends the call soon',
		reply: sse([created, { type: 'error', error: { message: 'Broken' } }, new Promise(() => {})]),
		fails: { message: 'Broken' },
	},
	{
		of: 82,
		does: 'an incomplete response is a result',
		reply: fixture('openai-incomplete-filter.1.sse'),
		gives: { status: 'incomplete', incompleteReason: 'content_filter', text: 'The first step is' },
	},
	...[{ output: [] }, { output: null }, {}].map((more) => ({
		of: 83,
		does: `what came as events counts where the end holds ${JSON.stringify(more)}`,
		reply: sse([created, delta('Hello'), completed(more)]),
		gives: { text: 'Hello', usage: null },
	})),
	{
		of: 83,
		does: 'so it does for a gateway that leaves the output out',
		reply: fixture('9router-text-without-output.1.sse'),
		gives: 'Grüße 👋🏽 from here',
	},
	{
		of: 83,
		does: 'an end without any output, and nothing before it, is no answer',
		reply: fixture('9router-empty-completed.1.sse'),
		fails: { code: 'malformed_reply' },
	},
	{
		of: 83,
		does: 'the name of the end counts where its status was forgotten',
		reply: sse([created, delta('Hello'), { type: 'response.completed', response: { status: 'in_progress' } }]),
		gives: { text: 'Hello', status: 'completed' },
	},
	{
		of: 83,
		does: 'items of a snapshot stay where the end holds none',
		reply: sse([{ type: 'response.in_progress', response: { output: [message('Hello')] } }, completed()]),
		gives: 'Hello',
	},
	{
		of: 83,
		does: 'items that were closed count before their deltas',
		reply: sse([
			created,
			delta('Hel', { output_index: 0 }),
			{ type: 'response.output_item.done', output_index: 0, item: message('Hello') },
			completed({ output: [] }),
		]),
		gives: 'Hello',
	},
	{
		of: 83,
		does: "new-api's bridge gives text, thoughts, calls and usage",
		reply: fixture('new-api-bridge.1.sse'),
		gives: {
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
		of: 84,
		does: 'the text at the end wins over the deltas',
		reply: sse([created, delta('Helo'), completed({ output: [message('Hello')] })]),
		gives: 'Hello',
	},
	{
		of: 84,
		does: 'but not a text that is not there',
		reply: sse([created, delta('Hello'), completed({ output: [message('')] })]),
		gives: 'Hello',
	},
	{
		of: 85,
		does: 'a done event without its value changes nothing',
		reply: sse([
			created,
			delta('Hello'),
			{ type: 'response.output_text.done' },
			{ type: 'response.content_part.done', part: { type: 'output_text' } },
			{ type: 'response.output_item.done', item: { type: 'message', content: [] } },
			completed(),
		]),
		gives: 'Hello',
	},
	{
		of: 85,
		does: 'one with its value sets it',
		reply: sse([created, delta('Helo'), { type: 'response.output_text.done', text: 'Hello' }, completed()]),
		gives: 'Hello',
	},
	{ of: 86, does: 'deltas alone are enough', reply: sse([delta('Hel'), delta('lo'), completed()]), gives: 'Hello' },
	{ of: 86, does: "OmniRoute's first frame without a response is borne", reply: fixture('omniroute-text.1.sse'), gives: 'All the same.' },
	{
		of: 87,
		does: "llama.cpp's items without indexes are kept apart",
		reply: fixture('llama.cpp-tools.1.sse'),
		gives: {
			model: 'qwen3-4b.gguf',
			text: 'Let me look.',
			toolCalls: [
				{ callId: 'fc_a', name: 'first', arguments: { n: 1 } },
				{ callId: 'fc_b', name: 'second', arguments: {} },
			],
		},
	},
	{
		of: 87,
		does: 'so they are where only the events tell',
		reply: sse([
			created,
			delta('Look.'),
			{ type: 'response.reasoning_text.delta', delta: 'Hm' },
			{ type: 'response.function_call_arguments.delta', delta: '{}' },
			{ type: 'response.output_item.done', item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '' } },
			completed(),
		]),
		gives: { text: 'Look.', reasoning: 'Hm', toolCalls: [{ callId: 'c', name: 'f', arguments: {} }] },
	},
	{
		of: 87,
		does: 'items that all say index 0 are kept apart by their type',
		reply: sse([
			created,
			{ type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Hm' },
			delta('Hello', { output_index: 0, content_index: 0 }),
			{ type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No' },
			completed(),
		]),
		gives: { text: 'Hello', reasoning: 'Hm', refusal: 'No' },
	},
	{
		of: 88,
		does: 'events that come again with their numbers count once',
		reply: sse([
			{ ...created, sequence_number: 0 },
			delta('Hel', { sequence_number: 1 }),
			delta('Hel', { sequence_number: 1 }),
			delta('lo', { sequence_number: 2 }),
			completed(),
		]),
		gives: 'Hello',
	},
	{
		of: 88,
		does: 'so they do where the beginning comes again too',
		reply: sse([0, 0, 1, 1, 2, 2, 3, 3].map((n) => ({ ...whole[n], sequence_number: n }))),
		gives: 'Hello',
	},
	{
		of: 88,
		does: 'equal pieces with the same number of a server that does not count are all kept',
		reply: sse([delta('ha', { sequence_number: 0 }), delta('ha', { sequence_number: 0 }), delta('!', { sequence_number: 0 }), completed()]),
		gives: 'haha!',
	},
	{
		of: 88,
		does: 'so are pieces of a server that counts from 0 for each item',
		reply: sse([
			delta('a', { sequence_number: 0, output_index: 0 }),
			delta('b', { sequence_number: 1, output_index: 0 }),
			delta('a', { sequence_number: 0, output_index: 1 }),
			delta('b', { sequence_number: 1, output_index: 1 }),
			completed(),
		]),
		gives: 'abab',
	},
	...[5e6, -1].map((content_index) => ({
		of: 87,
		does: `a part at index ${content_index} is the last one`,
		reply: sse([created, delta('Hel', { content_index: 0 }), delta('lo', { content_index }), completed()]),
		gives: 'Hello',
	})),
	{
		of: 87,
		does: 'items that are closed and all say index 0 are kept apart',
		reply: sse([
			created,
			...['Hel', 'lo'].flatMap((said) =>
				['added', 'done'].map((verb) => ({ type: `response.output_item.${verb}`, output_index: 0, item: message(said) })),
			),
			completed(),
		]),
		gives: 'Hello',
	},
	{
		of: 88,
		does: 'pieces are put at their index, whatever comes first',
		reply: sse([delta('lo', { output_index: 1 }), delta('Hel', { output_index: 0 }), completed()]),
		gives: 'Hello',
	},
	{
		of: 89,
		does: 'calls that come at the same time are kept apart',
		reply: fixture('openai-tools.1.sse'),
		gives: {
			toolCalls: [
				{ callId: 'call_1', name: 'get_weather', arguments: { city: 'Paris', unit: 'c' } },
				{ callId: 'call_2', name: 'get_weather', arguments: { city: 'Köln' } },
			],
		},
	},
	{
		of: 89,
		does: 'also where the end holds nothing',
		reply: text(String(fixture('openai-tools.1.sse').body).replace(/"output":\[\{.*?\],"parallel/g, '"output":[],"parallel')),
		gives: {
			toolCalls: [
				{ callId: 'call_1', arguments: { city: 'Paris', unit: 'c' } },
				{ callId: 'call_2', arguments: { city: 'Köln' } },
			],
		},
	},
	{
		of: 90,
		does: 'data that is no JSON is passed over',
		reply: sse(['PING', created, 'ok', delta('Hello'), 'undefined', '', completed()]),
		gives: 'Hello',
	},
	{
		of: 90,
		does: 'and shown where there is nothing else',
		reply: sse(['upstream gone']),
		fails: { message: 'The server sent something that is not a response: upstream gone', code: 'malformed_reply' },
	},
	{ of: 91, does: "OpenAI's keepalive is passed over", reply: fixture('openai-keepalive.1.sse'), gives: 'Slow but sure.' },
	{
		of: 91,
		does: 'so are events that nobody knows',
		reply: sse([
			created,
			{ type: 'vendor:progress', percent: 50 },
			delta('Hello'),
			{ hello: 'world' },
			'17',
			{ type: 'response.future.delta', delta: 'x' },
			completed(),
		]),
		gives: 'Hello',
	},
	{
		of: 91,
		does: 'so are words without a mark of failure',
		reply: sse([created, { message: 'still working' }, delta('Hello'), completed()]),
		gives: 'Hello',
	},
	{
		of: 91,
		does: 'unless they are the last words',
		reply: sse([created, delta('Hello'), { message: 'upstream gone' }]),
		fails: { message: 'upstream gone', partialText: 'Hello' },
	},
	{
		of: 91,
		does: 'or say that all is well',
		reply: sse([chat(0, { content: 'Hello' }), { message: 'success' }, '[DONE]']),
		gives: 'Hello',
	},
	{
		of: 91,
		does: 'also with a [DONE] after them',
		reply: sse([chat(0, { content: 'Half' }), { message: 'upstream overloaded' }, '[DONE]']),
		fails: { message: 'upstream overloaded', partialText: 'Half' },
	},
	{
		of: 91,
		does: 'also where there is nothing else',
		reply: sse([{ detail: 'Model not loaded' }, '[DONE]']),
		fails: { message: 'Model not loaded' },
	},
	{
		of: 80,
		does: "vLLM's error is the error",
		reply: sse([
			chat(0, { content: 'Half' }),
			{ object: 'error', message: 'engine died', type: 'InternalServerError', code: 500 },
			'[DONE]',
		]),
		fails: { message: 'engine died', code: '500', partialText: 'Half' },
	},
	{
		of: 91,
		does: 'or come after all has come',
		reply: sse([chat(0, { content: 'Hello' }, 'stop'), { code: 0, msg: 'success' }, '[DONE]']),
		gives: 'Hello',
	},
	{
		of: 91,
		does: 'comments at the end are passed over',
		reply: fixture('omniroute-text-trailer.1.sse'),
		gives: { text: 'Grüße 👋🏽 from here', usage: null },
	},
	{
		of: 92,
		does: 'the type counts where the name says something else',
		reply: text('event: response.failed\n', data(created), 'event: message\n', data(delta('Hello')), 'event: ping\n', data(completed())),
		gives: 'Hello',
	},
	{
		of: 92,
		does: "OpenClaw's stream is read",
		reply: fixture('openclaw-text.1.sse'),
		gives: { text: 'Grüße 👋🏽 from here', usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 } },
	},
	{
		of: 92,
		does: "Mastra's stream is read, with the tool that it has run itself",
		reply: fixture('mastra-tool.1.sse'),
		gives: {
			text: 'It is sunny in Paris.',
			toolCalls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
			usage: { total_tokens: 36 },
		},
	},
	{
		of: 93,
		does: 'snapshots that are cut leave their text in the details',
		reply: sse([{ object: 'response', status: 'in_progress', output: [message('Hel')] }]),
		fails: { code: 'interrupted', partialText: 'Hel' },
	},
	{
		of: 93,
		does: 'snapshots without a type: the latest counts',
		reply: fixture('snapshots-text.1.sse'),
		gives: { id: 'snap_1', text: 'Snapshot', usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } },
	},
	{
		of: 93,
		does: 'a stream of chat completions is a response with everything in it',
		reply: fixture('chat-full.1.sse'),
		gives: CHAT_FULL,
	},
	{
		of: 93,
		does: 'chat chunks without their object, under the name "message", are read',
		reply: text(
			'event: message\n',
			data({ choices: [{ delta: { content: 'Hel' } }] }),
			'event: message\n',
			data({ choices: [{ delta: { content: [{ type: 'text', text: 'lo' }] }, finish_reason: 'stop' }] }),
		),
		gives: { text: 'Hello', status: 'completed' },
	},
	{
		of: 93,
		does: 'chat chunks that end without a reason were cut',
		reply: sse([{ object: 'chat.completion.chunk', choices: [{ delta: { content: 'Hello' } }] }]),
		fails: { code: 'interrupted', partialText: 'Hello' },
	},
	{
		of: 93,
		does: 'a chat stream that is kept open after its reason is not waited for',
		reply: sse([
			{ object: 'chat.completion.chunk', choices: [{ delta: { content: 'Hello' }, finish_reason: 'length' }] },
			new Promise(() => {}),
		]),
		gives: { text: 'Hello', status: 'incomplete' },
	},
	{
		of: 93,
		does: 'so were those of which one choice ended and another did not',
		reply: sse([chat(0, { content: 'Hel' }), chat(1, { content: 'Bye' }, 'stop')]),
		fails: { code: 'interrupted', partialText: 'Hel' },
	},
	{
		of: 93,
		does: 'choices may end one after the other',
		reply: sse([chat(1, { content: 'Bye' }, 'stop'), chat(0, { content: 'Hel' }), chat(0, { content: 'lo' }, 'stop'), '[DONE]']),
		gives: { text: 'Hello', alternatives: ['Bye'] },
	},
	{
		of: 93,
		does: 'a call in the form before tool_calls comes in pieces',
		reply: sse([
			chat(0, { function_call: { name: 'f', arguments: '{"a"' } }),
			chat(0, { function_call: { arguments: ':1}' } }, 'function_call'),
		]),
		gives: { toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
	},
	{
		of: 93,
		does: 'calls of one index are told apart by their ids',
		reply: sse([
			chat(0, { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }),
			chat(0, { tool_calls: [{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }] }, 'tool_calls'),
		]),
		gives: {
			toolCalls: [
				{ callId: 'a', name: 'f' },
				{ callId: 'b', name: 'g' },
			],
		},
	},
	{
		of: 93,
		does: 'so does a spoken answer',
		reply: sse([chat(0, { audio: { id: 'a', transcript: 'Spo' } }), chat(0, { audio: { transcript: 'ken' } }, 'stop')]),
		gives: 'Spoken',
	},
	{
		of: 93,
		does: 'and text in an object',
		reply: sse([chat(0, { content: [{ type: 'text', text: { value: 'Hello' } }] }, 'stop')]),
		gives: 'Hello',
	},
	{
		of: 93,
		does: 'no name of a field changes the message itself',
		reply: text(`data: {"choices":[{"delta":{"content":"Hello","__proto__":{"content":"x"}},"finish_reason":"stop"}]}\n\n`),
		gives: 'Hello',
	},
	{
		of: 93,
		does: 'an error in a chat stream is the error',
		reply: sse([
			{
				object: 'chat.completion.chunk',
				choices: [{ delta: { content: 'Half' }, finish_reason: 'error' }],
				error: { code: 502, message: 'Upstream gone' },
			},
		]),
		fails: { message: 'Upstream gone', code: '502', partialText: 'Half' },
	},
	{
		of: 94,
		does: 'deltas may be null, objects and numbers',
		reply: sse([created, delta(null), delta({ text: 'He' }), delta({ content: 'llo ' }), delta(42), completed()]),
		gives: 'Hello 42',
	},
	{
		of: 95,
		does: 'silence before the first byte ends with the timeout',
		reply: { body: [], after: new Promise(() => {}) },
		parameters: { ...streaming, requests: { timeout: 0.3 } },
		fails: { message: 'The server did not begin to answer within 0.3 seconds', code: 'timeout', attempts: 1 },
	},
	{
		of: 95,
		does: 'silence in the stream ends with the timeout, and keeps the text',
		reply: sse([created, delta('Hello'), new Promise(() => {})]),
		parameters: { ...streaming, requests: { timeout: 0.3 } },
		fails: { message: 'The server did not go on within 0.3 seconds', code: 'timeout', partialText: 'Hello', attempts: 1 },
	},
	{
		of: 96,
		does: 'Stop ends a stream at once',
		signal: stop.signal,
		reply: () => {
			stop.abort();
			return sse([created, delta('Hello'), new Promise(() => {})]);
		},
		ends: 'canceled',
	},
	{ of: 97, does: 'a compressed stream is read', reply: compressed(fixture('openai-text.1.sse'), 'gzip'), gives: HELLO },
	{
		of: 98,
		does: 'trailers after the stream change nothing',
		raw: { pieces: chunked([...whole.map(data)], 'Trailer: x-sum\r\n', '0\r\nx-sum: 1\r\n\r\n') },
		gives: 'Hello',
	},
	{
		of: 98,
		does: 'a chunk with a broken size is an interruption that keeps the text',
		raw: { pieces: chunked(whole.slice(0, 3).map(data), '', 'zz\r\nrubbish\r\n') },
		fails: { code: 'interrupted', partialText: 'Hello', attempts: 1 },
	},
	{
		of: 99,
		does: 'JSON after the events is the error',
		reply: text(data(created), data(delta('Hello')), '{"error":{"message":"Quota gone","code":"insufficient_quota"}}'),
		fails: { message: 'Quota gone', code: 'insufficient_quota', partialText: 'Hello' },
	},
	{
		of: 99,
		does: 'so is JSON in several lines',
		reply: text(data(created), data(delta('Hello')), JSON.stringify({ error: { message: 'Quota gone' } }, null, 2)),
		fails: { message: 'Quota gone', partialText: 'Hello' },
	},
	{
		of: 100,
		does: 'a server that cannot go on with a stream is asked for the response itself',
		reply: ({ method, query }) => {
			if (method === 'POST') return sse([{ ...created, sequence_number: 0 }, delta('Hel', { sequence_number: 1 })]);
			return query.stream
				? json({ error: { message: 'Invalid URL (GET)' } }, { status: 404 })
				: json({ id: 'resp_1', status: 'completed', output: [message('Hello')] });
		},
		parameters: { options: { stream: true, background: true } },
		gives: 'Hello',
		calls: 3,
	},
	{
		of: 100,
		does: 'one that sends all of it again counts once',
		reply: ({ method }) => {
			const events = whole.map((event, n) => ({ ...event, sequence_number: n }));
			return sse(method === 'POST' ? events.slice(0, 2) : events);
		},
		parameters: { options: { stream: true, background: true } },
		gives: 'Hello',
		calls: 2,
	},
	// every kind of answer is the same as in the plain reply (wire-equal-streams.test.ts); here it is asked for as a stream
	...openai.map(
		(name): Row => ({
			of: 82,
			does: `openai-${name} is read as a stream`,
			reply: fixture(`openai-${name}.sse`),
			gives: { id: expect.stringMatching(/^resp_/) as never },
		}),
	),
];

/** A reply in chunks, each a write of its own. */
function chunked(parts: string[], headers: string, end: string): string[] {
	const length = (part: string) => Buffer.byteLength(part).toString(16);
	return [
		`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n${headers}\r\n`,
		...parts.map((part) => `${length(part)}\r\n${part}\r\n`),
		end,
	];
}

testCases(
	64,
	100,
	rows.map((row) => ({ parameters: streaming, ...row })),
);
