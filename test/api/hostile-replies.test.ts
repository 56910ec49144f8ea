import { createRedactor } from '../../api/credential/redact';
import { ResponseAccumulator } from '../../api/decode/response-accumulator';
import { SseParser } from '../../api/decode/sse-parser';
import { skipReasoning, withoutReasoning } from '../../api/decode/think-tags';
import { parseErrorBody } from '../../api/errors/error-body';
import { htmlTitle, isHtml } from '../../api/errors/html';
import { httpError, malformedResponseError } from '../../api/errors/reply-errors';
import { parseDuration } from '../../api/duration';
import { retryAfterMs } from '../../api/http/retry-after';
import { isTruncatedJson } from '../../api/json';
import { bytes, json, sse } from '../support/replies';
import { isLinear } from '../support/growth';
import { runOnce, SECRET_KEY } from '../support/cases';

/** A text of these words again and again. */
const again = (words: string) => (size: number) => words.repeat(Math.ceil(size / words.length));
/** Such a text with something before and after it. */
const within = (before: string, words: string, after: string) => (size: number) => `${before}${again(words)(size)}${after}`;

const redactor = createRedactor(SECRET_KEY, ['Bearer tenant-4711-f00dbabe9']);
const wordRedactor = createRedactor('banana');

/** What reads a text of a server, and the texts that would cost it most. */
const READERS: Array<[reader: string, read: (text: string) => unknown, texts: Array<(size: number) => string>]> = [
	[
		'the title of a web page',
		htmlTitle,
		[again('<title'), again('<h1 '), again('<pre>'), again('<title>\n'), within('<title>', ' ', ''), within('<h1', ' a="', '')],
	],
	['whether it is a web page', isHtml, [again(' '), again('\n<')]],
	[
		'the message of an error',
		(text) => parseErrorBody({ error: { message: text, code: text, type: text, param: text } }),
		[
			again('\n'),
			again('\n at (x:1'),
			again('1'),
			again('1s'),
			again('1 minute and '),
			again('retry in 1s '),
			again('retry '),
			again('over budget '),
			again('insufficient '),
			again('resp'),
			again('{"a":'),
		],
	],
	[
		'what a server behind a gateway said',
		(text) => parseErrorBody({ error: { message: 'No', metadata: { raw: text } } }),
		[again('<title'), again('{"message":'), again('"message":"'), again('\\"')],
	],
	[
		'the body of an error',
		(text) => httpError(400, {}, text),
		[
			within('{"error":{"message":"', '\\"', ''),
			within('{', '"message" ', ''),
			within('{', '"message":"', ''),
			again('data:'),
			again('event: error\n'),
			within('<html>', '<title', ''),
			again(' '),
		],
	],
	['a reply that is no answer', (text) => malformedResponseError(text, {}), [again('<title'), again(' '), again('\n<pre')]],
	['whether JSON was cut off', isTruncatedJson, [within('{"a":"', '\\"', ''), again('{"'), again('['), again('{"a":[')]],
	[
		'events',
		(text) => new SseParser().feed(text),
		[again('\r'), again('\n'), again('data:\n'), again('data: x\n'), again(':'), within('data: ', ' ', '')],
	],
	[
		'an event that cannot be read',
		(text) => {
			const accumulator = new ResponseAccumulator();
			accumulator.add({ name: '', data: text });
			accumulator.add({ name: '', data: '{"type":"response.completed","response":{"output":[]}}' });
			return accumulator.result();
		},
		[
			within('{', '"type":"response.a', ''),
			within('{"type":"response.', 'a.', ''),
			within('{"type":"response.', '.delta', ''),
			within('[', ' ', ''),
			again('{\n'),
		],
	],
	[
		'the type of an event',
		(text) => new ResponseAccumulator().add({ name: '', data: JSON.stringify({ type: text }) }),
		[within('response.', 'a', ''), again('response.'), again('.done'), again('.delta')],
	],
	[
		'the thoughts before an answer',
		withoutReasoning,
		[again('<think>'), again('</think>'), again('<think></think>'), again('<thi'), within('<think>', ' ', '</think>'), again('`</think>')],
	],
	[
		'the pieces of an answer',
		(text) => {
			const listen = skipReasoning(redactor.pieces(() => {}));
			for (let at = 0; at < text.length; at += 4) listen(text.slice(at, at + 4));
		},
		[again('<think>'), within('<think>', 'a', ''), again(SECRET_KEY.slice(0, -1)), again('sk-'), again('a')],
	],
	[
		'secrets in an error',
		redactor.text,
		[again('sk-'), again('sk-a'), again(SECRET_KEY.slice(0, 12)), again(SECRET_KEY.slice(1)), again(SECRET_KEY), again('4711-Qm9 ')],
	],
	['a key that is a word in an error', wordRedactor.text, [again('key '), again('key: '), again('token banana'), again('keykey')]],
	['secrets in a reply', redactor.reply, [again(SECRET_KEY.slice(0, 12)), again(SECRET_KEY)]],
	['a duration', parseDuration, [again('1'), again('1s'), again('1.'), again('1m '), again('PT1'), within('PT', '1H', '')]],
	['Retry-After', (text) => retryAfterMs({ 'retry-after': text }), [again('1'), again('1s'), again('2026-'), again('"'), again(' ')]],
];

