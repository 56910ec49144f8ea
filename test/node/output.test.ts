import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { binaryOf, bytesOf } from '../support/engine';
import { PNG } from '../support/files';
import { ANSWER, gateway, saying } from '../support/one-item';
import { fixture, json } from '../support/replies';

const { run } = gateway();
const asked = { model: { __rl: true, mode: 'id', value: 'gpt-5.1' }, prompt: 'Hi' };
const answerOnly = { ...asked, output: 'answer' };
const inputAndAnswer = { ...asked, output: 'inputAndAnswer' };
const anyJson = { outputFormat: 'jsonSchema', schema: '{}', strict: false };
const CONTINUE = { onError: 'continueRegularOutput' as const };

const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
const pending = { id: 'resp_1', object: 'response', model: 'gpt-5.4', status: 'in_progress', output: [] };
const errorReply = json({ error: { message: 'Too long', code: 'too_long' } }, { status: 400 });
const failure = { error: 'Too long', details: { status: 400, code: 'too_long', attempts: 1, hint: expect.any(String) } };

/** What is shown above the output, but for the sum of the tokens. */
const warningsOf = ({ hints }: { hints: Array<{ type?: string; message: string }> }) =>
	hints.filter(({ type }) => type === 'warning').map(({ message }) => message);

describe('Answer Only gives', () => {
	test.each<[string, INodeParameters, string, IDataObject]>([
		['the text as the answer', {}, 'Hello', { answer: 'Hello' }],
		['the text under the name of Answer Field', { answerField: ' summary ' }, 'Hello', { summary: 'Hello' }],
		['the text as the answer where Answer Field is blank', { answerField: '' }, 'Hello', { answer: 'Hello' }],
		['the fields of the JSON', anyJson, '{"city": "Bonn", "stars": 3}', { city: 'Bonn', stars: 3 }],
		['a list as items', anyJson, '[1, 2]', { items: [1, 2] }],
		['the text, where the JSON has no fields', anyJson, '42', { answer: '42' }],
		['a blank text, where there is none', {}, '', { answer: '' }],
	])('%s', async (_, parameters, answer, item) => {
		const { items } = await run({ ...answerOnly, ...parameters }, {}, saying(answer));
		expect(items[0].json).toEqual(item);
	});

	const refusal = { output: [{ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'I cannot help' }] }] };
	const call = { output: [{ type: 'function_call', call_id: 'c1', name: 'find', arguments: '{"a": 1}' }] };
	test.each<[string, INodeParameters, object, IDataObject]>([
		['the refusal beside a blank answer', {}, refusal, { answer: '', refusal: 'I cannot help' }],
		['what the model asks for', {}, call, { answer: '', toolCalls: [{ callId: 'c1', name: 'find', arguments: { a: 1 } }] }],
		['the reason beside an answer that was cut off', {}, cut, { answer: 'Hello!', incompleteReason: 'max_output_tokens' }],
		['the reason beside an answer that never began', {}, { ...cut, output: [] }, { answer: '', incompleteReason: 'max_output_tokens' }],
		[
			'that there is none beside one cut off without',
			{},
			{ status: 'incomplete' },
			{ answer: 'Hello!', incompleteReason: 'no reason given' },
		],
		[
			'the reason beside JSON that was cut off, where that is no error',
			{ ...anyJson, options: { treatAsErrors: [] } },
			cut,
			{ answer: 'Hello!', incompleteReason: 'max_output_tokens' },
		],
		[
			'what is wrong beside an answer that is no JSON, where that is no error',
			{ ...anyJson, options: { treatAsErrors: [] } },
			{},
			{ answer: 'Hello!', jsonError: 'it is not valid JSON: Hello!' },
		],
		["the answer also with a status of the server's own", {}, { status: 'ready' }, { answer: 'Hello!' }],
	])('%s', async (_, parameters, change, item) => {
		const { items } = await run({ ...answerOnly, ...parameters }, {}, json({ ...ANSWER, ...change }));
		expect(items[0].json).toEqual(item);
	});

	test.each<[string, INodeParameters, object, IDataObject]>([
		['the text of a stored response', {}, ANSWER, { note: 'Hello!' }],
		[
			'the fields of one that was asked for as JSON',
			{},
			{ ...JSON.parse(String(saying('{"a": 1}').body[0])), text: { format: { type: 'json_object' } } },
			{ a: 1 },
		],
		['ID and status of one that goes on', {}, pending, { id: 'resp_1', status: 'in_progress' }],
		['the same after Cancel', { operation: 'cancel' }, { ...pending, status: 'cancelled' }, { id: 'resp_1', status: 'cancelled' }],
		[
			'the same beside what had come',
			{ operation: 'cancel' },
			{ ...ANSWER, id: 'resp_1', status: 'cancelled' },
			{ note: 'Hello!', id: 'resp_1', status: 'cancelled' },
		],
	])('for Get and Cancel %s', async (_, parameters, reply, item) => {
		const stored = { operation: 'get', responseId: 'resp_1', output: 'answer', answerField: 'note' };
		const { items } = await run({ ...stored, ...parameters }, {}, json(reply));
		expect(items[0].json).toEqual(item);
	});
});

