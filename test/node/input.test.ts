import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { EasyInputMessage, ResponseInput } from 'openai/resources/responses/responses';

import { PDF, PNG, dataUrl, fileOf, zeros } from '../support/files';
import { gateway } from '../support/one-item';

const { run } = gateway();
const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };

type Files = Record<string, ReturnType<typeof fileOf>>;

async function itemOf(files: Files): Promise<INodeExecutionData> {
	const stored = await Promise.all(Object.entries(files).map(async ([name, file]) => [name, await file] as const));
	return { json: {}, binary: Object.fromEntries(stored) };
}

/** The `input` that is sent for one item with these files. */
async function inputOf(parameters: INodeParameters, files: Files = {}): Promise<ResponseInput | string> {
	const { requests, error } = await run({ model, ...parameters }, { items: [await itemOf(files)] });
	return error ? error.message : requests[0].body.input;
}

/** The content of the first message of it. */
async function contentOf(parameters: INodeParameters, files: Files): Promise<unknown> {
	const [message] = (await inputOf(parameters, files)) as EasyInputMessage[];
	return message.content;
}

const messages = (...rows: object[]): INodeParameters => ({
	inputType: 'messages',
	messages: { values: rows.map((row) => ({ role: 'user', content: '', binaryFields: '', imageUrls: '', fileUrls: '', ...row })) },
});
const image = (url: string, detail: 'auto' | 'high' = 'auto') => ({ type: 'input_image' as const, image_url: url, detail });
const text = (words: string) => ({ type: 'input_text' as const, text: words });

describe('Input', () => {
	test.each<[string, INodeParameters, ResponseInput | string]>([
		['a prompt', { prompt: 'Hi ' }, [{ type: 'message', role: 'user', content: 'Hi ' }]],
		[
			'messages of every role',
			messages(
				{ role: 'system', content: 'a' },
				{ role: 'developer', content: 'b' },
				{ content: 'c' },
				{ role: 'assistant', content: 'd' },
				{ content: 'e' },
			),
			[
				{ type: 'message', role: 'system', content: 'a' },
				{ type: 'message', role: 'developer', content: 'b' },
				{ type: 'message', role: 'user', content: 'c' },
				{ type: 'message', role: 'assistant', content: 'd' },
				{ type: 'message', role: 'user', content: 'e' },
			],
		],
		[
			'a message with images and files by address',
			messages({
				content: 'Look',
				imageUrls: 'https://a.example/1.png, https://a.example/w_1,h_2/2.png',
				fileUrls: 'https://a.example/a.pdf,',
			}),
			[
				{
					type: 'message',
					role: 'user',
					content: [
						text('Look'),
						image('https://a.example/1.png'),
						image('https://a.example/w_1,h_2/2.png'),
						{ type: 'input_file', file_url: 'https://a.example/a.pdf' },
					],
				},
			],
		],
		[
			'a message with a data URL, and no text',
			messages({ imageUrls: 'data:image/png;base64,AAAA,data:image/gif;base64,BBBB' }),
			[{ type: 'message', role: 'user', content: [image('data:image/png;base64,AAAA'), image('data:image/gif;base64,BBBB')] }],
		],
		[
			'addresses in a list that an expression gives',
			messages({ imageUrls: '={{ ["https://a.example/1.png", "https://a.example/2.png"] }}' }),
			[{ type: 'message', role: 'user', content: [image('https://a.example/1.png'), image('https://a.example/2.png')] }],
		],
		[
			'JSON as text',
			{
				inputType: 'json',
				inputItems: '[{"type": "item_reference", "id": "msg_1"}, {"type": "function_call_output", "call_id": "c", "output": "4"}]',
			},
			[
				{ type: 'item_reference', id: 'msg_1' },
				{ type: 'function_call_output', call_id: 'c', output: '4' },
			],
		],
		['JSON as a list', { inputType: 'json', inputItems: '={{ [{ role: "user", content: "Hi" }] }}' }, [{ role: 'user', content: 'Hi' }]],
		['JSON that is one item', { inputType: 'json', inputItems: '{"role": "user", "content": "Hi"}' }, [{ role: 'user', content: 'Hi' }]],
		['JSON that is a text', { inputType: 'json', inputItems: '"Hi"' }, 'Hi'],
	])('%s', async (_, parameters, input) => {
		expect(await inputOf(parameters)).toEqual(input);
	});
});

