// `npm run queue`: the packed package on n8n's queue mode. Prints for each scenario what became of its rows.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import pLimit from 'p-limit';
import { json, sse } from '../test/support/replies.js';
import { startServer } from '../test/support/server.js';
import { startCluster } from './host/cluster.mjs';
import { newOwner } from './host/n8n.mjs';
import { credentialOf, workflowsIn } from './host/workflows.mjs';

/** A picture in and a picture out, streamed; rows in, one answer a row out. */
const [PICTURES, ROWS] = workflowsIn('e2e/workflows').filter(({ id }) => id.startsWith('queue'));
const NEVER = 'never'; // a row with this text gets no answer
/** One pixel, which the server is sent and gives back in a stream. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MINUTE = { timeout: 60_000 };
const limit = pLimit(20); // webhook calls that wait for their answer

const asked = /** @type {Map<string, number>} */ (new Map()); // how often each row was asked for
const NO_LIMIT = { takes: (/** @type {{atOnce: number, inWindow: number}} */ _) => true, windowMs: 0 };
let serverLimit = NO_LIMIT;
const ANSWER_MS = 100;
let answerMs = ANSWER_MS;
let counts = { atOnce: 0, inWindow: 0, windowEndsAt: 0, refused: 0 };
const server = await startServer(async ({ body }) => {
	const text = String(body.input[0].content);
	if (Date.now() >= counts.windowEndsAt) counts = { ...counts, inWindow: 0, windowEndsAt: Date.now() + serverLimit.windowMs };
	if (!serverLimit.takes(counts)) {
		counts.refused++;
		return json({ error: { message: 'Too many requests' } }, { status: 429 });
	}
	counts.inWindow++;
	counts.atOnce++;
	asked.set(text, (asked.get(text) ?? 0) + 1);
	if (text === NEVER) return { body: [new Promise(() => {})] };
	await sleep(answerMs);
	counts.atOnce--;
	const message = { type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
	const picture = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: PICTURE, output_format: 'png' };
	const output = body.stream ? [message, picture] : [message];
	const response = { id: `resp_${text}`, object: 'response', model: 'local', status: 'completed', output };
	const delta = { type: 'response.output_text.delta', delta: text, item_id: 'msg_1', output_index: 0, content_index: 0 };
	return body.stream ? sse([delta, { type: 'response.completed', response }]) : json(response);
});
const cluster = await startCluster([credentialOf({ url: `${server.url}/v1`, apiKey: 'queue' })], [ROWS, PICTURES]);
const owner = await newOwner(cluster.main);
for (const { id } of [ROWS, PICTURES]) await owner.publish(id);
await expect.poll(() => send(['ready']), MINUTE).toBeDefined(); // the webhook process knows the workflows
after(cluster.stop);
after(server.close);

const ALL_WELL = { failed: 0, lost: 0, paidTwice: 0, paidInVain: 0 };
it('spreads 200 executions of 20 rows over both workers', async () => {
	const result = await scenario('spread', 200);
	assert.deepEqual(result, { ...ALL_WELL, sent: 4_000, answered: 4_000 });
	for (const worker of cluster.workers) assert.ok(jobsOf(worker) > 40, 'one worker did nearly all');
});

/** Most times as long as the server needs for all rows. n8n on a busy machine adds chance: one of five runs must be within it */
const OF_FLOOR = 1.6;
const SHARED = [
	{ title: '8 calls at once', executions: 5, rows: 100, floor: 6.3, mostRefused: 0.25, most: 8 },
	{ title: '40 calls in 10 s', executions: 5, rows: 32, floor: 30, mostRefused: 0.45, most: 40, windowMs: 10_000 },
	// who has no place asks all the time whether one is free
	{ title: '4 calls of 5 s at once', executions: 2, rows: 30, floor: 75, mostRefused: 0.4, most: 4, ms: 5000 },
];
for (const { title, executions, rows, floor, mostRefused, most, windowMs = 0, ms = ANSWER_MS } of SHARED) {
	it(`loses no row and little time where ${executions} executions share a server that takes ${title}`, async () => {
		const times = [Infinity];
		for (let run = 1; run <= 5 && Math.min(...times) > OF_FLOOR; run++) {
			serverLimit = { takes: ({ atOnce, inWindow }) => (windowMs > 0 ? inWindow : atOnce) < most, windowMs };
			answerMs = ms;
			counts = { atOnce: 0, inWindow: 0, windowEndsAt: 0, refused: 0 };
			const begin = Date.now();
			const result = await scenario(`${title} ${run}`, executions, undefined, rows);
			times.push((Date.now() - begin) / 1000 / floor);
			const refused = counts.refused / (counts.refused + executions * rows);
			serverLimit = NO_LIMIT;
			answerMs = ANSWER_MS;
			console.log(title, { ofFloor: times.at(-1), refused });
			assert.deepEqual(result, { ...ALL_WELL, sent: executions * rows, answered: executions * rows });
			assert.ok(refused <= mostRefused, `${refused} of the calls were refused`);
		}
		assert.ok(Math.min(...times) <= OF_FLOOR, `it took ${times.slice(1).join(', ')} times as long as the server needs`);
	});
}

