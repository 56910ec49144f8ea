import { bytesOf } from '../support/engine';
import { ANSWER, gateway } from '../support/one-item';
import { bytes, json, recorded } from '../support/replies';

const asked = { model: { __rl: true, mode: 'id', value: 'gpt-5.4' }, prompt: 'Draw it', tools: { codeInterpreter: {} } };
const options = { downloadFiles: true };

/** An answer for which the model made these files. */
function madeFiles(...names: Array<string | undefined>) {
	const annotations = names.map((filename, index) => ({
		type: 'container_file_citation',
		container_id: 'cntr_1',
		file_id: `cfile_${index + 1}`,
		filename,
	}));
	const [message] = ANSWER.output;
	return json({ ...ANSWER, output: [{ ...message, content: [{ ...message.content[0], annotations }] }] });
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0x00, 0xc3]);
const csv = (text: string) => bytes(text, 'application/octet-stream');
/** new-api's reply where it has no such address */
const NO_ADDRESS = json(
	{ error: { message: 'Invalid URL (GET /v1/containers/cntr_1/files/cfile_1/content)', type: 'invalid_request_error', code: '' } },
	{ status: 404 },
);
const NO_ADDRESS_WORDS = recorded('new-api-invalid-url.1.json').error.message.split(' (')[0];

const { run } = gateway();
const warningsIn = (hints: Array<{ type?: string; message: string }>) =>
	hints.filter(({ type }) => type === 'warning').map(({ message }) => message);

describe('Files that the model made', () => {
	test('come out as binary fields with their names, byte for byte', async () => {
		const replies = [madeFiles('plot.png', '/mnt/data/rivers.csv'), bytes(PNG, 'application/octet-stream'), csv('a;b')];
		const { items, requests, hints } = await run({ ...asked, options }, {}, ...replies);
		const { binary = {}, json: item } = items[0];
		expect(Object.entries(binary).map(([field, { fileName, mimeType }]) => [field, fileName, mimeType])).toEqual([
			['file', 'plot.png', 'image/png'],
			['file2', 'rivers.csv', 'text/csv'],
		]);
		expect(await bytesOf(binary.file)).toEqual(PNG);
		expect(String(await bytesOf(binary.file2))).toBe('a;b');
		expect(item).toMatchObject({
			text: 'Hello!',
			files: [
				{ fileId: 'cfile_1', containerId: 'cntr_1', filename: 'plot.png' },
				{ fileId: 'cfile_2', containerId: 'cntr_1', filename: '/mnt/data/rivers.csv' },
			],
		});
		expect(requests.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
			['POST', '/v1/responses', 'Bearer sk-test-4711'],
			['GET', '/v1/containers/cntr_1/files/cfile_1/content', 'Bearer sk-test-4711'],
			['GET', '/v1/containers/cntr_1/files/cfile_2/content', 'Bearer sk-test-4711'],
		]);
		expect(warningsIn(hints)).toEqual([]);
	});

	test('are not downloaded unless the user wants them', async () => {
		const { items, requests } = await run({ ...asked }, {}, madeFiles('plot.png'));
		expect([requests.length, items[0].binary]).toEqual([1, undefined]);
		expect(items[0].json.files).toEqual([{ fileId: 'cfile_1', containerId: 'cntr_1', filename: 'plot.png' }]);
	});

	test('cost no call where there are none', async () => {
		const { items, requests } = await run({ ...asked, options });
		expect([requests.length, items[0].json.files, items[0].binary]).toEqual([1, undefined, undefined]);
	});

	test('without a name are called after their field', async () => {
		const { items } = await run({ ...asked, options }, {}, madeFiles(undefined), bytes(PNG, 'image/png'));
		expect(items[0].binary?.file).toMatchObject({ fileName: 'file', mimeType: 'image/png' });
	});

	test.each([
		['answer', { answer: 'Hello!' }],
		['inputAndAnswer', { row: 1, answer: 'Hello!' }],
	])('come beside the output %s', async (output, item) => {
		const items = [{ json: { row: 1 } }];
		const result = await run({ ...asked, output, options }, { items }, madeFiles('plot.png'), bytes(PNG, 'image/png'));
		expect(result.items[0].json).toEqual(item);
		expect(Object.keys(result.items[0].binary ?? {})).toEqual(['file']);
	});

	test('are downloaded once for rows that share an answer', async () => {
		const { items, requests } = await run(
			{ ...asked, options, requests: { reuseIdentical: true, concurrency: 1 } },
			{ items: [{ json: {} }, { json: {} }] },
			madeFiles('plot.png'),
			bytes(PNG, 'image/png'),
		);
		expect(requests.length).toBe(2);
		expect(items.map(({ binary }) => binary?.file.fileName)).toEqual(['plot.png', 'plot.png']);
	});
});

describe('A file that does not come costs its row nothing', () => {
	test.each([
		[
			'where the server has no address for it',
			NO_ADDRESS,
			expect.stringContaining(NO_ADDRESS_WORDS),
			/\. The server has no address for such files, or keeps the file no longer$/,
		],
		[
			'where the server sends a web page',
			bytes('<html></html>', 'text/html'),
			'The server sent a web page in place of the file',
			/of the file$/,
		],
		['where it is an error', json({ error: { message: 'Container is expired' } }), 'Container is expired', /: Container is expired$/],
		[
			'where it is larger than Max File Size',
			bytes(Buffer.alloc(1024 * 1024 + 1), 'application/octet-stream'),
			'The reply is larger than 1 MB',
			/\. Raise Max File Size in Options$/,
		],
	])('%s', async (_, reply, error, warning) => {
		const replies = [madeFiles('plot.png', 'rivers.csv'), reply, csv('a;b')];
		const { items, hints, status } = await run({ ...asked, options: { ...options, maxFileSize: 1 } }, {}, ...replies);
		expect([status, items[0].json.text]).toEqual(['success', 'Hello!']);
		expect(items[0].json.files).toEqual([
			{ fileId: 'cfile_1', containerId: 'cntr_1', filename: 'plot.png', error },
			{ fileId: 'cfile_2', containerId: 'cntr_1', filename: 'rivers.csv' },
		]);
		// the other one takes the first name
		expect(items[0].binary?.file.fileName).toBe('rivers.csv');
		expect(warningsIn(hints)).toEqual([expect.stringMatching(warning)]);
		expect(warningsIn(hints)[0]).toMatch(/^The file "plot\.png" was not downloaded: /);
	});

	test('where the server names no container', async () => {
		const [message] = ANSWER.output;
		const annotations = [{ type: 'file_path', file_id: 'file-1', index: 0 }];
		const reply = json({ ...ANSWER, output: [{ ...message, content: [{ ...message.content[0], annotations }] }] });
		const { items, requests } = await run({ ...asked, options }, {}, reply);
		expect(items[0].json.files).toEqual([{ fileId: 'file-1', error: 'The server named no container for it' }]);
		expect(requests.length).toBe(1);
	});
});
