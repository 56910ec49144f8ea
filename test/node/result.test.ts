import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { bytesOf } from '../support/engine';
import { PNG } from '../support/files';
import { ANSWER, gateway, saying } from '../support/one-item';
import { fixture, json, recorded, sse, type Reply } from '../support/replies';

const { run } = gateway();
const asked = { model: { __rl: true, mode: 'id', value: 'gpt-5.1' }, prompt: 'Hi' };

/** The one item that comes out for a recorded reply. */
async function itemOf(name: string, parameters: INodeParameters = {}) {
	const { items, error } = await run({ ...asked, ...parameters }, {}, fixture(name));
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	return items[0];
}

const usageOf = (input: number, cached: number, output: number, reasoning: number) => ({
	input_tokens: input,
	cached_tokens: cached,
	output_tokens: output,
	reasoning_tokens: reasoning,
	total_tokens: input + output,
});
const openai = { id: expect.stringMatching(/^resp_/), model: 'gpt-5.4-2026-03-05', status: 'completed' };
const luna = 'Under a silver moon, a small unicorn named Luna hummed the stars to sleep.';
const rivers = {
	...openai,
	text: 'Bonn lies on the Rhine. The Sieg joins it to the north.',
	usage: usageOf(42, 32, 97, 64),
	reasoning: '**Counting rivers**\n\nThe Rhine and the Sieg meet near Bonn.\n\n**Answering**\n\nTwo sentences are enough.',
};

/** A recorded reply, and the whole item that it gives by default. */
const SIMPLIFIED: Array<[string, string, IDataObject]> = [
	[
		'the text',
		'anyfast-text.1.json',
		{
			id: 'resp_0ed94fe7ec73cf560169afd97bba648194b8661d445cfa4244',
			model: 'gpt-5.4',
			status: 'completed',
			text: '你好!有什么可以帮您的?',
			usage: usageOf(8, 0, 15, 0),
		},
	],
	[
		'the text in the shape of chat completions, with the requested model where the server names none',
		'anyapi-text.1.json',
		{ id: 'chatcmpl-A1b2C3d4E5f6G7h8', model: 'gpt-5.1', status: 'completed', text: luna, usage: usageOf(16, 0, 19, 0) },
	],
	['a summary of the reasoning, and all parts of the text', 'openai-reasoning.1.json', rivers],
	['the same from a stream', 'openai-reasoning.1.sse', rivers],
	[
		'the text from a stream in the shape of chat completions',
		'anyapi-text.1.sse',
		{ id: 'chatcmpl-A1b2C3d4E5f6G7h8', model: 'gpt-5.1', status: 'completed', text: luna, usage: usageOf(16, 0, 19, 0) },
	],
	[
		'what the text cites, each once',
		'openai-search.1.json',
		{
			...openai,
			text: 'The north bridge is being rebuilt. It opens in 2031.',
			usage: usageOf(912, 0, 44, 0),
			sources: [
				{ url: 'https://www.bonn.de/bridge', title: 'Nordbrücke' },
				{ fileId: 'file-7Hq', filename: 'plan.pdf' },
				{ url: 'https://example.org/news' },
			],
		},
	],
	[
		'the tools that the model asks for',
		'openai-functions.1.json',
		{
			...openai,
			text: '',
			usage: usageOf(75, 0, 58, 40),
			toolCalls: [
				{ callId: 'call_Hq3', name: 'get_weather', arguments: { city: 'Bonn' } },
				{ callId: 'call_Kd8', name: 'run_code', arguments: 'print(1)' },
			],
		},
	],
	[
		'the same in the shape of chat completions; arguments that are cut off as text',
		'anyapi-functions.1.json',
		{
			id: 'chatcmpl-F1',
			model: 'gpt-5.1',
			status: 'completed',
			text: '',
			usage: usageOf(60, 0, 31, 0),
			toolCalls: [
				{ callId: 'call_Hq3', name: 'get_weather', arguments: { city: 'Bonn' } },
				{ callId: 'call_Kd8', name: 'get_time', arguments: '{"zone": "Europe/Ber' },
			],
		},
	],
	[
		'a refusal',
		'openai-refusal.1.json',
		{ ...openai, text: '', usage: usageOf(20, 0, 9, 0), refusal: "I'm sorry, I can't help with that." },
	],
	[
		'a refusal in the shape of chat completions',
		'anyapi-refusal.1.json',
		{
			id: 'chatcmpl-R1',
			model: 'gpt-5.1',
			status: 'completed',
			text: '',
			usage: usageOf(20, 0, 9, 0),
			refusal: "I'm sorry, I can't help with that.",
		},
	],
	[
		'why an answer is not whole',
		'openai-incomplete.1.json',
		{ ...openai, status: 'incomplete', text: '', usage: usageOf(20, 0, 16, 16), incompleteReason: 'max_output_tokens' },
	],
	[
		'further answers, the thoughts of the model, and tokens that come as text',
		'anyapi-choices.1.json',
		{
			id: 'chatcmpl-Z9y8X7w6',
			model: 'gpt-5.1',
			status: 'incomplete',
			text: 'A lighthouse keeper befriends',
			usage: usageOf(21, 5, 30, 12),
			incompleteReason: 'max_output_tokens',
			reasoning: 'The user wants one sentence. Keep it short.',
			alternatives: ["A clockmaker's daughter winds", 'Two robots plant a'],
		},
	],
];

