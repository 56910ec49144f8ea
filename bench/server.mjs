// The server of the benchmark, a process of its own at the port that it is told: answers after a set time, refuses what
// is over its limits, counts. `PUT` sets it anew and clears the counts, `GET` tells them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sse } from '../test/support/replies.js';

/** @typedef {typeof NONE} Counts */
/**
 * @typedef {object} Settings
 * @property {number} latency ms until an answer
 * @property {number} [limit] most requests at work at once; more are refused (429, Retry-After 1)
 * @property {number} [refuseEvery] every so-manieth request is refused
 * @property {{pieces: number, megabytes: number, pause?: number}} [stream] so an answer is sent; with a pause after each piece, in ms
 */

/** `mostInFlight` of calls that were not refused; `longestWait`: ms between a refusal and the next request with that body */
const NONE = { calls: 0, refused: 0, mostInFlight: 0, longestWait: 0 };
let counts = { ...NONE };
let settings = /** @type {Settings} */ ({ latency: 0 });
const refusedAt = /** @type {Map<string, number>} */ (new Map()); // by body
let inFlight = 0;

const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'in_progress', error: null, model: 'bench', output: [] };
const usage = { input_tokens: 40, output_tokens: 12, total_tokens: 52, input_tokens_details: { cached_tokens: 0 } };
const part = { type: 'output_text', text: '', annotations: [] };
const completed = (/** @type {string} */ text) => ({
	...response,
	status: 'completed',
	output: [{ ...item, content: [{ ...part, text }] }],
	usage,
});
const answer = JSON.stringify(completed('A short answer, as most rows of a table ask for.'));
const refusal = JSON.stringify({ error: { message: 'Too many requests', type: 'rate_limit_error', code: 'rate_limit_exceeded' } });

/** Deltas, and the whole text again in the last event, as OpenAI sends it. @param {NonNullable<Settings['stream']>} stream */
function eventsOf({ pieces, megabytes }) {
	const place = { output_index: 0, content_index: 0, item_id: item.id };
	const text = 'Lorem ipsum '.repeat(1000).slice(0, Math.max(1, ((megabytes * 2 ** 20) / pieces - 210) / 2));
	const events = [
		{ type: 'response.created', response },
		{ type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
		{ type: 'response.content_part.added', ...place, part },
		...Array.from({ length: pieces }, () => ({ type: 'response.output_text.delta', ...place, delta: text, logprobs: [] })),
		{ type: 'response.completed', response: completed(text.repeat(pieces)) },
	];
	return sse(events.map((event, sequence_number) => ({ ...event, sequence_number }))).body;
}

/** @type {(reply: import('node:http').ServerResponse, status: number, body: string) => unknown} */
const send = (reply, status, body) =>
	reply.writeHead(status, { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '1' }) }).end(body);

/** @type {(body: string, reply: import('node:http').ServerResponse) => Promise<unknown>} */
async function answerOne(body, reply) {
	const { latency, limit = Infinity, refuseEvery = Infinity, stream } = settings;
	counts.calls++;
	counts.longestWait = Math.max(counts.longestWait, performance.now() - (refusedAt.get(body) ?? Infinity));
	refusedAt.delete(body);
	if (inFlight >= limit || counts.calls % refuseEvery === 0) {
		counts.refused++;
		refusedAt.set(body, performance.now());
		return send(reply, 429, refusal);
	}
	counts.mostInFlight = Math.max(counts.mostInFlight, ++inFlight);
	if (latency > 0) await sleep(latency);
	inFlight--;
	if (!stream) return send(reply, 200, answer);
	reply.writeHead(200, { 'content-type': 'text/event-stream' });
	for (const event of eventsOf(stream)) {
		if (!reply.write(event)) await once(reply, 'drain');
		if (stream.pause && String(event).includes('.delta')) await sleep(stream.pause);
	}
	return reply.end();
}

createServer({ noDelay: true }, async (request, reply) => {
	const body = Buffer.concat(await request.toArray()).toString();
	if (request.method === 'GET') return send(reply, 200, JSON.stringify(counts));
	if (request.method !== 'PUT') return await answerOne(body, reply);
	settings = JSON.parse(body);
	counts = { ...NONE };
	refusedAt.clear();
	return send(reply, 200, '{}');
}).listen(Number(process.argv[2]), '127.0.0.1');
