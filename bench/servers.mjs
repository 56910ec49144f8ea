// The built node with nothing set, in n8n's engine and in real time, on thirteen kinds of servers: how many rows it loses,
// and how long it takes beside the least possible time or a client with the best number of calls at once.
// node bench/servers.mjs [name ...]

import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import pLimit from 'p-limit';

const LATENCY = 200;

/**
 * @typedef {{status?: number, headers?: Record<string, string>, after?: number, body?: string}} Reply
 * @typedef {object} Server
 * @property {number} rows
 * @property {string} bound what is asked of the node
 * @property {() => (now: number, state: {inFlight: number, calls: number}) => Reply} model
 * @property {'all' | number} [peer] the calls at once of the client that it is measured beside
 * @property {number} [floor] least seconds possible
 */

const refusal = (/** @type {Record<string, string>} */ headers = {}) => ({ status: 429, headers });
const askOne = { 'retry-after': '1' };

/** A token bucket. @param {number} perSecond @param {number} burst @param {Record<string, string>} [headers] */
function bucket(perSecond, burst, headers) {
	let tokens = burst;
	let filledAt = 0;
	return (/** @type {number} */ now) => {
		tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
		filledAt = now;
		if (tokens < 1) return refusal(headers);
		tokens--;
		return {};
	};
}

/** So many calls in a time. @param {number} most @param {number} ms @param {string} [body] */
function windowed(most, ms, body) {
	let since = 0;
	let taken = 0;
	return (/** @type {number} */ now) => {
		if (now >= since + ms) [since, taken] = [now, 0];
		return ++taken > most ? { ...refusal(), body } : {};
	};
}

/** One call after another. @param {number} ms */
function oneSlot(ms) {
	let freeAt = 0;
	return (/** @type {number} */ now) => {
		freeAt = Math.max(now, freeAt) + ms;
		return { after: freeAt - now };
	};
}

/** @type {Record<string, Server>} */
const servers = {
	'no limits, 1000 rows': { rows: 1000, peer: 'all', bound: '2 x all at once', model: () => () => ({}) },
	'no limits, 100 rows': { rows: 100, peer: 'all', bound: '4.5 x all at once', model: () => () => ({}) },
	'40 in 20 s, in words': { rows: 100, floor: 40.2, bound: '1.5 x floor', model: () => windowed(40, 20_000) },
	'40 in 20 s, empty body': { rows: 100, floor: 40.2, bound: '1.5 x floor', model: () => windowed(40, 20_000, '') },
	'1 a second, burst 20': { rows: 50, floor: 30.2, bound: '1.5 x floor', model: () => bucket(1, 20) },
	'1 a second, Retry-After': { rows: 50, floor: 30.2, bound: '1.5 x floor', model: () => bucket(1, 20, askOne) },
	'away for 8 s': {
		rows: 200,
		bound: '60 calls in vain',
		model: () => {
			let begun = 0;
			return (now) => {
				begun ||= now;
				return now > begun + 700 && now < begun + 8700 ? { status: 502 } : {};
			};
		},
	},
	'every 20th refused': {
		rows: 200,
		peer: 10,
		bound: '1.2 x client at 10',
		model:
			() =>
			(_, { calls }) =>
				calls % 20 === 0 ? refusal(askOne) : {},
	},
	'5 % refused': {
		rows: 200,
		peer: 20,
		bound: '1.6 x client at 20',
		model: () => () => (Math.random() < 0.05 ? refusal(askOne) : {}),
	},
	'2 % 503': { rows: 200, peer: 20, bound: '1.6 x client at 20', model: () => () => (Math.random() < 0.02 ? { status: 503 } : {}) },
	'8 at once': {
		rows: 200,
		floor: 5,
		bound: '1.6 x floor, 10 % refused',
		model:
			() =>
			(_, { inFlight }) =>
				inFlight > 8 ? refusal() : {},
	},
	'one key of ten near its limit': {
		rows: 20,
		bound: '3 s',
		model:
			() =>
			(_, { calls }) =>
				calls % 10 === 0
					? { headers: { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '23h0m0s' } }
					: { headers: { 'x-ratelimit-remaining-requests': '4000', 'x-ratelimit-reset-requests': '1s' } },
	},
	'one slot that queues': { rows: 80, floor: 8, bound: '10 in flight', model: () => oneSlot(100) },
};

const answer = JSON.stringify({
	id: 'resp_1',
	object: 'response',
	status: 'completed',
	model: 'bench',
	output: [{ type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: 'Yes', annotations: [] }] }],
	usage: { input_tokens: 40, output_tokens: 12, total_tokens: 52 },
});