describe('A file becomes the part that models know for its type', () => {
	const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
	const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
	test.each([
		['image/png', 'a.png', image(dataUrl('image/png'))],
		['image/jpeg', 'a.jpg', image(dataUrl('image/jpeg'))],
		['image/webp', 'a.webp', image(dataUrl('image/webp'))],
		['image/gif', 'a.gif', image(dataUrl('image/gif'))],
		['image/jpg', 'a.jpg', image(dataUrl('image/jpeg'))],
		['IMAGE/PNG; name="a.png"', 'a.png', image(dataUrl('image/png'))],
		['application/octet-stream', 'Scan.JPG', image(dataUrl('image/jpeg'))],
		['application/x-pdf', 'a.pdf', { type: 'input_file', filename: 'a.pdf', file_data: dataUrl('application/pdf') }],
		['image/pjpeg', 'a.jpg', image(dataUrl('image/jpeg'))],
		['image/x-png', 'a.png', image(dataUrl('image/png'))],
		['application/force-download', 'a.pdf', { type: 'input_file', filename: 'a.pdf', file_data: dataUrl('application/pdf') }],
		['application/zip', 'a.docx', { type: 'input_file', filename: 'a.docx', file_data: dataUrl(word) }],
		['application/pdf', 'Rechnung März.pdf', { type: 'input_file', filename: 'Rechnung März.pdf', file_data: dataUrl('application/pdf') }],
		['application/octet-stream', 'a.pdf', { type: 'input_file', filename: 'a.pdf', file_data: dataUrl('application/pdf') }],
		[word, 'a.docx', { type: 'input_file', filename: 'a.docx', file_data: dataUrl(word) }],
		['application/octet-stream', 'a.xlsx', { type: 'input_file', filename: 'a.xlsx', file_data: dataUrl(excel) }],
		['application/msword', 'a.doc', { type: 'input_file', filename: 'a.doc', file_data: dataUrl('application/msword') }],
		['text/csv', 'a.csv', { type: 'input_file', filename: 'a.csv', file_data: dataUrl('text/csv') }],
		['text/plain; charset=utf-8', 'a.txt', { type: 'input_file', filename: 'a.txt', file_data: dataUrl('text/plain') }],
		['application/ld+json', 'a.jsonld', { type: 'input_file', filename: 'a.jsonld', file_data: dataUrl('application/ld+json') }],
		['application/pdf', undefined, { type: 'input_file', filename: 'data.pdf', file_data: dataUrl('application/pdf') }],
	])('%s %s', async (type, name, part) => {
		const file = fileOf(type, name).then((stored) => (name ? stored : { ...stored, fileExtension: 'pdf' }));
		expect(await contentOf({ prompt: 'Read', binaryFields: 'data' }, { data: file })).toEqual([text('Read'), part]);
	});
});

/** What is sent for a file: its file name and its media type, or the message if nothing is. */
async function sentFor(type: string, name?: string, more: object = {}): Promise<unknown> {
	const file = fileOf(type, name).then((stored) => ({ ...stored, fileExtension: undefined, ...more }));
	const content = await inputOf({ prompt: 'Read', binaryFields: 'data' }, { data: file });
	if (typeof content === 'string') return content;
	const [, part] = (content as EasyInputMessage[])[0].content as Array<{ filename?: string; file_data?: string; image_url?: string }>;
	return [part.filename, /^data:([^;]*);/.exec(part.file_data ?? part.image_url ?? '')?.[1]];
}

describe('A file is sent if its type is one that models take', () => {
	// https://platform.openai.com/docs/guides/file-inputs
	const kinds =
		'pdf csv x-iif msword rtf javascript typescript json json5 x-json5 x-sql x-scala x-rust x-powershell x-patch x-php x-httpd-php ' +
		'x-httpd-php-source x-bash x-awk x-protobuf x-terraform x-toml toml graphql x-graphql x-ndjson x-yaml yaml x-subrip vnd.ms-excel ' +
		'vnd.ms-powerpoint vnd.oasis.opendocument.text vnd.apple.pages vnd.apple.keynote vnd.apple.iwork ' +
		'vnd.openxmlformats-officedocument.presentationml.presentation';
	test.each([...kinds.split(' ').map((kind) => `application/${kind}`), 'text/x-golang', 'text/rtf', 'message/rfc822'])(
		'%s',
		async (type) => {
			expect(await sentFor(type, 'a.dat')).toEqual(['a.dat', type]);
		},
	);
});

