import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { json, sse, startServer, type Reply } from '../support/server';
import { dripping, heldAtRest, silentAfter, untilReleased } from '../support/hanging-replies';
import { runOnce, credentialsOf, parametersOf } from '../support/cases';

const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const started = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
const delta = { type: 'response.output_text.delta', delta: 'Hello' };
const completed = { type: 'response.completed', response: { status: 'completed' } };
const streaming = { options: { stream: true } };
const stream = { headers: { 'content-type': 'text/event-stream' } };
let atRest = 0;
/** Milliseconds in which a stopped run has to be over: 200, and as many again for a machine that is busy besides */
const SOON = 400;

// n8n loads what it needs at the first run
beforeAll(async () => {
	await runOnce(json({ output: 'x' }));
	atRest = await heldAtRest();
});

describe('Stop ends the run at once, closes what is open and starts nothing more', () => {
	test.each<[string, INodeParameters, (press: () => void, over: Promise<void>) => Reply]>([
		['before a reply came', {}, (press) => ({ body: silentAfter([], press), after: Promise.resolve().then(press) })],
		['in a plain reply', {}, (press) => ({ body: silentAfter(['{"id":'], press) })],
		['in an error', {}, (press) => ({ status: 500, body: silentAfter(['Ooo'], press) })],
		['in a stream', streaming, (press) => ({ ...stream, body: silentAfter([data(started), data(delta)], press) })],
		[
			'while it waits to try again',
			{ requests: { maxRetries: 5, concurrency: 1 } },
			(press, over) => {
				void over.then(press);
				return json({ error: 'Busy' }, { status: 429, headers: { 'retry-after': '30' } });
			},
		],
		[
			'while items wait for their turn',
			{ requests: { requestsPerMinute: 1 } },
			(press, over) => {
				void over.then(press);
				return json({ output: 'x' });
			},
		],
	])('%s', async (_, parameters, reply) => {
		const stop = new AbortController();
		let pressed = Infinity;
		const press = () => {
			pressed = Math.min(pressed, performance.now());
			stop.abort();
		};
		const server = await startServer(({ closed }) => reply(press, closed));
		const { status } = await runNode(parametersOf(parameters), {
			credentials: credentialsOf(server.url),
			// with several, the calls that were on their way when Stop was pressed may arrive after it
			items: Array.from({ length: 'requests' in parameters ? 3 : 1 }, () => ({ json: {} })),
			signal: stop.signal,
		});
		const ended = performance.now();
		await Promise.all(server.requests.map(async ({ closed }) => await closed));
		expect(status).toBe('canceled');
		expect(ended - pressed).toBeLessThan(SOON);
		expect(performance.now() - pressed).toBeLessThan(SOON);
		// n8n does not wait for the node: the node's own waiting has to end as well
		expect(await untilReleased(atRest)).toBeLessThan(SOON);
		expect(server.requests).toHaveLength(1);
		await server.close();
	});
});

describe('Timeout bounds', () => {
	const within = (missing: string): IDataObject => ({ error: `The server did not ${missing} within 0.3 seconds` });
	const short = { requests: { timeout: 0.3 } };
	test.each<[string, INodeParameters, Reply, IDataObject]>([
		['a server that says nothing', {}, { body: [], after: new Promise(() => {}) }, within('begin to answer')],
		['a plain reply that stands still', {}, { body: silentAfter(['{"output":']) }, within('finish its reply')],
		['a plain reply that drips', {}, { body: dripping(' ', { times: 20, pause: 50, last: '{"output":"x"}' }) }, within('finish its reply')],
		['a stream that stands still', streaming, { ...stream, body: silentAfter([data(started), data(delta)]) }, within('go on')],
		[
			'a stream in reply to a plain request that stands still',
			{},
			{ ...stream, body: silentAfter([data(started), data(delta)]) },
			within('finish its reply'),
		],
		[
			'the text of an error that stands still, which is shown as far as it came',
			{},
			{ status: 400, body: silentAfter(['Bad thing']) },
			{ error: 'Bad thing' },
		],
	])('%s', async (_, parameters, reply, expected) => {
		const { json: item, requests } = await runOnce(reply, { parameters: { ...parameters, ...short } });
		expect(item).toMatchObject(expected);
		expect(requests).toHaveLength(1);
		await requests[0].closed;
	});

	test('but no stream that goes on, were it with comments alone', async () => {
		const alive = dripping(': PING\n\n', { times: 12, pause: 50, last: [started, delta, completed].map(data).join('') });
		const { json: item } = await runOnce({ ...stream, body: alive }, { parameters: { ...streaming, ...short } });
		expect(item).toMatchObject({ text: 'Hello' });
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
			() => sse([started, { type: 'error', error: { message: 'No' } }, new Promise(() => {})]),
		],
		['a timeout', { requests: { timeout: 0.2 } }, () => ({ body: silentAfter(['{']) })],
		['a reply that is too large', { requests: { maxReplySize: 0.001 } }, () => ({ body: silentAfter(['x'.repeat(10_000)]) })],
	])('%s', async (_, parameters, reply) => {
		const server = await startServer(reply);
		const options = { credentials: credentialsOf(server.url), node: { onError: 'continueRegularOutput' as const } };
		await runNode(parametersOf(parameters), options);
		expect(await untilReleased(atRest)).toBeLessThan(SOON);
		await server.close();
	});
});
