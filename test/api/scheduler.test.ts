import { AbortedError, ApiError } from '../../api/errors/api-error';
import { httpError } from '../../api/errors/reply-errors';
import { ConcurrencyLimit } from '../../api/scheduling/concurrency-limit';
import { LaunchPacer } from '../../api/scheduling/launch-pacer';
import { LearntRate } from '../../api/scheduling/learnt-rate';
import { mayBeBilled, outcomeOf } from '../../api/scheduling/outcome';
import { Patience, type LastTaken } from '../../api/scheduling/patience';
import { ProbeTimer } from '../../api/scheduling/probe-timer';
import { RateLimitHeaders } from '../../api/scheduling/rate-limit-headers';
import { RefusalStreaks } from '../../api/scheduling/refusal-streaks';
import { Scheduler, type SchedulerSettings } from '../../api/scheduling/scheduler';
import type { Slot } from '../../api/scheduling/slot';
import { VirtualTime } from '../support/virtual-time';

const SECOND = 1000;
const refusal = (headers: { [name: string]: string } = {}) => httpError(429, headers, 'Too many requests');

describe('The number of calls at once', () => {
	/** Rounds in which all calls that may be in flight are answered after a time that depends on how many they are. */
	function grow(limit: ConcurrencyLimit, rounds: number, latency: (inFlight: number) => number = () => 200) {
		for (let round = 0; round < rounds; round++) {
			for (let inFlight = 1, all = limit.current; inFlight <= all; inFlight++) limit.onSuccess(inFlight, latency(inFlight));
		}
		return limit.current;
	}

	test.each([
		['is five at first', undefined, 0, 5],
		['is less if the user says so', 3, 0, 3],
		['doubles with each round', undefined, 3, 40],
		['goes up to 200', undefined, 9, 200],
		['goes up to what the user says', 30, 9, 30],
	])('%s', (_, max, rounds, expected) => {
		expect(grow(new ConcurrencyLimit(max), rounds)).toBe(expected);
	});

	test('stays at what a server works on that queues the others', () => {
		expect(grow(new ConcurrencyLimit(), 3, (inFlight) => 100 * inFlight)).toBeLessThanOrEqual(10);
	});

	test('grows while answers take less than 1.6 times as long with twice as many', () => {
		expect(grow(new ConcurrencyLimit(), 9, (inFlight) => 100 * inFlight ** 0.6)).toBe(200);
	});

	test('does not grow where answers take so long that more at once would run into the time limit', () => {
		expect(grow(new ConcurrencyLimit(undefined, 600 * SECOND), 5, () => 160 * SECOND)).toBe(5);
	});

	test('goes down to what was taken, and grows again after five rounds, at first by one', () => {
		const limit = new ConcurrencyLimit();
		grow(limit, 2);
		limit.lower(8);
		limit.pauseGrowth();
		expect(limit.current).toBe(8);
		expect(grow(limit, 5)).toBe(8);
		expect([grow(limit, 1), grow(limit, 1), grow(limit, 1)]).toEqual([9, 10, 16]);
	});

	test('goes back where a call more was refused, and is tried again later each time', () => {
		const limit = new ConcurrencyLimit(8);
		grow(limit, 1);
		limit.lower(6);
		limit.pauseGrowth();
		for (const rounds of [5, 10, 10]) {
			expect(grow(limit, rounds)).toBe(6);
			expect(grow(limit, 1)).toBe(7);
			limit.onRefusedAlone(6);
			expect(limit.current).toBe(7);
			limit.onRefusedAlone(7);
			expect(limit.current).toBe(6);
		}
	});

	test('counts a slow round as several, so that a pause lasts no minutes', () => {
		const limit = new ConcurrencyLimit();
		limit.lower(4);
		limit.pauseGrowth();
		expect(grow(limit, 1, () => 8 * SECOND)).toBe(4);
		expect(grow(limit, 1, () => 8 * SECOND)).toBe(5);
	});

	test.each([
		['for a tenth of its time where there are four places', 4, 10.5 * SECOND, 1000],
		['for a fifth of its time where there is one place', 1, 10.5 * SECOND, 2000],
		['for 5 s at most', 1, 600 * SECOND, 5000],
		['not at all if it was quick', 4, 500, 0],
	])('leaves the place of an answer free, where the server refused a call before, %s', (_, places, latencyMs, freeMs) => {
		const limit = new ConcurrencyLimit();
		limit.lower(places);
		limit.leaveFree(latencyMs, 0, () => 0.5);
		expect(limit.nextLaunchAt(places - 1, 0)).toBe(freeMs);
		expect(limit.nextLaunchAt(places - 1, freeMs)).toBe(freeMs);
		expect(limit.nextLaunchAt(places, freeMs)).toBe(Infinity);
	});

	test('leaves no place free where the server never refused a call', () => {
		const limit = new ConcurrencyLimit();
		limit.leaveFree(60 * SECOND, 0, () => 0.5);
		expect(limit.nextLaunchAt(4, 0)).toBe(0);
	});

	test('goes down by one for a call refused alone, but not while it grows', () => {
		const limit = new ConcurrencyLimit();
		limit.onRefusedAlone(5);
		expect(limit.current).toBe(5);
		limit.pauseGrowth();
		for (let time = 0; time < 9; time++) limit.onRefusedAlone(5);
		expect(limit.current).toBe(2);
	});
});

