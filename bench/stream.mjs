/**
 * How long our node takes to read a large stream, and how much memory, beside the official client on the same bytes:
 * `node bench/stream.mjs [MB ...]` (default 25 50 100). Each reading has a process of its own, and so has the
 * server. Build first.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { tableOf } from '../scripts/demo/table.js';

const EVENTS = 100_000;
const MB = 1024 * 1024;
const KEY = 'bench';

/** @param {object} event */
const eventOf = (event) => `event: ${'type' in event ? event.type : ''}\ndata: ${JSON.stringify(event)}\n\n`;

/**
 * A stream of about so many MB: deltas, and the whole text again in the last event, as OpenAI sends it.
 * @param {number} size
 */
function* streamOf(size) {
	const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', output: [] };
	const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
	const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
	const part = { type: 'output_text', text: '', annotations: [] };
	const delta = (/** @type {number} */ number, /** @type {string} */ text) =>
		eventOf({ type: 'response.output_text.delta', ...place, delta: text, logprobs: [], sequence_number: number });
	const around = delta(EVENTS, '').length;
	const piece = 'Lorem ipsum '.repeat(1000).slice(0, Math.max(1, Math.floor((size * MB) / EVENTS - around) / 2));
	yield eventOf({ type: 'response.created', response, sequence_number: 0 });
	yield eventOf({ type: 'response.output_item.added', output_index: 0, item, sequence_number: 1 });
	yield eventOf({ type: 'response.content_part.added', ...place, part, sequence_number: 2 });
	for (let number = 0; number < EVENTS; number++) yield delta(number + 3, piece);
	const content = [{ ...part, text: piece.repeat(EVENTS) }];
	const output = [{ ...item, status: 'completed', content }];
	yield eventOf({ type: 'response.completed', response: { ...response, status: 'completed', output }, sequence_number: EVENTS + 3 });
}

/** The server: the model it is asked for is the size in MB. */
async function serve() {
	const server = createServer(async (request, response) => {
		const size = Number(JSON.parse(Buffer.concat(await request.toArray()).toString()).model);
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		for (const text of streamOf(size)) if (!response.write(text)) await once(response, 'drain');
		response.end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	process.send?.(server.address());
}

/** @type {Record<string, () => Promise<(baseUrl: string, size: number) => Promise<number>>>} who reads; gives the length of the text */
const READERS = {
	async node() {
		const { runNode } = createRequire(import.meta.url)('../test/support/engine.js');
		return async (baseUrl, size) => {
			const parameters = { model: String(size), prompt: 'x', options: { stream: true }, requests: { maxReplySize: 4096 } };
			const { items, error } = await runNode(parameters, { credentials: { responsesApi: { baseUrl, apiKey: KEY } } });
			if (error) throw error;
			return items[0].json.text.length;
		};
	},
	async client() {
		const { default: OpenAI } = await import('openai');
		return async (baseURL, size) => {
			const client = new OpenAI({ baseURL, apiKey: KEY });
			return (await client.responses.stream({ model: String(size), input: 'x' }).finalResponse()).output_text.length;
		};
	},
};

/**
 * Reads a stream once in this process, after a small one that loads what is needed.
 * @param {string} reader
 * @param {string} baseUrl
 * @param {number} size
 */
async function measure(reader, baseUrl, size) {
	const read = await READERS[reader]();
	await read(baseUrl, 1);
	const before = process.memoryUsage.rss();
	const start = performance.now();
	const length = await read(baseUrl, size);
	const seconds = (performance.now() - start) / 1000;
	// in kB, the most since the process began
	process.send?.({ length, seconds, peak: process.resourceUsage().maxRSS * 1024 - before });
}

/**
 * This file in a process of its own; its first message.
 * @param {...string} args
 */
async function inProcess(...args) {
	const child = fork(fileURLToPath(import.meta.url), args);
	const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error(args.join(' '))))]);
	return { child, message };
}

async function compare(/** @type {number[]} */ sizes) {
	const { child, message: address } = await inProcess('serve');
	const baseUrl = `http://127.0.0.1:${address.port}/v1`;
	const rows = [];
	for (const size of sizes) {
		const bytes = [...streamOf(size)].reduce((sum, text) => sum + text.length, 0);
		for (const reader of Object.keys(READERS)) {
			const { child: reading, message } = await inProcess('measure', reader, baseUrl, String(size));
			reading.kill();
			rows.push([
				Math.round(bytes / MB),
				reader === 'node' ? 'our node, in n8n' : 'official client',
				message.seconds.toFixed(2),
				Math.round(bytes / MB / message.seconds),
				Math.round(message.peak / MB),
				(message.peak / bytes).toFixed(2),
			]);
		}
	}
	child.kill();
	console.log(`${EVENTS} events in each stream`);
	console.log(tableOf(['Stream, MB', 'Read by', 'Seconds', 'MB a second', 'Peak memory, MB', 'Times the stream'], rows, 100));
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'serve') await serve();
else if (what === 'measure') await measure(rest[0], rest[1], Number(rest[2]));
else
	await compare(
		[what, ...rest]
			.filter(Boolean)
			.map(Number)
			.concat(what ? [] : [25, 50, 100]),
	);
