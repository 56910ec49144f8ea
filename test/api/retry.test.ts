import { sleep } from 'n8n-workflow';

import { ApiError, type ApiErrorCode, type ApiErrorDetails } from '../../api/errors/api-error';
import type { RequestContext } from '../../api/http/context';
import type { Refusal } from '../../api/http/rate-limiter';
import type { ApiRequest, RequestLimits } from '../../api/http/request';
import { backoffMs, withRetries } from '../../api/http/retry';
import { fakeContext, settled } from '../support/fake-connection';

// no chance in the waits, and no real time
beforeEach(() => {
	jest.useFakeTimers();
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

const POST: ApiRequest = { method: 'POST', path: '/responses' };
const GET: ApiRequest = { method: 'GET', path: '/responses/resp_1' };
const httpError = (status: number, details: ApiErrorDetails = {}) => new ApiError('http_status', 'No', { status, ...details });
const asking = (milliseconds: number) => ({ headers: { 'retry-after-ms': String(milliseconds) } });

/** Makes a request whose attempts all end with this error: what comes of it, and when each attempt began, in ms. */
async function failing(error: Error, limits: Partial<RequestLimits> = {}, request = POST, context?: RequestContext) {
	const begin = Date.now();
	const times: number[] = [];
	const made = withRetries(context ?? fakeContext([], limits).context, request, async () => {
		times.push(Date.now() - begin);
		return await Promise.reject(error);
	});
	const thrown = await settled(made.finally(() => times.push(Date.now() - begin)));
	const end = times.pop();
	return { times, end, thrown, details: thrown instanceof ApiError ? thrown.details : undefined };
}

describe('backoffMs', () => {
	test.each([
		[1, 500, 375],
		[2, 1000, 750],
		[3, 2000, 1500],
		[5, 8000, 6000],
		[6, 8000, 6000],
	])('after attempt %i is %i ms, less up to a quarter', (attempt, most, least) => {
		expect(backoffMs(attempt, undefined)).toBe(most);
		jest.spyOn(Math, 'random').mockReturnValue(1);
		expect(backoffMs(attempt, undefined)).toBe(least);
	});

	test.each([
		[300, 300, 315],
		[0, 0, 0],
		[60_000, 60_000, 60_500],
	])('is the %i ms that the server asks for, and up to a twentieth or half a second more', (asked, least, most) => {
		expect(backoffMs(1, asked)).toBe(least);
		jest.spyOn(Math, 'random').mockReturnValue(1);
		expect(backoffMs(1, asked)).toBe(most);
	});
});

describe('withRetries', () => {
	test('gives what the first good attempt gives', async () => {
		const attempts: number[] = [];
		const made = withRetries(fakeContext([]).context, POST, async ({ attempts: number }) => {
			attempts.push(number);
			if (number < 3) throw httpError(500);
			return await Promise.resolve('good');
		});
		expect(await settled(made)).toBe('good');
		expect(attempts).toEqual([1, 2, 3]);
	});

	test('waits longer before each attempt; the error tells how often and how long', async () => {
		const { times, details } = await failing(httpError(500));
		expect(times).toEqual([0, 500, 1500]);
		expect(details).toMatchObject({ status: 500, path: '/responses', attempts: 3, waitedMs: 1500 });
	});

	test('waits as long as the server asks', async () => {
		const { times, details } = await failing(httpError(429, asking(2345)));
		expect(times).toEqual([0, 2345, 4690]);
		expect(details).toMatchObject({ attempts: 3, waitedMs: 4690 });
	});

	test('does not wait longer than Max Retry Wait, and says how long was asked for', async () => {
		const { times, thrown } = await failing(httpError(429, asking(5001)), { maxRetryWait: 5 });
		expect(times).toEqual([0]);
		expect(thrown).toMatchObject({ code: 'retry_wait_too_long', message: 'No', details: { retryAfterMs: 5001, limit: 5, attempts: 1 } });
	});

	test('waits as long as Max Retry Wait allows', async () => {
		expect((await failing(httpError(429, asking(5000)), { maxRetryWait: 5 })).times).toEqual([0, 5000, 10_000]);
	});

	describe('of a call that the server refused', () => {
		/** Attempts that the rate limiter takes for refusals, in turn as these; the last one again and again. */
		async function refused(limits: Partial<RequestLimits>, ...refusals: Refusal[]) {
			const { context } = fakeContext([], limits);
			const left = [...refusals];
			context.rateLimiter.release = () => (left.length > 1 ? left.shift() : left[0]);
			return await failing(httpError(429), limits, POST, context);
		}

		test('counts no try that cost nothing, and waits as the rate limiter says', async () => {
			const free: Refusal = { delayMs: 100, counts: false };
			const { times } = await refused({ maxRetries: 1 }, free, free, free, { delayMs: 700, counts: true });
			expect(times).toEqual([0, 100, 200, 300, 1000]);
		});

		test('makes no second attempt with Max Retries 0', async () => {
			expect((await refused({ maxRetries: 0 }, { delayMs: 100, counts: false })).times).toEqual([0]);
		});

		test('gives up when the rate limiter does, in the words of the server', async () => {
			const { times, thrown } = await refused({}, { delayMs: 100, counts: false }, { delayMs: 0, counts: true, gaveUp: 'always_refused' });
			expect(times).toEqual([0, 100]);
			expect(thrown).toMatchObject({ code: 'always_refused', message: 'No', details: { status: 429, attempts: 2 } });
		});
	});

	test.each([
		[0, 1],
		[1, 2],
		[5, 6],
	])('with Max Retries %i makes %i attempts', async (maxRetries, attempts) => {
		expect((await failing(httpError(500), { maxRetries })).times).toHaveLength(attempts);
	});

	test.each([408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 529])('tries again after status %i', async (status) => {
		expect((await failing(httpError(status))).times).toHaveLength(3);
	});

	test.each([400, 401, 402, 403, 404, 405, 413, 422, 425, 501, 505, 524, 525, 530])(
		'does not try again after status %i',
		async (status) => {
			expect((await failing(httpError(status))).times).toHaveLength(1);
		},
	);

	test.each<[string, Error, number]>([
		['X-Should-Retry: true', httpError(400, { headers: { 'x-should-retry': 'true' } }), 3],
		['X-Should-Retry: false', httpError(500, { headers: { 'x-should-retry': 'false' } }), 1],
		['what the error says itself', httpError(500, { isRetryable: false }), 1],
		['a lost connection', new ApiError('connection_lost', 'No', { isRetryable: true }), 3],
		['that status 524 may have been billed', httpError(524, { headers: { 'x-should-retry': 'true' } }), 1],
		['a code after which no attempt helps', httpError(503, { code: 'model_not_found' }), 1],
		['a used-up balance', httpError(429, { code: 'insufficient_quota' }), 1],
		['an error of our own', new Error('Oops'), 1],
	])('goes by %s', async (_, error, attempts) => expect((await failing(error)).times).toHaveLength(attempts));

	test('does not begin to wait for an attempt after the deadline', async () => {
		const { times, end } = await failing(httpError(500), { deadline: Date.now() + 499 });
		expect([times, end]).toEqual([[0], 0]);
	});

	test('waits to the deadline where a response in the background is to be cancelled then', async () => {
		const { times, end } = await failing(httpError(503, asking(30_000)), { deadline: Date.now() + 1250 }, GET);
		expect([times, end]).toEqual([[0], 1250]);
	});

	test.each<[ApiErrorCode, ApiRequest, number | undefined, number]>([
		['cut', GET, Infinity, 3],
		['timeout', GET, Infinity, 3],
		['cut', GET, undefined, 1],
		['cut', POST, Infinity, 1],
		['timeout', { ...GET, stream: true }, Infinity, 1],
	])('after a reply that did not come whole (%s) only polls again: %j', async (code, request, deadline, attempts) => {
		const error = new ApiError(code, 'No', { isRetryable: false });
		expect((await failing(error, { deadline }, request)).times).toHaveLength(attempts);
	});

	test('ends its wait with Stop', async () => {
		const stop = new AbortController();
		const { context } = fakeContext([], {}, stop);
		void sleep(1234).then(() => stop.abort());
		const { times, end, thrown } = await failing(httpError(503, asking(60_000)), {}, POST, context);
		expect([times, end, thrown]).toEqual([[0], 1300, expect.objectContaining({ name: 'AbortedError' })]);
	});
});
