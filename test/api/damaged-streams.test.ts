import { silentAfter } from '../support/hanging-replies';
import { bytes, cutOff, fixture, json, sse, type Piece } from '../support/replies';
import { testClock } from '../support/clock';
import { testCases, type Case } from '../support/cases';

const streaming = { options: { stream: true } };
const MB = 1024 * 1024;
const clock = testClock();

const response = (more: object = {}) => ({ id: 'resp_1', object: 'response', model: 'm', output: [], ...more });
const created = { type: 'response.created', response: response({ status: 'in_progress' }) };
const delta = (text: string, more: object = {}) => ({
	type: 'response.output_text.delta',
	output_index: 0,
	content_index: 0,
	delta: text,
	...more,
});
const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] });
const done = (text: string) => ({ type: 'response.output_item.done', output_index: 0, item: message(text) });
const completed = (more: object = {}) => ({ type: 'response.completed', response: response({ status: 'completed', ...more }) });
const chat = (piece: object, finish_reason: string | null = null) => ({
	object: 'chat.completion.chunk',
	choices: [{ index: 0, delta: piece, finish_reason }],
});
const say = (content: string) => chat({ content });
const call = (args: string) => chat({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'pay', arguments: args } }] });
const usage = { input_tokens: 8, output_tokens: 15, total_tokens: 23 };
const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const text = (...stream: string[]) => bytes(stream.join(''), 'text/event-stream');

/** These chunks with one line feed between them instead of two. */
const joined = (...events: object[]) => `${events.map((event) => data(event).trimEnd()).join('\n')}\n\n`;

