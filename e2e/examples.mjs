// Each example as its user runs it: by n8n's own command, live behind a webhook, in a visitor's chat.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { request } from './host/n8n.mjs';
import { withWebhook, workflowsIn } from './host/workflows.mjs';

/** @typedef {import('./host/n8n.mjs').Json} Json */

/** @type {{match: {userMessage: string}, response: {content: string | object}, latency?: number}[]} */
const known = createRequire(import.meta.url)('../scripts/demo/local-answers.json');
const examples = workflowsIn('examples');
const manual = examples.filter(({ nodes }) => nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger'));
const [{ nodes, ...chat }] = examples.filter(({ nodes: [{ type }] }) => type.endsWith('.chatTrigger'));
const [trigger, ...others] = nodes;
const openTrigger = { ...trigger, parameters: { ...trigger.parameters, public: true } };

/** The examples behind webhooks, and the chat open to the public. */
export const liveExamples = [...manual.map(withWebhook), { ...chat, id: 'publicChat', nodes: [openTrigger, ...others] }];

const sizes = /** @type {Map<string, number>} */ (new Map()); // how many items came out of each by command

/** `n8n execute --id`, for which no n8n needs to run. @param {import('./host/n8n.mjs').N8n} n8n */
export function commandTests({ version, command }) {
	describe(`n8n ${version} executes by command`, () => {
		for (const { id, name, nodes } of manual) {
			it(name, async () => {
				const printed = await command('execute', `--id=${id}`, '--rawOutput');
				const execution = JSON.parse(printed.slice(printed.search(/^\{/m), printed.lastIndexOf('\n}') + 2));
				const { runData, lastNodeExecuted, error } = execution.data.resultData;
				// Not its status: n8n 2.0 prints `running` of an execution that succeeded.
				assert.equal(execution.finished, true, JSON.stringify(error));

				/** All that a node gave; one in a loop runs more than once, one that was not reached never. @type {(node: string) => Json[]} */
				const itemsOf = (node) => (runData[node] ?? []).flatMap((/** @type {Json} */ { data }) => data.main[0] ?? []);
				const ours = nodes.filter(({ type }) => type === 'n8n-nodes-responses.responses').map((node) => node.name);
				for (const { json, pairedItem } of ours.flatMap(itemsOf)) assert.ok(pairedItem !== undefined, JSON.stringify(json));
				const results = itemsOf(lastNodeExecuted);
				assert.equal(results.length, itemsOf(runData[ours[0]][0].source[0].previousNode).length);
				haveTheirAnswers(results.map(({ json }) => json));
				sizes.set(id, results.length);
			});
		}
	});
}

/** Each of these has an answer of its own. @param {Json[]} rows */
function haveTheirAnswers(rows) {
	const given = rows.map((row) => known.findIndex(({ response: { content } }) => holds(row, content)));
	assert.ok(!given.includes(-1), `An item without an answer: ${JSON.stringify(rows[given.indexOf(-1)])}`);
	assert.equal(new Set(given).size, rows.length, 'An answer was given twice');
}

/** @type {(row: Json, content: string | object) => boolean} */
const holds = (row, content) =>
	typeof content === 'string' ? Object.values(row).includes(content) : Object.entries(content).every(([key, value]) => row[key] === value);

/** @type {(n8n: import('./host/n8n.mjs').N8n, owner: import('./host/n8n.mjs').Owner) => void} */
export function liveTests({ url }, owner) {
	describe('live', () => {
		for (const { id, name } of manual) {
			it(name, async () => {
				const items = await owner.run(id);
				assert.equal(items.length, sizes.get(id));
				haveTheirAnswers(items);
			});
		}
		it('Chat, which shows an answer while it is written', async () => {
			await owner.publish('publicChat');
			const [asked] = known.filter(({ latency }) => latency);
			const message = { action: 'sendMessage', sessionId: 'e2e', chatInput: asked.match.userMessage };
			const { body } = await request('POST', `${url}/webhook/${trigger.webhookId}/chat`, message);
			/** @type {{content: string, at: number}[]} */
			const pieces = [];
			for await (const line of createInterface({ input: Readable.fromWeb(/** @type {never} */ (body)) })) {
				const { type, content } = JSON.parse(line);
				if (type === 'item') pieces.push({ content, at: performance.now() });
			}
			assert.equal(pieces.map(({ content }) => content).join(''), asked.response.content);
			const time = pieces[pieces.length - 1].at - pieces[0].at;
			assert.ok(time > 100, `all of it came within ${time} ms`);
		});
	});
}