it('finishes the work of a worker that is told to stop', async () => {
	const { answered, failed, ...result } = await scenario('sigterm', 40, () => cluster.workers[0].stop());
	assert.deepEqual({ failed: 0, ...result }, { ...ALL_WELL, sent: 800 });
	// n8n pauses its queue by cutting the connection over which Bull may just be handing out a job: that one execution is
	// begun by nobody, and n8n marks it as failed. Whatever was begun (`paidInVain` is 0) is finished.
	assert.ok(failed <= 20, `${failed} rows failed, more than one execution has`);
	assert.equal(answered + failed, 800);
	cluster.workers[0] = await cluster.startWorker();
});

it('loses only what n8n loses when a worker is killed: the executions it was at, which n8n marks as failed', async () => {
	const { sent, answered, failed, lost, paidTwice } = await scenario('sigkill', 40, () => cluster.workers[0].stop('SIGKILL'));
	assert.deepEqual({ lost, paidTwice, told: answered + failed }, { lost: 0, paidTwice: 0, told: sent });
	assert.ok(failed <= 5 * 20, 'a worker holds five executions at most');
	cluster.workers[0] = await cluster.startWorker();
});

it('closes the sockets of an execution that is stopped in a worker', async () => {
	const before = server.requests.length;
	// Through main: n8n 2.41 cannot stop in a worker what a webhook process began, it only marks it as canceled.
	const call = send([NEVER, NEVER, NEVER], `${cluster.main.url}/webhook`);
	const requests = await Promise.all([1, 2, 3].map((n) => server.request(before + n)));
	const filter = encodeURIComponent(JSON.stringify({ workflowId: ROWS.id }));
	const [{ id }] = (await owner.ask('GET', `/executions?limit=1&filter=${filter}`)).results; // the newest
	await owner.ask('POST', `/executions/${id}/stop`);
	await expect.poll(() => requests.every(({ closedByClientAt }) => closedByClientAt !== undefined), MINUTE).toBe(true);
	await call;
	await expect.poll(async () => (await owner.ask('GET', `/executions/${id}`)).status, MINUTE).toBe('canceled');
});

it('streams, reads a picture and gives one back', async () => {
	const form = new FormData();
	form.set('row', 'picture');
	form.set('data', new Blob([Buffer.from(PICTURE, 'base64')], { type: 'image/png' }), 'pixel.png');
	const reply = await fetch(`${cluster.webhookUrl}/${PICTURES.id}`, { method: 'POST', body: form });
	assert.equal(Buffer.from(await reply.arrayBuffer()).toString('base64'), PICTURE);
	const { body } = server.requests[server.requests.length - 1];
	assert.equal(body.stream, true);
	assert.ok(JSON.stringify(body.input).includes(PICTURE));
});

/**
 * Sends executions of so many rows each; something may happen when a quarter of them is answered. Prints and gives how many rows
 * were answered, failed (n8n said so) or neither, and how many were paid for twice or without an answer.
 * @param {() => Promise<unknown>} [during]
 */
async function scenario(/** @type {string} */ name, /** @type {number} */ executions, during, rowsEach = 20) {
	const begin = Date.now();
	const batches = Array.from({ length: executions }, (_, e) => Array.from({ length: rowsEach }, (_, r) => `${name}-${e}-${r}`));
	let done = 0;
	const answersOf = async (/** @type {string[]} */ batch) => {
		const texts = await send(batch);
		if (++done === executions / 4) await during?.();
		return texts;
	};
	const answers = await Promise.all(batches.map((batch) => limit(answersOf, batch)));
	const rows = batches.flat();
	const answered = new Set(answers.flatMap((texts) => texts ?? []));
	const failed = batches.filter((_, at) => answers[at] === undefined).flat();
	const paid = (/** @type {string} */ row) => asked.get(row) ?? 0;
	const result = {
		sent: rows.length,
		answered: rows.filter((row) => answered.has(row)).length,
		failed: failed.length,
		lost: rows.filter((row) => !answered.has(row) && !failed.includes(row)).length,
		paidTwice: rows.filter((row) => paid(row) > 1).length,
		paidInVain: failed.filter((row) => paid(row) > 0).length,
	};
	console.log(name, { ...result, jobs: cluster.workers.map(jobsOf).join(' and '), seconds: (Date.now() - begin) / 1_000 });
	return result;
}

/** Runs the rows in an execution; gives their answers, or nothing if n8n said that it failed. @param {string[]} rows */
async function send(rows, webhooks = cluster.webhookUrl) {
	const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ rows }) };
	const reply = await fetch(`${webhooks}/${ROWS.id}`, request);
	const items = /** @type {{text: string}[]} */ (reply.ok ? await reply.json() : []);
	return reply.ok ? items.map(({ text }) => text) : undefined;
}

const jobsOf = (/** @type {import('./host/processes.mjs').Service} */ worker) =>
	worker.output().match(/Worker finished execution/g)?.length ?? 0;
