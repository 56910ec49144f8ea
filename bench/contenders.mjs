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
 * @typedef {(rows: string[]) => Promise<{finished: number, note?: string}>} Run
 * @typedef {import('n8n-workflow').INodeParameters} Parameters
 * @typedef {import('../test/support/engine.js').NodeOptions} Options
 */

const require = createRequire(import.meta.url);
const apiKey = 'sk-bench';
const model = { __rl: true, mode: 'id', value: 'bench' };
/** Folder of the package that has n8n's OpenAI node: only a whole n8n has it. */
export const LANGCHAIN = join(folderOf(), 'node_modules', '@n8n', 'n8n-nodes-langchain');

/** A node in n8n's engine. @type {(url: string, parameters: Parameters, options?: Options) => Run} */
const inEngine = (url, parameters, options) => async (rows) => {
	const credentials = { responsesApi: { baseUrl: url, apiKey } };
	const items = rows.map((text) => ({ json: { text } }));
	const { items: came, error, hints } = await runNode(parameters, { mode: 'trigger', credentials, items, ...options });
	if (error) return { finished: 0, note: `ended with: ${error.message}` };
	const failed = came.filter(({ json }) => (json.error ?? null) !== null);
	const said = [...failed.slice(0, 1).map(({ json }) => json.error), ...hints.map(({ message }) => message)];
	return { finished: came.length - failed.length, note: said.length > 0 ? `said: ${said.join('; ')}` : undefined };
};

const httpRequest = (/** @type {string} */ url, /** @type {Parameters} */ options) => {
	const authentication = { authentication: 'predefinedCredentialType', nodeCredentialType: 'responsesApi' };
	const jsonBody = '={{ JSON.stringify({ model: "bench", input: [{ role: "user", content: $json.text }] }) }}';
	const request = { method: 'POST', url: `${url}/responses`, sendBody: true, specifyBody: 'json', jsonBody };
	const node = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
	return inEngine(url, { ...request, ...authentication, options }, { node });
};

/** How long rows wait for the first word of their answer. @type {(ask: (text: string, onWord: () => void) => Promise<unknown>) => Run} */
const firstWord = (ask) => async (rows) => {
	/** @type {number[]} */
	const times = [];
	for (const [row, text] of rows.entries()) {
		const begin = performance.now();
		await ask(text, () => (times[row] ??= performance.now() - begin));
	}
	times.sort((a, b) => a - b);
	const [median, p95, worst] = [0.5, 0.95, 1].map((share) => times[Math.ceil(share * times.length) - 1].toFixed(1));
	return { finished: times.length, note: `shows the first word after ${median} ms (median), ${p95} (95 %), ${worst} (worst)` };
};

/** What they are called. @type {Record<string, string>} */
export const titles = {
	auto: 'Responses API (this node), nothing set',
	ours: 'Responses API (this node)',
	bare: "bare loop over n8n's helper",
	http: 'HTTP Request',
	batched: 'HTTP Request, batching',
	openai: 'OpenAI (n8n)',
	script: 'script: openai + p-limit',
	chat: 'Responses API (this node), in a chat',
	fetch: 'bare client',
};

/** What makes them ready. @type {Record<string, (task: Task) => Run>} */
export const contenders = {
	auto: ({ url }) => inEngine(url, { model, prompt: '={{ $json.text }}' }, { node: { onError: 'continueRegularOutput' } }),
	ours: ({ url, concurrency, settings: { stream } }) => {
		const requests = { concurrency, ...(stream && { maxReplySize: 4096 }) };
		return inEngine(url, { model, prompt: '={{ $json.text }}', requests, options: stream ? { stream: true } : {} });
	},
	bare: ({ url, concurrency }) => inEngine(url, { concurrency }, { node: { type: 'bench.bare' }, nodeTypes: { 'bench.bare': bareLoop } }),
	http: ({ url }) => httpRequest(url, {}),
	batched: ({ url, concurrency, batch: batchSize = concurrency, settings: { latency } }) =>
		httpRequest(url, { batching: { batch: { batchSize, batchInterval: Math.max(1, latency) } } }),
	openai: ({ url }) => {
		const { OpenAi } = require(join(LANGCHAIN, 'dist', 'nodes', 'vendors', 'OpenAi', 'OpenAi.node.js'));
		const responses = { values: [{ type: 'text', role: 'user', content: '={{ $json.text }}' }] };
		const parameters = { resource: 'text', operation: 'response', modelId: model, responses, hideTools: 'hide' };
		return inEngine(url, parameters, {
			node: { type: 'langchain.openAi', typeVersion: 2 },
			nodeTypes: { 'langchain.openAi': new OpenAi() },
			credentials: { openAiApi: { apiKey, url } },
			credentialsFolder: dirname(require.resolve('n8n-nodes-base/package.json')),
		});
	},
	script: ({ url, concurrency, retries, settings: { stream } }) => {
		const { responses } = new OpenAI({ apiKey, baseURL: url, maxRetries: retries });
		const limit = pLimit(concurrency);
		const ask = async (/** @type {string} */ input) => {
			const body = { model: 'bench', input };
			await (stream ? responses.stream(body).finalResponse() : responses.create(body));
		};
		return async (rows) => {
			const outcomes = await Promise.allSettled(rows.map((input) => limit(ask, input)));
			const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
			return { finished: rows.length - failed.length, note: failed[0] && `ended with: ${failed[0].reason.message}` };
		};
	},
	chat: ({ url }) =>
		firstWord((prompt, onWord) => {
			const onChunk = (/** @type {{type: string}} */ { type }) => type === 'item' && onWord();
			return runNode({ model, prompt }, { credentials: { responsesApi: { baseUrl: url, apiKey } }, isStreaming: true, onChunk });
		}),
	fetch: ({ url }) =>
		firstWord(async (input, onWord) => {
			const body = JSON.stringify({ model: 'bench', input, stream: true });
			const reply = await fetch(`${url}/responses`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
			const chunks = /** @type {import('node:stream/web').ReadableStream<Uint8Array>} */ (reply.body);
			for await (const chunk of chunks) if (Buffer.from(chunk).includes('output_text.delta')) onWord();
		}),
};
