import { OutputItemCache, toInputItem } from '../../nodes/shared/output-items';

const items = (text: string) => [{ type: 'function_call', call_id: text, arguments: '{}' }];
const origin = { conversation: 'a' };
const find = (cache: OutputItemCache, callId: string) => cache.find({ callId, arguments: '{}' }, origin)?.items;

describe('The cache of output items forgets', () => {
	afterEach(() => jest.useRealTimers());

	const LIMITS = { answers: 2, characters: 1000, milliseconds: 1000 };

	test('the oldest answers where there are too many', () => {
		const cache = new OutputItemCache(LIMITS);
		for (const id of ['1', '2', '3']) cache.add({ items: items(id), callIds: [id] }, origin);
		expect(['1', '2', '3'].map((id) => find(cache, id))).toEqual([undefined, items('2'), items('3')]);
	});

	test('the oldest answers where they are too large, and one that is too large by itself', () => {
		const cache = new OutputItemCache(LIMITS);
		cache.add({ items: items('1'), callIds: ['1'] }, origin);
		const large = [...items('2'), { type: 'reasoning', encrypted_content: 'x'.repeat(930) }];
		cache.add({ items: large, callIds: ['2'] }, origin);
		expect([find(cache, '1'), find(cache, '2')]).toEqual([undefined, undefined]);
		cache.add({ items: items('3'), callIds: ['3'] }, origin);
		expect(find(cache, '3')).toEqual(items('3'));
	});

	test('answers that are too old', () => {
		jest.useFakeTimers({ now: 0 });
		const cache = new OutputItemCache(LIMITS);
		cache.add({ items: items('1'), callIds: ['1'] }, origin);
		jest.setSystemTime(1000);
		expect(find(cache, '1')).toEqual(items('1'));
		jest.setSystemTime(1001);
		expect(find(cache, '1')).toBeUndefined();
	});
});

describe('Of several answers whose calls have the same ID', () => {
	const answer = (text: string) => ({ items: [{ type: 'function_call', arguments: `{"a": "${text}"}` }], callIds: ['1'] });
	const called = (text: string) => ({ callId: '1', arguments: `{"a":"${text}"}` });

	test.each<[string, string, object, string | undefined]>([
		['the one after the same words', 'x', { conversation: 'a' }, 'x'],
		['after the same words, the one with the same arguments', 'z', { conversation: 'b' }, 'z'],
		['none, if no arguments are the same', 'q', { conversation: 'b' }, undefined],
		['the only one of the execution', 'q', { conversation: 'other', execution: 'first' }, 'x'],
		['none of several of the execution', 'y', { conversation: 'other', execution: 'second' }, undefined],
		['none of no execution', 'x', { conversation: 'other' }, undefined],
	])('%s is taken', (_, text, from, expected) => {
		const cache = new OutputItemCache();
		cache.add(answer('x'), { conversation: 'a', execution: 'first' });
		cache.add(answer('y'), { conversation: 'b', execution: 'second' });
		cache.add(answer('z'), { conversation: 'b', execution: 'second' });
		expect(cache.find(called(text), from as typeof origin)?.items).toEqual(expected && answer(expected).items);
	});
});

test.each<[string, object, boolean, object | 'same' | undefined]>([
	['a call', { type: 'function_call', call_id: '1', status: 'completed' }, true, 'same'],
	['a message with an ID', { type: 'message', id: 'msg_1', phase: 'commentary', content: [] }, true, 'same'],
	[
		'a message without an ID',
		{
			type: 'message',
			content: [
				{ type: 'output_text', text: 'a' },
				{ type: 'refusal', refusal: 'b' },
			],
		},
		true,
		{ type: 'message', role: 'assistant', content: 'ab' },
	],
	['encrypted reasoning', { type: 'reasoning', encrypted_content: 'x' }, false, 'same'],
	['open reasoning', { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'x' }] }, false, 'same'],
	['a summary that is kept at the server', { type: 'reasoning', id: 'rs_1', summary: [] }, true, 'same'],
	['a summary that is not', { type: 'reasoning', id: 'rs_1', summary: [] }, false, undefined],
	['a summary without an ID', { type: 'reasoning', summary: [] }, true, undefined],
])('As input: %s', (_, item, isStored, expected) => {
	expect(toInputItem(item as never, isStored)).toEqual(expected === 'same' ? item : expected);
});
