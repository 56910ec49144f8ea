// The chat model in n8n's own agents and chains, as the packed package in the whole n8n.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { expect } from '@playwright/test';
import { request } from '../host/n8n.mjs';
import { withWebhook } from '../host/workflows.mjs';
import { agent, calculator, chatModel, CREDENTIALS, node, workflow } from './nodes.mjs';
import { isRight, SCENARIOS } from './scenarios.mjs';
import { answer, call, message, reasoning, startModels } from './server.mjs';

/** @typedef {import('./server.mjs').Json} Json */

const chatTrigger = node(
	'Chat',
	'chatTrigger',
	1.3,
	{ public: true, options: { responseMode: 'streaming' } },
	{ webhookId: 'chat-model-chat' },
);
const memory = () => node('Memory', 'memoryBufferWindow', 1.3);
const chat = workflow(
	'stream',
	node('Root', 'agent', 3.1, { promptType: 'auto', options: {} }),
	{ ai_languageModel: [chatModel('stream')], ai_tool: [calculator()], ai_memory: [memory()] },
	[chatTrigger],
);
const stopped = workflow('stopped', agent('Wait'), { ai_languageModel: [chatModel('stopped')] });

const SAID = message('Let me compute.');
const server = await startModels({
	...Object.assign({}, ...Object.values(SCENARIOS).map(({ answers }) => answers)),
	stream: (/** @type {Json} */ body) => {
		const last = body.input.at(-1);
		if (last.content === 'Again?') return answer(body, [message('You asked for 6*7.')]);
		return answer(
			body,
			last.type === 'function_call_output' ? [message('It is 42.')] : [reasoning, SAID, call('Calculator', { input: '6*7' })],
		);
	},
	// begins to answer and never ends
	stopped: () => ({ headers: { 'content-type': 'text/event-stream' }, body: ['data: {}\n\n', new Promise(() => {})] }),
});

const baseUrl = `${server.url}/v1`;
export const chatCredentials = [
	{ ...CREDENTIALS.responsesApi, type: 'responsesApi', data: { apiKey: 'sk-chat', baseUrl } },
	{ ...CREDENTIALS.openAiApi, type: 'openAiApi', data: { apiKey: 'sk-chat', url: baseUrl } },
];

export const chatWorkflows = [
	...Object.values(SCENARIOS).flatMap((scenario) => [scenario.workflow, withWebhook(scenario.workflow)]),
	chat,
	withWebhook(stopped),
];

/** n8n keeps an execution as a list in which a text stands for the entry with that number. @param {string} text @returns {Json} */
function unflattened(text) {
	/** @type {unknown[]} */
	const entries = JSON.parse(text);
	/** @type {Map<unknown, Json>} */
	const known = new Map();
	/** @type {(index: unknown) => any} */
	const at = (index) => {
		const entry = entries[Number(index)];
		if (typeof entry !== 'object' || entry === null) return entry;
		const made = known.get(index);
		if (made) return made;
		/** @type {Json} */
		const object = Array.isArray(entry) ? [] : {};
		known.set(index, object);
		for (const [key, value] of Object.entries(entry)) object[key] = typeof value === 'string' ? at(value) : value;
		return object;
	};
	return at('0');
}

/** @type {(n8n: import('../host/n8n.mjs').N8n, owner: import('../host/n8n.mjs').Owner) => void} */
export function chatModelTests({ url, command }, owner) {
	/** The newest execution of a workflow, once it has ended. @param {string} workflowId @returns {Promise<Json>} */
	const executionOf = async (workflowId) => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const newest = async () => (await owner.ask('GET', `/executions?filter=${filter}&limit=1`)).results[0];
		await expect.poll(async () => (await newest())?.stoppedAt, { timeout: 30_000 }).toBeTruthy();
		const { id, status } = await newest();
		return { status, ...unflattened((await owner.ask('GET', `/executions/${id}`)).data).resultData };
	};
	/** @type {(model: string, resultData: Json) => import('./scenarios.mjs').Outcome} */
	const outcomeOf = (model, { runData }) => ({
		bodies: server.bodiesOf(model),
		items: runData.Root.at(-1)
			.data.main.flat()
			.map((/** @type {Json} */ { json }) => json),
		log: runData.Model.flatMap((/** @type {Json} */ { data }) => data?.ai_languageModel?.[0]?.[0].json ?? []),
		errors: runData.Model.flatMap((/** @type {Json} */ { error }) => error ?? []),
	});

	describe('Responses Chat Model', () => {
		after(() => server.close());

		for (const [name, { workflow: saved, check }] of Object.entries(SCENARIOS)) {
			it(name, async () => {
				await owner.publish(`${saved.id}-webhook`);
				await request('POST', `${url}/webhook/${saved.id}`);
				check(outcomeOf(saved.id.replace('chat-', ''), await executionOf(`${saved.id}-webhook`)));
			});
		}

		it('in a run by command', async () => {
			const before = server.bodiesOf('agent3').length;
			const printed = await command('execute', '--id=chat-agent3', '--rawOutput');
			const { data } = JSON.parse(printed.slice(printed.search(/^\{/m), printed.lastIndexOf('\n}') + 2));
			const outcome = outcomeOf('agent3', data.resultData);
			isRight({ ...outcome, bodies: outcome.bodies.slice(before) }, '[{"response":"42"}]');
		});

		it('in a public chat, over two turns', async () => {
			await owner.publish(chat.id);
			/** The pieces of text that the visitor is shown. @param {string} chatInput */
			const shown = async (chatInput) => {
				const said = { action: 'sendMessage', sessionId: 'visitor', chatInput };
				const { body } = await request('POST', `${url}/webhook/chat-model-chat/chat`, said);
				const pieces = [];
				for await (const line of createInterface({ input: Readable.fromWeb(/** @type {never} */ (body)) })) {
					const { type, content, metadata } = JSON.parse(line);
					if (type === 'item' && metadata.nodeName === 'Root') pieces.push(content);
				}
				return pieces;
			};
			assert.deepEqual(await shown('What is 6*7?'), ['Let ', 'me ', 'compute.', 'It ', 'is ', '42.']);
			assert.deepEqual(await shown('Again?'), ['You ', 'asked ', 'for ', '6*7.']);
			const [, second, third] = server.bodiesOf('stream');
			assert.equal(second.stream, true);
			// all that was said in the first turn, word for word
			assert.deepEqual(third.input.slice(0, second.input.length), second.input);
			const { log } = outcomeOf('stream', await executionOf(chat.id));
			assert.deepEqual(log[0].tokenUsage, { promptTokens: 21, completionTokens: 5, totalTokens: 26 });
		});

		it('closes the socket when the run is stopped', async () => {
			const id = `${stopped.id}-webhook`;
			await owner.publish(id);
			const begun = server.requests.length;
			const run = request('POST', `${url}/webhook/${stopped.id}`).catch(() => {});
			const asked = await server.request(begun + 1);
			const filter = encodeURIComponent(JSON.stringify({ workflowId: id, status: ['running'] }));
			const [{ id: execution }] = (await owner.ask('GET', `/executions?filter=${filter}`)).results;
			await owner.ask('POST', `/executions/${execution}/stop`);
			await asked.closed;
			assert.ok(asked.closedByClientAt);
			await run;
		});
	});
}
