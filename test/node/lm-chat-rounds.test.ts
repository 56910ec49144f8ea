import type { ResponseInputItem } from 'openai/resources/responses/responses';

import { messages, toldByAgent, useChatModel, z, type ChatModel } from '../support/chat-model';
import { ANSWER, saying } from '../support/one-item';
import { json, type Reply } from '../support/replies';
import { startServer } from '../support/server';

const { AIMessage, HumanMessage, SystemMessage, ToolMessage } = messages;

let server: Awaited<ReturnType<typeof startServer>>;
let replies: Reply[];
beforeAll(async () => {
	server = await startServer(() => replies.shift() ?? saying('Done'));
});
afterAll(async () => await server.close());

/** What a workflow of ours asks; each its own, so that no test knows the answers of another. */
let workflows = 0;
async function asking<T>(use: (model: ChatModel) => Promise<T>, given: Reply[], options: object = {}, model = `model-${++workflows}`) {
	replies = given;
	const first = server.requests.length;
	const credentials = { responsesApi: { baseUrl: server.url, apiKey: 'sk-test-4711' } };
	const { error, result } = await useChatModel(use, { credentials, options, model });
	expect(error).toBeUndefined();
	return { result, model, inputs: server.requests.slice(first).map(({ body }) => body.input as ResponseInputItem[]) };
}

const tools = [{ name: 'get_order', description: '', schema: z.object({ id: z.string() }), invoke: async () => '' }] as never[];
const reasoning = { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'gAAA' } as const;
const said = { ...ANSWER.output[0], id: 'msg_1', content: [{ type: 'output_text', text: 'Let me see.', annotations: [] }] };
const calling = (call_id: string | undefined, id: string) =>
	({ id: `fc_${id}`, type: 'function_call', status: 'completed', call_id, name: 'get_order', arguments: `{ "id": "${id}" }` }) as const;
const answering = (...output: object[]) => json({ ...ANSWER, output });
const result = (call_id: string, output: string) => ({ type: 'function_call_output', call_id, output });
const question = { type: 'message', role: 'user', content: 'Where is 4711?' };

/** Asks and answers as the AI Agent 3 does until the model calls nothing more; gives the last answer. */
async function agent(model: ChatModel, asked = 'Where is 4711?', before: object[] = []) {
	const scratchpad: object[] = [];
	for (;;) {
		const given = [...before, new HumanMessage(asked), ...scratchpad];
		const answer = await model.bindTools(tools).invoke(given as never);
		if (!answer.tool_calls?.length) return { answer, told: [...given, answer] };
		for (const call of answer.tool_calls) scratchpad.push(...toldByAgent(call, `gone: ${String(call.args.id)}`));
	}
}

