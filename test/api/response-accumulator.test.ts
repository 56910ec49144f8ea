import { ResponseAccumulator } from '../../api/decode/response-accumulator';

const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } };
const delta = (text: string) => ({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: text });
const completed = { type: 'response.completed', response: { id: 'resp_1', status: 'completed' } };

/** An accumulator after these events, and the text that it reported on the way. */
function accumulated(...events: Array<object | string>) {
	const texts: string[] = [];
	const accumulator = new ResponseAccumulator((text) => texts.push(text));
	const add = (...more: Array<object | string>) => {
		for (const event of more) accumulator.add({ name: '', data: typeof event === 'string' ? event : JSON.stringify(event) });
	};
	add(...events);
	return { accumulator, add, texts };
}

/** The events with sequence numbers from `first` on. */
const counted = (events: object[], first = 0) => events.map((event, index) => ({ ...event, sequence_number: first + index }));

describe('ResponseAccumulator gives as result', () => {
	const chunk = (content: string, finish_reason: string | null = null) => ({
		id: 'c',
		choices: [{ index: 0, delta: { content }, finish_reason }],
	});

	test('the response that the plain reply would have been', () => {
		const { accumulator, texts } = accumulated(created, delta('Hel'), delta('lo'), completed);
		expect(accumulator.result()).toEqual({
			kind: 'response',
			response: {
				object: 'response',
				id: 'resp_1',
				status: 'completed',
				output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] }],
			},
		});
		expect(texts).toEqual(['Hel', 'lo']);
	});

	test('the output of an earlier event where the last one has none', () => {
		const output = [{ type: 'message', content: [] }];
		const { accumulator } = accumulated({ type: 'response.in_progress', response: { output } }, completed);
		expect(accumulator.result()).toMatchObject({ kind: 'response', response: { status: 'completed', output } });
	});

	test('the chat completion that the plain reply would have been', () => {
		expect(accumulated(chunk('Hel'), chunk('lo', 'stop'), '[DONE]').accumulator.result()).toEqual({
			kind: 'response',
			response: {
				id: 'c',
				object: 'chat.completion',
				choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
			},
		});
	});

	test.each<[string, Array<object | string>, object]>([
		['empty without any event of this API', [{ hello: 'world' }], { kind: 'empty' }],
		['interrupted without an end', [created, delta('Hello')], { kind: 'interrupted' }],
		['interrupted where an item is open, in spite of [DONE]', [created, delta('Hello'), '[DONE]'], { kind: 'interrupted' }],
		['interrupted in a chat without a reason for its end', [chunk('Hello')], { kind: 'interrupted' }],
		['an error that was reported', [created, { error: { message: 'Gone' } }], { kind: 'error', error: { message: 'Gone' } }],
		['the last words without a mark', [created, { message: 'Gone' }], { kind: 'error', error: { message: 'Gone' } }],
	])('%s', (_, events, result) => expect(accumulated(...events).accumulator.result()).toEqual(result));
});

describe('ResponseAccumulator of a stream that was cut', () => {
	test('goes on after its last number; what comes again is ignored', () => {
		const { accumulator, add } = accumulated(...counted([created, delta('Hel')]));
		expect([accumulator.cursor.position, accumulator.cursor.resume()]).toEqual([1, 1]);
		add(...counted([created, delta('Hel'), delta('lo'), completed]));
		expect([accumulator.isTerminal, accumulator.partialText]).toEqual([true, 'Hello']);
	});

	test.each([
		['without numbers', [created, delta('Hel')]],
		['whose numbers are all the same', [created, delta('Hel')].map((event) => ({ ...event, sequence_number: 0 }))],
		['that counts from 0 for each item', [...counted([created, delta('a')]), ...counted([delta('b')])]],
	])('%s cannot go on', (_, events) => expect(accumulated(...events).accumulator.cursor.position).toBeUndefined());

	test('keeps equal pieces with equal numbers, as long as it was not resumed', () => {
		const { accumulator } = accumulated(...counted([created, delta('ha')]), ...counted([delta('ha')], 1));
		expect(accumulator.partialText).toBe('haha');
	});
});