describe('By default an item holds', () => {
	test.each(SIMPLIFIED)('%s', async (_, name, item) => {
		expect(await itemOf(name)).toEqual({ json: item, pairedItem: { item: 0 } });
	});

	test.each(['anyfast-text.1.json', 'openai-reasoning.1.json', 'anyapi-text.1.json'])(
		'the same for %s whether it was asked for as a stream or not',
		async (name) => expect(await itemOf(name, { options: { stream: true } })).toEqual(await itemOf(name)),
	);

	test.each<[string, object, object]>([
		['no usage where the server gave none', { usage: undefined }, { usage: null }],
		['zero tokens where it counted none', { usage: { input_tokens: 0, output_tokens: 0 } }, { usage: usageOf(0, 0, 0, 0) }],
		[
			'the tokens of either naming, where a gateway gives both',
			{ usage: { input_tokens: 0, output_tokens: 0, prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
			{ usage: usageOf(7, 0, 3, 0) },
		],
		[
			'the tokens from the cache of either naming, where a gateway gives both',
			{
				usage: {
					input_tokens: 9,
					output_tokens: 1,
					input_tokens_details: { cached_tokens: 0 },
					prompt_tokens_details: { cached_tokens: 7 },
				},
			},
			{ usage: usageOf(9, 7, 1, 0) },
		],
		[
			'the sum where the server counted none',
			{ usage: { input_tokens: 3, output_tokens: 4, total_tokens: 0 } },
			{ usage: usageOf(3, 0, 4, 0) },
		],
		[
			'the tokens from the cache by the words of Anthropic',
			{ usage: { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 5 } },
			{ usage: usageOf(9, 5, 1, 0) },
		],
		[
			'the arguments of a call, also null',
			{ output: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: 'null' }] },
			{ toolCalls: [{ callId: 'c', name: 'f', arguments: null }] },
		],
		['no ID where the server gave none', { id: undefined }, { id: null }],
		['the status completed where it was left out', { status: undefined }, { status: 'completed' }],
		['the status of one that goes on elsewhere', { status: 'queued', output: [] }, { status: 'queued', text: '' }],
	])('%s', async (_, change, item) => {
		const { items } = await run({ ...asked, options: { background: true, waitForCompletion: false } }, {}, json({ ...ANSWER, ...change }));
		expect(items[0].json).toMatchObject(item);
	});
});

test('The answer stands first in an item', async () => {
	const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
	const order = async (parameters: INodeParameters, reply: Reply) =>
		Object.keys((await run({ ...asked, ...parameters }, {}, reply)).items[0].json);
	expect(await order({}, json({ ...ANSWER, ...cut }))).toEqual(['text', 'usage', 'id', 'model', 'status', 'incompleteReason']);
	expect(await order({ outputFormat: 'jsonObject' }, saying('{"a": 1}'))).toEqual(['json', 'text', 'usage', 'id', 'model', 'status']);
});

describe('With the output Raw Response an item is the reply', () => {
	test.each(['anyfast-text.1.json', 'anyapi-choices.1.json', 'anyapi-functions.1.json'])('%s', async (name) => {
		expect((await itemOf(name, { output: 'raw' })).json).toEqual(recorded(name));
	});

	test('with an error that is one', async () => {
		const reply = { ...ANSWER, error: { message: 'Old' } };
		const { items } = await run({ ...asked, output: 'raw' }, {}, json(reply));
		expect(items[0].json).toEqual(reply);
	});

	// older n8n takes its mere presence for a failed run
	test.each(['openai-reasoning.1.json', 'openai-reasoning.1.sse'])('%s, without the error that is none', async (name) => {
		const { error, ...rest } = recorded('openai-reasoning.1.json');
		expect(error).toBeNull();
		expect((await itemOf(name, { output: 'raw' })).json).toEqual(rest);
	});
});

