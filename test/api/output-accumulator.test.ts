import { OutputAccumulator, textOfItem } from '../../api/decode/output-accumulator';

type Event = { type: string; [key: string]: unknown };

/** What is put together from these events, and the pieces of text on the way. */
function accumulated(...events: Event[]) {
	const texts: string[] = [];
	const accumulator = new OutputAccumulator((text) => texts.push(text));
	const taken = events.map((event) => accumulator.add(event, event.type));
	return { accumulator, taken, texts, output: accumulator.outputFor({}) };
}

const delta = (piece: unknown, more: object = {}): Event => ({ type: 'response.output_text.delta', delta: piece, ...more });
const item = (verb: 'added' | 'done', value: object, more: object = {}): Event => ({
	type: `response.output_item.${verb}`,
	item: value,
	...more,
});
const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] });

describe('OutputAccumulator', () => {
	test('joins the deltas of a text and reports each piece', () => {
		const { output, texts, accumulator } = accumulated(delta('Hel'), delta(''), delta('lo'));
		expect(output).toEqual([message('Hello')]);
		expect([texts, accumulator.text]).toEqual([['Hel', 'lo'], 'Hello']);
	});

	test.each<[string, object]>([
		['response.refusal', { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'ab' }] }],
		['response.reasoning_text', { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'ab' }] }],
		['response.reasoning', { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'ab' }] }],
		['response.reasoning_summary_text', { type: 'reasoning', summary: [{ type: 'summary_text', text: 'ab' }] }],
		['response.function_call_arguments', { type: 'function_call', arguments: 'ab' }],
		['response.mcp_call_arguments', { type: 'mcp_call', arguments: 'ab' }],
		['response.custom_tool_call_input', { type: 'custom_tool_call', input: 'ab' }],
		['response.code_interpreter_call_code', { type: 'code_interpreter_call', code: 'ab' }],
	])('knows where the deltas of %s belong', (name, expected) => {
		const { output, texts } = accumulated({ type: `${name}.delta`, delta: 'a' }, { type: `${name}.delta`, delta: 'b' });
		expect([output, texts]).toEqual([[expected], []]);
	});

	test('tells events that are not about an output item', () => {
		const types = ['response.created', 'response.future.delta', 'error', ''];
		expect(accumulated(...types.map((type) => ({ type }))).taken).toEqual(types.map(() => false));
		expect(accumulated(delta('a'), item('added', {})).taken).toEqual([true, true]);
	});

	test('takes the text of a done event, but not a missing one', () => {
		expect(accumulated(delta('Helo'), { type: 'response.output_text.done', text: 'Hello' }).output).toEqual([message('Hello')]);
		expect(accumulated(delta('Hello'), { type: 'response.output_text.done' }).output).toEqual([message('Hello')]);
	});

	test('keeps what came where a newer item or part is blank', () => {
		const { output } = accumulated(
			delta('Hello'),
			{ type: 'response.content_part.done', part: { type: 'output_text', text: '', logprobs: [] } },
			item('done', { type: 'message', id: 'msg_1', role: '', content: [] }),
		);
		expect(output).toEqual([{ ...message('Hello'), id: 'msg_1', content: [{ ...message('Hello').content[0], logprobs: [] }] }]);
	});

	test('adds annotations to their part', () => {
		const annotated = (annotation: object): Event => ({ type: 'response.output_text.annotation.added', annotation });
		const { output } = accumulated(delta('See'), annotated({ url: 'a' }), annotated({ url: 'b' }));
		expect(output).toMatchObject([{ content: [{ text: 'See', annotations: [{ url: 'a' }, { url: 'b' }] }] }]);
	});

	test.each<[string, Event[]]>([
		[
			'by their ids',
			[delta('a', { item_id: 'x' }), delta('c', { item_id: 'y' }), delta('b', { item_id: 'x' }), delta('d', { item_id: 'y' })],
		],
		[
			'by their indexes, in that order',
			[delta('c', { output_index: 1 }), delta('a', { output_index: 0 }), delta('d', { output_index: 1 }), delta('b', { output_index: 0 })],
		],
		['by their end', [delta('a'), delta('b'), item('done', { type: 'message' }), delta('c'), delta('d')]],
		[
			'by their beginning, though they all say index 0',
			[
				item('added', { type: 'message' }, { output_index: 0 }),
				delta('ab', { output_index: 0 }),
				item('done', { type: 'message' }, { output_index: 0 }),
				item('added', { type: 'message' }, { output_index: 0 }),
				delta('cd', { output_index: 0 }),
			],
		],
	])('keeps items apart %s', (_, events) => {
		expect(accumulated(...events).output).toMatchObject([{ content: [{ text: 'ab' }] }, { content: [{ text: 'cd' }] }]);
	});

	test('keeps items of different types apart that say the same index', () => {
		const thought: Event = { type: 'response.reasoning_summary_text.delta', delta: 'Hm', output_index: 0 };
		expect(accumulated(thought, delta('Hi', { output_index: 0 })).output).toMatchObject([{ type: 'reasoning' }, { type: 'message' }]);
	});

	test.each([
		['output_text', 'message'],
		['refusal', 'message'],
		['reasoning_text', 'reasoning'],
	])('puts a part of the type %s into a %s', (type, expected) => {
		const other = expected === 'message' ? 'reasoning' : 'message';
		const { output } = accumulated(item('added', { type: other }), { type: 'response.content_part.added', part: { type } });
		expect(output).toEqual([expect.objectContaining({ type: other }), expect.objectContaining({ type: expected, content: [{ type }] })]);
	});

	test('finds an item of which one event says the id and another the index', () => {
		const events = [delta('a', { item_id: 'x', output_index: 3 }), delta('b', { item_id: 'x' }), delta('c', { output_index: 3 })];
		expect(accumulated(...events).output).toMatchObject([{ content: [{ text: 'abc' }] }]);
	});

	test.each([undefined, -1, 5_000_000])('takes the last part for the part index %p', (content_index) => {
		const { output } = accumulated(delta('a', { content_index: 0 }), delta('b', { content_index }));
		expect(output).toEqual([message('ab')]);
	});

	test('leaves no hole where a part index was skipped', () => {
		expect(accumulated(delta('a', { content_index: 2 })).output).toEqual([message('a')]);
	});

	test('reads a delta that is an object with a text; others are blank', () => {
		expect(accumulated(delta({ text: 'a' }), delta(null), delta(42)).output).toEqual([message('a')]);
	});

	test('knows when every item is done', () => {
		const done = item('done', { type: 'message' }, { output_index: 0 });
		expect(accumulated().accumulator.allDone).toBe(false);
		expect(accumulated(delta('a', { output_index: 0 })).accumulator.allDone).toBe(false);
		expect(accumulated(delta('a', { output_index: 0 }), done).accumulator.allDone).toBe(true);
		expect(accumulated(delta('a', { output_index: 0 }), done, delta('b', { output_index: 1 })).accumulator.allDone).toBe(false);
	});

	test.each<[string, object[], object[]]>([
		['its own, if that has text', [message('Hello')], [message('Hello')]],
		['the items, if its own is empty', [], [message('Helo')]],
		['the items, if its own lacks their text', [message('')], [message('Helo')]],
	])('gives a finished response %s', (_, output, expected) => {
		expect(accumulated(delta('Helo')).accumulator.outputFor({ output })).toEqual(expected);
	});
});

describe('textOfItem', () => {
	test.each<[object, string]>([
		[
			{
				type: 'message',
				content: [
					{ type: 'output_text', text: 'a' },
					{ type: 'refusal', refusal: 'x' },
					{ type: 'output_text', text: 'b' },
				],
			},
			'ab',
		],
		[{ type: 'message', content: null }, ''],
		[{ type: 'reasoning', content: [{ type: 'output_text', text: 'a' }] }, ''],
	])('of %j is %j', (value, text) => expect(textOfItem({ ...value })).toBe(text));
});
