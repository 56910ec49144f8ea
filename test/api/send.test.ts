import { sleep } from 'n8n-workflow';

import type { ApiRequest, HttpResponse, RequestLimits } from '../../api/http/request';
import { send } from '../../api/http/send';
import { fakeContext, settled, type FakeReply } from '../support/fake-connection';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const POST: ApiRequest = { method: 'POST', path: '/responses', query: { a: '1' } };
const GET: ApiRequest = { method: 'GET', path: '/models' };
const STREAM: ApiRequest = { ...POST, stream: true };

async function textOf({ chunks }: HttpResponse): Promise<string> {
	let text = '';
	for await (const chunk of chunks) text += Buffer.from(chunk).toString();
	return text;
}

/** What comes of a request, the calls that went out, what the rate limiter saw, and the millisecond of the end. */
async function sent(
	request: ApiRequest,
	replies: FakeReply[],
	limits: Partial<RequestLimits> = {},
	read: (response: HttpResponse) => Promise<unknown> = textOf,
	stop?: AbortController,
) {
	const begin = Date.now();
	const { context, calls } = fakeContext(replies, limits, stop);
	const seen: Array<[number, object]> = [];
	context.rateLimiter = { ...context.rateLimiter, onHeaders: (status, headers) => void seen.push([status, headers]) };
	let end = NaN;
	const result = await settled(send(context, request, read).finally(() => (end = Date.now() - begin)));
	return { result, calls, seen, end };
}

const redirect = (status: number, location: string): FakeReply => ({ status, headers: { location } });

describe('send', () => {
	test('has the reply read: status, headers in lower case, body', async () => {
		const reply = { status: 201, headers: { 'X-Request-ID': 'r' }, body: ['Hel', 'lo'] };
		const read = async (response: HttpResponse) => [response.status, response.headers, await textOf(response)];
		const { result, seen } = await sent(POST, [reply], {}, read);
		expect(result).toEqual([201, { 'x-request-id': 'r' }, 'Hello']);
		expect(seen).toEqual([[201, { 'x-request-id': 'r' }]]);
	});

	test('tells of a call without a reply', async () => {
		const { result, seen } = await sent(POST, [{ error: { httpCode: 'ECONNREFUSED', message: 'connect' } }]);
		expect(result).toMatchObject({ code: 'connection_refused' });
		expect(seen).toEqual([]);
	});

	test('follows a redirect on the same server, with the query that it names', async () => {
		const { result, calls, seen } = await sent(POST, [redirect(307, '/v2/responses?b=2'), { body: ['moved'] }]);
		expect(result).toBe('moved');
		expect(calls.map(({ method, path, query }) => [method, path, query])).toEqual([
			['POST', '/responses', { a: '1' }],
			['POST', 'https://api.example.com/v2/responses?b=2', undefined],
		]);
		expect(seen.map(([status]) => status)).toEqual([307, 200]);
	});

	test.each([
		['308 for a POST', POST, redirect(308, '/v2/responses'), 4],
		['302 for a GET', GET, redirect(302, '/v2/models'), 4],
		['302 for a POST, which would become a GET', POST, redirect(302, '/v2/responses'), 1],
		['307 to another server, which must not see the key', POST, redirect(307, 'https://evil.example/v1/responses'), 1],
		['307 to the same host by http', POST, redirect(307, 'http://api.example.com/v1/responses'), 1],
	])('gives a redirect up as an error: %s', async (_, request, reply, count) => {
		const { result, calls } = await sent(request, [reply]);
		expect(result).toMatchObject({ code: 'redirect', details: { status: reply.status, isRetryable: false } });
		expect(calls).toHaveLength(count);
	});

	test('reads a redirect without an address like a reply that is none', async () => {
		expect((await sent(POST, [{ status: 307, body: ['nowhere'] }])).result).toBe('nowhere');
	});

	test.each<[string, ApiRequest, FakeReply, number, string]>([
		['that does not begin', POST, { after: Infinity }, 1100, 'begin to answer'],
		['that begins too late', POST, { after: 1101 }, 1100, 'begin to answer'],
		['that stands still', POST, { body: ['{', Infinity] }, 1100, 'finish its reply'],
		['that drips', POST, { body: Array<(string | number)[]>(20).fill([' ', 100]).flat() }, 1100, 'finish its reply'],
		['a stream that stands still', STREAM, { body: ['a', 900, 'b', Infinity] }, 2000, 'go on'],
	])('gives up a reply after Timeout: %s', async (_, request, reply, time, missing) => {
		const { result, end } = await sent(request, [reply], { timeout: 1 });
		expect(result).toMatchObject({
			code: 'timeout',
			message: `The server did not ${missing} within 1 seconds`,
			details: { isRetryable: false, limit: 1 },
		});
		expect(end).toBe(time);
	});

	test('lets a stream go on as long as it goes on, were it with comments alone', async () => {
		const body = Array<(string | number)[]>(20).fill([': PING\n\n', 900]).flat();
		expect((await sent(STREAM, [{ body }], { timeout: 1 })).result).toBe(': PING\n\n'.repeat(20));
	});

	test('gives up at a deadline that the reader sets', async () => {
		const read = async (response: HttpResponse) => {
			response.setDeadline(250);
			return await textOf(response);
		};
		const { result, end } = await sent(POST, [{ body: ['a', Infinity] }], {}, read);
		expect([end, result]).toEqual([300, expect.objectContaining({ code: 'timeout' })]);
	});

	test('refuses a reply above Max Reply Size', async () => {
		const body = ['x'.repeat(600_000), 'x'.repeat(600_000), 'never read'];
		expect((await sent(POST, [{ body }], { maxReplySize: 1 })).result).toMatchObject({ code: 'reply_too_large', details: { limit: 1 } });
		expect((await sent(POST, [{ body: body.slice(0, 1) }], { maxReplySize: 1 })).result).toHaveLength(600_000);
	});

	test('ends with Stop at once, and sends nothing after it', async () => {
		const stop = new AbortController();
		void sleep(1234).then(() => stop.abort());
		const { result, end } = await sent(POST, [{ body: ['a', Infinity] }], {}, textOf, stop);
		expect([end, result]).toEqual([1234, expect.objectContaining({ name: 'AbortedError' })]);
		const later = await sent(POST, [{ body: ['a'] }], {}, textOf, stop);
		expect([later.calls, later.result]).toEqual([[], expect.objectContaining({ name: 'AbortedError' })]);
	});

	test.each<[string, boolean, (response: HttpResponse) => Promise<unknown>]>([
		['read to its end has closed itself', false, textOf],
		['not read is closed', true, async () => await Promise.resolve('unread')],
		['not read because its reader failed is closed', true, async () => await Promise.reject(new Error('Oops'))],
	])('a reply that was %s', async (_, isAborted, read) => {
		const { context } = fakeContext([{ body: ['a', 'b'] }]);
		const signals: AbortSignal[] = [];
		const { send: sendOnce } = context.connection;
		context.connection.send = async (options, signal) => {
			signals.push(signal);
			return await sendOnce(options, signal);
		};
		await send(context, POST, read).catch(() => undefined);
		expect(signals.map(({ aborted }) => aborted)).toEqual([isAborted]);
		// the timer of the call ends when it next checks the clock
		await jest.advanceTimersByTimeAsync(100);
		expect(jest.getTimerCount()).toBe(0);
	});
});