describe('What hosted tools give beside the text', () => {
	const approvalRequests = [
		{ id: 'mcpr_01', serverLabel: 'shop', name: 'get_order', arguments: { order: 4711 } },
		{ id: 'mcpr_02', serverLabel: 'shop', name: 'list_orders', arguments: '' },
	];
	test('the calls that wait for an approval', async () => {
		const { json: item } = await itemOf('openai-approval.1.json');
		expect(item).toEqual({ ...openai, text: '', usage: usageOf(412, 0, 21, 0), approvalRequests });
	});

	test('those also where the answer alone comes out, and where JSON was asked for', async () => {
		const parameters = { output: 'answer', outputFormat: 'jsonObject' };
		expect((await itemOf('openai-approval.1.json', parameters)).json).toMatchObject({ approvalRequests });
	});

	test('files that were made, with their container, and images by their addresses', async () => {
		const { json: item } = await itemOf('openai-container-file.1.json');
		expect(item).toMatchObject({
			files: [{ fileId: 'cfile_01', containerId: 'cntr_01', filename: 'rivers.csv' }],
			sources: [{ fileId: 'file-7Hq', filename: 'plan.pdf' }],
			images: [{ url: 'https://files.example.com/plot.png' }],
		});
	});

	// what takes more than linear time does not end within the time that a test may take
	test('fifty thousand citations', async () => {
		const annotations = Array.from({ length: 50_000 }, (_, at) => ({ type: 'url_citation', url: `https://example.com/${at % 40_000}` }));
		const content = [{ type: 'output_text', text: 'Long', annotations }];
		const reply = json({
			...ANSWER,
			output: [{ type: 'message', role: 'assistant', content }],
			citations: annotations.map(({ url }) => url),
		});
		const { items } = await run(asked, {}, reply);
		expect(items[0].json.sources).toHaveLength(40_000);
	});

	test('calls of functions with an ID for each, though the server named none or the same', async () => {
		const ids = ['call_2', '', 'call_2', undefined, ' '];
		const output = ids.map((id) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' }));
		const { items } = await run(asked, {}, json({ ...ANSWER, output }));
		const callIds = (items[0].json.toolCalls as IDataObject[]).map(({ callId }) => callId);
		expect([callIds[0], new Set(callIds).size]).toEqual(['call_2', 5]);
	});
});

test('A list of responses, as llama.cpp gives for several choices, is the first one and the texts of the others', async () => {
	const { json: item } = await itemOf('llama.cpp-choices.1.json', { sampling: { n: 3, maxOutputTokens: 5 } });
	expect(item).toEqual({
		text: 'Red',
		usage: usageOf(31, 0, 9, 0),
		id: 'resp_c0',
		model: 'qwen2.5-0.5b-instruct-q4_k_m.gguf',
		status: 'completed',
		alternatives: ['Blue', 'Green'],
	});
});

describe('An ID or model name that is blank is none', () => {
	test.each(['', ' ', null, undefined])('%j', async (blank) => {
		const { items } = await run(asked, {}, json({ ...ANSWER, id: blank, model: blank }));
		expect(items[0].json).toMatchObject({ id: null, model: 'gpt-5.1' });
	});

	const chunk = (id: unknown, model: unknown, content: string) => ({ id, model, choices: [{ index: 0, delta: { content } }] });
	const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
	const event = (status: string, more: object) => ({ type: `response.${status}`, response: { ...ANSWER, status, ...more } });
	test.each<[string, object[], object]>([
		['of the first chunk', [chunk('', '', ''), chunk('c1', 'm1', 'Hi'), end], { id: 'c1', model: 'm1', text: 'Hi' }],
		['null in the first chunk', [chunk(null, null, ''), chunk('c1', 'm1', 'Hi'), end], { id: 'c1', model: 'm1' }],
		['of the last chunk', [chunk('c1', 'm1', 'Hi'), chunk('', '', '!'), end], { id: 'c1', model: 'm1', text: 'Hi!' }],
		['of every chunk', [chunk('', ' ', 'Hi'), end], { id: null, model: 'gpt-5.1' }],
		['of the first event', [event('in_progress', { id: '', model: '' }), event('completed', {})], { id: ANSWER.id, model: 'gpt-5.4' }],
		['of the last event', [event('in_progress', {}), event('completed', { id: '', model: null })], { id: ANSWER.id, model: 'gpt-5.4' }],
	])('%s', async (_, events, item) => {
		const { items } = await run({ ...asked, options: { stream: true } }, {}, sse(events));
		expect(items[0].json).toMatchObject(item);
	});
});

describe('Generated images', () => {
	test('come as binary data under names of their own, and not in the JSON', async () => {
		const { json: item, binary = {} } = await itemOf('openai-images.1.json');
		const { image, image2 } = binary;
		expect([image, image2]).toMatchObject([
			{ fileName: 'image.png', mimeType: 'image/png' },
			{ fileName: 'image2.webp', mimeType: 'image/webp' },
		]);
		expect(await bytesOf(image)).toEqual(PNG);
		expect(item).toEqual({ ...openai, text: 'Here are two.', usage: usageOf(30, 0, 40, 0) });
	});

	test('leave the names of their fields in the raw reply', async () => {
		const { json: item } = await itemOf('openai-images.1.json', { output: 'raw' });
		const results = (item.output as IDataObject[]).map(({ result }) => result);
		expect(results).toEqual(['image', 'image2', undefined]);
	});

	const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');
	test.each([
		['JPEG', jpeg, 'image.jpeg', 'image/jpeg'],
		['WebP', Buffer.from('RIFF1234WEBP').toString('base64'), 'image.webp', 'image/webp'],
		['PNG', PNG.toString('base64'), 'image.png', 'image/png'],
		['JPEG in a data URL', `data:image/jpeg;base64,${jpeg}`, 'image.jpeg', 'image/jpeg'],
		['GIF', Buffer.from('GIF89a').toString('base64'), 'image.gif', 'image/gif'],
		['SVG', Buffer.from('<svg/>').toString('base64'), 'image.svg', 'image/svg+xml'],
		['SVG in a data URL', `data:image/svg+xml;base64,${Buffer.from('<!-- --><svg/>').toString('base64')}`, 'image.svg', 'image/svg+xml'],
		['WebP in a data URL with parameters', 'data:image/webp;name=a.php;base64,AAAA', 'image.webp', 'image/webp'],
	])('have the format of their content, where the server names none: %s', async (_, result, fileName, mimeType) => {
		const { items } = await run(asked, {}, json({ ...ANSWER, output: [{ type: 'image_generation_call', result }] }));
		expect(items[0].binary?.image).toMatchObject({ fileName, mimeType });
	});

	test.each([
		['JPG', 'image.jpeg', 'image/jpeg'],
		['svg+xml', 'image.svg', 'image/svg+xml'],
		['gif', 'image.gif', 'image/gif'],
		['../../etc/passwd', 'image.png', 'image/png'],
		['php', 'image.png', 'image/png'],
		['__proto__', 'image.png', 'image/png'],
		['constructor', 'image.png', 'image/png'],
		['', 'image.png', 'image/png'],
	])('have no other format than that of an image, whatever the server says: %s', async (format, fileName, mimeType) => {
		const image = { type: 'image_generation_call', result: PNG.toString('base64'), output_format: format };
		const { items } = await run(asked, {}, json({ ...ANSWER, output: [image] }));
		expect(items[0].binary?.image).toMatchObject({ fileName, mimeType });
	});

	test.each<[string, object, string]>([
		['an address', { result: 'https://cdn.example/20250427/pic.png' }, 'https://cdn.example/20250427/pic.png'],
		['an address with a query', { result: 'http://cdn.example/pic?sig=a%2Fb&e=1' }, 'http://cdn.example/pic?sig=a%2Fb&e=1'],
		['an address without a scheme', { result: 'cdn.example/pic.png' }, 'cdn.example/pic.png'],
		['a path', { result: '/files/pic' }, '/files/pic'],
		['an address in an object', { result: { url: 'https://cdn.example/pic' } }, 'https://cdn.example/pic'],
		['an address beside an empty result', { result: null, url: 'https://cdn.example/pic' }, 'https://cdn.example/pic'],
	])('that are %s come out as that, and no file is made of it', async (_, image, url) => {
		const reply = json({ ...ANSWER, output: [{ type: 'image_generation_call', ...image }] });
		const { items } = await run(asked, {}, reply);
		expect(items[0].json).toMatchObject({ images: [{ url }] });
		expect(items[0].binary).toBeUndefined();
	});

	const png = PNG.toString('base64');
	const address = 'https://cdn.example/pic';
	const inChat = (message: object) => ({ object: 'chat.completion', choices: [{ message, finish_reason: 'stop' }] });
	const places = (image: string): Array<[string, object]> => [
		['a list', { ...ANSWER, output: [{ type: 'image_generation_call', result: [{ b64_json: image }] }] }],
		['a field of its item', { ...ANSWER, output: [{ type: 'image_generation_call', b64_json: image }] }],
		['a part of a message', { ...ANSWER, output: [{ type: 'message', content: [{ type: 'output_image', image_url: image }] }] }],
		[
			'an output of the code interpreter',
			{ ...ANSWER, output: [{ type: 'code_interpreter_call', outputs: [{ type: 'image', url: image }] }] },
		],
		['a chat message', inChat({ content: null, images: [{ type: 'image_url', image_url: { url: image } }] })],
		['a chat message as text', inChat({ content: 'Here', images: [image] })],
		['a part of a chat message', inChat({ content: [{ type: 'image_url', image_url: { url: image } }] })],
	];

	test.each(places(`data:image/png;base64,${png}`))('come as binary data and leave no base64 behind, from %s', async (_, reply) => {
		for (const output of ['details', 'raw']) {
			const { items } = await run({ ...asked, output }, {}, json(reply));
			expect(items[0].binary?.image).toMatchObject({ fileName: 'image.png', mimeType: 'image/png' });
			expect(JSON.stringify(items[0].json)).not.toContain(png.slice(0, 40));
		}
	});

	test.each(places(address))('come out as addresses from %s', async (_, reply) => {
		const { items } = await run(asked, {}, json(reply));
		expect(items[0].json).toMatchObject({ images: [{ url: address }] });
		expect(items[0].binary).toBeUndefined();
	});

	test.each<[string, object]>([
		['beside the text', { images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }] }],
		['among its parts', { content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }] }],
	])('come in the chunks of a chat, too: %s', async (_, delta) => {
		const chunks = [{ content: 'Here' }, delta].map((piece) => ({ choices: [{ delta: piece, finish_reason: null }] }));
		const end = { choices: [{ delta: {}, finish_reason: 'stop' }] };
		const { items } = await run({ ...asked, options: { stream: true } }, {}, sse([...chunks, end, '[DONE]']));
		expect(items[0].json).toMatchObject({ text: 'Here' });
		expect(items[0].binary?.image).toMatchObject({ fileName: 'image.png', mimeType: 'image/png' });
	});

	test('that are an address stay so in the raw reply, beside one that is none', async () => {
		const output = [PNG.toString('base64'), 'https://cdn.example/pic'].map((result) => ({ type: 'image_generation_call', result }));
		const { items } = await run({ ...asked, output: 'raw' }, {}, json({ ...ANSWER, output }));
		expect((items[0].json.output as IDataObject[]).map(({ result }) => result)).toEqual(['image', 'https://cdn.example/pic']);
		expect(Object.keys(items[0].binary ?? {})).toEqual(['image']);
	});
});

