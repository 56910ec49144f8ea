import { parseResponse } from '../../api/decode/normalize';

const message = (text: string, more: object = {}) => ({
	type: 'message',
	role: 'assistant',
	content: [{ type: 'output_text', text, annotations: [] }],
	...more,
});

describe('parseResponse', () => {
	test('gives a response in one shape, with the reply as it came', () => {
		const raw = {
			id: 'resp_1',
			object: 'response',
			model: 'm',
			status: 'incomplete',
			incomplete_details: { reason: 'max_output_tokens' },
			output: [{ type: 'reasoning', summary: [] }, message('Hel'), message('lo')],
			usage: { input_tokens: 1, output_tokens: 2 },
		};
		expect(parseResponse(raw, { model: 'asked' })).toEqual({
			id: 'resp_1',
			model: 'm',
			status: 'incomplete',
			output: raw.output,
			text: 'Hello',
			usage: { input_tokens: 1, cached_tokens: 0, output_tokens: 2, reasoning_tokens: 0, total_tokens: 3 },
			incompleteReason: 'max_output_tokens',
			alternatives: [],
			citations: [],
			raw,
			body: raw,
		});
	});

	test('fills in what the server left out', () => {
		expect(parseResponse({ output: [message('Hi')] }, { model: 'asked' })).toMatchObject({
			id: null,
			model: 'asked',
			status: 'completed',
			usage: null,
		});
	});

	test.each<[string, object]>([
		['a text as output', { output: 'Hi' }],
		['a list of texts', { output: ['H', 'i'] }],
		['one item as output', { output: message('Hi') }],
		['a list of parts', { output: [{ type: 'output_text', text: 'Hi' }] }],
		['content that is a text', { output: [{ type: 'message', content: 'Hi' }] }],
		['content with parts of the chat API', { output: [{ role: 'assistant', content: [null, { type: 'text', text: 'H' }, 'i'] }] }],
		['output_text alone', { status: 'completed', output_text: 'Hi' }],
		['output_text beside an output without text', { output: [{ type: 'reasoning', summary: [] }], output_text: 'Hi' }],
		['output beside the choices of a chat completion', { output: [message('Hi')], choices: [{ message: { content: 'No' } }] }],
		['a chat completion', { choices: [{ message: { content: 'Hi' } }] }],
		["a message of Anthropic's", { role: 'assistant', content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' }],
		['a wrapper', { data: { output: [message('Hi')] } }],
	])('reads %s', (_, raw) => expect(parseResponse({ ...raw }, {})).toMatchObject({ status: 'completed', text: 'Hi' }));

	test("gives the status of a message of Anthropic's by its stop_reason", () => {
		const raw = { role: 'assistant', content: [{ type: 'text', text: 'Hi' }], stop_reason: 'max_tokens' };
		expect(parseResponse(raw, {})).toMatchObject({ status: 'incomplete', incompleteReason: 'max_output_tokens' });
	});

	test.each<[string, object, string, string | undefined]>([
		...[
			'length',
			'max_tokens',
			'MAX_TOKENS',
			'max-output-tokens',
			'model_context_window_exceeded',
			'token_limit_reached',
			'OUTPUT_LIMIT',
			'max_new_tokens',
			'maximum_length',
			'FinishReason.MAX_TOKENS',
			'FINISH_REASON_MAX_TOKENS',
		].map((status): [string, object, string, string] => [status, { status }, 'incomplete', 'max_output_tokens']),
		...['content_filter', 'SAFETY', 'IMAGE_SAFETY', 'moderation', 'refusal', 'PROHIBITED_CONTENT'].map(
			(status): [string, object, string, string] => [status, { status }, 'incomplete', 'content_filter'],
		),
		...['stop', 'tool_calls', 'end_turn', 'done', 'COMPLETED', 'succeeded', 'finished'].map(
			(status): [string, object, string, undefined] => [status, { status }, 'completed', undefined],
		),
		...['timed_out', 'expired', 'rejected'].map((status): [string, object, string, undefined] => [status, { status }, 'failed', undefined]),
		...['enqueued', 'in_queue'].map((status): [string, object, string, undefined] => [status, { status }, 'queued', undefined]),
		['partial', { status: 'partial' }, 'incomplete', undefined],
		['no word, but 1 MB', { status: 'max_'.repeat(250_000) }, 'max_'.repeat(250_000), undefined],
		['canceled', { status: 'canceled' }, 'cancelled', undefined],
		['a word that nobody knows', { status: 'warming_up' }, 'warming_up', undefined],
		['a finish reason beside it', { status: 'completed', finish_reason: 'length' }, 'incomplete', 'max_output_tokens'],
		['a finish reason alone', { finish_reason: 'length' }, 'incomplete', 'max_output_tokens'],
		['a reason beside it', { status: 'completed', incomplete_details: { reason: 'length' } }, 'incomplete', 'max_output_tokens'],
		['a reason as text', { status: 'incomplete', incomplete_details: 'max_tokens' }, 'incomplete', 'max_output_tokens'],
		["a reason in a server's own word", { status: 'incomplete', incomplete_details: { reason: 'steered' } }, 'incomplete', 'steered'],
		['a message that was cut', { status: 'completed', output: [message('Hi', { status: 'incomplete' })] }, 'incomplete', undefined],
		['a message that is not closed', { status: 'completed', output: [message('Hi', { status: 'in_progress' })] }, 'completed', undefined],
	])('gives the status in the words of the API: %s', (_, more, status, incompleteReason) => {
		const response = parseResponse({ output: [message('Hi')], ...more });
		expect([response?.status, response?.incompleteReason]).toEqual([status, incompleteReason]);
	});

	test.each<[string, object]>([
		['no choices', { choices: [] }],
		['choices null', { choices: null }],
		['a blank choice', { choices: [null, {}] }],
		['a choice without a message', { choices: [{ index: 0, finish_reason: 'stop' }] }],
	])('takes a chat completion with %s for no answer', (_, raw) => {
		expect(parseResponse({ id: 'x', object: 'chat.completion', ...raw })).toBeUndefined();
	});

	test.each<[string, object]>([
		['as a delta', { delta: { content: 'Hi' } }],
		['as a text', { text: 'Hi' }],
	])('reads the message of a choice %s', (_, choice) => {
		expect(parseResponse({ choices: [choice] })).toMatchObject({ status: 'completed', text: 'Hi' });
	});

	test.each(['queued', 'in_progress', 'failed', 'cancelled', 'incomplete'])('takes %s without output for a response', (status) => {
		expect(parseResponse({ object: 'response', status }, {})).toMatchObject({ status, output: [], text: '' });
	});

	test.each<[string, object]>([
		['completed without output', { object: 'response', status: 'completed' }],
		['completed with output null', { object: 'response', status: 'completed', output: null }],
		['an error', { error: { message: 'No' } }],
		['something else', { object: 'list', data: [] }],
	])('gives nothing for %s', (_, raw) => expect(parseResponse({ ...raw }, {})).toBeUndefined());
});
