import { ChatStreamAccumulator } from '../../api/decode/chat-accumulator';
import type { JsonObject } from '../../api/json';

/** What is put together from these chunks, and the pieces of text on the way. */
function accumulated(...chunks: JsonObject[]) {
	const texts: string[] = [];
	const accumulator = new ChatStreamAccumulator((text) => texts.push(text));
	for (const chunk of chunks) accumulator.add(chunk);
	return { accumulator, texts, completion: accumulator.completion() };
}

const chunk = (delta: object, finish_reason?: string | null, index?: number) => ({ choices: [{ index, delta, finish_reason }] });

/** The message that comes of these deltas. */
function messageOf(...deltas: object[]) {
	const { choices } = accumulated(...deltas.map((delta) => chunk(delta))).completion as { choices: Array<{ message: object }> };
	return choices[0].message;
}

describe('ChatStreamAccumulator', () => {
	test('joins text, takes role and reason, and reports each piece of the first choice', () => {
		const { completion, texts, accumulator } = accumulated(
			chunk({ role: 'assistant', content: '' }, null, 0),
			chunk({ content: 'Hel' }, null, 0),
			chunk({ content: 'Bye' }, 'stop', 1),
			chunk({ content: 'lo' }, 'length', 0),
		);
		expect(completion).toEqual({
			object: 'chat.completion',
			choices: [
				{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' },
				{ index: 1, message: { role: 'assistant', content: 'Bye' }, finish_reason: 'stop' },
			],
		});
		expect([texts, accumulator.text]).toEqual([['Hel', 'lo'], 'Hello']);
	});

	test('keeps the first of the fields beside the choices, and the last usage', () => {
		const { completion } = accumulated(
			{ id: 'a', model: 'm', usage: null, choices: [] },
			{ id: 'b', created: 1, usage: { prompt_tokens: 1 }, choices: [] },
			{ usage: { prompt_tokens: 2 }, choices: [] },
		);
		expect(completion).toEqual({ id: 'a', model: 'm', created: 1, usage: { prompt_tokens: 2 }, object: 'chat.completion', choices: [] });
	});

	test('is complete when every choice has a reason for its end', () => {
		expect(accumulated().accumulator.isComplete).toBe(false);
		expect(accumulated(chunk({ content: 'a' })).accumulator.isComplete).toBe(false);
		expect(accumulated(chunk({}, 'stop', 0), chunk({}, null, 1)).accumulator.isComplete).toBe(false);
		expect(accumulated(chunk({}, 'stop', 0), chunk({}, null, 1), chunk({}, 'stop', 1)).accumulator.isComplete).toBe(true);
	});

	test('knows whether a chunk came', () => {
		expect([accumulated().accumulator.hasStarted, accumulated({}).accumulator.hasStarted]).toEqual([false, true]);
	});

	test('takes a whole message in place of a delta', () => {
		expect(accumulated({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }).accumulator.text).toBe('Hello');
	});

	test.each<[string, object[], object]>([
		['joins reasoning', [{ reasoning_content: 'Hm' }, { reasoning_content: 'm' }], { reasoning_content: 'Hmm' }],
		['joins the texts of a list of parts', [{ content: [{ type: 'text', text: 'a' }] }, { content: 'b' }], { content: 'ab' }],
		['joins lists', [{ annotations: [1] }, { annotations: [2] }], { annotations: [1, 2] }],
		['keeps what came where null comes', [{ content: 'a', refusal: null }, { content: null }], { content: 'a' }],
		['does not let a key change the prototype', [JSON.parse('{"__proto__":{"content":"x"},"content":"a"}') as object], { content: 'a' }],
		[
			'joins a call of the form before tool_calls',
			[{ function_call: { name: 'f', arguments: '{"a"' } }, { function_call: { arguments: ':1}' } }],
			{ function_call: { name: 'f', arguments: '{"a":1}' } },
		],
	])('%s', (_, deltas, message) => expect(messageOf(...deltas)).toEqual({ role: 'assistant', ...message }));

	const call = (index: number | undefined, id?: string, name?: string, args?: unknown) => ({
		tool_calls: [{ index, id, function: { name, arguments: args } }],
	});

	test.each<[string, object[], string[][]]>([
		['of one index', [call(0, 'a', 'f', '{"x"'), call(0, undefined, undefined, ':1}')], [['a', 'f', '{"x":1}']]],
		[
			'of several indexes, in turn',
			[call(0, 'a', 'f'), call(1, 'b', 'g'), call(0, undefined, undefined, '{}'), call(1, undefined, undefined, '[]')],
			[
				['a', 'f', '{}'],
				['b', 'g', '[]'],
			],
		],
		[
			'of one index with ids of their own',
			[call(0, 'a', 'f', '{}'), call(0, 'b', 'g', '[]')],
			[
				['a', 'f', '{}'],
				['b', 'g', '[]'],
			],
		],
		['without an index', [call(undefined, 'a', 'f', '{'), call(undefined, 'a', undefined, '}')], [['a', 'f', '{}']]],
		['whose arguments are an object', [call(0, 'a', 'f', { x: 1 })], [['a', 'f', '{"x":1}']]],
	])('joins the pieces of calls %s', (_, deltas, calls) => {
		const { tool_calls: found } = messageOf(...deltas) as unknown as {
			tool_calls: Array<{ id: string; function: { name: string; arguments: string } }>;
		};
		expect(found.map((one) => [one.id, one.function.name, one.function.arguments])).toEqual(calls);
	});
});