describe('A file of another type is sent if its extension is one that models take', () => {
	test.each([
		['application/ics', 'invite.ics', 'text/calendar'],
		['application/x-rtf', 'a.rtf', 'application/rtf'],
		['application/x-csv', 'a.csv', 'application/x-csv'],
		['application/excel', 'a.xls', 'application/vnd.ms-excel'],
		['application/x-msexcel', 'a.xls', 'application/vnd.ms-excel'],
		['application/mspowerpoint', 'a.ppt', 'application/vnd.ms-powerpoint'],
		['application/doc', 'a.doc', 'application/msword'],
		['application/x-sh', 'a.sh', 'application/x-sh'],
		['application/txt', 'a.txt', 'text/plain'],
		['application/eml', 'a.eml', 'message/rfc822'],
		['application/acrobat', 'a.pdf', 'application/pdf'],
		['image/pdf', 'a.pdf', 'application/pdf'],
		['text/pdf', 'a.pdf', 'application/pdf'],
		['text/plain', 'Photo.PNG', 'image/png'],
		['video/mp2t', 'a.ts', 'text/plain'],
		['application/x-msdownload', 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
		['', 'a.pdf', 'application/pdf'],
	])('%s %s', async (type, name, sent) => {
		expect(await sentFor(type, name)).toEqual([sent.startsWith('image/') ? undefined : name, sent]);
	});

	const extensions = 'rtf odt tsv log py sql srt vcf eml ics iif md json xml html yaml toml key pages pps xla dot mhtml ksh nws';
	test.each(extensions.split(' '))('application/octet-stream a.%s', async (extension) => {
		expect(await sentFor('application/octet-stream', `a.${extension}`)).toEqual([`a.${extension}`, expect.stringMatching(/^\w+\/./)]);
	});

	test.each(['application/x-csv', 'application/x-javascript', 'application/sql', 'application/x-json'])(
		'but for %s none is needed',
		async (type) => {
			expect(await sentFor(type)).toEqual([expect.stringMatching(/^data\.\w+$/), type]);
		},
	);
});

describe('A file name without an extension gets that of its type', () => {
	test.each<[string, string | undefined, object, string]>([
		['application/pdf', undefined, {}, 'data.pdf'],
		['application/pdf', '=', {}, '=.pdf'],
		['application/pdf', 'Rechnung 3.4', {}, 'Rechnung 3.4.pdf'],
		['application/pdf', 'Report.2026', {}, 'Report.2026.pdf'],
		['application/pdf', 'x.constructor', {}, 'x.constructor.pdf'],
		['application/pdf', 'a.PDF', {}, 'a.PDF'],
		['application/msword', 'letter', {}, 'letter.doc'],
		['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', undefined, {}, 'data.xlsx'],
		['text/csv', 'table', {}, 'table.csv'],
		['text/plain', undefined, {}, 'data.txt'],
		['text/x-golang', undefined, {}, 'data.txt'],
		['text/calendar', 'invite', {}, 'invite.ics'],
		['message/rfc822', undefined, {}, 'data.eml'],
		['text/html', undefined, { fileExtension: 'htm' }, 'data.htm'],
		['application/octet-stream', undefined, { fileExtension: 'pdf' }, 'data.pdf'],
	])('%s %s %j', async (type, name, more, filename) => {
		expect(await sentFor(type, name, more)).toEqual([filename, expect.any(String)]);
	});
});

describe('* leaves out what models do not take, and names it above the output', () => {
	test.each([
		['winmail.dat', 'application/ms-tnef'],
		['winmail.dat', 'application/vnd.ms-tnef'],
		['smime.p7s', 'application/pkcs7-signature'],
		['photos.zip', 'application/zip'],
		['voice.mp3', 'audio/mpeg'],
		['x.constructor', 'application/octet-stream'],
	])('%s %s', async (name, type) => {
		const item = await itemOf({ attachment_0: fileOf('image/png', 'a.png', PNG), attachment_1: fileOf(type, name) });
		const { requests, hints, error } = await run({ model, prompt: 'Hi', binaryFields: '*' }, { items: [item, item] });
		expect(error).toBeUndefined();
		expect(requests.map(({ body }) => body.input[0].content)).toEqual(Array(2).fill([text('Hi'), image(dataUrl('image/png', PNG))]));
		expect(hints.filter((hint) => hint.type === 'warning').map((hint) => hint.message)).toEqual([
			`Binary field "attachment_1: ${name}" is of the type ${type}, which models do not take: it was left out`,
		]);
	});

	test('and what is empty', async () => {
		const item = await itemOf({ data: fileOf('image/png', 'a.png', PNG), more: fileOf('text/plain', 'b.txt', '') });
		const { hints } = await run({ model, prompt: 'Hi', binaryFields: '*' }, { items: [item] });
		expect(hints.map(({ message }) => message)).toContain('Binary field "more: b.txt" is empty: it was left out');
	});

	test('but not what is also named', async () => {
		const item = await itemOf({ data: fileOf('application/zip', 'a.zip') });
		const { error } = await run({ model, prompt: 'Hi', binaryFields: '*, data' }, { items: [item] });
		expect(error?.message).toContain('is of the type application/zip');
	});

	test('in a few of many warnings', async () => {
		const items = await Promise.all(Array.from({ length: 30 }, (_, at) => itemOf({ data: fileOf('application/zip', `${at}.zip`) })));
		const { hints } = await run({ model, prompt: 'Hi', binaryFields: '*' }, { items });
		const warnings = hints.filter((hint) => hint.type === 'warning').map((hint) => hint.message);
		expect([warnings.length, warnings.at(-1)]).toEqual([11, '20 more warnings like these']);
	});
});

describe('The files of an item', () => {
	const files = () => ({
		a: fileOf('image/png', 'a.png', PNG),
		b: fileOf('application/pdf', 'b.pdf', PDF),
		c: fileOf('text/plain', 'c.txt'),
	});
	const a = image(dataUrl('image/png', PNG));
	const b = { type: 'input_file', filename: 'b.pdf', file_data: dataUrl('application/pdf', PDF) };
	const c = { type: 'input_file', filename: 'c.txt', file_data: dataUrl('text/plain') };
	test.each<[string, INodeParameters, unknown[]]>([
		['one by name', { prompt: 'Hi', binaryFields: 'b' }, [text('Hi'), b]],
		['some, in the order of the names, each once', { prompt: 'Hi', binaryFields: ' c, a ,c' }, [text('Hi'), c, a]],
		['all', { prompt: 'Hi', binaryFields: '*' }, [text('Hi'), a, b, c]],
		['one first, then all others', { prompt: 'Hi', binaryFields: 'c, *' }, [text('Hi'), c, a, b]],
		['named by a list', { prompt: 'Hi', binaryFields: '={{ Object.keys($binary).slice(0, 2) }}' }, [text('Hi'), a, b]],
		['without a prompt', { prompt: ' ', binaryFields: 'a' }, [a]],
		[
			'in a message, before what is linked',
			messages({ content: 'Hi', binaryFields: 'a', imageUrls: 'https://a.example/1.png' }),
			[text('Hi'), a, image('https://a.example/1.png')],
		],
		['with a detail for the images', { prompt: '', binaryFields: 'a, b', options: { imageDetail: 'high' } }, [{ ...a, detail: 'high' }, b]],
	])('%s', async (_, parameters, content) => {
		expect(await contentOf(parameters, files())).toEqual(content);
	});

	test("kept in the JSON, as in n8n's combined mode", async () => {
		const item = await itemOf(files());
		const items = [{ json: { _files: { ...item.binary } } }] as unknown as INodeExecutionData[];
		const { requests } = await run({ model, prompt: 'Hi', binaryFields: '*' }, { items, settings: { binaryMode: 'combined' } });
		expect(requests[0].body.input[0].content).toEqual([text('Hi'), a, b, c]);
	});
});

test("An e-mail with a PDF and two images, as n8n's mail nodes give it, is sent with its attachments", async () => {
	const attachments = {
		attachment_0: fileOf('application/pdf', 'Angebot 2026-11.pdf', PDF),
		attachment_1: fileOf('image/png', 'logo.png', PNG),
		attachment_2: fileOf('image/jpeg', 'IMG_4711.JPG', 'jpeg'),
	};
	const item = {
		...(await itemOf(attachments)),
		json: { subject: 'Angebot', textPlain: 'Anbei unser Angebot.', from: 'Ida <ida@example.com>' },
	};
	const prompt = '=Summarise: {{ $json.subject }}\n{{ $json.textPlain }}';
	const { requests } = await run({ model, prompt, binaryFields: '*' }, { items: [item] });
	expect(requests[0].body.input).toEqual([
		{
			type: 'message',
			role: 'user',
			content: [
				text('Summarise: Angebot\nAnbei unser Angebot.'),
				{ type: 'input_file', filename: 'Angebot 2026-11.pdf', file_data: dataUrl('application/pdf', PDF) },
				image(dataUrl('image/png', PNG)),
				image(dataUrl('image/jpeg', 'jpeg')),
			],
		},
	] satisfies ResponseInput);
});

describe('A file that cannot be sent is named, and nothing is sent', () => {
	test.each<[string, string, Files, INodeParameters]>([
		[
			'This item has no binary field "data"',
			'It has: file, other',
			{ file: fileOf('text/plain', 'a.txt'), other: fileOf('text/plain', 'b.txt') },
			{},
		],
		['This item has no binary field "data"', 'It has no binary data at all', {}, {}],
		...['__proto__', 'constructor', 'toString'].map((name): [string, string, Files, INodeParameters] => [
			`This item has no binary field "${name}"`,
			'It has: file',
			{ file: fileOf('text/plain', 'a.txt') },
			{ binaryFields: name },
		]),
		[
			'Binary field "data" is of the type application/octet-stream',
			'PDF',
			{ data: fileOf('application/octet-stream', 'x.constructor') },
			{},
		],
		['Binary field "data" is of the type application/vnd.ms-tnef', 'PDF', { data: fileOf('application/vnd.ms-tnef', 'winmail.dat') }, {}],
		['Binary field "data" is empty', 'node that made the file', { data: fileOf('text/plain', 'a.txt', '') }, {}],
		['Binary field "data" is of the type audio/mpeg, which models do not take', 'convert it', { data: fileOf('audio/mpeg', 'a.mp3') }, {}],
		['Binary field "data" is of the type image/svg+xml', 'PNG', { data: fileOf('image/svg+xml', 'a.svg') }, {}],
		['Binary field "data" is of the type application/zip', 'PDF', { data: fileOf('application/zip', 'a.zip') }, {}],
		['Binary field "data" is of the type application/octet-stream', 'PDF', { data: fileOf('application/octet-stream', 'a.bin') }, {}],
		['Binary field "data" has 21.0 MB, more than 20 MB', 'Max File Size', { data: fileOf('text/plain', 'a.txt', zeros(21)) }, {}],
		[
			'Binary field "data" has 2.0 MB, more than 1 MB',
			'Max File Size',
			{ data: fileOf('text/plain', 'a.txt', zeros(2)) },
			{ options: { maxFileSize: 1 } },
		],
	])('%s', async (message, hint, files, parameters) => {
		const asked = { model, prompt: 'Hi', binaryFields: 'data', ...parameters };
		const { error, requests } = await run(asked, { items: [await itemOf(files)] });
		expect(error?.message).toContain(message);
		expect(error?.description).toContain(hint);
		expect(requests).toEqual([]);
	});

	test('of a message, in the same way', async () => {
		expect(await inputOf(messages({ binaryFields: 'photo' }))).toBe('This item has no binary field "photo"');
	});
});

test('Each item is asked with its own text and files', async () => {
	const items = await Promise.all(
		['one', 'two'].map(async (name) => ({ ...(await itemOf({ data: fileOf('text/plain', `${name}.txt`, name) })), json: { name } })),
	);
	const { requests } = await run({ model, prompt: '={{ $json.name }}', binaryFields: 'data' }, { items });
	const sent = requests.map(({ body }) =>
		body.input[0].content.map((part: { text?: string; filename?: string }) => part.text ?? part.filename),
	);
	expect(sent.sort()).toEqual([
		['one', 'one.txt'],
		['two', 'two.txt'],
	]);
});
