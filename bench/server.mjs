// The server of the benchmark, a process of its own at the port that it is told: answers after a set time, refuses what
// is over its limits, counts. `PUT` sets it anew and clears the counts, `GET` tells them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sse } from '../test/support/replies.js';

/** @typedef {typeof NONE} Counts */
/**
 * @typedef {object} Settings what is refused and how the rest is answered; times in ms
 * @property {number} latency until an answer
 * @property {boolean} [oneSlot] one request after another is worked on
 * @property {number} [limit] most requests at work at once
 * @property {number} [refuseEvery] every so-manieth request is refused
 * @property {number} [refuseShare] of the requests, by chance
 * @property {{perSecond: number, burst: number}} [bucket] requests that it takes
 * @property {{most: number, ms: number}} [window] requests that it takes in a time
 * @property {{from: number, to: number}} [away] after the first request
 * @property {{status?: number, headers?: Record<string, string>, body?: string}} [refusal] default: 429
 * @property {Record<string, string>[]} [headers] of the answers, in turn
 * @property {{pieces: number, megabytes: number, pause?: number}} [stream] so an answer is sent, with a pause after each piece
 */

/** `mostInFlight` of calls that were not refused; `longestWait`: ms between a refusal and the next request with that body */
const NONE = { calls: 0, refused: 0, mostInFlight: 0, longestWait: 0 };
const FRESH = { begun: 0, tokens: Infinity, filledAt: 0, since: 0, taken: 0, freeAt: 0 };
let counts = { ...NONE };
let state = { ...FRESH };
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
const tooMany = JSON.stringify({ error: { message: 'Too many requests', type: 'rate_limit_error', code: 'rate_limit_exceeded' } });

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

/** @type {(reply: import('node:http').ServerResponse, body: string, status?: number, headers?: Record<string, string>) => unknown} */
const send = (reply, body, status = 200, headers = {}) =>
	reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

/** Whether a request that comes now is refused. @param {number} now */
function isRefused(now) {
	const { limit = Infinity, refuseEvery = Infinity, refuseShare = 0, bucket, window, away } = settings;
	state.begun ||= now;
	if (away && now > state.begun + away.from && now < state.begun + away.to) return true;
	if (window && now >= state.since + window.ms) Object.assign(state, { since: now, taken: 0 });
	if (bucket) state.tokens = Math.min(bucket.burst, state.tokens + ((now - state.filledAt) / 1000) * bucket.perSecond);
	state.filledAt = now;
	if (state.tokens < 1 || ++state.taken > (window?.most ?? Infinity)) return true;
	state.tokens--;
	return inFlight >= limit || counts.calls % refuseEvery === 0 || Math.random() < refuseShare;
}

/** @type {(body: string, reply: import('node:http').ServerResponse) => Promise<unknown>} */
async function answerOne(body, reply) {
	const { latency, oneSlot, refusal = {}, headers = [{}], stream } = settings;
	const now = performance.now();
	counts.calls++;
	counts.longestWait = Math.max(counts.longestWait, now - (refusedAt.get(body) ?? Infinity));
	refusedAt.delete(body);
	if (isRefused(now)) {
		counts.refused++;
		refusedAt.set(body, now);
		return send(reply, refusal.body ?? tooMany, refusal.status ?? 429, refusal.headers);
	}
	counts.mostInFlight = Math.max(counts.mostInFlight, ++inFlight);
	state.freeAt = Math.max(now, oneSlot ? state.freeAt : 0) + latency;
	if (latency > 0) await sleep(state.freeAt - now);
	inFlight--;
	if (!stream) return send(reply, answer, 200, headers[counts.calls % headers.length]);
	reply.writeHead(200, { 'content-type': 'text/event-stream' });
	for (const event of eventsOf(stream)) {
		if (!reply.write(event)) await once(reply, 'drain');
		if (stream.pause && String(event).includes('.delta')) await sleep(stream.pause);
	}
	return reply.end();
}

createServer({ noDelay: true }, async (request, reply) => {
	const body = Buffer.concat(await request.toArray()).toString();
	if (request.method === 'GET') return send(reply, JSON.stringify(counts));
	if (request.method !== 'PUT') return await answerOne(body, reply);
	settings = JSON.parse(body);
	[counts, state] = [{ ...NONE }, { ...FRESH }];
	refusedAt.clear();
	return send(reply, '{}');
}).listen(Number(process.argv[2]), '127.0.0.1');
