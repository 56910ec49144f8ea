import type { FunctionTool, ResponseCreateParams, ResponseInputItem } from 'openai/resources/responses/responses';
import type { INodeParameters } from 'n8n-workflow';

import { inputTypesOf, runWithTools, type Connected, type TestTool } from '../support/canvas-tools';
import { z } from '../support/chat-model';
import { untilRead } from '../support/hanging-replies';
import { ANSWER } from '../support/one-item';
import { json, sse, type Reply } from '../support/replies';
import { startServer } from '../support/server';

type Recorded = Awaited<ReturnType<typeof startServer>>['requests'][number];

const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
let server: Awaited<ReturnType<typeof startServer>>;
afterEach(async () => await server.close());

/** Runs the node on rows of text with these tools; the server replies as the test says. */
async function run(
	reply: Reply[] | ((request: Recorded) => Reply),
	tools: Connected[],
	parameters: INodeParameters = {},
	options: object = {},
) {
	server = await startServer(reply);
	const credentials = { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } };
	const result = await runWithTools({ model, prompt: '={{ $json.text ?? "Hi" }}', ...parameters }, tools, { credentials, ...options });
	return { ...result, bodies: server.requests.map(({ body }) => body as ResponseCreateParams & { input: ResponseInputItem[] }) };
}

const question = { type: 'message', role: 'user', content: 'Hi' } as const;
const reasoning = { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'gAAA' } as const;
const message = (text: string) => ({ ...ANSWER.output[0], content: [{ type: 'output_text', text, annotations: [] }] });
const calling = (args: object | string, callId = 'call_1', name = 'get_stock') => {
	const given = typeof args === 'string' ? args : JSON.stringify(args);
	return { id: `fc_${callId}`, type: 'function_call', status: 'completed', call_id: callId, name, arguments: given } as const;
};
const answering = (...output: object[]) => json({ ...ANSWER, output });
const result = (output: string, call_id = 'call_1') => ({ type: 'function_call_output', call_id, output }) as const;
const DONE = answering(message('Done'));
const stock: TestTool = {
	name: 'get_stock',
	takes: { article: z.string() },
	run: ({ article }) => `${article}: 7`,
	description: 'The stock',
};
const CONTINUE = { node: { onError: 'continueRegularOutput' } };

