import { fetchJson } from '../../api/fetch-response';
import { loneCall } from '../../api/lone-call';
import { fakeContext, settled, type FakeReply } from '../support/fake-connection';

// no chance in the waits, and no real time
beforeEach(() => {
	jest.useFakeTimers();
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

const busy: FakeReply = { status: 429, body: { error: { message: 'Slow down' } } };
const asking = (seconds: number): FakeReply => ({ ...busy, headers: { 'retry-after': String(seconds) } });
const broken: FakeReply = { status: 500, body: { error: { message: 'It broke' } } };
const good: FakeReply = { body: { object: 'list', data: [] } };

/** When the calls of one request went out, in seconds, and the code of the error that it ended with. */
async function timesOf(replies: FakeReply[], maxRetryWait = 20) {
	const { context, calls } = fakeContext(replies, { maxRetryWait });
	const rateLimiter = loneCall(context.connection, context.limits);
	const end = await settled(fetchJson({ ...context, rateLimiter }, { method: 'GET', path: '/models' }));
	return { times: calls.map(({ at }) => at / 1000), code: 'code' in end ? end.code : undefined };
}

describe('A call of no run waits out', () => {
	test('refusals, more of them than it has tries', async () => {
		expect(await timesOf([busy, busy, busy, busy, good])).toEqual({ times: [0, 0.5, 1.5, 3.5, 7.5], code: undefined });
	});

	test('as long as the server asks', async () => {
		expect(await timesOf([asking(4), asking(15), good])).toEqual({ times: [0, 4, 19], code: undefined });
	});

	test('no longer than Max Retry Wait, and asks once more just before', async () => {
		expect(await timesOf([busy])).toEqual({ times: [0, 0.5, 1.5, 3.5, 7.5, 15.5, 20], code: 'no_calls_taken' });
	});

	test('nothing, where the server asks for more than is left', async () => {
		expect(await timesOf([asking(21)])).toEqual({ times: [0], code: 'retry_wait_too_long' });
		expect(await timesOf([asking(15), asking(6)])).toEqual({ times: [0, 15], code: 'retry_wait_too_long' });
	});

	test('errors of the server as often as it has tries', async () => {
		expect(await timesOf([busy, broken, broken, broken])).toMatchObject({ times: [0, 0.5, 1, 2], code: 'http_status' });
	});

	test('nothing without retries', async () => {
		const { context, calls } = fakeContext([busy], { maxRetries: 0 });
		await settled(fetchJson({ ...context, rateLimiter: loneCall(context.connection, context.limits) }, { method: 'GET', path: '/models' }));
		expect(calls).toHaveLength(1);
	});
});
