import { parseResponse, type ApiResponse } from '../../api/decode/normalize';
import { parseStructuredOutput } from '../../nodes/Responses/output/structured-output';

const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
const message = (texts: string[], more: object = {}) => ({
	type: 'message',
	content: texts.map((text) => ({ type: 'output_text', text })),
	...more,
});

/** What is read from an answer of these messages. */
function read(...output: object[]) {
	const response = parseResponse({ status: 'completed', output }) as ApiResponse;
	return parseStructuredOutput(response, schema);
}

describe('parseStructuredOutput', () => {
	test.each([
		'{"a":1}',
		' \n{"a":1}\n',
		'```json\n{"a":1}\n```',
		'Here it is:\n```\n{"a":1}\n```\nDone',
		"{'a': 1,}",
		'```json\n{"a": 1,}\n```',
		'{"a":1}}',
	])('reads the document in %j', (text) => expect(read(message([text]))).toEqual({ json: { a: 1 } }));

	test('leaves out what the model said on its way', () => {
		expect(read(message(['{"a":2}'], { phase: 'commentary' }), message(['{"a":1}']))).toEqual({ json: { a: 1 } });
	});

	test('reads one text in several parts', () => expect(read(message(['{"a":', '1}']))).toEqual({ json: { a: 1 } }));

	test('reads the last of several messages, or of several parts', () => {
		expect(read(message(['{"a":1}']), message(['{"a":1}']))).toEqual({ json: { a: 1 } });
		expect(read(message(['Thinking.', '{"a":1}']))).toEqual({ json: { a: 1 } });
	});

	test.each<[string, string]>([
		['', 'it is empty'],
		['Sorry, no.', 'it is not valid JSON: Sorry, no.'],
		['Sorry, '.repeat(20).trim(), `it is not valid JSON: ${'Sorry, '.repeat(11)}Sor ...`],
		['{"b":1}', '$.a is missing'],
		['{"a":"x"}', '$.a should be number, but is string'],
		['[1]', '$ should be object, but is array'],
		['{"a":1', 'it is not valid JSON: {"a":1 (it was cut off)'],
		[`{"a":1,"text":"${'x'.repeat(200)}`, `it is not valid JSON: {"a":1,"text":"${'x'.repeat(65)} ... ${'x'.repeat(40)} (it was cut off)`],
		['{"a":1} and {"a":2}', 'it is not valid JSON: {"a":1} and {"a":2}'],
	])('says what is wrong with %j', (text, jsonError) => expect(read(message([text]))).toEqual({ jsonError }));
});
