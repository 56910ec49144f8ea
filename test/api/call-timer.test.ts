import { sleep } from 'n8n-workflow';

import { CallTimer } from '../../api/http/call-timer';
import { delay } from '../../api/http/delay';
import { fakeContext, settled } from '../support/fake-connection';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** The millisecond in which something is over, from now. */
async function timeOf(promise: Promise<unknown>): Promise<number> {
	const begin = Date.now();
	let end = NaN;
	await settled(promise.finally(() => (end = Date.now() - begin)));
	return end;
}

/** The millisecond in which a timer of 1000 ms aborts its call; `meanwhile` is what happens to it. */
async function abortTime(isStream: boolean, meanwhile: (timer: CallTimer) => Promise<void> = async () => {}, deadline?: number) {
	const controller = new AbortController();
	const timer = new CallTimer(1000, isStream, deadline);
	void meanwhile(timer);
	const time = await timeOf(timer.run(controller));
	return { time, isAborted: controller.signal.aborted, expired: timer.expired };
}

const data = (every: number, times: number) => async (timer: CallTimer) => {
	for (let time = 0; time < times; time++) {
		await sleep(every);
		timer.onData();
	}
};

describe('CallTimer', () => {
	test('aborts a call when its time is up, at most 100 ms later', async () => {
		expect(await abortTime(false)).toEqual({ time: 1100, isAborted: true, expired: true });
	});

	test('aborts a plain call whatever data comes', async () => {
		expect(await abortTime(false, data(300, 20))).toMatchObject({ time: 1100 });
	});

	test('does not abort a stream while data comes', async () => {
		expect(await abortTime(true, data(900, 20))).toMatchObject({ time: 20 * 900 + 1100, expired: true });
	});

	test('aborts at the deadline, if that is earlier', async () => {
		expect(await abortTime(true, data(50, 100), Date.now() + 450)).toMatchObject({ time: 500, expired: true });
	});

	test('aborts at a deadline that is set while the call runs, whatever data comes', async () => {
		const shorten = async (timer: CallTimer) => {
			await sleep(250);
			timer.setDeadline(200);
			await data(50, 100)(timer);
		};
		expect(await abortTime(true, shorten)).toMatchObject({ time: 500, expired: true });
	});

	test('forgets that deadline', async () => {
		const shorten = async (timer: CallTimer) => {
			timer.setDeadline(200);
			await sleep(150);
			timer.setDeadline(Infinity);
		};
		expect(await abortTime(false, shorten)).toMatchObject({ time: 1100 });
	});

	test('ends without an abort when it is stopped', async () => {
		const stop = async (timer: CallTimer) => {
			await sleep(250);
			timer.stop();
		};
		expect(await abortTime(false, stop)).toEqual({ time: 300, isAborted: false, expired: false });
	});
});

describe('delay', () => {
	test.each([0, 50, 100, 1234])('resolves after %i ms', async (milliseconds) => {
		expect(await timeOf(delay(fakeContext([]).context, milliseconds))).toBe(milliseconds);
	});

	test('ends at most 100 ms after Stop, with an AbortedError', async () => {
		const stop = new AbortController();
		void sleep(1234).then(() => stop.abort());
		const waiting = delay(fakeContext([], {}, stop).context, 3_600_000);
		expect(await timeOf(waiting)).toBe(1300);
		await expect(waiting).rejects.toMatchObject({ name: 'AbortedError' });
	});

	test('ends at most 100 ms after the scheduler was closed', async () => {
		let isClosed = false;
		void sleep(1234).then(() => (isClosed = true));
		const { connection, rateLimiter } = fakeContext([]).context;
		expect(await timeOf(delay({ connection, rateLimiter: { ...rateLimiter, isClosed: () => isClosed } }, 3_600_000))).toBe(1300);
	});
});