describe('The chat model sends back', () => {
	test('what the server gave, word for word, where the agent tells only names and arguments', async () => {
		const { inputs } = await asking(agent, [answering(reasoning, said, calling('call_1', '4711'))]);
		expect(inputs[1]).toEqual([question, reasoning, said, calling('call_1', '4711'), result('call_1', 'gone: 4711')]);
	});

	test('parallel calls once, before what they gave', async () => {
		const output = [reasoning, calling('call_1', '4711'), calling('call_2', '4712')];
		const { inputs } = await asking(agent, [answering(...output)]);
		expect(inputs[1]).toEqual([question, ...output, result('call_1', 'gone: 4711'), result('call_2', 'gone: 4712')]);
	});

	test('every round', async () => {
		const second = { ...reasoning, id: 'rs_2' };
		const given = [answering(reasoning, calling('call_1', '1')), answering(second, calling('call_2', '2'))];
		const { inputs } = await asking(agent, given);
		const first = [reasoning, calling('call_1', '1'), result('call_1', 'gone: 1')];
		expect(inputs[2]).toEqual([question, ...first, second, calling('call_2', '2'), result('call_2', 'gone: 2')]);
	});

	test('only calls that were answered', async () => {
		const { inputs } = await asking(
			async (model) => {
				const { tool_calls: [call] = [] } = await model.bindTools(tools).invoke([new HumanMessage('Where is 4711?')]);
				return await model.invoke([new HumanMessage('Where is 4711?'), ...toldByAgent(call, 'gone')]);
			},
			[answering(calling('call_1', '4711'), calling('call_2', '4712'))],
		);
		expect(inputs[1]).toEqual([question, calling('call_1', '4711'), result('call_1', 'gone')]);
	});

	test('an answer that the agent tells whole, as its version 2 does', async () => {
		const { inputs } = await asking(
			async (model) => {
				const answer = await model.bindTools(tools).invoke([new HumanMessage('Where is 4711?')]);
				const gone = new ToolMessage({ tool_call_id: 'call_1', content: 'gone' });
				return await model.invoke([new HumanMessage('Where is 4711?'), answer, gone]);
			},
			[answering(reasoning, said, calling('call_1', '4711'))],
		);
		expect(inputs[1]).toEqual([question, reasoning, said, calling('call_1', '4711'), result('call_1', 'gone')]);
	});

	test('the same in the next turn of a conversation', async () => {
		const first = await asking(agent, [answering(reasoning, said, calling('call_1', '4711'))]);
		const told = first.result?.told ?? [];
		const { inputs } = await asking(async (model) => await agent(model, 'Thanks', told), [], {}, first.model);
		const before = [question, reasoning, said, calling('call_1', '4711'), result('call_1', 'gone: 4711')];
		expect(inputs[0]).toEqual([...before, { type: 'message', role: 'assistant', content: 'Done' }, { ...question, content: 'Thanks' }]);
	});

	test('the same where the instructions tell the time', async () => {
		let second = 0;
		const timed = async (model: ChatModel) => {
			const ask = async (...more: object[]) =>
				await model
					.bindTools(tools)
					.invoke([new SystemMessage(`It is second ${second++}`), new HumanMessage(`It is ${second}`), ...more] as never);
			const { tool_calls: [call] = [] } = await ask();
			return await ask(...toldByAgent(call, 'gone'));
		};
		const { inputs } = await asking(timed, [answering(reasoning, calling('call_time', '4711'))]);
		expect(inputs[1].slice(1)).toEqual([reasoning, calling('call_time', '4711'), result('call_time', 'gone')]);
	});
});

describe('Without the items of the server', () => {
	const call = { id: 'call_unknown', name: 'get_order', args: { order: 4711 } };
	const rebuilt = { type: 'function_call', call_id: 'call_unknown', name: 'get_order', arguments: '{"order":4711}' };

	test('a call is sent as the agent tells it, without the ID that it added', async () => {
		const given = [new HumanMessage('Where is 4711?'), ...toldByAgent(call, 'gone')];
		const { inputs } = await asking(async (model) => await model.invoke(given), []);
		expect(inputs[0]).toEqual([question, rebuilt, result('call_unknown', 'gone')]);
	});

	test('text before it and calls that nothing answers', async () => {
		const told = new AIMessage({ content: 'Let me see.', tool_calls: [call, { ...call, id: 'call_other' }] });
		const given = [new HumanMessage('Where is 4711?'), told, new ToolMessage({ tool_call_id: 'call_unknown', content: 'gone' })];
		const { inputs } = await asking(async (model) => await model.invoke(given), []);
		const text = { type: 'message', role: 'assistant', content: 'Let me see.' };
		expect(inputs[0]).toEqual([question, text, rebuilt, result('call_unknown', 'gone')]);
	});

	test('those of another conversation are not taken, though their calls have the same ID', async () => {
		const { model } = await asking(
			async (given) => await agent(given, 'Where is mine?'),
			[answering(reasoning, calling('call_1', '4711'))],
		);
		await asking(async (given) => await agent(given, 'And mine?'), [answering(reasoning, calling('call_1', '4712'))], {}, model);
		const given = [new HumanMessage('Where is 4711?'), ...toldByAgent({ ...call, id: 'call_1' }, 'gone')];
		const { inputs } = await asking(async (other) => await other.invoke(given), [], {}, model);
		expect(inputs[0]).toEqual([question, { ...rebuilt, call_id: 'call_1' }, result('call_1', 'gone')]);
	});

	test('those of another model are not taken', async () => {
		const { result: before } = await asking(agent, [answering(reasoning, calling('call_elsewhere', '4711'))]);
		const { inputs } = await asking(async (model) => await model.invoke(before?.told as never), []);
		expect(inputs[0].map(({ type }) => type)).not.toContain('reasoning');
	});
});