describe('Of several items', () => {
	const items = ['a', 'b', 'c'].map((name) => ({ json: { name } }));
	const failure = json(
		{ error: { message: 'Too long', type: 'invalid_request_error', param: 'input', code: 'too_long' } },
		{ status: 400 },
	);
	const second = [json(ANSWER), failure, json(ANSWER)];
	const inTurn = { ...asked, requests: { concurrency: 1, maxRetries: 0 }, output: 'answer' };
	const good = (item: number) => ({ json: { answer: 'Hello!' }, pairedItem: { item } });
	const details = {
		status: 400,
		code: 'too_long',
		type: 'invalid_request_error',
		param: 'input',
		attempts: 1,
		hint: expect.stringContaining('Prompt'),
	};

	test('each gives one, in their order', async () => {
		expect((await run(inTurn, { items })).items).toEqual([good(0), good(1), good(2)]);
	});

	test('a failed one stops the run, and the error says which it was', async () => {
		const { error } = await run(inTurn, { items }, ...second);
		expect(error).toMatchObject({ message: 'Too long', httpCode: '400', context: { itemIndex: 1, details } });
	});

	test('a failed one gives an error item with Continue On Fail', async () => {
		const failed = await run(inTurn, { items, node: { onError: 'continueRegularOutput' } }, ...second);
		expect(failed.items).toEqual([good(0), { json: { error: 'Too long', details }, pairedItem: { item: 1 } }, good(2)]);
	});

	test('a failed one leaves by the error output', async () => {
		const failed = await run(inTurn, { items, node: { onError: 'continueErrorOutput' } }, ...second);
		expect(failed.items).toEqual([good(0), good(2)]);
		expect(failed.errorItems).toMatchObject([{ json: { error: 'Too long', details, name: 'b' } }]);
	});
});