describe('A row with tools', () => {
	test('leaves alone the calls that the server has answered itself, as Mastra does', async () => {
		const own = [calling({ city: 'Paris' }, 'call_9', 'get_weather'), result('Sunny', 'call_9'), message('It is sunny.')];
		const { bodies, items } = await run([answering(...own)], [stock]);
		expect(bodies).toHaveLength(1);
		expect(items[0].json).toMatchObject({ text: 'It is sunny.', toolCalls: [{ name: 'get_weather' }] });
		expect(items[0].json).not.toHaveProperty('toolRuns');
	});

	test('makes its own call beside one that the server has answered', async () => {
		const output = [calling({ city: 'Paris' }, 'call_9', 'get_weather'), result('Sunny', 'call_9'), calling({ article: 'A1' })];
		const { bodies, items } = await run([answering(...output), DONE], [stock]);
		expect(bodies[1].input).toEqual([question, ...output, result('A1: 7')]);
		expect(items[0].json).toMatchObject({ text: 'Done', toolRuns: [{ name: 'get_stock', output: 'A1: 7' }] });
	});

	test('sends what they are, and back what the server gave, word for word', async () => {
		const output = [reasoning, message('Let me see.'), calling('{ "article": "A1" }')];
		const { bodies, items } = await run([answering(...output), DONE], [stock]);
		const tools: FunctionTool[] = [
			{
				type: 'function',
				name: 'get_stock',
				description: 'The stock',
				parameters: { type: 'object', properties: { article: { type: 'string' } }, required: ['article'], additionalProperties: false },
				strict: false,
			},
		];
		expect(bodies[0]).toEqual({ model: 'gpt-5.4', input: [question], tools } satisfies ResponseCreateParams);
		expect(bodies[1]).toEqual({ model: 'gpt-5.4', input: [question, ...output, result('A1: 7')], tools });
		expect(items[0].json).toMatchObject({
			text: 'Done',
			usage: { input_tokens: 16, output_tokens: 30, total_tokens: 46 },
			toolRuns: [{ name: 'get_stock', arguments: { article: 'A1' }, output: 'A1: 7' }],
		});
		expect(items[0].json).not.toHaveProperty('toolCalls');
	});

	test('sends all of the rounds before, and sums up what they cost', async () => {
		const rounds = ['1', '2'].map((id) => answering({ ...reasoning, id: `rs_${id}` }, calling({ article: id }, `call_${id}`)));
		const options = { prices: { input: 1, output: 10 } };
		const { bodies, items, metadata, hints } = await run([...rounds, DONE], [stock], { options });
		expect(bodies[2].input.map((item) => ('call_id' in item ? `${item.type} ${item.call_id}` : item.type))).toEqual([
			'message',
			...['reasoning', 'function_call call_1', 'function_call_output call_1'],
			...['reasoning', 'function_call call_2', 'function_call_output call_2'],
		]);
		expect(items[0].json.usage).toMatchObject({ total_tokens: 69, cost: 0.000474 });
		expect(metadata.tokenUsage).toEqual({ inputTokens: 24, outputTokens: 45 });
		expect(hints[0].message).toContain('3 calls (0 retries), 24 tokens in');
	});

	test('makes the calls of one answer one after another, and answers all of them', async () => {
		let running = 0;
		let most = 0;
		const slow = async ({ article }: { article: string }) => {
			most = Math.max(most, ++running);
			await server.requests[0].closed;
			running--;
			return article;
		};
		const calls = ['1', '2', '3'].map((id) => calling({ article: id }, `call_${id}`));
		const { bodies } = await run([answering(...calls), DONE], [{ ...stock, run: slow }]);
		expect(bodies[1].input.slice(4)).toEqual(['1', '2', '3'].map((id) => result(id, `call_${id}`)));
		expect(most).toBe(1);
	});

	test.each<[string, Reply, string, object]>([
		[
			'arguments that do not fit',
			answering(calling({ article: 7 })),
			'Error: Received tool input did not match expected schema',
			{ arguments: { article: 7 } },
		],
		['arguments that are no JSON', answering(calling('{"article":')), 'Error: The arguments are no JSON object: {"article":', {}],
		['arguments that are no object', answering(calling('"A1"')), 'Error: The arguments are no JSON object: "A1"', {}],
		['a tool that there is not', answering(calling({}, 'call_1', 'order')), 'Error: There is no tool "order". There are: get_stock', {}],
		['a tool that fails', answering(calling({ article: 'broken' })), 'Error: The shelf is broken', { arguments: { article: 'broken' } }],
	])('tells the model of %s', async (_, reply, words, run_) => {
		const failing: TestTool = {
			...stock,
			run: () => {
				throw new Error('The shelf is broken');
			},
		};
		const { bodies, items } = await run([reply, DONE], [failing]);
		const { output } = bodies[1].input.at(-1) as { output: string };
		expect(output.slice(0, words.length)).toBe(words);
		const [told] = items[0].json.toolRuns as object[];
		expect(told).toMatchObject({ ...run_, error: output.slice('Error: '.length) });
		expect(told).not.toHaveProperty('output');
	});

	test.each<[string, unknown, string]>([
		['an object', { article: 'A1', pieces: 7 }, '{"article":"A1","pieces":7}'],
		['nothing', undefined, ''],
	])('tells the model %s that a tool gives as text', async (_, given, output) => {
		const { bodies } = await run([answering(calling({ article: 'A1' })), DONE], [{ ...stock, run: () => given }]);
		expect(bodies[1].input.at(-1)).toEqual(result(output));
	});

	test('calls a tool that takes one text, and one that takes nothing', async () => {
		const calculator: TestTool = { name: 'calculator', run: (text) => `${text} = 42` };
		const now: TestTool = { name: 'now', takes: {}, run: () => 'noon' };
		const calls = [calling({ input: '6*7' }, 'call_1', 'calculator'), calling('', 'call_2', 'now')];
		const { bodies } = await run([answering(...calls), DONE], [calculator, now]);
		expect(bodies[1].input.slice(-2)).toEqual([result('6*7 = 42'), result('noon', 'call_2')]);
		const [{ parameters }] = (bodies[0].tools as FunctionTool[]).filter(({ name }) => name === 'calculator');
		expect(parameters).toMatchObject({ properties: { input: { type: 'string' } } });
	});

	test('calls the tools of a toolkit', async () => {
		const { bodies, items } = await run([answering(calling({ article: 'A1' })), DONE], [{ toolkit: [{ ...stock, name: 'other' }, stock] }]);
		expect((bodies[0].tools as FunctionTool[]).map(({ name }) => name)).toEqual(['other', 'get_stock']);
		expect(items[0].json.toolRuns).toMatchObject([{ output: 'A1: 7' }]);
	});

	test('gives tools names that the API takes', async () => {
		const tools = ['查询库存', '查询价格', 'Stock (Berlin)'].map((name) => ({ ...stock, name, run: () => name }));
		const { bodies } = await run([answering(calling({ article: '1' }, 'call_1', '__2')), DONE], [{ toolkit: tools }]);
		expect((bodies[0].tools as FunctionTool[]).map(({ name, description }) => [name, description])).toEqual([
			['_', '查询库存: The stock'],
			['__2', '查询价格: The stock'],
			['Stock_Berlin_', 'Stock (Berlin): The stock'],
		]);
		expect(bodies[1].input.at(-1)).toEqual(result('查询价格'));
	});

	test('keeps images of earlier rounds, and gives the raw reply of the last', async () => {
		const image = { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'iVBORw0KGgo=', output_format: 'png' };
		const { items } = await run([answering(image, calling({ article: '1' })), DONE], [stock], { output: 'raw' });
		expect(items[0].binary).toMatchObject({ image: { mimeType: 'image/png' } });
		expect(items[0].json.output).toEqual([message('Done')]);
	});

	test('says nothing of the usage where one round told none', async () => {
		const { usage, ...silent } = ANSWER;
		expect(usage).toBeDefined();
		const { items } = await run([json({ ...silent, output: [calling({ article: '1' })] }), DONE], [stock]);
		expect(items[0].json.usage).toBeNull();
	});

	test('judges the last answer where it is to be JSON, and gives it alone', async () => {
		const more = { outputFormat: 'fields', outputFields: { values: [{ name: 'order', type: 'boolean' }] }, output: 'answer' };
		const replies = [answering(message('Let me see.'), calling({ article: '1' })), answering(message('{"order": true}'))];
		const { items, bodies } = await run(replies, [stock], more);
		expect(items[0].json).toEqual({ order: true });
		expect(bodies[1].text).toEqual(bodies[0].text);
	});

	test('leaves an answer alone that was cut off in a call', async () => {
		const cut = { ...ANSWER, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [calling('{"arti')] };
		const { items, bodies } = await run([json(cut)], [stock]);
		expect(bodies).toHaveLength(1);
		expect(items[0].json).toMatchObject({ incompleteReason: 'max_output_tokens', toolCalls: [{ name: 'get_stock' }] });
	});
});