describe('A server', () => {
	test('that numbers its calls anew in each answer: every call has an ID of its own', async () => {
		const rounds = [1, 2, 3].map((round) => answering(calling('call_0', String(round))));
		const { inputs } = await asking(agent, rounds);
		const ids = inputs[3].flatMap((item) => ('call_id' in item ? [item.call_id] : []));
		expect(new Set(ids).size).toBe(3);
		expect(inputs[3].flatMap((item) => (item.type === 'function_call_output' ? [item.output] : []))).toEqual([
			'gone: 1',
			'gone: 2',
			'gone: 3',
		]);
		expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2], ids[4], ids[4]]);
	});

	test('that gives its calls no ID', async () => {
		const { inputs } = await asking(agent, [answering({ ...calling(undefined, '4711'), id: undefined })]);
		const [, call, output] = inputs[1] as Array<{ call_id: string }>;
		expect(call.call_id).toMatch(/^call_.+/);
		expect(output.call_id).toBe(call.call_id);
	});

	test('that keeps nothing is not sent reasoning that it could not read', async () => {
		const summary = { ...reasoning, encrypted_content: undefined };
		const thoughts = { ...summary, content: [{ type: 'reasoning_text', text: 'Hm' }] };
		const output = [reasoning, summary, thoughts, calling('call_s', '4711')];
		const { inputs } = await asking(agent, [answering(...output)], { store: false });
		expect(inputs[1].slice(1, -1)).toEqual([reasoning, thoughts, calling('call_s', '4711')]);
		const stored = await asking(agent, [answering(...output)]);
		expect(stored.inputs[1].slice(1, -1)).toEqual(output);
	});

	test('that answers in the shape of chat completions is sent what it said, and no reasoning made of it', async () => {
		const call = { id: 'call_c', type: 'function', function: { name: 'get_order', arguments: '{"id":"4711"}' } };
		const message = { role: 'assistant', content: 'Let me see.', reasoning_content: 'Hm', tool_calls: [call] };
		const completion = { object: 'chat.completion', model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
		const { inputs } = await asking(agent, [json(completion)]);
		expect(inputs[1]).toEqual([
			question,
			{ type: 'message', role: 'assistant', content: 'Let me see.' },
			{ type: 'function_call', call_id: 'call_c', name: 'get_order', arguments: '{"id":"4711"}' },
			result('call_c', 'gone: 4711'),
		]);
	});
});

test('Rows beside each other keep their own answers, though their calls have the same ID', async () => {
	const rows = ['1', '2', '3', '4', '5'];
	const { inputs } = await asking(
		async (model) => {
			// all first rounds before the second ones, as the agent's batches do
			const ask = async (row: string, ...more: object[]) =>
				await model.bindTools(tools).invoke([new HumanMessage(`Where is ${row}?`), ...more] as never);
			const calls = [];
			for (const row of rows) calls.push(...((await ask(row)).tool_calls ?? []));
			for (const [index, row] of rows.entries()) await ask(row, ...toldByAgent(calls[index], 'gone'));
		},
		rows.map((row) => answering({ ...reasoning, id: `rs_${row}` }, calling('call_0', row))),
	);
	for (const [index, row] of rows.entries()) {
		const [asked, thoughts, call] = inputs[rows.length + index];
		expect([asked, thoughts, call]).toEqual([
			{ ...question, content: `Where is ${row}?` },
			{ ...reasoning, id: `rs_${row}` },
			calling('call_0', row),
		]);
	}
});
