// The server of the benchmark, a process of its own at the port that it is told: answers after a set time, refuses what
// is over its limits, counts. `PUT` sets it anew and clears the counts, `GET` tells them.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Settings
 * @property {number} latency ms until an answer
 * @property {number} [limit] most requests at work at once; more are refused (429, Retry-After 1)
 * @property {number} [refuseEvery] every so-manieth request is refused
 * @property {{pieces: number, megabytes: number, pause?: number}} [stream] answers are streams of so many pieces and about
 *   so many MB, with a pause of so many ms after the first piece
 *
 * @typedef {object} Counts
 * @property {number} calls
 * @property {number} refused
 * @property {number} mostInFlight of those that were not refused
 * @property {number} longestWait ms between a refusal and the next request with the same body
 */

const NONE = { calls: 0, refused: 0, mostInFlight: 0, longestWait: 0 };
/** @type {Settings} */
let settings = { latency: 0 };
/** @type {Counts} */
let counts = { ...NONE };
/** When each body was refused. @type {Map<string, number>} */
const refusedAt = new Map();
let inFlight = 0;

const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'in_progress', error: null, model: 'bench', output: [] };
const details = { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
const usage = { input_tokens: 40, output_tokens: 12, total_tokens: 52, ...details };
/** @param {string} text */
const completed = (text) => {
	const output = [{ ...item, content: [{ type: 'output_text', text, annotations: [] }] }];
	return { ...response, status: 'completed', output, usage };
};
const answer = JSON.stringify(completed('A short answer, as most rows of a table ask for.'));
const refusal = JSON.stringify({ error: { message: 'Too many requests', type: 'rate_limit_error', code: 'rate_limit_exceeded' } });

/** Deltas, and the whole text again in the last event, as OpenAI sends it. @type {(pieces: number, megabytes: number) => Generator<string>} */
function* streamOf(pieces, megabytes) {
	const place = { output_index: 0, content_index: 0, item_id: item.id };
	let number = 0;
	const eventOf = (/** @type {string} */ type, /** @type {object} */ more) =>
		`event: ${type}\ndata: ${JSON.stringify({ type, ...more, sequence_number: number++ })}\n\n`;
	const delta = (/** @type {string} */ text) => eventOf('response.output_text.delta', { ...place, delta: text, logprobs: [] });
	const length = Math.max(1, Math.floor((megabytes * 2 ** 20) / pieces - delta('').length) / 2);
	const piece = 'Lorem ipsum '.repeat(1000).slice(0, length);
	yield eventOf('response.created', { response });
	yield eventOf('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } });
	yield eventOf('response.content_part.added', { ...place, part: { type: 'output_text', text: '', annotations: [] } });
	for (let left = pieces; left > 0; left--) yield delta(piece);
	yield eventOf('response.completed', { response: completed(piece.repeat(pieces)) });
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
	for (const text of streamOf(stream.pieces, stream.megabytes)) {
		if (!reply.write(text)) await once(reply, 'drain');
		if (stream.pause && text.includes('.delta')) await sleep(stream.pause);
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