describe('A server', () => {
	test('that answers in the shape of chat completions is sent output items', async () => {
		const call = { id: 'call_1', type: 'function', function: { name: 'get_stock', arguments: '{"article":"A1"}' } };
		const said = { role: 'assistant', content: 'Let me see.', reasoning_content: 'Hm', tool_calls: [call] };
		const completion = { id: 'c', object: 'chat.completion', choices: [{ message: said, finish_reason: 'tool_calls' }] };
		const { bodies } = await run([json(completion), DONE], [stock], { options: { store: true } });
		expect(bodies[1].input).toEqual([
			question,
			// the server gave its thoughts no ID, by which it could read them again
			{ type: 'message', role: 'assistant', content: 'Let me see.' },
			{ type: 'function_call', call_id: 'call_1', name: 'get_stock', arguments: '{"article":"A1"}' },
			result('A1: 7'),
		] satisfies ResponseInputItem[]);
	});

	test.each<[string, string | undefined]>([
		['numbers its calls anew in each answer', 'call_0'],
		['gives its calls no ID', undefined],
	])('that %s is sent calls with IDs of their own', async (_, callId) => {
		const call = (article: string) => answering({ ...calling({ article }), id: undefined, call_id: callId });
		const { bodies } = await run([call('1'), call('2'), DONE], [stock]);
		const told = bodies[2].input.flatMap((item) => ('call_id' in item ? [`${item.type} ${item.call_id}`] : []));
		const ids = [0, 2].map((index) => told[index].split(' ')[1]);
		expect(told).toEqual(ids.flatMap((id) => [`function_call ${id}`, `function_call_output ${id}`]));
		expect(new Set(ids).size).toBe(2);
	});

	test.each<[string, INodeParameters, object]>([
		['with Previous Response ID', { previousResponseId: 'resp_0' }, { previous_response_id: 'resp_1' }],
		['with Store', { store: true }, { previous_response_id: 'resp_1', store: true }],
		['with a conversation', { conversation: 'conv_1' }, { conversation: 'conv_1' }],
	])('that keeps what was said is sent only what is new: %s', async (_, options, expected) => {
		const first = json({ ...ANSWER, id: 'resp_1', output: [reasoning, calling({ article: 'A1' })] });
		const { bodies } = await run([first, DONE], [stock], { options, instructions: 'Be short' });
		const { tools, ...sent } = bodies[1];
		expect(tools).toHaveLength(1);
		expect(sent).toEqual({ model: 'gpt-5.4', instructions: 'Be short', input: [result('A1: 7')], ...expected });
	});

	test.each<[string, INodeParameters, object]>([
		['says that it keeps nothing', { store: true }, { store: false }],
		['is told to keep nothing', { store: false, previousResponseId: 'resp_0' }, {}],
		['gives its response no ID', { previousResponseId: 'resp_0' }, { id: undefined }],
	])('that %s is sent all', async (_, options, more) => {
		const { bodies } = await run([json({ ...ANSWER, ...more, output: [calling({ article: 'A1' })] }), DONE], [stock], { options });
		expect(bodies[1].input).toEqual([question, calling({ article: 'A1' }), result('A1: 7')]);
	});

	test.each<[string, INodeParameters, unknown, unknown]>([
		['required', { toolChoice: 'required' }, 'required', 'auto'],
		['a function', { toolChoice: 'get_stock' }, { type: 'function', name: 'get_stock' }, 'auto'],
		['none', { toolChoice: 'none' }, 'none', 'none'],
		[
			'some tools, of which one is required',
			{ toolChoice: '{"type": "allowed_tools", "mode": "required", "tools": []}' },
			{ type: 'allowed_tools', mode: 'required', tools: [] },
			{ type: 'allowed_tools', mode: 'auto', tools: [] },
		],
	])('is asked to choose by itself after the first calls: %s', async (_, tools, first, second) => {
		const { bodies } = await run([answering(calling({ article: '1' })), DONE], [stock], { tools });
		expect(bodies.map(({ tool_choice }) => tool_choice)).toEqual([first, second]);
	});

	test.each(['in the background', 'as a stream'])('is asked %s in each round', async (how) => {
		const options = how === 'in the background' ? { background: true } : { stream: true };
		const { bodies, items } = await run([answering(calling({ article: '1' })), DONE], [stock], { options });
		expect(bodies).toMatchObject([options, options]);
		expect(items[0].json.text).toBe('Done');
	});
});