describe('Calls refused one after another', () => {
	test('are counted in the order in which they went out', () => {
		const streaks = new RefusalStreaks();
		for (const number of [7, 4, 5, 9]) streaks.add(number, true);
		expect([streaks.lengthAt(4), streaks.lengthAt(7), streaks.lengthAt(5, 4)]).toEqual([2, 1, 1]);
	});

	test('have to be more where many are refused alone', () => {
		const streaks = new RefusalStreaks();
		expect(streaks.significantLength).toBe(2);
		for (let number = 1; number < 40; number += 2) streaks.add(number, true);
		for (let time = 0; time < 80; time++) streaks.countTaken();
		expect(streaks.significantLength).toBe(4);
	});
});

describe('The patience of an execution', () => {
	/** Seconds of 100 that are left after so many of refusals; other executions had a call taken at these seconds of them. */
	function secondsLeft(refused: number, { isTaking = false, others = [] }: { isTaking?: boolean; others?: number[] }) {
		const time = new VirtualTime(1);
		const lastTaken: LastTaken = {};
		const patience = new Patience(time, 100 * SECOND, lastTaken);
		if (isTaking) patience.onTaken();
		time.time += SECOND;
		patience.onRefused();
		for (const at of others) lastTaken.at = time.now() + at * SECOND;
		time.time += refused * SECOND;
		return patience.leftMs / SECOND;
	}

	test.each([
		['begins at the first refusal', 10, { isTaking: true }, 90],
		['is half as long where the server never took a call', 10, {}, 40],
		['begins anew with each call of another execution that the server takes', 80, { others: [10, 60] }, 80],
		['is not longer for what others did before', 10, { isTaking: true, others: [-0.5] }, 90],
		['ends all the same, after four times as long', 390, { others: [390] }, 10],
	])('%s', (_, refused, given, expected) => {
		expect(secondsLeft(refused, given)).toBe(expected);
	});
});

describe('The wait for the next probe', () => {
	function waits(count: number, asked = 0) {
		const time = new VirtualTime(1);
		time.random = () => 0;
		const timer = new ProbeTimer(time);
		timer.start();
		return Array.from({ length: count }, () => {
			const wait = timer.next(asked, 0, false);
			time.time += wait;
			timer.onRefused();
			return Math.round(wait);
		});
	}

	test('is half a second at first, grows, and is an eighth of the time that the server took no calls', () => {
		const all = waits(30);
		expect(all.slice(0, 5)).toEqual([500, 625, 781, 977, 1221]);
		expect(all.at(-1)).toBe(16_000);
	});

	test('is what the server asks for, but no less than the own one where that was too short twice', () => {
		expect(waits(4, 600)).toEqual([600, 600, 781, 977]);
	});

	test.each([
		['is longer where the server took no calls for long before', 20, 15 * SECOND],
		['is not longer where that was short: other executions may have taken all places', 4, 500],
	])('%s', (_, seconds, expected) => {
		const time = new VirtualTime(1);
		time.random = () => 0;
		const timer = new ProbeTimer(time);
		timer.start();
		time.time += seconds * SECOND;
		timer.stop(false);
		timer.start();
		expect([timer.next(0, 0, false), timer.next(0, 0, true)]).toEqual([expected, 500]);
	});
});

