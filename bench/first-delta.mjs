/**
 * How much later the first piece of an answer reaches a chat through our node than a bare client at the same server:
 * `node bench/first-delta.mjs [runs]` (default 50). n8n's engine streams, as for a chat. Build first.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { tableOf } from '../scripts/demo/table.js';

/** Milliseconds that the model thinks before its first word, and before the rest. */
const THINKING = 100;
const WRITING = 200;
const KEY = 'bench';

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const eventOf = (/** @type {{type: string}} */ event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** A server that writes one word, and the rest later. */
async function serve() {
	const response = { id: 'resp_1', object: 'response', model: 'm', output: [] };
	const delta = (/** @type {string} */ text) =>
		eventOf({ type: 'response.output_text.delta', ...{ output_index: 0, content_index: 0, delta: text } });
	const server = createServer({ noDelay: true }, async (request, reply) => {
		await request.toArray();
		reply.writeHead(200, { 'content-type': 'text/event-stream' });
		reply.write(eventOf({ type: 'response.created', ...{ response: { ...response, status: 'in_progress' } } }));
		await wait(THINKING);
		reply.write(delta('First'));
		await wait(WRITING);
		reply.end(delta(' rest') + eventOf({ type: 'response.completed', ...{ response: { ...response, status: 'completed' } } }));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	process.send?.(server.address());
}

/**
 * Milliseconds until a bare client has the first word.
 * @param {string} baseUrl
 */
async function bare(baseUrl) {
	const begin = performance.now();
	const body = JSON.stringify({ model: 'm', input: 'Hi', stream: true });
	const reply = await fetch(`${baseUrl}/responses`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	let first = NaN;
	let text = '';
	const decoder = new TextDecoder();
	for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (reply.body))) {
		text += decoder.decode(chunk, { stream: true });
		if (Number.isNaN(first) && text.includes('First')) first = performance.now() - begin;
	}
	return first;
}

/** Milliseconds until the chat has the first word, from the start of the workflow. */
function throughNode() {
	const { runNode } = createRequire(import.meta.url)('../test/support/engine.js');
	return async (/** @type {string} */ baseUrl) => {
		const begin = performance.now();
		let first = NaN;
		const { error } = await runNode(
			{ model: 'm', prompt: 'Hi' },
			{
				credentials: { responsesApi: { baseUrl, apiKey: KEY } },
				isStreaming: true,
				onChunk: (/** @type {{type: string}} */ { type }) => {
					if (type === 'item' && Number.isNaN(first)) first = performance.now() - begin;
				},
			},
		);
		if (error) throw error;
		return first;
	};
}

/**
 * @param {number[]} times
 * @param {number} share e.g. 0.5 for the median
 */
const quantile = (times, share) => times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1];

async function main(/** @type {number} */ runs) {
	const server = fork(fileURLToPath(import.meta.url), ['serve']);
	const [{ port }] = await once(server, 'message');
	const baseUrl = `http://127.0.0.1:${port}/v1`;
	const node = throughNode();
	/** @type {{bare: number[], node: number[]}} */
	const times = { bare: [], node: [] };
	await node(baseUrl); // loads n8n
	await bare(baseUrl);
	for (let run = 0; run < runs; run++) {
		times.bare.push(await bare(baseUrl));
		times.node.push(await node(baseUrl));
	}
	server.kill();
	const shares = [0.5, 0.95, 1];
	const rowOf = (/** @type {string} */ name, /** @type {number[]} */ all) => [
		name,
		...shares.map((share) => quantile(all, share).toFixed(1)),
	];
	const more = shares.map((share) => (quantile(times.node, share) - quantile(times.bare, share)).toFixed(1));
	console.log(`First piece of an answer after ... ms, ${runs} runs; the server thinks for ${THINKING} ms\n`);
	console.log(
		tableOf(
			['', 'median', 'p95', 'worst'],
			[rowOf('bare client', times.bare), rowOf('our node, with n8n', times.node), ['more', ...more]],
			80,
		),
	);
}

if (process.argv[2] === 'serve') await serve();
else await main(Number(process.argv[2] ?? 50));