test('Input in other shapes is continued too', async () => {
	const parameters = { inputType: 'json', inputItems: '"Hi"', options: { extraBody: { input: 'Hi' } } };
	const { bodies } = await run([answering(calling({ article: '1' })), DONE], [stock], parameters);
	expect(bodies[1].input).toEqual([question, calling({ article: '1' }), result('1: 7')]);
});

describe('A function of the form', () => {
	const tools = { functions: { values: [{ name: 'decide', description: '', parameters: '{}', strict: true }] } };

	test('comes out in toolCalls, once the connected tools of the same answer have run', async () => {
		const { bodies, items } = await run([answering(calling({ article: 'A1' }), calling({ order: true }, 'call_2', 'decide'))], [stock], {
			tools,
		});
		expect((bodies[0].tools as FunctionTool[]).map(({ name }) => name)).toEqual(['decide', 'get_stock']);
		expect(bodies).toHaveLength(1);
		expect(items[0].json).toMatchObject({
			toolCalls: [{ callId: 'call_2', name: 'decide', arguments: { order: true } }],
			toolRuns: [{ name: 'get_stock', output: 'A1: 7' }],
		});
	});

	test('comes out in a later round', async () => {
		const { items } = await run([answering(calling({ article: 'A1' })), answering(calling({}, 'call_2', 'decide'))], [stock], { tools });
		expect(items[0].json).toMatchObject({ toolCalls: [{ name: 'decide' }], toolRuns: [{ name: 'get_stock' }] });
	});
});