describe('The rate that a server takes', () => {
	/** A rate, learnt from times in seconds and how many calls the server took in each. */
	function learn(...cycles: Array<[seconds: number, taken: number]>) {
		const time = new VirtualTime(1);
		const rate = new LearntRate(time);
		for (const [seconds, taken] of cycles) {
			for (let call = 0; call < taken; call++) rate.onTaken(false);
			time.time += seconds * SECOND;
			rate.onReopen(false);
		}
		return rate;
	}

	test('is learnt from one opening to the next', () => {
		const rate = learn([3, 0], [10, 10]);
		expect([rate.perMinute, rate.averageMs, rate.currentSpacingMs]).toEqual([60, SECOND, 100]);
		for (let call = 0; call < 10; call++) expect(rate.onLaunch(100)).toBe(false);
		expect(rate.currentSpacingMs).toBe(950);
		expect([rate.onLaunch(950), rate.onLaunch(5000)]).toEqual([true, false]);
	});

	test('is tried ever faster as long as the server takes it', () => {
		const rate = learn([3, 0], [10, 10]);
		const spacings = Array.from({ length: 20 }, () => {
			rate.onLaunch(SECOND);
			return Math.round(rate.currentSpacingMs);
		});
		expect(spacings.slice(9, 16)).toEqual([950, 808, 583, 358, 187, 83, 31]);
	});

	test('is not learnt from a single call in a long time: other executions may have taken all places', () => {
		const rate = learn([3, 0], [10, 10], [30, 1]);
		expect([rate.perMinute, rate.averageMs]).toEqual([60, SECOND]);
	});

	test('is not known the first time, but a few calls go out one after another, so that others get some too', () => {
		const rate = learn([60, 0]);
		expect([rate.perMinute, rate.averageMs]).toEqual([undefined, 0]);
		for (let call = 0; call < 10; call++) {
			expect(rate.currentSpacingMs).toBe(600);
			expect(rate.onLaunch(600)).toBe(false);
		}
	});

	test('is not learnt from an outage', () => {
		const time = new VirtualTime(1);
		const rate = new LearntRate(time);
		time.time += 60 * SECOND;
		rate.onReopen(true);
		expect([rate.perMinute, rate.currentSpacingMs]).toEqual([undefined, 0]);
	});
});

describe('Headers that tell what is left of a limit', () => {
	const told = (what: string, values: { remaining: string; reset: string; limit?: string }) => ({
		[`x-ratelimit-remaining-${what}`]: values.remaining,
		[`x-ratelimit-reset-${what}`]: values.reset,
		...(values.limit && { [`x-ratelimit-limit-${what}`]: values.limit }),
	});
	const NOW = 1_800_000_000_000;

	test.each([
		['spread the rest over the time until it is refilled', told('requests', { remaining: '3', reset: '4s' }), 1000],
		['may name minutes and seconds', told('requests', { remaining: '2', reset: '0m30s' }), 10_000],
		['may name milliseconds', told('requests', { remaining: '0', reset: '12ms' }), 12],
		['may name a number of seconds', told('requests', { remaining: '1', reset: '0.5' }), 250],
		['may name a time in seconds since 1970', told('requests', { remaining: '0', reset: String(NOW / 1000 + 8) }), 8000],
		['count for tokens too', told('tokens', { remaining: '9', limit: '1000', reset: '2s' }), 2000],
		['hold back at most ten seconds', told('requests', { remaining: '0', reset: '50s' }), 10_000],
		['do not matter while more is left than calls are in flight', told('requests', { remaining: '6', reset: '4s' }), 0],
		['do not matter while enough tokens are left', told('tokens', { remaining: '400', limit: '1000', reset: '30s' }), 0],
		['do not matter if nobody says when it is refilled', told('requests', { remaining: '0', reset: '' }), 0],
		['do not matter for what is refilled in more than a minute', told('requests', { remaining: '0', reset: '23h0m0s' }), 0],
	])('%s', (_, headers, expected) => {
		const limits = new RateLimitHeaders();
		limits.update(headers, 5, NOW);
		expect(limits.nextLaunchAt(NOW, NOW) - NOW).toBe(expected);
	});

	test('count until the next reply says otherwise', () => {
		const limits = new RateLimitHeaders();
		limits.update(told('requests', { remaining: '0', reset: '30s' }), 5, NOW);
		limits.update(told('requests', { remaining: '7', reset: '30s' }), 5, NOW + 1000);
		expect(limits.nextLaunchAt(NOW + 1000, NOW)).toBe(NOW + 1000);
		limits.update(told('requests', { remaining: '0', reset: '30s' }), 5, NOW + 2000);
		expect(limits.nextLaunchAt(NOW + 2000, NOW)).toBe(NOW + 12_000);
	});

	test('are believed no more once a later reply contradicts', () => {
		const limits = new RateLimitHeaders();
		limits.update(told('requests', { remaining: '0', reset: '30s' }), 5, NOW);
		limits.update(told('requests', { remaining: '4000', reset: '30s' }), 5, NOW + 1000);
		limits.update(told('requests', { remaining: '0', reset: '30s' }), 5, NOW + 2000);
		expect(limits.nextLaunchAt(NOW + 2000, NOW)).toBe(NOW + 2000);
	});
});

