import { fromChatCompletion, statusFromFinishReason, textOfContentParts } from '../../api/decode/chat-completion';

/** The output of a chat completion with this message. */
const outputOf = (message: object, beside: object = {}) => fromChatCompletion({ ...beside, choices: [{ message }] }).output;
const answer = (text: string, annotations: object[] = []) => ({
	type: 'message',
	role: 'assistant',
	status: 'completed',
	content: [{ type: 'output_text', text, annotations }],
});

describe('fromChatCompletion', () => {
	test('gives a Response with the fields of the completion', () => {
		const usage = { prompt_tokens: 1 };
		expect(fromChatCompletion({ id: 'c', created: 17, usage, choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] })).toEqual({
			id: 'c',
			created: 17,
			created_at: 17,
			usage,
			choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
			object: 'response',
			status: 'completed',
			output: [answer('Hi')],
			alternatives: [],
		});
	});

	test.each<[string, object, object[]]>([
		['a text', { content: 'Hi' }, [answer('Hi')]],
		['a list of parts', { content: [{ type: 'text', text: 'H' }, null, { type: 'thinking' }, { text: 'i' }] }, [answer('Hi')]],
		['nothing', { content: null }, []],
		['a refusal', { content: null, refusal: 'No' }, [{ ...answer(''), content: [{ type: 'refusal', refusal: 'No' }] }]],
		[
			'reasoning',
			{ reasoning_content: 'Hm', content: 'Hi' },
			[{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] }, answer('Hi')],
		],
		[
			'cited pages',
			{ content: 'Hi', annotations: [{ type: 'url_citation', url_citation: { url: 'a' } }] },
			[answer('Hi', [{ type: 'url_citation', url: 'a' }])],
		],
	])('reads a message that holds %s', (_, message, output) => expect(outputOf(message)).toEqual(output));

	test.each<[string, object, object]>([
		['tool_calls', { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":1}' } }] }, { call_id: 'c', arguments: '{"a":1}' }],
		[
			'arguments that are an object',
			{ tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] },
			{ call_id: 'c', arguments: '{"a":1}' },
		],
		['no arguments', { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '' } }] }, { call_id: 'c', arguments: '{}' }],
		['the form before tool_calls', { function_call: { name: 'f', arguments: '{}' } }, { call_id: undefined, arguments: '{}' }],
	])('reads a call: %s', (_, message, call) => expect(outputOf(message)).toEqual([{ type: 'function_call', name: 'f', ...call }]));

	test('gives the texts of the further choices, but no blank ones', () => {
		const choices = ['One', 'Two', ''].map((content) => ({ message: { content } }));
		expect(fromChatCompletion({ choices })).toMatchObject({ output: [answer('One')], alternatives: ['Two'] });
	});

	test('takes an error in the choice for the error of the response', () => {
		expect(fromChatCompletion({ choices: [{ message: {}, error: { message: 'Gone' } }] })).toMatchObject({
			status: 'failed',
			error: { message: 'Gone' },
		});
	});
});

describe('statusFromFinishReason', () => {
	test.each([
		['length', 'incomplete', 'max_output_tokens'],
		['max_tokens', 'incomplete', 'max_output_tokens'],
		['content_filter', 'incomplete', 'content_filter'],
		['SAFETY', 'incomplete', 'content_filter'],
		['error', 'failed', undefined],
		['stop', 'completed', undefined],
		['tool_calls', 'completed', undefined],
		[null, 'completed', undefined],
		[undefined, 'completed', undefined],
	])('of %p is %s', (reason, status, incomplete) => {
		expect(statusFromFinishReason(reason)).toEqual({ status, ...(incomplete && { incomplete_details: { reason: incomplete } }) });
	});
});

describe('textOfContentParts', () => {
	test.each<[unknown, string]>([
		[[{ text: 'a' }, { text: 'b' }], 'ab'],
		[[{ type: 'image_url' }, 'x', null], ''],
		['text', ''],
		[undefined, ''],
	])('of %j is %j', (parts, text) => expect(textOfContentParts(parts)).toBe(text));
});
