import { skipReasoning, splitReasoning } from '../../api/decode/think-tags';
import { objectsIn } from '../../api/json';
import { textOfItem } from '../../api/decode/output-accumulator';
import { runNode } from '../support/engine';
import { credentialsOf, runOnce } from '../support/cases';
import { json, sse, startServer } from '../support/server';

const message = (...texts: string[]) => ({
	type: 'message',
	role: 'assistant',
	content: texts.map((text) => ({ type: 'output_text', text, annotations: [] })),
});

/** By text what is left of it, and the reasoning. */
const TEXTS: Array<[string, string, string, string[]]> = [
	['one block', '<think>\nHm.\n</think>\n\nYes', 'Yes', ['Hm.']],
	['blank lines in front', '\n\n<think>Hm.</think>Yes', 'Yes', ['Hm.']],
	['several blocks', '<think>Hm.</think>\n<think>So.</think>\nYes', 'Yes', ['Hm.', 'So.']],
	['a block in a block', '<think>Hm. <think>So.</think>Yes', 'Yes', ['Hm. <think>So.']],
	['an empty block', '<think>\n\n</think>\n\nYes', 'Yes', []],
	['no opening tag', 'Hm.\n</think>\n\nYes', 'Yes', ['Hm.']],
	['no opening tag, on one line', 'So it is 3.</think>Yes', 'Yes', ['So it is 3.']],
	['no opening tag, and a block after it', 'Hm.</think><think>So.</think>Yes', 'Yes', ['Hm.', 'So.']],
	['no closing tag', '<think>Hm. It may be', '', ['Hm. It may be']],
	['tags of another model', '[THINK]Hm.[/THINK]Yes', 'Yes', ['Hm.']],
	['JSON in the block', '<think>{"a": 1}</think>{"a": 2}', '{"a": 2}', ['{"a": 1}']],
];
const UNTOUCHED = [
	'Yes',
	'',
	' Yes\n',
	'Put <think> and </think> around it',
	'The tag `</think>` ends it.',
	'It ends with </think> always.',
	'{"html": "a</think>b"}',
	'["</think>"]',
	'a < b',
	'<thin ice>',
];

describe('Reasoning in tags in front of a text', () => {
	test.each(TEXTS)('is an item of its own: %s', (_, given, text, reasoning) => {
		const output = splitReasoning([{ type: 'web_search_call' }, message(given)]);
		expect(output.map(textOfItem).join('')).toBe(text);
		const parts = output.filter(({ type }) => type === 'reasoning').flatMap((item) => objectsIn(item, 'content'));
		expect(parts.map((part) => part.text)).toEqual(reasoning);
		expect(output.map(({ type }) => type)).toEqual(['web_search_call', ...(reasoning.length > 0 ? ['reasoning'] : []), 'message']);
	});

	test.each(UNTOUCHED)('is none here: %s', (given) => {
		const item = message(given);
		expect(splitReasoning([item])[0]).toBe(item);
	});

	test('is taken from each message and each part', () => {
		const output = splitReasoning([message('<think>a</think>A', '<think>b</think>B'), message('<think>c</think>C')]);
		expect(output.map(textOfItem).join('')).toBe('ABC');
	});

	// what takes more than linear time does not end within the time that a test may take
	test.each([
		['the opening tag', '<think>'.repeat(140_000), ''],
		['half an opening tag', `<think>${'<think'.repeat(170_000)}`, ''],
		['half a closing tag', '</think'.repeat(140_000), '</think'.repeat(140_000)],
		['blanks', `${' \t'.repeat(500_000)}</think> is a tag`, `${' \t'.repeat(500_000)}</think> is a tag`],
		['blocks', '<think></think>'.repeat(70_000), ''],
	])('is found in a megabyte of %s', (_, given, text) => {
		expect(
			splitReasoning([message(given)])
				.map(textOfItem)
				.join('') === text,
		).toBe(true);
	});
});

/** What is passed on of a text that comes in pieces of so many characters. */
function passedOn(text: string, size: number) {
	const pieces: string[] = [];
	const listener = skipReasoning((piece) => pieces.push(piece));
	for (let at = 0; at < text.length; at += size) listener(text.slice(at, at + size));
	return pieces.join('');
}

describe('Of a text that comes in pieces only the answer is passed on', () => {
	const opened = TEXTS.filter(([title]) => !title.startsWith('no opening tag'));
	test.each([1, 2, 3, 7, 1000])('in pieces of %d characters', (size) => {
		expect(opened.map(([, given]) => passedOn(given, size))).toEqual(opened.map(([, , text]) => text));
		const untouched = UNTOUCHED.filter((text) => text !== '');
		expect(untouched.map((given) => passedOn(given, size))).toEqual(untouched);
	});
});

describe('The node gives the answer and the reasoning apart', () => {
	const chat = (content: string) => json({ choices: [{ message: { content }, finish_reason: 'stop' }, { message: { content } }] });
	const chunks = (...texts: string[]) =>
		sse([
			...texts.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
			{ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
			'[DONE]',
		]);

	test('of a chat completion, its other choices too', async () => {
		const { json: item } = await runOnce(chat('<think>Hm.</think>\nYes'));
		expect(item).toMatchObject({ text: 'Yes', reasoning: 'Hm.', alternatives: ['Yes'] });
	});

	test('of a stream', async () => {
		const { json: item } = await runOnce(chunks('<thi', 'nk>Hm.</th', 'ink>\nYes'), { parameters: { options: { stream: true } } });
		expect(item).toMatchObject({ text: 'Yes', reasoning: 'Hm.' });
	});

	test.each(['<think>Is it {"n": 2}?</think>\n{"n": 3}', 'Is it {"n": 2}?\n</think>\n\n```json\n{"n": 3}\n```'])(
		'of JSON: %s',
		async (content) => {
			const { json: item } = await runOnce(chat(content), { parameters: { outputFormat: 'jsonObject' } });
			expect(item).toMatchObject({ json: { n: 3 }, reasoning: 'Is it {"n": 2}?' });
		},
	);

	test('and shows a chat only the answer', async () => {
		const server = await startServer(chunks('<thi', 'nk>Hm.</th', 'ink>\n', 'Ye', 's'));
		const { chunks: shown } = await runNode(
			{ model: 'gpt-5.4', prompt: 'Hi' },
			{ isStreaming: true, credentials: credentialsOf(server.url) },
		);
		await server.close();
		expect(shown.map(({ content }) => content ?? '').join('')).toBe('Yes');
	});
});