describe.each(READERS)('To read %s costs no more than its length', (_, read, texts) => {
	test.each(texts.map((textOf) => [JSON.stringify(textOf(40).slice(0, 40)), textOf] as const))('%s', (__, textOf) => {
		expect(isLinear(read, textOf)).toBe(true);
	});
});

/** Events about so many items, without what tells them apart. */
const EVENTS: Array<[events: string, event: (index: number) => object]> = [
	['items that only end', () => ({ type: 'response.output_item.done', item: { type: 'reasoning' } })],
	['items that only begin', (index) => ({ type: 'response.output_item.added', output_index: index, item: { type: 'message' } })],
	['items with an id each', (index) => ({ type: 'response.output_text.delta', item_id: `m${index}`, delta: 'a' })],
	['citations', (index) => ({ type: 'response.output_text.annotation.added', annotation: { url: `https://example.com/${index}` } })],
	['responses that go on', () => ({ type: 'response.in_progress', response: { id: 'resp_1' } })],
	[
		'calls in a chat',
		(index) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { name: 'f', arguments: '{}' } }] } }] }),
	],
	['choices of a chat', (index) => ({ choices: [{ index, delta: { content: 'a' }, finish_reason: 'stop' }] })],
	['citations in a chat', (index) => ({ choices: [{ index: 0, delta: { annotations: [{ url: String(index) }] } }] })],
];

describe('To put a stream together costs no more than its length', () => {
	test.each(EVENTS)('%s', (_, event) => {
		const read = (text: string) => {
			const accumulator = new ResponseAccumulator();
			const first = Object.fromEntries(Array.from({ length: text.length / 64 }, (__, index) => [`k${index}`, index]));
			accumulator.add({ name: '', data: JSON.stringify({ type: 'response.created', response: first }) });
			for (let index = 0; index < text.length / 16; index++) accumulator.add({ name: '', data: JSON.stringify(event(index)) });
			return accumulator.result();
		};
		expect(isLinear(read, again('x'))).toBe(true);
	});
});

describe('A reply that was made to do harm', () => {
	const many = Array.from({ length: 50_000 }, (_, index) => ({ type: 'url_citation', url: `https://example.com/${index}`, title: 'Page' }));

	test('a web page of nothing but beginnings of titles is told as one', async () => {
		const { json: item } = await runOnce(bytes('<title'.repeat(1_000_000), 'text/html'));
		expect(item.error).toBe('The server sent a web page: without a title');
	});

	test('50,000 citations are 50,000 sources', async () => {
		const content = [{ type: 'output_text', text: 'Much', annotations: many }];
		const { json: item } = await runOnce(json({ output: [{ type: 'message', content }] }));
		expect(item.sources).toHaveLength(50_000);
	});

	test('an object of a million keys is no deep one', async () => {
		const metadata = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`k${index}`, index]));
		const { json: item } = await runOnce(json({ output: 'Wide', metadata }));
		expect(item).toMatchObject({ text: 'Wide' });
	});

	test('the message of an error is found behind 50,000 keys', async () => {
		const keys = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index]));
		const { json: item } = await runOnce(json({ error: { ...keys, message: 'No' } }, { status: 400 }));
		expect(item.error).toBe('No');
	});

	test('an object nested deeper than the stack is told as that', async () => {
		const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
		const { json: item } = await runOnce(bytes(`{"output":"x","a":${deep}}`, 'application/json'));
		expect(item.text ?? item.error).toMatch(/^(x|The reply is nested too deeply to be read)$/);
	});

	test('events with keys of a prototype change nothing', async () => {
		const { json: item } = await runOnce(
			sse([
				'{"type":"response.completed","response":{"__proto__":{"status":"failed"},"constructor":1,"output":"Fine","status":"completed"}}',
			]),
			{ parameters: { options: { stream: true } } },
		);
		expect(item).toMatchObject({ text: 'Fine', status: 'completed' });
	});
});
