import { classify } from '../../api/decode/classify';
import { isFinished, isPending, statusOf, statusOfEvent, worstOf } from '../../api/decode/status';

const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }];
const error = { message: 'No channel', code: 'x' };

describe('classify: a response', () => {
	test.each<[string, object]>([
		['with output', { object: 'response', output }],
		['that only has its status', { id: 'resp_1', status: 'queued' }],
		['that failed without a reason', { object: 'response', status: 'failed', error: null }],
		['with a chat completion', { object: 'chat.completion', choices: [{ message: { content: 'Hello' } }] }],
		['that is complete in spite of an error beside it', { status: 'completed', output, error }],
		['with blank errors', { output, error: {} }],
		['whose marks say that it failed', { success: false, output }],
	])('%s', (_, body) => expect(classify({ ...body })).toEqual({ kind: 'response', response: body }));

	test('in a wrapper is given without it', () => {
		expect(classify({ success: true, message: 'ok', result: { output } })).toEqual({ kind: 'response', response: { output } });
	});
});

describe('classify: an error', () => {
	test.each<[string, object, boolean]>([
		["in OpenAI's shape", { error }, true],
		['of a response', { object: 'response', status: 'failed', output: [], error }, true],
		['that says success: false', { success: false, message: 'No channel' }, true],
		['with a code of its own', { code: 1001, msg: 'No channel', data: null }, true],
		['in a wrapper of its own', { response: { error } }, true],
		['by its type', { type: 'error', message: 'No channel' }, true],
		['in words alone', { object: 'response', message: 'No channel' }, false],
		['in words, with a good code', { code: 200, message: 'No channel' }, false],
	])('%s', (_, body, isMarked) => {
		expect(classify({ ...body })).toMatchObject({ kind: 'error', error: { message: 'No channel' }, isMarked });
	});

	test('without a reason says so', () => {
		expect(classify({ type: 'error' })).toMatchObject({ kind: 'error', error: { message: 'No reason given' } });
	});
});

describe('classify: neither', () => {
	test.each<[string, object]>([
		['a list', { object: 'list', data: [{ id: 'm' }] }],
		['a conversation with a message', { id: 'conv_1', object: 'conversation', message: 'My chat' }],
		['a deletion that went well', { success: true, message: 'deleted' }],
		['what this API does not know', { hello: 'world' }],
	])('%s', (_, body) => expect(classify({ ...body })).toEqual({ kind: 'other' }));
});

test.each([
	['queued', 'queued', true, false],
	['in_progress', 'in_progress', true, false],
	['completed', 'completed', false, true],
	['incomplete', 'incomplete', false, true],
	['failed', 'failed', false, true],
	['canceled', 'cancelled', false, true],
	['done', 'completed', false, true],
	['warming_up', undefined, false, false],
	[undefined, undefined, false, false],
	['constructor', undefined, false, false],
])('statusOf, isPending and isFinished of %s', (word, status, pending, finished) => {
	expect([statusOf(word), isPending(word), isFinished(word)]).toEqual([status, pending, finished]);
});

test.each([
	['response.created', 'in_progress'],
	['response.completed', 'completed'],
	['response.done', 'completed'],
	['response.canceled', 'cancelled'],
	['response.error', 'failed'],
	// words for the end of a chat completion are no events
	['response.stop', undefined],
	['response.content_filter', undefined],
	['response.output_item.done', undefined],
	['error', undefined],
])('The event %s tells the status %s', (type, status) => expect(statusOfEvent(type)).toBe(status));

test.each<[unknown[], string | undefined]>([
	[['completed', 'length'], 'incomplete'],
	[['incomplete', 'completed'], 'incomplete'],
	[['failed', 'completed'], 'failed'],
	[['stop', 'done'], 'completed'],
	[['in_progress', 'what'], undefined],
])('The worst of %j is %s', (words, status) => expect(worstOf(words)).toBe(status));
