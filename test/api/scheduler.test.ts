import { sleep } from 'n8n-workflow';

import { Gate } from '../../api/scheduling/scheduler';
import { Limit } from '../../api/scheduling/concurrency-limit';
import { adviceIn } from '../../api/scheduling/rate-limit-headers';

/** A limit on which that many calls were made, each of which succeeded before the next. */
function limitAfter(successes: number, most: number): Limit {
	const limit = new Limit(most);
	succeed(limit, successes);
	return limit;
}

function succeed(limit: Limit, times: number) {
	for (let time = 0; time < times; time++) {
		limit.launched();
		limit.succeeded();
	}
}

/** So many calls go out together, and so many of them are refused. */
function refuse(limit: Limit, refused: number, together = limit.now) {
	const launches = Array.from({ length: together }, () => limit.launched());
	launches.slice(-refused).forEach((launch, index) => limit.refused(launch, together - 1 - index));
}

describe('The number of calls in flight', () => {
	test.each([
		['begins with ten', 50, 0, 10],
		['begins with fewer if fewer are allowed', 5, 0, 5],
		['doubles with each round of successes', 100, 10 + 20, 40],
		['stays at what is allowed', 50, 10 + 20 + 40, 50],
	])('%s', (_, most, successes, expected) => {
		expect(limitAfter(successes, most).now).toBe(expected);
	});

	test('goes down by one for each refused call', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 3);
		expect(limit.now).toBe(17);
	});

	test('goes down to half at most for calls that were in flight together', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 20);
		expect(limit.now).toBe(10);
	});

	test('goes down from what was in flight, not from what was allowed', () => {
		const limit = limitAfter(40, 50);
		refuse(limit, 1, 6);
		expect(limit.now).toBe(5);
	});

	test('never goes under one', () => {
		const limit = new Limit(1);
		refuse(limit, 1);
		refuse(limit, 1);
		expect(limit.now).toBe(1);
	});

	test('is tried again above what was refused only after twenty rounds', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 10);
		succeed(limit, 199);
		expect(limit.now).toBe(10);
		succeed(limit, 1);
		expect(limit.now).toBe(11);
	});

	test('is tried again later each time it is refused', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 10);
		succeed(limit, 200);
		refuse(limit, 1);
		succeed(limit, 399);
		expect(limit.now).toBe(10);
		succeed(limit, 1);
		expect(limit.now).toBe(11);
	});

	test('grows sooner each time it is not refused', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 10);
		succeed(limit, 200 + 10 * 11 + 5 * 12);
		expect(limit.now).toBe(13);
	});

	test('is tried again after eighty rounds at the latest', () => {
		const limit = limitAfter(10, 50);
		refuse(limit, 10);
		for (const rounds of [20, 40, 80, 80]) {
			succeed(limit, 10 * rounds - 1);
			expect(limit.now).toBe(10);
			succeed(limit, 1);
			expect(limit.now).toBe(11);
			refuse(limit, 1);
		}
	});

	test('comes back after one round where it had held before the refusal', () => {
		const limit = limitAfter(10, 10);
		refuse(limit, 1);
		succeed(limit, 9);
		expect(limit.now).toBe(10);
	});

	test('is not ground down by a server that refuses every twentieth call', () => {
		const limit = new Limit(10);
		for (let time = 0; time < 50; time++) {
			succeed(limit, 19);
			refuse(limit, 1, 10);
		}
		expect(limit.now).toBe(9);
	});
});

const spacing = { concurrency: 5, requestsPerMinute: 0, maxRetryAfterMs: 60_000 };
const opened: Gate[] = [];
afterEach(() => opened.splice(0).forEach((gate) => gate.close(new Error('The test is over'))));

function gateOf(more: Partial<typeof spacing> = {}): Gate {
	const gate = new Gate({ ...spacing, ...more }, () => false);
	opened.push(gate);
	return gate;
}

const placesOf = async (gate: Gate, count: number) => await Promise.all(Array.from({ length: count }, async () => await gate.enter()));

/** Which of these calls have gone out by now. */
async function wentOut(turns: Array<Promise<void>>): Promise<number[]> {
	const out: number[] = [];
	turns.forEach(
		(turn, index) =>
			void turn.then(
				() => out.push(index),
				() => undefined,
			),
	);
	await sleep(0);
	return out;
}