describe('How a call ended', () => {
	const code = (value: ConstructorParameters<typeof ApiError>[0], status?: number) => new ApiError(value, 'Oops', { status });

	test.each([
		['429 is a refusal', refusal(), 'refused'],
		['503 that says when to come again is a refusal', httpError(503, { 'retry-after': '1' }, ''), 'refused'],
		['503 that does not is a server that is away', httpError(503, {}, ''), 'unavailable'],
		['a lost connection is a server that is away', code('connection_lost'), 'unavailable'],
		['429 without balance is an error of its own', httpError(429, {}, '{"error":{"code":"insufficient_quota"}}'), 'failed'],
		['429 that says not to try again is an error of its own', httpError(429, { 'x-should-retry': 'false' }, ''), 'failed'],
		['500 is an error of its own', httpError(500, {}, ''), 'failed'],
		['a rate limit told with a good status is an error of its own', code('error_in_body', 200), 'failed'],
		['a time limit is an error of its own', code('timeout'), 'failed'],
		['Stop is none', new AbortedError(), 'aborted'],
		['an answer is a success', undefined, 'success'],
	])('%s', (_, error, expected) => {
		expect(outcomeOf(error)).toBe(expected);
	});

	test('a call may be billed that reached a server which then went away', () => {
		expect([httpError(504, {}, ''), code('connection_lost')].map(mayBeBilled)).toEqual([true, true]);
		expect([httpError(502, {}, ''), code('connection_refused')].map(mayBeBilled)).toEqual([false, false]);
	});
});

