// Cheap overnight enrichment, its schedule every 5 seconds, so that its runs overlap. The server goes away while rows are begun, and
// while they are picked up.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { json } from '../test/support/replies.js';
import { startServer } from '../test/support/server.js';
import { request } from './host/n8n.mjs';
import { withWebhook, workflowsIn } from './host/workflows.mjs';

/** @typedef {import('./host/n8n.mjs').Json} Json */

const WORK_TIME = 3_000; // ms that an answer takes the server
const AWAY = 4_000; // ms
const SOON = { timeout: 180_000 };
/** The calls at which the server goes away, with which what is open breaks off. */
const OUTAGES = ['POST 80', 'GET 150'];

/** What the server keeps over its outages: the answers to each prompt, in the order in which they were begun. @type {Map<string, Json[]>} */
const begun = new Map();
const calls = { POST: 0, GET: 0 };

/** Every tenth article fails at first. @param {Json} body */
function begin({ input: [{ content }], text, background_options }) {
	assert.deepEqual(background_options, { completion_window: '8h' });
	const earlier = begun.get(content) ?? [];
	const fails = earlier.length === 0 && begun.size % 10 === 0;
	const id = `resp_${calls.POST}`;
	const result = JSON.stringify({ category: 'Tea', description: `About ${content}` });
	const end = fails
		? { status: 'failed', output: [], error: { code: 'server_error', message: 'The model went away' } }
		: { status: 'completed', output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: result }] }] };
	const job = { id, object: 'response', model: 'local', text, due: Date.now() + WORK_TIME, end };
	begun.set(content, [...earlier, job]);
	return job;
}

/** @type {(job: Json | undefined) => import('../test/support/replies.js').Reply} */
function stateOf(job) {
	if (!job) return json({ error: { message: 'No such response' } }, { status: 404 });
	const { due, end, ...response } = job;
	return json({ ...response, ...(Date.now() < due ? { status: 'queued', output: [] } : end) });
}

const answerTo = async (/** @type {import('../test/support/server.js').Recorded} */ { method, path, body }) => {
	const call = `${method} ${++calls[/** @type {'GET' | 'POST'} */ (method)]}`;
	const reply = stateOf(method === 'POST' ? begin(body) : [...begun.values()].flat().find(({ id }) => path.endsWith(`/${id}`)));
	if (OUTAGES.includes(call)) await restart();
	return reply;
};
let server = await startServer(answerTo);
const { url } = server;
async function restart() {
	await server.close();
	await sleep(AWAY);
	server = await startServer(answerTo, Number(new URL(url).port));
}

const [example] = workflowsIn('examples').filter(({ id }) => id === 'responsesOvernight');
const credential = { id: 'overnight', name: 'Server of the night' };
export const overnightCredential = { ...credential, type: 'responsesApi', data: { apiKey: 'sk-night', baseUrl: `${url}/v1` } };
const every5Seconds = { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } };
const live = withWebhook(example);
export const overnight = {
	...live,
	nodes: live.nodes.map((node) => ({
		...node,
		...(node.type.startsWith('n8n-nodes-responses.') && { credentials: { responsesApi: credential } }),
		...(node.type.endsWith('.scheduleTrigger') && { parameters: every5Seconds, disabled: false }),
		...(node.type.endsWith('.webhook') && { parameters: { ...node.parameters, responseMode: 'onReceived' } }),
	})),
};

/** @type {(n8n: import('./host/n8n.mjs').N8n, owner: import('./host/n8n.mjs').Owner) => void} */
export function overnightTests(n8n, owner) {
	describe(example.name, () => {
		after(() => server.close());

		it('loses no row and begins none twice, whatever happens in the night', async () => {
			await owner.publish(overnight.id);
			const { id: project } = await owner.ask('GET', '/projects/personal');
			const tables = `/projects/${project}/data-tables`;
			/** @returns {Promise<Json[]>} */
			const rows = async () => {
				const [table] = (await owner.ask('GET', tables)).data;
				return table ? (await owner.ask('GET', `${tables}/${table.id}/rows?take=250`)).data : [];
			};
			const over = async () => (await rows()).filter(({ status }) => status === 'done' || status === 'unclear').length;
			await request('POST', `${n8n.url}/webhook/${example.id}`);
			await expect.poll(async () => (await rows()).length, SOON).toBe(200);
			await request('POST', `${n8n.url}/webhook/${example.id}`); // begun again by hand, it adds nothing
			await expect.poll(over, SOON).toBe(200);
			await owner.ask('POST', `/workflows/${overnight.id}/deactivate`);

			const all = await rows();
			assert.equal(all.length, 200);
			for (const { product, pack, status, attempts, description } of all) {
				const prompt = `Article: ${product}\nPack: ${pack}`;
				const ends = (begun.get(prompt) ?? []).map(({ end }) => end.status);
				if (status === 'unclear') assert.ok(ends.length <= 1 + (attempts ?? 0), `${prompt} was begun ${ends.length} times`);
				else assert.deepEqual([description, ends], [`About ${prompt}`, attempts ? ['failed', 'completed'] : ['completed']]);
			}
			// rows on whose way to the server the line broke: at most those in flight when it went away, which are five and one more
			// for each of the calls that it had answered
			const unclear = all.filter(({ status }) => status === 'unclear').length;
			assert.ok(unclear <= 85, `${unclear} rows are unclear`);
			assert.ok(all.filter(({ attempts }) => attempts === 1).length >= 10);
		});
	});
}