describe('Before anything is sent fails', () => {
	test.each<[string, Connected[], INodeParameters, string]>([
		['two tools of one name', [stock, { toolkit: [stock] }], {}, 'Several tools have the same name: "get_stock"'],
		[
			'a tool that is called as a function of the form',
			[stock],
			{ tools: { functions: { values: [{ name: 'get_stock', description: '', parameters: '{}', strict: true }] } } },
			'Several tools have the same name: "get_stock"',
		],
		[
			'a response that is not waited for',
			[stock],
			{ options: { background: true, waitForCompletion: false } },
			'"Wait for Completion" is off, but tools are connected, which could not be run then',
		],
		[
			'a tool that waits for a person',
			[{ ...stock, metadata: { gatedToolNodeName: 'Stock' } }],
			{},
			'The tool "get_stock" waits for a person, which this node cannot',
		],
	])('%s', async (_, tools, parameters, words) => {
		const { items, bodies } = await run([DONE], tools, parameters, CONTINUE);
		expect(items[0].json).toMatchObject({ error: words, details: { hint: expect.stringContaining(' ') } });
		expect(bodies).toEqual([]);
	});
});

describe('After tools have run', () => {
	const runs = [{ name: 'get_stock', arguments: { article: '1' }, output: '1: 7' }];
	const round = answering(message('Let me see.'), calling({ article: '1' }));

	test('an error says so, and tells what they did', async () => {
		const refused = json({ error: { message: 'Too long', code: 'context_length_exceeded' } }, { status: 400 });
		const { items, metadata } = await run([round, refused], [stock], {}, CONTINUE);
		expect(items[0].json).toMatchObject({ error: 'Too long', details: { code: 'context_length_exceeded', toolRuns: runs } });
		expect((items[0].json.details as { hint: string }).hint).toContain('Connected tools had already run');
		expect(metadata.tokenUsage).toEqual({ inputTokens: 8, outputTokens: 15 });
	});

	test('an error of the answer tells it too', async () => {
		const { items } = await run([round, DONE], [stock], { outputFormat: 'jsonObject' }, CONTINUE);
		expect(items[0].json).toMatchObject({ details: { code: 'invalid_json', toolRuns: runs } });
	});

	test('an error where none has run says nothing of it', async () => {
		const { items } = await run([DONE], [stock], { outputFormat: 'jsonObject' }, CONTINUE);
		expect(items[0].json.details).not.toHaveProperty('toolRuns');
	});

	test('too many rounds are an error, with what had come', async () => {
		const { items, bodies } = await run(() => round, [stock], { options: { maxToolRounds: 2 } }, CONTINUE);
		expect(bodies).toHaveLength(3);
		expect(items[0].json).toMatchObject({
			error: 'The model still called tools after 2 rounds',
			details: { toolRuns: [...runs, ...runs], partialText: 'Let me see.\n\nLet me see.\n\nLet me see.' },
		});
	});

	test('a refusal to take a call is waited out', async () => {
		const busy = json({ error: { message: 'Busy' } }, { status: 429, headers: { 'retry-after-ms': '1' } });
		const { items } = await run([round, busy, DONE], [stock]);
		expect(items[0].json).toMatchObject({ text: 'Done', toolRuns: runs });
	});
});

