import { tableOf, widthOf } from '../../scripts/demo/table';

describe('widthOf', () => {
	it.each([
		['plain text', 10],
		['Müller', 6],
		['Mu\u0308ller', 6],
		['株式会社', 8],
		['한국', 4],
		['\uff08全角\uff09', 8],
		['tea 🍵', 6],
		['', 0],
	])('%j takes %i places', (text, width) => {
		expect(widthOf(text)).toBe(width);
	});
});

describe('tableOf', () => {
	it('sets texts on the left, numbers on the right', () => {
		expect(
			tableOf(
				['Name', 'Tokens'],
				[
					['Tea', 7],
					['Coffee', 12345],
				],
				80,
			),
		).toBe(['Name    Tokens', '──────  ──────', 'Tea          7', 'Coffee  12,345'].join('\n'));
	});

	it('wraps the longest column into what the others leave', () => {
		expect(tableOf(['Name', 'Answer'], [['Tea', 'Two leaves and a bud, picked by hand before the rain comes']], 40)).toBe(
			[
				'Name  Answer',
				'────  ──────────────────────────────────',
				'Tea   Two leaves and a bud, picked by',
				'      hand before the rain comes',
			].join('\n'),
		);
	});

	it('breaks Chinese between any two characters', () => {
		expect(tableOf(['名', '文'], [['茶', '一二三四五六七八九十一二三四五六七八九十']], 40)).toBe(
			['名  文', '──  ' + '─'.repeat(36), '茶  一二三四五六七八九十一二三四五六七八', '    九十'].join('\n'),
		);
	});

	it.each([40, 63, 100])('has no line wider than %i places', (width) => {
		const rows = [['Präzisionsteile aus Tuttlingen', 'Donaudampfschifffahrtsgesellschaft '.repeat(9), '精密零件'.repeat(30), 1234567]];
		const lines = tableOf(['Firma', 'Was', '什么', 'Tokens'], rows, width).split('\n');
		expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
	});

	it('keeps control characters of an answer out of the terminal', () => {
		expect(tableOf(['A'], [['\u001b[2Jred\r\nnext\tline\u0007']], 40)).toBe(['A', '─────────', '[2Jred', 'next line'].join('\n'));
	});

	it('shows the head alone when there are no rows', () => {
		expect(tableOf(['Name', 'Tokens'], [], 80)).toBe(['Name  Tokens', '────  ──────'].join('\n'));
	});
});
