import { sleep } from 'n8n-workflow';

import { createInBackground } from '../../api/background';
import type { ApiRequest, RequestLimits } from '../../api/http/request';
import { fakeContext, settled, type FakeReply } from '../support/fake-connection';

beforeEach(() => {
	jest.useFakeTimers();
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

const REQUEST: ApiRequest = { method: 'POST', path: '/responses', body: Buffer.from('{"background":true}') };
const response = (status: string, headers = {}): FakeReply => ({ headers, body: { id: 'resp_1', object: 'response', status, output: [] } });

/** What comes of a background response, and when each call went out, in ms. */
async function created(replies: FakeReply[], pollTimeout = 0, limits: Partial<RequestLimits> = {}, stop?: AbortController) {
	const { context, calls } = fakeContext(replies, limits, stop);
	const result = await settled(createInBackground(context, REQUEST, {}, pollTimeout));
	const gaps = calls.slice(1).map(({ at }, index) => Math.round(at - calls[index].at));
	return { result, gaps, end: calls.at(-1)?.at, calls: calls.map(({ method, path }) => `${method} ${path}`) };
}

describe('createInBackground', () => {
	test('retrieves the response after half a second, then less often', async () => {
		const { result, gaps } = await created([...Array<FakeReply>(3).fill(response('in_progress')), response('completed')]);
		expect(result).toMatchObject({ id: 'resp_1', status: 'completed' });
		expect(gaps).toEqual([500, 750, 1125]);
	});

	test('retrieves it at least every 5 seconds', async () => {
		const asked = Array<FakeReply>(8).fill(response('in_progress', { 'retry-after-ms': '100' }));
		const { gaps } = await created([...asked, response('in_progress'), response('in_progress'), response('completed')]);
		expect(gaps.slice(-2)).toEqual([5000, 5000]);
	});

	test.each([
		['when the server asks for it', '2000', 2000],
		['not more often than every 100 ms, whatever the server asks', '5', 100],
	])('retrieves it %s', async (_, asked, gap) => {
		const headers = { 'retry-after-ms': asked };
		const { gaps } = await created([response('queued', headers), response('queued', headers), response('completed')]);
		expect(gaps).toEqual([gap, gap]);
	});

	test.each<[string, FakeReply, number]>([
		['while it is waited for', response('queued', { 'retry-after': '30' }), 1000],
		['while the server asks to come again later', { status: 503, headers: { 'retry-after': '30' }, body: {} }, 1000],
		['while a call is under way', { after: Infinity }, 1100],
	])('cancels it at the server when its time is up: %s', async (_, reply, time) => {
		const begun = response('queued', { 'retry-after-ms': '300' });
		const { result, calls, end } = await created([begun, reply, { body: {} }], 1);
		expect(calls).toEqual(['POST /responses', 'GET /responses/resp_1', 'POST /responses/resp_1/cancel']);
		expect(end).toBe(time);
		expect(result).toMatchObject({ code: 'poll_timeout', details: { responseId: 'resp_1', limit: 1 } });
	});

	test('does not cancel what was refused from the start', async () => {
		const { result, calls } = await created([{ status: 429, headers: { 'retry-after': '20' }, body: {} }], 3);
		expect(calls).toEqual(['POST /responses']);
		expect(result).toMatchObject({ code: 'http_status', details: { status: 429 } });
	});

	test('cancels it at the server at most 100 ms after Stop', async () => {
		const stop = new AbortController();
		void sleep(620).then(() => stop.abort());
		const { result, calls, end } = await created([response('queued', { 'retry-after': '30' })], 0, {}, stop);
		expect(calls).toEqual(['POST /responses', 'POST /responses/resp_1/cancel']);
		expect([end, result]).toEqual([700, expect.objectContaining({ name: 'AbortedError' })]);
	});

	test('goes on polling after a reply that did not come whole', async () => {
		const cut: FakeReply = { body: ['{"id":'] };
		const { result, calls } = await created([response('queued'), cut, response('completed')]);
		expect([result, calls.length]).toEqual([expect.objectContaining({ status: 'completed' }), 3]);
	});

	const notFound = (message = "Response with id 'resp_1' not found.", status = 404): FakeReply => ({
		status,
		body: { error: { message } },
	});
	const away: FakeReply = { status: 502, body: ['<html><title>502 Bad Gateway</title></html>'] };

	test.each<[string, FakeReply[]]>([
		['does not know it yet, as Azure for some seconds', [notFound(), notFound()]],
		['does not know it for a moment later', [response('in_progress'), notFound()]],
		['is away', Array<FakeReply>(9).fill(away)],
		['loses the connection', Array<FakeReply>(9).fill({ error: { httpCode: 'ECONNRESET' } })],
		['sends a page in place of it', [{ ...away, status: 200 }]],
		['takes no calls', [{ status: 429, body: {} }]],
		['calls it too early', [{ status: 425, body: {} }]],
	])('goes on polling where the server %s', async (_, replies) => {
		for (const maxRetries of [0, 2]) {
			const { result } = await created([response('queued'), ...replies, response('completed')], 0, { maxRetries });
			expect(result).toMatchObject({ status: 'completed' });
		}
	});

	test.each<[string, FakeReply, number, number]>([
		['does not know it after 20 seconds', notFound(), 20_000, 27_000],
		['is away for longer than Max Retry Wait', away, 120_000, 140_000],
		['has no such endpoint', notFound('Invalid URL (GET /v1/responses/resp_1)'), 500, 500],
		['takes the key no longer', notFound('Invalid key', 401), 500, 500],
	])('gives it up where the server %s', async (_, reply, least, most) => {
		const { result, end, calls } = await created([response('queued'), reply]);
		expect(result).toMatchObject({ details: { responseId: 'resp_1' } });
		expect(end).toBeGreaterThanOrEqual(least);
		expect(end).toBeLessThanOrEqual(most);
		expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(1);
	});

	test('takes a response in a status that nobody knows for finished once it has its usage and changes no more', async () => {
		const unknown = (text: string, usage: object | null): FakeReply => ({
			body: { id: 'resp_1', object: 'response', status: 'finalised', output: text, usage },
		});
		const usage = { input_tokens: 1, output_tokens: 2 };
		const { result, calls } = await created([unknown('', null), unknown('Hel', null), unknown('Hel', null), unknown('Hello', usage)]);
		expect([result, calls.length]).toEqual([expect.objectContaining({ status: 'finalised', text: 'Hello' }), 5]);
	});

	test.each(['length', 'stop', 'tool_calls', 'content_filter', 'max_tokens', 'canceled'])(
		'takes the status %s for the end',
		async (status) => {
			expect((await created([response('queued'), response(status)])).calls).toHaveLength(2);
		},
	);
});
