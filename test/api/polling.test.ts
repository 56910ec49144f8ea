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

const REQUEST: ApiRequest = { method: 'POST', path: '/responses', body: { background: true } };
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
});
