import { encodeBody } from '../../api/http/encode-body';

const MB = 1024 * 1024;
const file = `data:application/pdf;base64,${'QUJD'.repeat(MB / 4)}=`;

describe('The bytes of a body', () => {
	test.each<[string, object]>([
		['of nothing', {}],
		['of texts in any script', { input: 'Grüße, 你好, "quoted" \\ \n' }],
		['of a file', { input: [{ content: [{ type: 'input_file', file_data: file, filename: 'Ärger.pdf' }] }] }],
		['of several files, and a text between them', { a: file, b: 'Grüße', c: [file, file], d: null }],
		['of a large text in any script', { input: 'ü'.repeat(MB) }],
		['of a large text with quotes', { input: '"\\'.repeat(MB / 2), file }],
		['of many texts that are large together', { input: Array.from({ length: 2000 }, (_, index) => `Row ${index} `.repeat(100)) }],
	])('are its JSON: %s', async (_, body) => {
		// as texts, Jest would compare and print megabytes
		expect((await encodeBody(body)).equals(Buffer.from(JSON.stringify(body)))).toBe(true);
	});

	test.each([
		['short', 1],
		['large', MB],
	])('hold no half surrogate pairs of a %s text', async (_, times) => {
		const body = { input: 'cut \ud83d'.repeat(times), '\udc00': 1 };
		const bytes = await encodeBody(body);
		expect(JSON.parse(bytes.toString())).toEqual({ input: 'cut \ufffd'.repeat(times), '\ufffd': 1 });
	});
});
