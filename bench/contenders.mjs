// Who runs against whom: each is made ready first, and then gives the number of rows it finished.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import OpenAI from 'openai';
import pLimit from 'p-limit';
import { bareLoop } from './bare-loop.mjs';
import { engineFor } from './engine.mjs';

/**
 * @typedef {object} Task
 * @property {string} url of the server, with /v1
 * @property {number} concurrency
 * @property {number} latency ms
 * @property {number} [batch] how many HTTP Request begins in the time of one answer
 * @property {string} [host] folder of the whole n8n that has n8n's OpenAI node
 *
 * @typedef {{finished: number, error?: string, note?: string}} Outcome
 * @typedef {(rows: string[]) => Promise<Outcome>} Run
 */

const require = createRequire(import.meta.url);
const apiKey = 'sk-bench';

/**
 * @param {import('./engine.mjs').Bench} bench
 * @returns {Promise<Run>}
 */
async function inEngine(bench) {
	const run = await engineFor(bench);
	return async (rows) => {
		const { items, error, decryptions } = await run(rows);
		const finished = error ? 0 : items.filter(({ json }) => json.error === undefined || json.error === null).length;
		return { finished, error: error?.message, note: `${decryptions} decryptions` };
	};
}

/**
 * @param {Task} task
 * @param {import('n8n-workflow').IDataObject} options
 */
const httpRequest = ({ url }, options) =>
	inEngine({
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url: `${url}/responses`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'responsesApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ model: "bench", input: [{ role: "user", content: $json.text }] }) }}',
			options: /** @type {never} */ (options),
		},
		credentials: { responsesApi: { baseUrl: url, apiKey } },
	});

/** @param {Task} task */
async function openAiNode({ url, host = '' }) {
	const folder = join(host, 'node_modules', '@n8n', 'n8n-nodes-langchain');
	if (!existsSync(folder)) throw new Error('absent');
	const { OpenAi } = require(join(folder, 'dist', 'nodes', 'vendors', 'OpenAi', 'OpenAi.node.js'));
	return await inEngine({
		type: 'langchain.openAi',
		typeVersion: 2,
		parameters: {
			resource: 'text',
			operation: 'response',
			modelId: { __rl: true, mode: 'id', value: 'bench' },
			responses: { values: [{ type: 'text', role: 'user', content: '={{ $json.text }}' }] },
			hideTools: 'hide',
		},
		credentials: { openAiApi: { apiKey, url } },
		credentialsFrom: dirname(require.resolve('n8n-nodes-base/package.json')),
		extra: { 'langchain.openAi': new OpenAi() },
	});
}

/**
 * @param {Task} task
 * @returns {Promise<Run>}
 */
async function script({ url, concurrency }) {
	const client = new OpenAI({ apiKey, baseURL: url });
	const limit = pLimit(concurrency);
	return async (rows) => {
		const asked = rows.map((text) => limit(() => client.responses.create({ model: 'bench', input: text })));
		const outcomes = await Promise.allSettled(asked);
		const failed = outcomes.find((outcome) => outcome.status === 'rejected');
		return { finished: outcomes.filter(({ status }) => status === 'fulfilled').length, error: failed?.reason.message };
	};
}

/**
 * By name: what it is called, and how it is made ready.
 * @type {Record<string, {title: string, ready: (task: Task) => Promise<Run>}>}
 */
export const contenders = {
	ours: {
		title: 'Responses API (this node)',
		ready: ({ url, concurrency }) =>
			inEngine({
				type: 'n8n-nodes-responses.responses',
				typeVersion: 1,
				parameters: { model: { __rl: true, mode: 'id', value: 'bench' }, prompt: '={{ $json.text }}', requests: { concurrency } },
				credentials: { responsesApi: { baseUrl: url, apiKey } },
			}),
	},
	bare: {
		title: "bare loop over n8n's helper",
		ready: ({ url, concurrency }) =>
			inEngine({
				type: 'bench.bareLoop',
				typeVersion: 1,
				parameters: { concurrency },
				credentials: { responsesApi: { baseUrl: url, apiKey } },
				extra: { 'bench.bareLoop': bareLoop },
			}),
	},
	http: { title: 'HTTP Request', ready: (task) => httpRequest(task, {}) },
	batched: {
		title: 'HTTP Request, batching',
		ready: (task) =>
			httpRequest(task, { batching: { batch: { batchSize: task.batch ?? task.concurrency, batchInterval: Math.max(1, task.latency) } } }),
	},
	openai: { title: 'OpenAI (n8n)', ready: openAiNode },
	script: { title: 'script: openai + p-limit', ready: script },
};
