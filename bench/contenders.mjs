// Who runs against whom: each is made ready first, and then finishes rows.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import OpenAI from 'openai';
import pLimit from 'p-limit';
import { folderOf } from '../e2e/host/install.mjs';
import { runNode } from '../test/support/engine.js';
import { bareLoop } from './bare-loop.mjs';

/**
 * @typedef {import('./scenarios.mjs').Scenario & {url: string}} Task `url`: of the server, with /v1
 * @typedef {(rows: string[]) => Promise<{finished: number, error?: string, note?: string}>} Run
 * @typedef {import('../test/support/engine.js').NodeOptions} NodeOptions
 */

const require = createRequire(import.meta.url);
const apiKey = 'sk-bench';
const model = { __rl: true, mode: 'id', value: 'bench' };
/** Folder of the package that has n8n's OpenAI node: only a whole n8n has it. */
export const LANGCHAIN = join(folderOf(), 'node_modules', '@n8n', 'n8n-nodes-langchain');

/** @type {(url: string) => NodeOptions} */
const withKey = (url) => ({ credentials: { responsesApi: { baseUrl: url, apiKey } } });

/** A node in n8n's engine. @type {(parameters: import('n8n-workflow').INodeParameters, options: NodeOptions) => Run} */
const inEngine = (parameters, options) => async (rows) => {
	const items = rows.map((text) => ({ json: { text } }));
	const { items: came, error } = await runNode(parameters, { mode: 'trigger', ...options, items });
	const finished = error ? 0 : came.filter(({ json }) => (json.error ?? null) === null).length;
	return { finished, error: error?.message };
};

/** @type {(task: Task, options: import('n8n-workflow').INodeParameters) => Run} */
const httpRequest = ({ url }, options) => {
	const authentication = { authentication: 'predefinedCredentialType', nodeCredentialType: 'responsesApi' };
	const jsonBody = '={{ JSON.stringify({ model: "bench", input: [{ role: "user", content: $json.text }] }) }}';
	const body = { sendBody: true, specifyBody: 'json', jsonBody };
	const node = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
	return inEngine({ method: 'POST', url: `${url}/responses`, ...authentication, ...body, options }, { ...withKey(url), node });
};

/** How long each row waits for the first word of its answer. @type {(ask: (text: string, onWord: () => void) => Promise<unknown>) => Run} */
const firstWord = (ask) => async (rows) => {
	/** @type {number[]} */
	const times = [];
	for (const [row, text] of rows.entries()) {
		const begin = performance.now();
		await ask(text, () => (times[row] ??= performance.now() - begin));
	}
	times.sort((a, b) => a - b);
	const [median, p95, worst] = [0.5, 0.95, 1].map((share) => times[Math.ceil(share * times.length) - 1].toFixed(1));
	return { finished: times.length, note: `the first word after ${median} ms (median), ${p95} (95 %), ${worst} (worst)` };
};

/** By name: what it is called, and what makes it ready. @type {Record<string, {title: string, ready: (task: Task) => Run}>} */
export const contenders = {
	ours: {
		title: 'Responses API (this node)',
		ready: ({ url, concurrency, settings: { stream } }) => {
			const large = stream && { options: { stream: true }, requests: { maxReplySize: 4096 } };
			return inEngine({ model, prompt: '={{ $json.text }}', requests: { concurrency }, ...large }, withKey(url));
		},
	},
	bare: {
		title: "bare loop over n8n's helper",
		ready: ({ url, concurrency }) => {
			const [type, extraNodes] = ['bench.bareLoop', { 'bench.bareLoop': bareLoop }];
			return inEngine({ concurrency }, { ...withKey(url), node: { type }, extraNodes });
		},
	},
	http: { title: 'HTTP Request', ready: (task) => httpRequest(task, {}) },
	batched: {
		title: 'HTTP Request, batching',
		ready: (task) => {
			const batch = { batchSize: task.batch ?? task.concurrency, batchInterval: Math.max(1, task.settings.latency) };
			return httpRequest(task, { batching: { batch } });
		},
	},
	openai: {
		title: 'OpenAI (n8n)',
		ready: ({ url }) => {
			const { OpenAi } = require(join(LANGCHAIN, 'dist', 'nodes', 'vendors', 'OpenAi', 'OpenAi.node.js'));
			const responses = { values: [{ type: 'text', role: 'user', content: '={{ $json.text }}' }] };
			const type = 'langchain.openAi';
			return inEngine(
				{ resource: 'text', operation: 'response', modelId: model, responses, hideTools: 'hide' },
				{
					node: { type, typeVersion: 2 },
					credentials: { openAiApi: { apiKey, url } },
					credentialsFolder: dirname(require.resolve('n8n-nodes-base/package.json')),
					extraNodes: { [type]: new OpenAi() },
				},
			);
		},
	},
	script: {
		title: 'script: openai + p-limit',
		ready: ({ url, concurrency, settings: { stream } }) => {
			const { responses } = new OpenAI({ apiKey, baseURL: url });
			const ask = async (/** @type {string} */ input) => {
				const body = { model: 'bench', input };
				await (stream ? responses.stream(body).finalResponse() : responses.create(body));
			};
			const limit = pLimit(concurrency);
			return async (rows) => {
				const outcomes = await Promise.allSettled(rows.map((input) => limit(ask, input)));
				const failed = outcomes.find((outcome) => outcome.status === 'rejected');
				return { finished: outcomes.filter(({ status }) => status === 'fulfilled').length, error: failed?.reason.message };
			};
		},
	},
	chat: {
		title: 'Responses API (this node), in a chat',
		ready: ({ url }) =>
			firstWord((prompt, onWord) => {
				const onChunk = (/** @type {{type: string}} */ { type }) => type === 'item' && onWord();
				return runNode({ model, prompt }, { ...withKey(url), isStreaming: true, onChunk });
			}),
	},
	fetch: {
		title: 'bare client',
		ready: ({ url }) =>
			firstWord(async (input, onWord) => {
				const body = JSON.stringify({ model: 'bench', input, stream: true });
				const reply = await fetch(`${url}/responses`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
				const chunks = /** @type {import('node:stream/web').ReadableStream<Uint8Array>} */ (reply.body);
				for await (const chunk of chunks) if (Buffer.from(chunk).includes('output_text.delta')) onWord();
			}),
	},
};
