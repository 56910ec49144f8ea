import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { credentialsOf, parametersOf, runOnce } from '../support/cases';
import { testClock } from '../support/clock';
import { runNode } from '../support/engine';
import { dripping, heldResources, silentAfter, untilRead, untilReleased } from '../support/hanging-replies';
import { json, startServer, type Reply } from '../support/server';

const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const started = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
const delta = { type: 'response.output_text.delta', delta: 'Hello' };
const completed = { type: 'response.completed', response: { status: 'completed' } };
const streaming = { options: { stream: true } };
const stream = { headers: { 'content-type': 'text/event-stream' } };
const clock = testClock();

/** What a test holds while nothing runs: Jest's own timer */
let atRest = 0;
// n8n loads what it needs at the first run
beforeAll(async () => {
	atRest = heldResources();
	await runOnce(json({ output: 'x' }));
	await untilReleased(atRest);
});

// none of these servers ever goes on, and no wait is over while the test may take: what ends them is Stop
describe('Stop ends the run, closes what is open and starts nothing more', () => {
	test.each<[string, INodeParameters, (press: () => void, over: Promise<void>) => Reply]>([
		['before a reply came', {}, (press) => ({ body: silentAfter([], press), after: Promise.resolve().then(press) })],
		['in a plain reply', {}, (press) => ({ body: silentAfter(['{"id":'], press) })],
		['in an error', {}, (press) => ({ status: 500, body: silentAfter(['Ooo'], press) })],
		['in a stream', streaming, (press) => ({ ...stream, body: silentAfter([data(started), data(delta)], press) })],
		[
			'while it waits to try again',
			{ requests: { maxRetries: 5, maxRetryWait: 3600, concurrency: 1 } },
			(press, over) => {
				void over.then(untilRead).then(press);
				return json({ error: 'Busy' }, { status: 429, headers: { 'retry-after': '3000' } });
			},
		],
		[
			'while items wait for their turn',
			{ requests: { requestsPerMinute: 1 } },
			(press, over) => {
				void over.then(untilRead).then(press);
				return json({ output: 'x' });
			},
		],
	])('%s', async (title, parameters, reply) => {
		const stop = new AbortController();
		const server = await startServer(({ closed }) => reply(() => stop.abort(), closed));
		const { status } = await runNode(parametersOf(parameters), {
			credentials: credentialsOf(server.url),
			// with several, the calls that were on their way when Stop was pressed may arrive after it
			items: Array.from({ length: title === 'while items wait for their turn' ? 3 : 1 }, () => ({ json: {} })),
			signal: stop.signal,
		});
		await Promise.all(server.requests.map(async ({ closed }) => await closed));
		expect(status).toBe('canceled');
		// n8n does not wait for the node: the node's own waiting has to end as well
		await untilReleased(atRest);
		expect(server.requests).toHaveLength(1);
		await server.close();
	});
});

// that it bounds no stream that goes on: send.test.ts, with a clock of its own
describe('Timeout bounds', () => {
	const late = (missing: string): IDataObject => ({
		error: `The server did not ${missing} within 600 seconds`,
		details: { code: 'timeout' },
	});
	test.each<[string, INodeParameters, (timeIsUp: () => void) => Reply, IDataObject]>([
		[
			'a server that says nothing',
			{},
			(timeIsUp) => {
				timeIsUp();
				return { body: [], after: new Promise(() => {}) };
			},
			late('begin to answer'),
		],
		['a plain reply that stands still', {}, (timeIsUp) => ({ body: silentAfter(['{"output":'], timeIsUp) }), late('finish its reply')],
		['a plain reply that drips', {}, (timeIsUp) => ({ body: dripping(' ', timeIsUp) }), late('finish its reply')],
		[
			'a stream that stands still',
			streaming,
			(timeIsUp) => ({ ...stream, body: silentAfter([data(started), data(delta)], timeIsUp) }),
			late('go on'),
		],
		[
			'a stream in reply to a plain request that stands still',
			{},
			(timeIsUp) => ({ ...stream, body: silentAfter([data(started), data(delta)], timeIsUp) }),
			late('finish its reply'),
		],
		[
			'the text of an error that stands still, which is shown as far as it came',
			{},
			(timeIsUp) => ({ status: 400, body: silentAfter(['Bad thing'], timeIsUp) }),
			{ error: 'Bad thing' },
		],
	])('%s', async (_, parameters, reply, expected) => {
		const { json: item, requests } = await runOnce(() => reply(() => clock.putForward(601)), { parameters });
		expect(item).toMatchObject(expected);
		expect(requests).toHaveLength(1);
		await requests[0].closed;
	});
});

describe('After the run there is no timer and no socket left', () => {
	test.each<[string, INodeParameters, () => Reply]>([
		['an answer', {}, () => json({ output: 'x' })],
		['a stream that the server keeps open', streaming, () => ({ ...stream, body: silentAfter([started, delta, completed].map(data)) })],
		['an error', {}, () => json({ error: 'No' }, { status: 400 })],
		[
			'an error that the server keeps open',
			streaming,
			() => ({
				...stream,
				body: silentAfter([started, { type: 'error', error: { message: 'No' } }].map(data), () => clock.putForward(3)),
			}),
		],
		['a timeout', {}, () => ({ body: silentAfter(['{'], () => clock.putForward(601)) })],
		['a reply that is too large', { requests: { maxReplySize: 0.001 } }, () => ({ body: silentAfter(['x'.repeat(10_000)]) })],
	])('%s', async (_, parameters, reply) => {
		const server = await startServer(reply);
		const options = { credentials: credentialsOf(server.url), node: { onError: 'continueRegularOutput' as const } };
		await runNode(parametersOf(parameters), options);
		await untilReleased(atRest);
		await server.close();
	});
});
