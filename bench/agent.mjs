// An AI Agent with two rounds of tools on our chat model and on n8n's own OpenAI Chat Model, in a whole n8n, in a public chat.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { calculator, chatModel, CREDENTIALS, node, workflow } from '../e2e/chat-model/nodes.mjs';
import { answer, call, message, reasoning, startModels } from '../e2e/chat-model/server.mjs';
import { installedN8n } from '../e2e/host/install.mjs';
import { newN8n, newOwner, request } from '../e2e/host/n8n.mjs';
import { packed } from '../scripts/package.mjs';

/** @typedef {Record<string, any>} Json */

/** How often each is asked; the first time, in which n8n loads what it needs, does not count. */
const TIMES = 20;
export const AGENT_HEAD = ['AI Agent with', 'Requests', 'Sent, kB', 'Reasoning sent back', 'First word after, ms', 'Tokens in the log'];

const openAi = () =>
	node(
		'Model',
		'lmChatOpenAi',
		1.3,
		{ model: { __rl: true, mode: 'id', value: 'openai' }, responsesApiEnabled: true, options: {} },
		{ credentials: { openAiApi: CREDENTIALS.openAiApi } },
	);
const TITLES = { ours: 'Responses Chat Model (this package)', openai: "n8n's OpenAI Chat Model, Responses API on" };
const MODELS = { ours: chatModel('ours'), openai: openAi() };

/** Thinks, says something and calls the calculator, twice; then answers. @param {Json} body */
function agentAnswer(body) {
	const calls = body.input.filter((/** @type {Json} */ { type }) => type === 'function_call').length;
	const thoughts = { ...reasoning, id: `rs_${calls}`, encrypted_content: 'gAAA'.repeat(250) };
	const next = call('Calculator', { input: `${calls + 6}*7` }, `call_${calls}`);
	return answer(
		body,
		calls < 2 ? [thoughts, { ...message('Let me compute. '), id: `msg_${calls}` }, next] : [message('They are 42 and 49.')],
	);
}

/** The lines of the table. */
export async function agentRows() {
	const server = await startModels({ ours: agentAnswer, openai: agentAnswer });
	const baseUrl = `${server.url}/v1`;
	const n8n = await newN8n(await installedN8n(), (await packed()).tarball);
	const workflows = Object.entries(MODELS).map(([name, model]) => {
		const start = node(
			'Chat',
			'chatTrigger',
			1.3,
			{ public: true, options: { responseMode: 'streaming' } },
			{ webhookId: `bench-${name}` },
		);
		const agent = node('Root', 'agent', 3.1, { promptType: 'auto', options: { systemMessage: 'You compute. '.repeat(40) } });
		return workflow(name, agent, { ai_languageModel: [model], ai_tool: [calculator()] }, [start]);
	});
	await n8n.importAll(
		[
			{ ...CREDENTIALS.responsesApi, type: 'responsesApi', data: { apiKey: 'sk-bench', baseUrl } },
			{ ...CREDENTIALS.openAiApi, type: 'openAiApi', data: { apiKey: 'sk-bench', url: baseUrl } },
		],
		workflows,
	);
	const service = await n8n.serve('start');
	const owner = await newOwner(n8n);

	/** Milliseconds until a visitor of the chat is shown the first word. @param {string} name */
	const firstWord = async (name) => {
		const begin = performance.now();
		const said = { action: 'sendMessage', sessionId: name, chatInput: 'What are 6*7 and 7*7?' };
		const { body } = await request('POST', `${n8n.url}/webhook/bench-${name}/chat`, said);
		let first = Infinity;
		for await (const line of createInterface({ input: Readable.fromWeb(/** @type {never} */ (body)) })) {
			const { type, content } = JSON.parse(line);
			if (type === 'item' && content) first = Math.min(first, performance.now() - begin);
		}
		return first;
	};

	const rows = [];
	for (const name of /** @type {(keyof typeof MODELS)[]} */ (Object.keys(MODELS))) {
		await owner.publish(`chat-${name}`);
		await firstWord(name);
		const before = server.bodiesOf(name).length;
		const times = [];
		for (let time = 0; time < TIMES; time++) times.push(await firstWord(name));
		const bodies = server.bodiesOf(name).slice(before);
		const sent = bodies.reduce((sum, body) => sum + JSON.stringify(body).length, 0) / TIMES / 1000;
		const thoughts = bodies.flatMap(({ input }) => input).filter(({ type }) => type === 'reasoning').length / TIMES;
		const filter = encodeURIComponent(JSON.stringify({ workflowId: `chat-${name}` }));
		const [{ id }] = (await owner.ask('GET', `/executions?filter=${filter}&limit=1`)).results;
		const { data } = await owner.ask('GET', `/executions/${id}`);
		const median = times.sort((a, b) => a - b)[Math.floor(TIMES / 2)];
		const isReal = !String(data).includes('tokenUsageEstimate');
		rows.push([TITLES[name], bodies.length / TIMES, sent.toFixed(1), thoughts, median.toFixed(0), isReal ? "the server's" : 'estimated']);
	}
	await service.stop();
	await server.close();
	return rows;
}
