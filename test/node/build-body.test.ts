import type { ItemContext } from '../../nodes/shared/errors/parameter-error';
import { applyExtraBody, buildBody, readExtraBody, withFormat } from '../../nodes/shared/request/build-body';
import { optionalNames, splitNames, splitUrls, unlessEmpty } from '../../nodes/shared/request/parameters';
import type { Field } from '../../nodes/shared/description/field';

// what an error of the form needs of n8n
const item = { context: { getNode: () => ({ name: 'Node' }) }, index: 0 } as unknown as ItemContext;

describe('buildBody', () => {
	const field = (name: string, more: object): Field => ({ displayName: name, name, type: 'string', default: '', ...more });
	const fields = [
		field('a', { sends: 'temperature' }),
		field('b', { sends: 'reasoning.effort' }),
		field('c', { sends: () => ({ reasoning: { summary: 'auto' }, include: ['x'] }) }),
		field('d', { sends: () => ({ include: ['y'] }) }),
		field('e', { type: 'collection', fields: [field('f', { sends: 'top_p' })] }),
		field('g', {}),
	];

	test('adds up what each field sends: objects are merged, lists joined', async () => {
		const values = { a: 0, b: 'low', c: 'x', d: 'x', e: { f: 1 }, g: 'not sent' };
		expect(await buildBody(fields, values, item)).toEqual({
			temperature: 0,
			reasoning: { effort: 'low', summary: 'auto' },
			include: ['x', 'y'],
			top_p: 1,
		});
	});

	test('sends nothing of what is not set', async () => expect(await buildBody(fields, {}, item)).toEqual({}));
});

describe('readExtraBody', () => {
	const read = (extraBody: unknown) => readExtraBody({ options: { extraBody } }, item);
	test('gives the object, {} where there is none', () => {
		expect([read({ top_k: 40 }), read(undefined), readExtraBody({}, item)]).toEqual([{ top_k: 40 }, {}, {}]);
	});

	test.each<[unknown, RegExp]>([
		[[1], /not a JSON object/],
		['text', /not a JSON object/],
		[{ stream: true }, /"stream" cannot be set/],
		[{ background: true }, /"background" cannot be set/],
		[JSON.parse('{"a":[{"__proto__":{}}]}'), /may not hold the key "__proto__"/],
		[{ metadata: { constructor: 1 } }, /may not hold the key "constructor"/],
	])('refuses %j', (extraBody, message) => expect(() => read(extraBody)).toThrow(message));
});

describe('applyExtraBody', () => {
	test('merges objects at every level, replaces lists and values', () => {
		const body = { model: 'm', reasoning: { effort: 'low' as const, summary: 'auto' as const }, include: [] };
		expect(applyExtraBody(body, { model: 'other', reasoning: { effort: 'high' }, include: ['x'], top_k: 1 })).toEqual({
			model: 'other',
			reasoning: { effort: 'high', summary: 'auto' },
			include: ['x'],
			top_k: 1,
		});
	});
});

describe('withFormat', () => {
	test.each<[object, object]>([
		[{ text: { verbosity: 'low' } }, { text: { verbosity: 'low', format: { type: 'text' } } }],
		[{ text: { verbosity: 'low', format: { type: 'json_object' } } }, { text: { verbosity: 'low', format: { type: 'json_object' } } }],
		[{ text: {} }, { text: {} }],
		[{}, {}],
	])('makes of %j %j', (body, expected) => expect(withFormat(body)).toEqual(expected));
});

test.each<[unknown, string[], string[]]>([
	['a, b,,c ', ['a', 'b', 'c'], ['a, b,,c']],
	['["a,b","c"]', ['a,b', 'c'], ['a,b', 'c']],
	[
		['a ', 1],
		['a', '1'],
		['a', '1'],
	],
	[
		'https://a.example/w_1,h_2/x.png, https://b.example/y.png,',
		['https://a.example/w_1', 'h_2/x.png', 'https://b.example/y.png'],
		['https://a.example/w_1,h_2/x.png', 'https://b.example/y.png'],
	],
	['', [], []],
	[undefined, [], []],
])('splitNames and splitUrls of %j', (text, names, urls) => {
	expect([splitNames(text), optionalNames(text) ?? [], splitUrls(text)]).toEqual([names, names, urls]);
});

test.each<[unknown, unknown]>([
	[{}, undefined],
	[{ a: 1 }, { a: 1 }],
	[[], []],
	[0, 0],
])('unlessEmpty of %j is %j', (value, expected) => expect(unlessEmpty(value)).toEqual(expected));
