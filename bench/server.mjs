// The server of the benchmark, a process of its own: answers after a set time, refuses what is over its limits, counts.
// Prints its port. `PUT /settings` sets it anew and clears the counts, `GET /counts` tells them.

import { createServer } from 'node:http';

/**
 * @typedef {object} Settings
 * @property {number} latency ms until an answer
 * @property {number} [limit] most requests at work at once; more are refused (429, Retry-After 1)
 * @property {number} [refuseEvery] every so-manieth request is refused
 *
 * @typedef {object} Counts
 * @property {number} calls
 * @property {number} refused
 * @property {number} mostInFlight of those that were not refused
 * @property {number} longestWait ms between a refusal and the next request with the same body
 */

/** @type {Settings} */
let settings = { latency: 0 };
/** @type {Counts} */
let counts = { calls: 0, refused: 0, mostInFlight: 0, longestWait: 0 };
/** When each body was refused. @type {Map<string, number>} */
const refusedAt = new Map();
let inFlight = 0;

const usage = {
	input_tokens: 40,
	input_tokens_details: { cached_tokens: 0 },
	output_tokens: 12,
	output_tokens_details: { reasoning_tokens: 0 },
	total_tokens: 52,
};
const content = [{ type: 'output_text', text: 'A short answer, as most rows of a table ask for.', annotations: [] }];
const output = [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }];
const answer = JSON.stringify({
	id: 'resp_1',
	object: 'response',
	created_at: 1,
	status: 'completed',
	error: null,
	model: 'bench',
	output,
	usage,
});
const refusal = JSON.stringify({ error: { message: 'Too many requests', type: 'rate_limit_error', code: 'rate_limit_exceeded' } });

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} body
 */
function reply(response, status, body) {
	response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '1' }) });
	response.end(body);
}

/**
 * @param {string} body
 * @param {import('node:http').ServerResponse} response
 */
function answerOne(body, response) {
	const { latency, limit = Infinity, refuseEvery = Infinity } = settings;
	counts.calls++;
	counts.longestWait = Math.max(counts.longestWait, performance.now() - (refusedAt.get(body) ?? Infinity));
	refusedAt.delete(body);
	if (inFlight >= limit || counts.calls % refuseEvery === 0) {
		counts.refused++;
		refusedAt.set(body, performance.now());
		return reply(response, 429, refusal);
	}
	counts.mostInFlight = Math.max(counts.mostInFlight, ++inFlight);
	const done = () => {
		inFlight--;
		reply(response, 200, answer);
	};
	if (latency > 0) setTimeout(done, latency);
	else done();
}

const server = createServer({ noDelay: true }, async (request, response) => {
	/** @type {Buffer[]} */
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	const body = Buffer.concat(chunks).toString();
	if (request.method === 'PUT') {
		settings = JSON.parse(body);
		counts = { calls: 0, refused: 0, mostInFlight: 0, longestWait: 0 };
		refusedAt.clear();
		reply(response, 200, '{}');
	} else if (request.method === 'GET') reply(response, 200, JSON.stringify(counts));
	else answerOne(body, response);
});
server.listen(0, '127.0.0.1', () => {
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	console.log(port);
});
