// 100 rows of which each calls a tool once, in a whole n8n: our node with the tool on the canvas beside n8n's AI Agent, and two of our
// nodes without a tool, which make as many calls.
import { setTimeout as sleep } from 'node:timers/promises';
import { calculator, chatModel, CREDENTIALS, node, workflow } from '../e2e/chat-model/nodes.mjs';
import { answer, call, message, startModels } from '../e2e/chat-model/server.mjs';
import { installedN8n } from '../e2e/host/install.mjs';
import { newN8n, newOwner } from '../e2e/host/n8n.mjs';
import { withWebhook } from '../e2e/host/workflows.mjs';
import { packed } from '../scripts/package.mjs';

/** @typedef {Record<string, any>} Json */

const ROWS = 100;
const LATENCY = 200;
/** How much longer rows with a tool may take than two rounds without one */
const MOST = 1.3;
export const TOOLS_HEAD = ['100 rows, each with one call of a tool', 'Right answers', 'Seconds', 'Requests', 'Sent, kB'];

const credentials = { credentials: { responsesApi: CREDENTIALS.responsesApi } };
const ours = (/** @type {string} */ name, /** @type {string} */ model, prompt = '={{ $json.row }}') =>
	node(name, 'n8n-nodes-responses.responses', 1, { model: { __rl: true, mode: 'id', value: model }, prompt }, credentials);
const rows = [
	node('Start', 'n8n-nodes-base.manualTrigger', 1),
	node('Row', 'n8n-nodes-base.set', 3.4, {
		mode: 'raw',
		jsonOutput: JSON.stringify({ row: Array.from({ length: ROWS }, (_, row) => `${row}*7`) }),
		options: {},
	}),
	node('Rows', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'row', options: {} }),
];
const agent = node('Root', 'agent', 3.1, { promptType: 'define', text: '={{ $json.row }}', options: {} });

const CONTENDERS = {
	plain: {
		howOften: 5,
		title: 'two of these nodes in a row, without a tool',
		root: ours('Root', 'plain', '={{ $json.text }}'),
		subs: {},
		start: [ours('First', 'plain')],
	},
	tools: {
		howOften: 5,
		title: 'Responses API (this node) with the tool',
		root: ours('Root', 'tools'),
		subs: { ai_tool: [calculator()] },
		start: [],
	},
	agent: {
		howOften: 1,
		title: "n8n's AI Agent 3.1 with Responses Chat Model",
		root: agent,
		subs: { ai_languageModel: [chatModel('agent')], ai_tool: [calculator()] },
		start: [],
	},
};

/** Calls the calculator with what was asked, then says what it gave. @param {Json} body */
function withTool(body) {
	const last = body.input.at(-1);
	const output =
		last.type === 'function_call_output' ? message(last.output) : call('Calculator', { input: last.content }, `call_${last.content}`);
	return { ...answer(body, [output]), after: sleep(LATENCY) };
}
/** Says what it is asked, as long as a model takes. @param {Json} body */
const plain = (body) => ({ ...answer(body, [message(body.input.at(-1).content)]), after: sleep(LATENCY) });

/** The lines of the table, and by how much rows with a tool took longer than two rounds without one. */
export async function toolRows() {
	const server = await startModels({ plain, tools: withTool, agent: withTool });
	const n8n = await newN8n(await installedN8n(), (await packed()).tarball);
	const workflows = Object.entries(CONTENDERS).map(([name, { root, subs, start }]) =>
		withWebhook({ ...workflow(name, root, subs, [...rows, ...start]), id: `bench-${name}` }),
	);
	await n8n.importAll(
		[{ ...CREDENTIALS.responsesApi, type: 'responsesApi', data: { apiKey: 'sk-bench', baseUrl: `${server.url}/v1` } }],
		workflows,
	);
	const service = await n8n.serve('start');
	const owner = await newOwner(n8n);
	/** @type {Record<string, number>} */
	const seconds = {};
	const lines = [];
	for (const [name, { title, howOften }] of Object.entries(CONTENDERS)) {
		await owner.publish(`bench-${name}-webhook`);
		/** n8n says that it is ready a little before all of its addresses are. @returns {Promise<Json[]>} */
		const run = async () => {
			const reply = await fetch(`${n8n.url}/webhook/bench-${name}`, { method: 'POST' });
			return reply.status === 404 ? await sleep(100).then(run) : /** @type {Json[]} */ (await reply.json());
		};
		await run(); // loads what is needed
		const before = server.bodiesOf(name).length;
		const times = [];
		let right = 0;
		for (let time = 0; time < howOften; time++) {
			const begin = performance.now();
			const items = await run();
			times.push((performance.now() - begin) / 1000);
			right = items.filter(({ text, output = text }, row) =>
				String(output).includes(name === 'plain' ? `${row}*7` : String(row * 7)),
			).length;
		}
		const bodies = server.bodiesOf(name).slice(before);
		const sent = bodies.reduce((sum, body) => sum + JSON.stringify(body).length, 0) / howOften / 1000;
		seconds[name] = times.sort((a, b) => a - b)[Math.floor(howOften / 2)];
		lines.push([title, right, seconds[name].toFixed(2), bodies.length / howOften, sent.toFixed(1)]);
	}
	await service.stop();
	await server.close();
	const factor = seconds.tools / seconds.plain;
	const cells = ['tools: time / two rounds without', factor.toFixed(2), `at most ${MOST.toFixed(2)}`, factor > MOST ? 'BROKEN' : 'kept'];
	return { lines, promise: { cells, isBroken: factor > MOST } };
}