describe('Input and Answer', () => {
	const row = { company: 'Acme', text: 'old', id: 7 };

	test('gives the input first, then the answer alone', async () => {
		const result = await run(inputAndAnswer, { items: [{ json: row }] });
		expect(result.items[0].json).toEqual({ ...row, answer: 'Hello!' });
		expect(Object.keys(result.items[0].json)).toEqual(['company', 'text', 'id', 'answer']);
		expect(warningsOf(result)).toEqual([]);
	});

	test('warns above the output, once, of fields that the answer replaced', async () => {
		const items = [{ json: row }, { json: { id: 8 } }, { json: { company: 'Bolt' } }];
		const result = await run({ ...inputAndAnswer, ...anyJson }, { items }, saying('{"id": "x", "size": "small"}'));
		expect(result.items.map((item) => item.json)).toEqual([
			{ company: 'Acme', text: 'old', id: 'x', size: 'small' },
			{ id: 'x', size: 'small' },
			{ company: 'Bolt', id: 'x', size: 'small' },
		]);
		expect(warningsOf(result)).toEqual([expect.stringMatching(/^The output replaced fields of the input: "id"\. /)]);
	});

	test('keeps the reason beside an answer that was cut off', async () => {
		const { items } = await run(inputAndAnswer, { items: [{ json: row }] }, json({ ...ANSWER, ...cut }));
		expect(items[0].json).toEqual({ ...row, answer: 'Hello!', incompleteReason: 'max_output_tokens' });
	});

	const failedBefore = { company: 'Acme', error: 'Busy', details: { status: 429, hint: 'Wait' } };
	test('leaves out the error of an item that failed before', async () => {
		const result = await run(inputAndAnswer, { items: [{ json: failedBefore }] });
		expect(result.items[0].json).toEqual({ company: 'Acme', answer: 'Hello!' });
		expect(warningsOf(result)).toEqual([]);
	});

	test('keeps columns that only have the names of one', async () => {
		const items = [{ json: { error: 'E42 disk full', details: 'see log' } }];
		const result = await run(inputAndAnswer, { items });
		expect(result.items[0].json).toEqual({ error: 'E42 disk full', details: 'see log', answer: 'Hello!' });
	});

	test('leaves the input item as it was', async () => {
		const items = [{ json: { ...row, answer: 'old' } }];
		await run(inputAndAnswer, { items });
		expect(items[0].json).toEqual({ ...row, answer: 'old' });
	});

	test('is for the operations that have an answer alone', async () => {
		const items = [{ json: row }];
		const { items: stored } = await run({ operation: 'get', responseId: 'resp_1', output: 'inputAndAnswer' }, { items });
		expect(stored[0].json).toEqual({ ...row, answer: 'Hello!' });
		const { items: deleted } = await run(
			{ operation: 'delete', responseId: 'resp_1', output: 'inputAndAnswer' },
			{ items },
			json({ deleted: true }),
		);
		expect(deleted[0].json).toEqual({ deleted: true, id: 'resp_1' });
	});

	describe('with binary data', () => {
		const withFile = async (name: string): Promise<INodeExecutionData> => ({
			json: row,
			binary: { [name]: await binaryOf(Buffer.from('Hi'), { mimeType: 'text/plain', fileName: 'a.txt' }) },
		});

		test('keeps the files of the input', async () => {
			const { items } = await run(inputAndAnswer, { items: [await withFile('attachment_0')] });
			expect(await bytesOf(items[0].binary!.attachment_0)).toEqual(Buffer.from('Hi'));
		});

		test('puts generated images beside them, and warns of a file that an image replaced', async () => {
			const result = await run(inputAndAnswer, { items: [await withFile('image')] }, fixture('openai-images.1.json'));
			expect(Object.keys(result.items[0].binary!)).toEqual(['image', 'image2']);
			expect(await bytesOf(result.items[0].binary!.image)).toEqual(PNG);
			expect(warningsOf(result)).toEqual([expect.stringContaining('"image" (binary)')]);
		});

		test('keeps the files of a failed item', async () => {
			const { items } = await run(inputAndAnswer, { items: [await withFile('attachment_0')], node: CONTINUE }, errorReply);
			expect(items[0]).toMatchObject({ json: { ...row, ...failure }, pairedItem: { item: 0 } });
			expect(await bytesOf(items[0].binary!.attachment_0)).toEqual(Buffer.from('Hi'));
		});
	});

	describe('keeps the input of a failed item', () => {
		test.each<[string, INodeParameters]>([
			['that the server refused', {}],
			['that was not sent, for its prompt is blank', { prompt: '={{ $json.missing }}' }],
			['that was not sent, for an expression cannot be read', { prompt: '={{ $json.missing.deeper.still }}' }],
		])('%s', async (_, parameters) => {
			const { items } = await run({ ...inputAndAnswer, ...parameters }, { items: [{ json: row }], node: CONTINUE }, errorReply);
			expect(items[0].json).toEqual({ ...row, error: expect.any(String), details: expect.objectContaining({ hint: expect.any(String) }) });
		});

		test('with its new error instead of an old one', async () => {
			const result = await run(inputAndAnswer, { items: [{ json: failedBefore }], node: CONTINUE }, errorReply);
			expect(result.items[0].json).toEqual({ company: 'Acme', ...failure });
			expect(warningsOf(result)).toEqual(['1 of 1 item failed: see "error" and "details" there']);
		});

		test('and warns of a column that the error replaced', async () => {
			const result = await run(inputAndAnswer, { items: [{ json: { details: 'see log' } }], node: CONTINUE }, errorReply);
			expect(result.items[0].json).toEqual(failure);
			expect(warningsOf(result)).toContainEqual(expect.stringContaining('fields of the input: "details"'));
		});

		test('but not on the error output, where n8n adds it', async () => {
			const node = { onError: 'continueErrorOutput' as const };
			const { items, errorItems } = await run(inputAndAnswer, { items: [{ json: row }], node }, errorReply);
			expect(items).toEqual([]);
			expect(errorItems.map((item) => item.json)).toEqual([{ ...row, ...failure }]);
		});

		test('but not with another output', async () => {
			const { items } = await run(answerOnly, { items: [{ json: row }], node: CONTINUE }, errorReply);
			expect(items[0].json).toEqual(failure);
		});
	});
});

describe('Is told before anything is sent:', () => {
	test.each<[string, INodeParameters, string]>([
		['the answer field error', { ...answerOnly, answerField: 'error' }, '"Answer Field" may not be "error"'],
		[
			'an output that there is not',
			{ ...asked, output: '={{ "table" }}' },
			'"Output" takes details, answer, inputAndAnswer, raw, not "table"',
		],
	])('%s', async (_, parameters, message) => {
		const { error, requests } = await run(parameters);
		expect(error?.message).toContain(message);
		expect(requests).toEqual([]);
	});
});