/** An event whose JSON is broken by a control character in a text. */
const broken = (event: object) => data(event).replace('not', 'not\x1b');
const lost = (partialText: string) => ({
	message: expect.stringMatching(/^The stream has an event that cannot be read: [{[]/),
	code: 'malformed_event',
	partialText,
	attempts: 1,
	hint: expect.stringMatching(/may be missing/),
});

/** Cases of calls that ask for a stream. */
const testStreams = (topic: string, cases: Case[]) =>
	testCases(
		topic,
		cases.map((one) => ({ parameters: streaming, ...one })),
	);

testStreams('Events without a blank line between them', [
	{
		title: 'are read line by line in a chat',
		why: 'https://github.com/rexxars/eventsource-parser/issues/31',
		reply: text(data(say('Pay ')), joined(say('not '), say('the ')), data(say('bill')), data(chat({}, 'stop')), 'data: [DONE]\n\n'),
		expectJson: 'Pay not the bill',
	},
	{
		title: 'are read line by line, all of a stream and its [DONE]',
		why: 'https://github.com/cypress-io/cypress/issues/34786',
		reply: text(`${joined(say('Hel'), say('lo'), chat({}, 'stop')).trimEnd()}\ndata: [DONE]\n`),
		expectJson: 'Hello',
	},
	{
		title: 'are read line by line, with names of events between them',
		reply: text(
			[created, delta('Hel'), delta('lo'), completed()].map((event) => `event: ${event.type}\n${data(event).trimEnd()}\n`).join(''),
		),
		expectJson: 'Hello',
	},
	{
		title: 'make whole arguments of a call',
		reply: text(data(call('{"amount":')), joined(call('1'), call('0}')), data(chat({}, 'tool_calls')), 'data: [DONE]\n\n'),
		expectJson: { toolCalls: [{ callId: 'call_1', name: 'pay', arguments: { amount: 10 } }] },
	},
	{
		title: 'are an error where one of them cannot be read',
		reply: text(data(say('Pay ')), joined(say('not '), say('the ')).replace('not', 'not\x1b'), data(say('bill')), data(chat({}, 'stop'))),
		expectError: lost('Pay bill'),
	},
]);

testStreams('An event that cannot be read', [
	...[
		['a chunk of a chat', [data(say('Pay ')), broken(say('not ')), data(say('the bill')), data(chat({}, 'stop')), 'data: [DONE]\n\n']],
		['a chunk of a chat without [DONE]', [data(say('Pay ')), broken(say('not ')), data(say('the bill')), data(chat({}, 'stop'))]],
		['a piece of a text', [data(created), data(delta('Pay ')), broken(delta('not ')), data(delta('the bill')), data(completed())]],
		['of NaN', [data(created), data(delta('Pay ')), 'data: {"delta":NaN}\n\n', data(delta('the bill')), data(completed())]],
		['cut in the middle', [data(created), data(delta('Pay ')), 'data: {"delta":"not\n\n', data(delta('the bill')), data(completed())]],
		[
			'in two lines',
			[data(created), data(delta('Pay ')), 'data: {"delta":"no\ndata: t "}\n\n', data(delta('the bill')), data(completed())],
		],
		['a list', [data(created), data(delta('Pay ')), data([delta('not ')]), data(delta('the bill')), data(completed())]],
	].map(([what, events]) => ({
		title: `is an error, ${String(what)}, for the answer has a hole`,
		why: 'https://github.com/decolua/9router/issues/2273',
		reply: text(...(events as string[])),
		expectError: lost('Pay the bill'),
	})),
	{
		title: 'is none where the last event holds the whole answer',
		reply: text(data(created), data(delta('Pay ')), broken(delta('not ')), data(completed({ output: [message('Pay not')] }))),
		expectJson: 'Pay not',
	},
	{
		title: 'is none where a later event holds the item of which it was a piece',
		reply: text(data(created), data(delta('Pay ')), broken(delta('not ')), data(done('Pay not')), data(completed())),
		expectJson: 'Pay not',
	},
	{
		title: 'is none where later events hold all items, a call and its reasoning',
		reply: text(
			data(created),
			broken({ type: 'response.function_call_arguments.delta', output_index: 1, delta: 'not' }),
			data({ type: 'response.output_item.done', output_index: 0, item: { type: 'reasoning', summary: [] } }),
			data({
				type: 'response.output_item.done',
				output_index: 1,
				item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
			}),
			data(completed()),
		),
		expectJson: { toolCalls: [{ callId: 'c', name: 'f', arguments: {} }] },
	},
	{
		title: 'is an error where the later event of the item is blank',
		reply: text(data(created), data(delta('Pay ')), broken(delta('not ')), data(done('')), data(completed())),
		expectError: lost('Pay '),
	},
	{
		title: 'is an error where it may have been an item of its own',
		reply: text(data(created), broken(done('not')), data({ ...done('Pay'), output_index: 1 }), data(completed())),
		expectError: lost('Pay'),
	},
	{
		title: 'is none after a whole chat',
		reply: text(data(say('Hello')), data(chat({}, 'stop')), 'data: {"usage":NaN}\n\n', 'data: [DONE]\n\n'),
		expectJson: 'Hello',
	},
	{
		title: 'does not hide the error that follows',
		reply: text(data(created), broken(delta('not ')), data({ type: 'response.failed', response: { error: { message: 'Gone' } } })),
		expectError: { message: 'Gone' },
	},
	{
		title: 'in the background is none: the response itself is retrieved',
		reply: ({ method }) =>
			method === 'GET'
				? json(response({ status: 'completed', output: [message('Pay not')] }))
				: text(data(created), data(delta('Pay ')), broken(delta('not ')), data(completed())),
		parameters: { options: { stream: true, background: true } },
		expectJson: 'Pay not',
		expectCalls: 2,
	},
]);

testStreams('A piece of an answer in a line that is not quite an event is read', [
	...[
		['without a field', `${JSON.stringify(delta('not '))}\n\n`],
		['after a byte order mark', `\ufeff${data(delta('not '))}`],
		['indented', ` ${data(delta('not '))}`],
		['with its field in capitals', data(delta('not ')).replace('data', 'DATA')],
		['with its field twice', `data: ${data(delta('not '))}`],
		['after a control character', data(delta('not ')).replace('{', '\0{')],
		['as JSON in JSON', data(JSON.stringify(delta('not ')) as never)],
		['after words', data(delta('not ')).replace('{', 'event {')],
	].map(([title, piece]) => ({
		title: String(title),
		reply: text(data(created), data(delta('Pay ')), String(piece), data(delta('the bill')), data(completed())),
		expectJson: 'Pay not the bill',
	})),
	{
		title: 'in a chat, too',
		reply: text(data(say('Pay ')), ` ${data(say('not '))}`, JSON.stringify(say('the bill')), '\n\n', data(chat({}, 'stop'))),
		expectJson: 'Pay not the bill',
	},
	{
		title: 'but words are none',
		reply: text(data(created), 'data: ping\n\n', 'OK\n\n', data(delta('Hello')), data(completed())),
		expectJson: 'Hello',
	},
]);

const UNKNOWN_ERRORS: object[] = [
	{ status: 'error', message: 'The quota is gone' },
	[{ error: { message: 'The quota is gone' } }],
	{ data: { error: { message: 'The quota is gone' } } },
	{ errorMessage: 'The quota is gone' },
	{ fault: { faultstring: 'The quota is gone' } },
	{ ok: false, description: 'The quota is gone' },
];

testStreams(
	'An error in a form that nobody knows is told, and ends the answer',
	UNKNOWN_ERRORS.flatMap((error) => [
		{
			title: `${JSON.stringify(error)} in a stream`,
			reply: sse([created, delta('Half'), error]),
			expectError: { message: expect.stringContaining('The quota is gone'), partialText: 'Half' },
		},
		{
			title: `${JSON.stringify(error)} in a chat, though [DONE] follows`,
			reply: sse([say('Half'), error, '[DONE]']),
			expectError: { message: expect.stringContaining('The quota is gone'), partialText: 'Half' },
		},
	]),
);

testStreams('A chat that ends without a reason and without an answer', [
	{
		title: 'is an interruption',
		reply: sse([chat({ role: 'assistant', content: '' }), '[DONE]']),
		expectError: { message: expect.stringMatching(/^The stream ended before/), code: 'interrupted' },
	},
]);

testStreams('[DONE] before the end', [
	{
		title: 'does not cut a stream of items',
		reply: sse([created, done('Hel'), '[DONE]', { ...done('lo'), output_index: 1 }, completed()]),
		expectJson: 'Hello',
	},
	{
		title: 'is a fault where more of a chat follows, for its place is not known',
		reply: sse([say('Hel'), '[DONE]', say('ld'), chat({}, 'stop'), say('lo wor')]),
		expectError: { code: 'interrupted' },
	},
	{
		title: 'is none where only the reason for the end follows',
		reply: sse([say('Hel'), say('lo'), '[DONE]', chat({}, 'length')]),
		expectJson: { text: 'Hello', incompleteReason: 'max_output_tokens' },
	},
	{
		title: 'ends it where nothing follows, though the stream stays open',
		reply: { ...text(), body: silentAfter(sse([say('Hello'), '[DONE]']).body as string[], () => clock.putForward(3)) },
		expectJson: 'Hello',
	},
]);

testStreams('An event of a chat that nobody knows', [
	{ title: 'in the middle is no error', reply: sse([say('Hel'), { speed: 7 }, say('lo'), '[DONE]']), expectJson: 'Hello' },
	{ title: 'after the answer is no error', reply: sse([say('Hello'), chat({}, 'stop'), { speed: 7 }, '[DONE]']), expectJson: 'Hello' },
	{
		title: 'may be the usage alone',
		reply: sse([say('Hello'), chat({}, 'stop'), { usage: { prompt_tokens: 8, completion_tokens: 15 } }, '[DONE]']),
		expectJson: { text: 'Hello', usage: { input_tokens: 8, output_tokens: 15 } },
	},
]);

testStreams('A stream that was cut', [
	{
		title: 'in its first event is an interruption',
		reply: text('data: {"type":"response.created","resp'),
		expectError: { message: expect.stringMatching(/^The stream ended before/), code: 'interrupted' },
	},
	{
		title: 'in an event of more than 8 MB is an interruption',
		reply: cutOff(
			text(data(created), data(delta('Hello')), `data: {"type":"response.completed","response":{"text":"${'x'.repeat(9 * MB)}`),
		),
		expectError: { code: 'interrupted', partialText: 'Hello' },
	},
	{
		title: 'in JSON of more than 8 MB is a cut',
		reply: bytes(`{"output":"${'x\\"'.repeat(3 * MB)}`, 'application/json'),
		expectError: { message: 'The reply was cut off before its end', code: 'cut' },
	},
]);

const reason = { message: 'The prompt was filtered', code: 'content_filter' };
const gone = { type: 'response.failed', response: response({ status: 'failed', error: null }) };
const errorEvent = { type: 'error', error: { ...reason, type: 'invalid_request_error' } };
const open = (...events: object[]): Piece[] => sse(events).body;

testStreams('The reason of a failed response', [
	{
		title: 'stands beside it where it has no response',
		why: 'bifrost',
		reply: fixture('bifrost-failed.1.sse'),
		expectError: { message: 'The deployment is gone', code: 'server_error' },
	},
	{ title: 'comes after it', why: 'Azure', reply: fixture('azure-failed-then-error.1.sse'), expectError: { ...reason, param: 'prompt' } },
	...[
		['beside a blank response', { ...gone, error: reason }],
		['beside a blank error', { ...gone, response: { ...gone.response, error: {} }, error: reason }],
		['as words beside it', { ...gone, ...reason }],
		['as the detail beside it', { ...gone, detail: reason.message, code: reason.code }],
		['as its last error', { ...gone, response: { ...gone.response, last_error: reason } }],
		['in the details of its status', { ...gone, response: { ...gone.response, status_details: { error: reason } } }],
	].map(([what, event]) => ({
		title: `stands ${String(what)}`,
		reply: sse([created, delta('Half'), event as object]),
		expectError: { ...reason, partialText: 'Half' },
	})),
	...[
		['as an error event', errorEvent],
		['as an error event without a type', { error: reason }],
		['as the same event again', { ...gone, response: { ...gone.response, error: reason } }],
	].map(([what, event]) => ({
		title: `comes after it ${String(what)}, though the stream stays open`,
		reply: { ...text(), body: [...open(created, gone, event as object), new Promise(() => {})] },
		expectError: reason,
	})),
	{
		title: 'is better than a code without words',
		reply: sse([created, { ...gone, response: { ...gone.response, error: { code: 'server_error', message: '' } } }, errorEvent]),
		expectError: reason,
	},
	{
		title: 'is waited for two seconds at most',
		reply: { ...text(), body: silentAfter(open(created, gone), () => clock.putForward(3)) },
		expectError: { message: 'The server gave no reason for failing', code: 'failed' },
	},
	{
		title: 'is not looked for in a completed response',
		reply: sse([created, delta('Hello'), completed(), errorEvent]),
		expectJson: 'Hello',
	},
]);

testStreams('An error event', [
	{
		title: 'is the error though the response is said to be completed',
		reply: sse([created, delta('Half'), errorEvent, completed()]),
		expectError: { ...reason, partialText: 'Half', status: 200 },
	},
	{
		title: 'is the error though an answer is with the completed response',
		reply: sse([created, errorEvent, completed({ output: [message('Half')] })]),
		expectError: reason,
	},
]);

testStreams('Fields beside the response', [
	{
		title: 'are those of the response where there is none',
		reply: sse([
			{ type: 'response.created', id: 'resp_z', model: 'mz', status: 'in_progress' },
			delta('Hi'),
			{ type: 'response.completed', id: 'resp_z', model: 'mz', output: [message('Hi')], usage },
		]),
		expectJson: { id: 'resp_z', model: 'mz', status: 'completed', text: 'Hi', usage: { total_tokens: 23 } },
	},
	{
		title: 'tell why an answer is incomplete',
		reply: sse([created, delta('He'), { type: 'response.incomplete', incomplete_details: { reason: 'max_output_tokens' }, usage }]),
		expectJson: { status: 'incomplete', incompleteReason: 'max_output_tokens', usage: { total_tokens: 23 } },
	},
	{
		title: 'count where the response has none',
		reply: sse([created, { ...completed({ output: [message('Hi')], usage: null }), usage }]),
		expectJson: { text: 'Hi', usage: { total_tokens: 23 } },
	},
]);

testStreams('Statuses', [
	...[
		['completed', 'length', 'incomplete', 'max_output_tokens'],
		['completed', 'MAX_TOKENS', 'incomplete', 'max_output_tokens'],
		['completed', 'content_filter', 'incomplete', 'content_filter'],
		['completed', 'stop', 'completed', undefined],
		['completed', 'tool_calls', 'completed', undefined],
		['incomplete', 'completed', 'incomplete', undefined],
		['done', 'succeeded', 'completed', undefined],
	].map(([event, status, expected, incompleteReason]) => ({
		title: `the event ${event} with the status ${status} is ${expected}`,
		reply: sse([created, delta('Hi'), { type: `response.${event}`, response: response({ status }) }]),
		expectJson: { status: String(expected), text: 'Hi', ...(incompleteReason && { incompleteReason }) },
	})),
	...[
		['canceled', 'canceled'],
		['cancelled', 'completed'],
		['completed', 'canceled'],
	].map(([event, status]) => ({
		title: `the event ${event} with the status ${status} is an error`,
		reply: sse([created, delta('Hi'), { type: `response.${event}`, response: response({ status }) }]),
		expectError: { message: 'The response was cancelled at the server', partialText: 'Hi' },
	})),
]);

testStreams('Blank values', [
	{
		title: 'an id and a model come from the chunk that names them',
		why: 'Azure',
		reply: fixture('azure-blank-first.1.sse'),
		expectJson: { id: 'chatcmpl-1', model: 'm', text: 'Yes.' },
	},
	{
		title: 'of the last event leave the older ones',
		reply: sse([{ ...created, response: { ...created.response, usage } }, delta('Hi'), completed({ id: '', model: null, usage: null })]),
		expectJson: { id: 'resp_1', model: 'm', usage: { total_tokens: 23 } },
	},
]);

testStreams('Two responses in one stream', [
	{
		title: 'the second one counts',
		why: 'https://github.com/mnfst/llm-gateway/issues/2072',
		reply: fixture('llm-gateway-two-responses.1.sse'),
		expectJson: { id: 'resp_b', model: 'second', text: 'Whole.' },
	},
	{
		title: 'the second one counts, under the same id and after an error of the first',
		reply: sse([created, delta('Bro'), errorEvent, created, delta('Whole.'), completed()]),
		expectJson: 'Whole.',
	},
	{ title: 'the beginning may be told twice', reply: sse([created, created, delta('Hello'), completed()]), expectJson: 'Hello' },
	{ title: 'the beginning may come late', reply: sse([delta('Hel'), created, delta('lo'), completed()]), expectJson: 'Hello' },
]);

testStreams('Items of one id', [
	{
		title: 'are told apart by their types and indexes',
		why: 'https://github.com/vllm-project/vllm/issues/31761',
		reply: fixture('vllm-one-id.1.sse'),
		expectJson: { text: 'Four.', reasoning: 'Two and two.' },
	},
	{
		title: 'are told apart while they come at the same time',
		reply: sse([
			created,
			...[0, 1].map((output_index) => ({ type: 'response.output_item.added', output_index, item: { ...message(''), id: 'msg_1' } })),
			...['Hel', 'lo'].map((piece) => delta(piece, { item_id: 'msg_1' })),
			...[' wor', 'ld'].map((piece) => delta(piece, { item_id: 'msg_1', output_index: 1 })),
			completed(),
		]),
		expectJson: 'Hello world',
	},
]);