describe('Rows beside each other', () => {
	const textOf = ({ body }: Recorded): string => body.input[0].content;
	const hasResult = ({ body }: Recorded) => body.input.at(-1).type === 'function_call_output';
	const rows = ['a', 'b', 'c', 'd', 'e'].map((text) => ({ json: { text } }));

	test('need a second request only where a tool was called, each with its own arguments', async () => {
		const reply = (request: Recorded) => {
			const text = textOf(request);
			if (hasResult(request)) return answering(message(`${text} has ${request.body.input.at(-1).output}`));
			return 'ace'.includes(text) ? answering(calling({ article: text })) : answering(message(text));
		};
		const { items, bodies, supplied } = await run(reply, [stock], {}, { items: rows });
		expect(bodies).toHaveLength(8);
		expect(supplied).toBe(1);
		expect(items.map(({ json: { text } }) => text)).toEqual(['a has a: 7', 'b', 'c has c: 7', 'd', 'e has e: 7']);
		expect(
			items.map(({ json: { toolRuns } }) => (toolRuns as Array<{ arguments: unknown }> | undefined)?.map((one) => one.arguments)),
		).toEqual([[{ article: 'a' }], undefined, [{ article: 'c' }], undefined, [{ article: 'e' }]]);
	});

	test('are asked while the tool of another row works, whatever Concurrency says', async () => {
		let works = 0;
		// the tool of the first row ends when all rows were asked once
		const waiting: TestTool = {
			...stock,
			run: async () => {
				works++;
				await server.request(rows.length);
				return 'yes';
			},
		};
		const reply = (request: Recorded) => (hasResult(request) || textOf(request) !== 'a' ? DONE : answering(calling({ article: '1' })));
		const { items } = await run(reply, [waiting], { requests: { concurrency: 1 } }, { items: rows });
		expect(items.map(({ json: { text } }) => text)).toEqual(rows.map(() => 'Done'));
		expect(works).toBe(1);
	});

	test('run no more tools once another row has failed', async () => {
		let runs = 0;
		let fail = () => {};
		const failed = new Promise<void>((resolve) => (fail = resolve));
		const counting: TestTool = {
			...stock,
			run: async () => {
				runs++;
				await server.request(2);
				fail();
				await server.requests.find((request) => textOf(request) === 'b')?.closed;
				await untilRead();
				return 'yes';
			},
		};
		const wrong = json({ error: { message: 'The prompt is wrong' } }, { status: 400, after: failed });
		const calls = answering(...['1', '2', '3'].map((id) => calling({ article: id }, `call_${id}`)));
		const { error, bodies } = await run(
			(request) => (textOf(request) === 'b' ? wrong : calls),
			[counting],
			{},
			{ items: rows.slice(0, 2) },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect([runs, bodies.length]).toEqual([1, 2]);
	});

	test('that are alike each run their own tools, whatever Reuse Identical says', async () => {
		let runs = 0;
		const counting: TestTool = { ...stock, run: () => String(++runs) };
		const reply = (request: Recorded) => (hasResult(request) ? DONE : answering(calling({ article: '1' })));
		const { items } = await run(reply, [counting], { requests: { reuseIdentical: true } }, { items: [rows[0], rows[0]] });
		expect(items.map(({ json: { text } }) => text)).toEqual(['Done', 'Done']);
		expect(runs).toBe(2);
	});
});

describe('Stop', () => {
	test.each<[string, number]>([
		['while a tool works, which goes on for ever', 1],
		['between two calls of one answer', 2],
	])('%s, ends the run and asks no more', async (_, stopAt) => {
		const stop = new AbortController();
		let calls = 0;
		const tool: TestTool = {
			...stock,
			run: async () => {
				if (++calls < stopAt) return 'yes';
				stop.abort();
				return stopAt === 1 ? await new Promise(() => {}) : 'yes';
			},
		};
		const output = ['1', '2', '3'].map((id) => calling({ article: id }, `call_${id}`));
		const { status, bodies } = await run([answering(...output), DONE], [tool], {}, { signal: stop.signal });
		expect(status).toBe('canceled');
		expect([bodies.length, calls]).toEqual([1, stopAt]);
	});

	test('in the second round closes the call', async () => {
		const stop = new AbortController();
		const reply = ({ body }: Recorded): Reply => {
			if (body.input.length === 1) return answering(calling({ article: '1' }));
			stop.abort();
			return { body: [], after: new Promise(() => {}) };
		};
		const { status } = await run(reply, [stock], {}, { signal: stop.signal });
		expect(status).toBe('canceled');
		await server.requests[1].closed;
		expect(server.requests).toHaveLength(2);
	});
});

test('A chat is shown the text of all rounds, each a paragraph of its own', async () => {
	const created = { type: 'response.created', response: { id: 'resp_1', object: 'response', status: 'in_progress' } };
	const delta = (text: string) => ({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: text });
	const stream = (pieces: string[], ...more: object[]) => {
		const response = { ...ANSWER, output: [message(pieces.join('')), ...more] };
		return sse([created, ...pieces.map(delta), { type: 'response.completed', response }]);
	};
	const replies = [
		stream(['Let me ', 'see.'], calling({ article: '1' })),
		answering(calling({ article: '2' })),
		stream(['There ', 'are 7.']),
	];
	const { chunks, bodies, items } = await run(replies, [stock], {}, { isStreaming: true });
	expect(chunks.map(({ type, content }) => [type, content])).toEqual([
		['begin', undefined],
		...['Let me ', 'see.', '\n\nThere ', 'are 7.'].map((text) => ['item', text]),
		['end', undefined],
	]);
	expect(bodies.map(({ stream: isStream }) => isStream)).toEqual([true, true, true]);
	expect(items[0].json.text).toBe('There are 7.');
});

describe('The node has the input for tools', () => {
	const inputsOf = async (parameters: INodeParameters) => await inputTypesOf({ model, ...parameters });

	test.each<[string, INodeParameters, string[]]>([
		['for Create, which is what a new node does', {}, ['main', 'ai_tool']],
		['for Create of a response, said so', { resource: 'response', operation: 'create' }, ['main', 'ai_tool']],
		['not for Get', { operation: 'get' }, ['main']],
		['not for Create of a conversation', { resource: 'conversation', operation: 'create' }, ['main']],
	])('%s', async (_, parameters, inputs) => {
		server = await startServer(DONE);
		expect(await inputsOf(parameters)).toEqual(inputs);
	});

	test('and works without any tool, for each operation', async () => {
		const { items } = await run([DONE, DONE], []);
		expect(items[0].json.text).toBe('Done');
		expect(items[0].json).not.toHaveProperty('toolRuns');
		await server.close();
		const { items: got } = await run([DONE], [], { operation: 'get', responseId: 'resp_1' });
		expect(got[0].json.text).toBe('Done');
	});

	test('but uses none that is left there for another operation', async () => {
		const { items, supplied } = await run([DONE], [stock], { operation: 'get', responseId: 'resp_1' });
		expect([items[0].json.text, supplied]).toEqual(['Done', 0]);
	});

	test('but as the tool of an agent it has none', async () => {
		const { items, bodies, supplied } = await run([DONE], [stock], {}, { node: { type: 'n8n-nodes-responses.responsesTool' } });
		expect(items[0].json).toEqual({ answer: 'Done' });
		expect([bodies[0].tools, supplied]).toEqual([undefined, 0]);
	});
});

test('An n8n without the SDK for AI nodes says what tools need, and all else works', async () => {
	jest.doMock('@n8n/ai-node-sdk', () => {
		throw Object.assign(new Error("Cannot find module '@n8n/ai-node-sdk'"), { code: 'MODULE_NOT_FOUND' });
	});
	const { items, bodies } = await run([DONE], [stock], {}, CONTINUE);
	expect(items[0].json).toMatchObject({ error: 'Tools on the canvas need n8n 2.16 or newer' });
	expect(bodies).toEqual([]);
	await server.close();
	const { items: others } = await run([DONE], []);
	jest.dontMock('@n8n/ai-node-sdk');
	expect(others[0].json.text).toBe('Done');
});