describe('A gate', () => {
	test('lets as many calls out as rows may be at work, in their order', async () => {
		const gate = gateOf({ concurrency: 3 });
		const places = await placesOf(gate, 5);
		const turns = places.map(async (place) => await place.acquire());
		expect(await wentOut(turns)).toEqual([0, 1, 2]);
		places[0].leave();
		places[1].release(200, {});
		expect(await wentOut(turns)).toEqual([0, 1, 2, 3]);
	});

	test('lets twice as many rows in as may be at work', async () => {
		const gate = gateOf({ concurrency: 2 });
		const [first] = await placesOf(gate, 4);
		let entered = false;
		const entering = gate.enter().then(() => (entered = true));
		await sleep(0);
		expect(entered).toBe(false);
		first.leave();
		await entering;
	});

	test('lets a call of a row at work go before the first call of another row', async () => {
		const gate = gateOf({ concurrency: 1 });
		const places = await placesOf(gate, 2);
		await places[0].acquire();
		const fresh = places[1].acquire();
		places[0].release(500, {});
		const again = places[0].acquire();
		expect(await wentOut([again, fresh])).toEqual([0]);
		expect(gate.made).toEqual({ calls: 2, retries: 1 });
	});

	/** Those that go out after a first call ended so. */
	async function outAfter(status: number, headers: { [name: string]: string }) {
		const places = await placesOf(gateOf(), 2);
		await places[0].acquire();
		places[0].release(status, headers);
		return await wentOut([places[1].acquire()]);
	}

	test.each([
		['a 429 that says when to come again', 429, { 'retry-after': '30' }],
		['a 503 that says when to come again', 503, { 'retry-after': '30' }],
		['a reply by which no call is left', 200, { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30s' }],
		['a reply by which no token is left', 200, { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '2s' }],
		['529 that says when to come again', 529, { 'retry-after': '30' }],
		[
			'a reply by which few tokens are left',
			200,
			{ 'x-ratelimit-remaining-tokens': '9', 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-reset-tokens': '6m0s' },
		],
	])('holds calls back after %s', async (_, status, headers) => {
		expect(await outAfter(status, headers as { [name: string]: string })).toEqual([]);
	});

	test.each([
		['a 429 that says to come later than a row may wait', 429, { 'retry-after': '61' }],
		['a 503 that does not say when to come again', 503, {}],
		[
			'a reply by which enough tokens are left',
			200,
			{ 'x-ratelimit-remaining-tokens': '400', 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-reset-tokens': '30s' },
		],
		['a reply by which enough calls are left', 200, { 'x-ratelimit-remaining-requests': '40', 'x-ratelimit-reset-requests': '30s' }],
	])('lets calls out after %s', async (_, status, headers) => {
		expect(await outAfter(status, headers as { [name: string]: string })).toEqual([0]);
	});

	test('lets calls out again when the time has come', async () => {
		const places = await placesOf(gateOf(), 2);
		await places[0].acquire();
		const refused = performance.now();
		places[0].release(429, { 'retry-after-ms': '50' });
		await places[1].acquire();
		expect(performance.now() - refused).toBeGreaterThanOrEqual(49);
	});

	test('lets no more calls out for faults than before', async () => {
		const places = await placesOf(gateOf({ concurrency: 50 }), 40);
		const turns = places.map(async (place) => await place.acquire());
		await Promise.all(turns.slice(0, 10));
		places.slice(0, 10).forEach((place) => place.release(500, {}));
		expect(await wentOut(turns)).toHaveLength(20);
	});

	test('spaces calls evenly', async () => {
		const places = await placesOf(gateOf({ requestsPerMinute: 1500 }), 4);
		const times = await Promise.all(places.map(async (place) => await place.acquire().then(() => performance.now())));
		expect(times[3] - times[0]).toBeGreaterThanOrEqual(115);
	});

	test('refuses those that wait, and all that come, once it is closed', async () => {
		const gate = gateOf({ concurrency: 1 });
		const places = await placesOf(gate, 2);
		await places[0].acquire();
		const waiting = places[1].acquire();
		gate.close(new Error('Closed'));
		await expect(waiting).rejects.toThrow('Closed');
		await expect(places[1].acquire()).rejects.toThrow('Closed');
		expect(places[0].isClosed()).toBe(true);
	});

	test.each([
		['not after a few refusals', 9, 429, false],
		['after many in a row', 10, 429, true],
		['not once a call got through', 10, 200, false],
		['not when nothing ever gets through', 100, 429, false],
	])('is shut out %s', async (_, refusals, last, expected) => {
		const [place] = await placesOf(gateOf(), 2);
		for (const status of [...Array<number>(refusals).fill(429), ...(last === 200 ? [200] : [])]) {
			await place.acquire();
			place.release(status, {});
		}
		expect(place.isExhaustedByOthers()).toBe(expected);
	});

	test('is never shut out with one row', async () => {
		const [place] = await placesOf(gateOf(), 1);
		for (let time = 0; time < 20; time++) {
			await place.acquire();
			place.release(429, {});
		}
		expect(place.isExhaustedByOthers()).toBe(false);
	});
});

describe('What is left of a limit', () => {
	test.each([
		['is spread over the time until it is refilled', { requests: '3', reset: '4s' }, { interval: 1000, lasts: 4000 }],
		['may be refilled after parts of a minute', { requests: '0', reset: '6m0s' }, { interval: 10_000, lasts: 360_000 }],
		['may be refilled after milliseconds', { requests: '0', reset: '12ms' }, { interval: 12, lasts: 12 }],
		['may be refilled after a number of seconds', { requests: '1', reset: '0.5' }, { interval: 250, lasts: 500 }],
		['does not matter while there is more than calls in flight', { requests: '6', reset: '4s' }, undefined],
		['does not matter if nobody says when it is refilled', { requests: '0', reset: '' }, undefined],
	])('%s', (_, { requests, reset }, expected) => {
		const headers = { 'x-ratelimit-remaining-requests': requests, 'x-ratelimit-reset-requests': reset };
		expect(adviceIn(headers, 5)).toEqual(expected);
	});
});
