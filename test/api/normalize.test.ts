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
		['a chat completion', { choices: [{ message: { content: 'Hi' } }] }],
		["a message of Anthropic's", { role: 'assistant', content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' }],
		['a wrapper', { data: { output: [message('Hi')] } }],
	])('reads %s', (_, raw) => expect(parseResponse({ ...raw }, {})).toMatchObject({ status: 'completed', text: 'Hi' }));

	test("gives the status of a message of Anthropic's by its stop_reason", () => {
		const raw = { role: 'assistant', content: [{ type: 'text', text: 'Hi' }], stop_reason: 'max_tokens' };
		expect(parseResponse(raw, {})).toMatchObject({ status: 'incomplete', incompleteReason: 'max_output_tokens' });
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