describe('A scheduler', () => {
	const settings: SchedulerSettings = { requestsPerMinute: 0, maxRetryWaitMs: 120 * SECOND, timeoutMs: 600 * SECOND };

	/** Runs in virtual time; what happened is written down with its time. */
	async function run(
		given: Partial<SchedulerSettings>,
		work: (scheduler: Scheduler, time: VirtualTime, log: (event: string) => void) => Promise<unknown>,
		isStopped: (time: VirtualTime) => boolean = () => false,
	): Promise<string[]> {
		const time = new VirtualTime(1);
		const events: string[] = [];
		const scheduler = new Scheduler({ ...settings, ...given }, () => isStopped(time), time);
		await time.run(work(scheduler, time, (event) => events.push(`${Math.round(time.time)} ${event}`)));
		return events;
	}

	const slots = async (scheduler: Scheduler, count: number) =>
		await Promise.all(Array.from({ length: count }, async () => await scheduler.admit()));
	const go = async (slot: Slot, log: (event: string) => void, turn: { delayMs?: number; deadline?: number } = {}) => {
		try {
			await slot.acquire({ delayMs: 0, ...turn });
			log(`row ${slot.number}`);
		} catch (error) {
			log(`row ${slot.number}: ${(error as Error).message}`);
		}
	};

	test('lets as many calls out as may be in flight, in their order, and another one once a row is done', async () => {
		const events = await run({ concurrency: 2 }, async (scheduler, time, log) => {
			const rows = await slots(scheduler, 3);
			const going = rows.map(async (row) => await go(row, log));
			await time.sleep(100);
			rows[1].release();
			await time.sleep(100);
			// it might have failed, and end the execution
			rows[1].done();
			await Promise.all(going);
		});
		expect(events).toEqual(['0 row 1', '0 row 2', '200 row 3']);
	});

	test('makes few rows ready ahead: each holds its request', async () => {
		const events = await run({ concurrency: 3 }, async (scheduler, time, log) => {
			const rows: Slot[] = [];
			const admitting = (async () => {
				for (let row = 0; row < 7; row++) rows.push(await scheduler.admit());
			})();
			await time.sleep(1);
			log(`${rows.length} ready`);
			for (const row of rows) void go(row, () => {});
			await time.sleep(1);
			log(`${rows.length} let in`);
			rows[0].release();
			rows[0].done();
			await time.sleep(1);
			log(`${rows.length} let in`);
			scheduler.close(new Error('Over'));
			await admitting;
		});
		expect(events).toEqual(['1 4 ready', '2 4 let in', '3 5 let in']);
	});

	test('lets a row that tries again go before new rows, and waits as long as the row says', async () => {
		const events = await run({ concurrency: 1 }, async (scheduler, time, log) => {
			const [first, second] = await slots(scheduler, 2);
			await go(first, log);
			const going = [go(second, log)];
			first.release(httpError(500, {}, ''));
			const again = go(first, log, { delayMs: 300 });
			going.push(go(await scheduler.admit(), log));
			await time.sleep(400);
			second.release();
			second.done();
			await again;
			first.release();
			first.done();
			await Promise.all(going);
			log(JSON.stringify(scheduler.callCounts));
		});
		expect(events).toEqual(['0 row 1', '0 row 2', '400 row 1', '400 row 3', '400 {"calls":4,"retries":1}']);
	});

	test('lets no more go once it is closed, neither those that wait nor those that come', async () => {
		const events = await run({ concurrency: 1 }, async (scheduler, _, log) => {
			const rows = await slots(scheduler, 2);
			await go(rows[0], log);
			const waiting = go(rows[1], log);
			scheduler.close(new Error('Over'));
			await waiting;
			await go(await scheduler.admit(), log);
			expect(rows[0].isClosed()).toBe(true);
		});
		expect(events).toEqual(['0 row 1', '0 row 2: Over', '0 row 3: Over']);
	});

	test('waits no longer than the deadline of a call', async () => {
		const events = await run({ concurrency: 1 }, async (scheduler, time, log) => {
			const rows = await slots(scheduler, 2);
			await go(rows[0], log);
			await go(rows[1], log, { deadline: time.now() + 250 });
		});
		expect(events).toEqual(['0 row 1', '250 row 2: The time is up']);
	});

	test('notices Stop within a tenth of a second, however long a call has to wait', async () => {
		const isStopped = (time: VirtualTime) => time.time >= 950;
		const events = await run(
			{},
			async (scheduler, _, log) => {
				const [row] = await slots(scheduler, 1);
				await go(row, log, { delayMs: 60 * SECOND });
			},
			isStopped,
		);
		expect(events).toEqual(['1000 row 1: The execution was canceled']);
	});

	test('counts a job in the background as in flight, but not the calls that retrieve it', async () => {
		const events = await run({ concurrency: 1 }, async (scheduler, time, log) => {
			const [job, other] = await slots(scheduler, 2);
			job.startJob();
			await go(job, log);
			const waiting = go(other, log);
			job.release();
			for (let retrieval = 0; retrieval < 2; retrieval++) {
				await time.sleep(500);
				await go(job, log);
				job.release();
			}
			await time.sleep(100);
			job.endJob(true);
			job.done();
			await waiting;
		});
		expect(events).toEqual(['0 row 1', '500 row 1', '1000 row 1', '1100 row 2']);
	});

	test('tells how long it was held back, and by what', async () => {
		await run({ concurrency: 1 }, async (scheduler, time) => {
			const [row] = await slots(scheduler, 1);
			await row.acquire({ delayMs: 0 });
			row.onHeaders(200, { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '4s' });
			row.release();
			await row.acquire({ delayMs: 0 });
			row.release();
			await time.sleep(5000);
			for (let refused = 0; refused < 3; refused++) {
				await row.acquire({ delayMs: 0 });
				row.release(refusal({ 'retry-after': '10' }));
			}
			await row.acquire({ delayMs: 0 });
			row.release();
			const waitedMs = scheduler.waits.times;
			expect(waitedMs.headers).toBe(4000);
			// twice ten seconds, and a little more by chance
			expect(waitedMs.limit).toBeGreaterThanOrEqual(20 * SECOND);
			expect(waitedMs.limit).toBeLessThanOrEqual(21 * SECOND);
			expect(waitedMs.outage).toBe(0);
		});
	});
});

describe('Calls go out', () => {
	const launches = (pacer: LaunchPacer, now: number) => {
		let count = 0;
		for (; pacer.nextLaunchAt(now, 50) <= now; count++) pacer.onLaunch(now);
		return count;
	};

	test('five in 10 ms, and another one in the place of each that was answered, until one is refused', () => {
		const pacer = new LaunchPacer(new LearntRate(new VirtualTime(1)), 0);
		expect([launches(pacer, 0), launches(pacer, 9), launches(pacer, 10)]).toEqual([5, 0, 5]);
		for (let success = 0; success < 3; success++) pacer.onSuccess(50);
		expect([launches(pacer, 11), launches(pacer, 12)]).toEqual([3, 0]);
		pacer.onSuccess(50);
		pacer.onRefused();
		expect(launches(pacer, 13)).toBe(0);
	});
});
