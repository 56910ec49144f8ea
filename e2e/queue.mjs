// `npm run queue`: the packed package on n8n's queue mode. Prints for each scenario what became of its rows.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster } from './host/cluster.mjs';
import { importWorkflows } from './host/examples.mjs';
import { packed } from './host/package.mjs';
import { NEVER, PICTURE, startCountingServer } from './queue/server.mjs';
import { PICTURES, ROWS } from './queue/workflows.mjs';

const AT_ONCE = 20; // webhook calls that wait for their answer

const server = await startCountingServer();
const cluster = await startCluster(await packed(), server);
await importWorkflows(cluster.main, [ROWS, PICTURES]);
for (const { id } of [ROWS, PICTURES]) await cluster.owner.publish(id);
await listening();
after(async () => {
	await cluster.stop();
	await server.stop();
});

it('spreads 200 executions of 20 rows over both workers', async () => {
	const result = await scenario('spread', 200);
	assert.deepEqual(result, { ...ALL_WELL, sent: 4_000, answered: 4_000 });
	assert.ok(
		cluster.workers.every(({ service }) => jobsOf(service) > 40),
		'one worker did nearly all',
	);
});

it('finishes the work of a worker that is told to stop', async () => {
	const { answered, failed, ...result } = await scenario('sigterm', 40, () => cluster.workers[0].service.stop('SIGTERM'));
	assert.deepEqual({ failed: 0, ...result }, { ...ALL_WELL, sent: 800 });
	// n8n pauses its queue by cutting the connection over which Bull may just be handing out a job: that one execution is
	// begun by nobody, and n8n marks it as failed. Whatever was begun (`paidInVain` is 0) is finished.
	assert.ok(failed <= 20, `${failed} rows failed, more than one execution has`);
	assert.equal(answered + failed, 800);
	cluster.workers[0] = await cluster.startWorker();
});

it('loses only what n8n loses when a worker is killed: the executions it was at, which n8n marks as failed', async () => {
	const result = await scenario('sigkill', 40, async () => void cluster.workers[0].service.child.kill('SIGKILL'));
	assert.equal(result.lost, 0);
	assert.equal(result.paidTwice, 0);
	assert.equal(result.answered + result.failed, 800);
	assert.ok(result.failed <= 5 * 20, 'a worker holds five executions at most');
	cluster.workers[0] = await cluster.startWorker();
});

it('closes the sockets of an execution that is stopped in a worker', async () => {
	const before = server.requests.length;
	// Through main: n8n 2.41 cannot stop in a worker what a webhook process began, it only marks it as canceled.
	const call = send([NEVER, NEVER, NEVER], `${cluster.main.url}/webhook`);
	const requests = await Promise.all([1, 2, 3].map((n) => server.request(before + n)));
	const [{ id }] = await cluster.owner.executions(ROWS.id);
	await cluster.owner.ask('POST', `/executions/${id}/stop`);
	await until(async () => requests.every(({ closedByClientAt }) => closedByClientAt !== undefined));
	await call;
	await until(async () => (await cluster.owner.execution(id)).status === 'canceled');
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

const ALL_WELL = { failed: 0, lost: 0, paidTwice: 0, paidInVain: 0 };

/**
 * Sends executions of 20 rows each; `during` happens when a quarter of them is answered.
 * @param {string} name
 * @param {number} executions
 * @param {() => Promise<unknown>} [during]
 */
async function scenario(name, executions, during) {
	const begin = Date.now();
	const batches = Array.from({ length: executions }, (_, e) => Array.from({ length: 20 }, (_, r) => `${name}-${e}-${r}`));
	const left = [...batches.entries()];
	/** @type {(string[] | undefined)[]} */
	const answers = [];
	let done = 0;
	/** @type {Promise<unknown> | undefined} */
	let event;
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let next = left.shift(); next; next = left.shift()) {
				answers[next[0]] = await send(next[1]);
				if (++done >= executions / 4) event ??= during?.();
			}
		}),
	);
	await event;
	return report(name, batches, answers, Date.now() - begin);
}

/**
 * @param {string} name
 * @param {string[][]} batches
 * @param {(string[] | undefined)[]} answers
 * @param {number} time ms
 */
function report(name, batches, answers, time) {
	const asked = server.asked();
	const rows = batches.flat();
	const answered = new Set(answers.flatMap((texts) => texts ?? []));
	const failed = batches.filter((_, i) => answers[i] === undefined).flat();
	const result = {
		sent: rows.length,
		answered: rows.filter((row) => answered.has(row)).length,
		failed: failed.length,
		lost: rows.filter((row) => !answered.has(row) && !failed.includes(row)).length,
		paidTwice: rows.filter((row) => (asked.get(row) ?? 0) > 1).length,
		paidInVain: failed.filter((row) => asked.has(row)).length,
	};
	const jobs = cluster.workers.map(({ service }) => jobsOf(service)).join(' and ');
	console.log(name, { ...result, jobs, seconds: time / 1_000 });
	return result;
}

/**
 * Runs the rows in an execution; gives their answers, or nothing if n8n said that the execution failed.
 * @param {string[]} rows
 * @param {string} [webhooks]
 */
async function send(rows, webhooks = cluster.webhookUrl) {
	const headers = { 'content-type': 'application/json' };
	const reply = await fetch(`${webhooks}/${ROWS.id}`, { method: 'POST', headers, body: JSON.stringify({ rows }) });
	if (!reply.ok) return undefined;
	const items = /** @type {{text: string}[]} */ (await reply.json());
	return items.map(({ text }) => text);
}

/** @param {import('./host/processes.mjs').Service} worker */
function jobsOf(worker) {
	return worker.output().match(/Worker finished execution/g)?.length ?? 0;
}

/** Waits until the webhook process knows the workflows. */
async function listening() {
	await until(async () => (await send(['ready'])) !== undefined);
}

/** @param {() => Promise<boolean>} holds */
async function until(holds) {
	for (const end = Date.now() + 60_000; Date.now() < end; await sleep(250)) if (await holds()) return;
	throw new Error('It did not happen within a minute');
}
