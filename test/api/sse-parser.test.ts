import { SseParser } from '../../api/decode/sse-parser';

/** The events of a stream that comes in these pieces. */
function eventsOf(...pieces: string[]) {
	const parser = new SseParser();
	return [...pieces.flatMap((piece) => parser.feed(piece)), ...parser.flush()];
}

const STREAM = ': comment\n\nevent: a\ndata: 1\ndata: 2\n\nid: 7\nretry: 5\ndata:3\n\n';
const EVENTS = [
	{ name: 'a', data: '1\n2' },
	{ name: '', data: '3' },
];

describe('SseParser gives the same events', () => {
	test.each([
		['LF', '\n'],
		['CRLF', '\r\n'],
		['CR', '\r'],
	])('with lines that end in %s, wherever the stream is cut', (_, lineEnd) => {
		const stream = STREAM.replaceAll('\n', lineEnd);
		for (let at = 0; at <= stream.length; at++) expect(eventsOf(stream.slice(0, at), stream.slice(at))).toEqual(EVENTS);
		expect(eventsOf(...stream)).toEqual(EVENTS);
	});

	test('with an empty piece in the middle of a line end', () => {
		expect(eventsOf('data: 1\r', '', '\ndata: 2\r\n\r\n')).toEqual([{ name: '', data: '1\n2' }]);
	});

	test('without the blank line after the last one', () => expect(eventsOf(STREAM.trimEnd())).toEqual(EVENTS));
});

test.each([
	['event: a\n\n', []],
	['data\n\n', [{ name: '', data: '' }]],
	['data:  two blanks\n\n', [{ name: '', data: ' two blanks' }]],
])('SseParser of %j', (stream, events) => expect(eventsOf(stream)).toEqual(events));

test('SseParser keeps text that is no event, its beginning at least', () => {
	const parser = new SseParser();
	parser.feed(STREAM);
	expect(parser.unparsedText).toBe('');
	parser.feed('data: 1\n\n<html>\n502\n</html>\n');
	parser.feed('x'.repeat(9000));
	parser.flush();
	expect(parser.unparsedText).toMatch(/^<html>\n502\n<\/html>\nx+\n$/);
	expect(parser.unparsedText.length).toBeLessThan(5000);
});