/** The server's own process: set to a kind by its name, told the counts. */
function serve() {
	let model = servers['no limits, 100 rows'].model();
	const counts = { calls: 0, inVain: 0, inFlight: 0, mostInFlight: 0 };
	const server = createServer((request, response) => {
		request.resume().on('end', () => {
			counts.calls++;
			counts.inFlight++;
			const { status = 200, headers = {}, after = LATENCY, body } = model(performance.now(), counts);
			const isRefused = status !== 200;
			if (isRefused) counts.inVain++;
			else counts.mostInFlight = Math.max(counts.mostInFlight, counts.inFlight);
			const end = () => {
				counts.inFlight--;
				response.writeHead(status, { 'content-type': 'application/json', ...headers });
				response.end(isRefused ? (body ?? '{"error":{"message":"Too many requests"}}') : answer);
			};
			if (isRefused) end();
			else setTimeout(end, after);
		});
	}).listen(0, '127.0.0.1', () => process.send?.(server.address()));
	process.on('message', (name) => {
		if (typeof name === 'string') {
			model = servers[name].model();
			Object.assign(counts, { calls: 0, inVain: 0, inFlight: 0, mostInFlight: 0 });
		}
		process.send?.(counts);
	});
}

/** Seconds that the work takes, and what it gives. @template T @param {() => Promise<T>} work */
async function timed(work) {
	const since = performance.now();
	const result = await work();
	return { seconds: (performance.now() - since) / 1000, result };
}

/** The node with nothing set, on so many rows; how many of them got no answer, with the words of the first. */
async function ours(/** @type {string} */ url, /** @type {number} */ rows) {
	/** @type {typeof import('../test/support/engine.js')} */
	const { runNode } = createRequire(import.meta.url)('../test/support/engine.js');
	const { items, hints } = await runNode(
		{ model: { __rl: true, mode: 'id', value: 'bench' }, prompt: '={{ $json.text }}' },
		{
			credentials: { responsesApi: { baseUrl: url, apiKey: 'sk-bench' } },
			items: Array.from({ length: rows }, (_, row) => ({ json: { text: `Row ${row}` } })),
			node: { onError: 'continueRegularOutput' },
		},
	);
	const failed = items.filter(({ json }) => json.error !== undefined);
	const words = failed.length > 0 ? String(failed[0].json.error) : hints.map(({ message }) => message).join('; ');
	return { lost: rows - (items.length - failed.length), words };
}

/** The official client with five retries, so many calls at once. */
async function client(/** @type {string} */ url, /** @type {number} */ rows, /** @type {number} */ concurrency) {
	const openai = new OpenAI({ apiKey: 'sk-bench', baseURL: url, maxRetries: 5 });
	const limit = pLimit(concurrency);
	const calls = Array.from({ length: rows }, (_, row) => limit(() => openai.responses.create({ model: 'bench', input: `Row ${row}` })));
	const outcomes = await Promise.allSettled(calls);
	return outcomes.filter(({ status }) => status === 'rejected').length;
}

async function main() {
	const child = fork(fileURLToPath(import.meta.url), ['serve']);
	const told = () => new Promise((resolve) => child.once('message', resolve));
	const ask = async (/** @type {string | number} */ message) => {
		const reply = told();
		child.send(message);
		return await reply;
	};
	const { port } = /** @type {{port: number}} */ (await told());
	const url = `http://127.0.0.1:${port}/v1`;
	await ours(url, 20);
	const wanted = process.argv.slice(2);
	for (const [name, { rows, floor, peer, bound }] of Object.entries(servers)) {
		if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
		let beside = floor;
		if (peer !== undefined) {
			await ask(name);
			beside = (await timed(() => client(url, rows, peer === 'all' ? rows : peer))).seconds;
		}
		await ask(name);
		const { seconds, result } = await timed(() => ours(url, rows));
		const { calls, inVain, mostInFlight } = /** @type {{calls: number, inVain: number, mostInFlight: number}} */ (await ask(0));
		const ratio = beside === undefined ? '' : `${(seconds / beside).toFixed(2)} x ${beside.toFixed(1)} s`;
		const figures = [
			name.padEnd(30),
			`${result.lost} lost`,
			`${seconds.toFixed(1).padStart(5)} s`,
			ratio.padEnd(13),
			`${calls} calls, ${inVain} in vain (${Math.round((100 * inVain) / calls)} %)`.padEnd(32),
			`${mostInFlight} in flight`.padEnd(13),
			`(asked: ${bound})`,
		];
		console.log(`${figures.join('  ')}\n${' '.repeat(32)}${result.words}`);
	}
	child.disconnect();
}

if (process.argv[2] === 'serve') serve();
else await main();
