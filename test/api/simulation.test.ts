import {
	atOnce,
	away,
	batched,
	bucket,
	even,
	everyNth,
	moody,
	queue,
	refusing,
	remote,
	telling,
	tellingBucket,
	uneven,
	unlimited,
	windowed,
	type Latency,
	type RefusalWords,
} from '../support/server-models';
import { bestFixed, simulate, type Outcome, type Setting } from '../support/simulation';
import { START } from '../support/virtual-time';

const SECOND = 1000;
const fast = unlimited(even(200));
const ASKS: RefusalWords = { retryAfter: 1 };
/** The words of new-api's limit by the minute, which sends no Retry-After */
const IN_WORDS: RefusalWords = { message: '您已达到请求数限制：1分钟内最多请求60次' };

interface Case extends Setting {
	title: string;
	/** At most so many times as long as the best fixed number of calls at once */
	ratio?: number;
	/** At most so many milliseconds in all */
	within?: number;
	/** At most that share of the calls gets no answer */
	inVain?: number;
	/** At most so many calls get no answer */
	inVainCalls?: number;
	mostInFlight?: number;
}

/** The same with answers of nearly the same length and of very uneven length. */
const both = (title: string, caseOf: (latency: Latency) => Omit<Case, 'title'>): Case[] => [
	{ title: `${title}, answers of even length`, ...caseOf(even(200)) },
	{ title: `${title}, answers of uneven length`, ...caseOf(uneven(200)) },
];

const cases: Case[] = [
	...[1, 10, 100, 1000, 5000].flatMap((rows) =>
		// to find out what a server takes needs some rounds
		both(`no limit, ${rows} rows`, (latency) => ({ server: unlimited(latency), rows, ratio: rows === 100 ? 5.1 : 2.1, inVain: 0 })),
	),
	...both('no limit, 40 ms away', (latency) => ({ server: remote(40, unlimited(latency)), rows: 1000, ratio: 2.1 })),

	...[1, 3, 8].flatMap((most) =>
		both(`${most} at once`, (latency) => ({ server: atOnce(most, latency), rows: 200, ratio: 1.1, inVain: most < 8 ? 0.15 : 0.1 })),
	),
	...both('50 at once', (latency) => ({ server: atOnce(50, latency), rows: 200, ratio: 2, inVain: 0.1 })),
	...both('8 at once, with Retry-After', (latency) => ({ server: atOnce(8, latency, ASKS), rows: 200, ratio: 1.1, inVain: 0.1 })),
	...both('8 at once, 40 ms away', (latency) => ({ server: remote(40, atOnce(8, latency)), rows: 200, ratio: 1.5, inVain: 0.15 })),
	...both('8 at once for 5 executions', (latency) => ({
		server: atOnce(8, latency),
		rows: 100,
		executions: 5,
		ratio: 1.6,
		inVain: 0.25,
	})),

	...both('1 a second, 20 after a rest', (latency) => ({ server: bucket(1, 20, latency), rows: 50, ratio: 1.2, inVain: 0.45 })),
	...both('1 a second, with Retry-After', (latency) => ({ server: bucket(1, 20, latency, ASKS), rows: 50, ratio: 1.3, inVain: 0.45 })),
	...both('10 a second', (latency) => ({ server: bucket(10, 50, latency), rows: 500, ratio: 1.2, inVain: 0.3 })),
	...both('2 a second for 2 executions', (latency) => ({
		server: bucket(2, 20, latency),
		rows: 40,
		executions: 2,
		ratio: 1.6,
		inVain: 0.45,
	})),
	...both('2 a second for 5 executions', (latency) => ({
		server: bucket(2, 20, latency),
		rows: 40,
		executions: 5,
		ratio: 1.6,
		inVain: 0.45,
	})),

	...both('40 in 20 s, told in words only', (latency) => ({
		server: windowed(40, 20 * SECOND, latency, IN_WORDS),
		rows: 100,
		ratio: 1.2,
		within: 60 * SECOND,
	})),
	...both('40 in 20 s, with an empty body', (latency) => ({
		server: windowed(40, 20 * SECOND, latency),
		rows: 100,
		ratio: 1.2,
		within: 60 * SECOND,
	})),
	...both('40 in 20 s, with Retry-After', (latency) => ({
		server: windowed(40, 20 * SECOND, latency, ASKS),
		rows: 100,
		ratio: 1.2,
		inVain: 0.2,
	})),
	...both('60 a minute, counted from each moment back', (latency) => ({
		server: windowed(60, 60 * SECOND, latency, IN_WORDS, 'sliding'),
		rows: 200,
		ratio: 1.2,
	})),
	...both('600 a minute', (latency) => ({ server: windowed(600, 60 * SECOND, latency), rows: 2000, ratio: 1.2, inVain: 0.1 })),
	...both('40 in 20 s for 5 executions', (latency) => ({
		server: windowed(40, 20 * SECOND, latency),
		rows: 40,
		executions: 5,
		ratio: 1.6,
		inVain: 0.45,
	})),
	...both('60 a minute for 5 executions', (latency) => ({
		server: windowed(60, 60 * SECOND, latency),
		rows: 60,
		executions: 5,
		ratio: 1.6,
		inVain: 0.45,
	})),
	{ title: '60 a minute, answers of 20 s', server: windowed(60, 60 * SECOND, even(20 * SECOND)), rows: 180, ratio: 1.55 },

	...both('one slot that queues', (latency) => ({ server: queue(1, latency), rows: 100, ratio: 1.05, inVain: 0, mostInFlight: 20 })),
	...both('4 slots that queue', (latency) => ({ server: queue(4, latency), rows: 200, ratio: 1.1, inVain: 0, mostInFlight: 40 })),
	...both('16 slots that queue', (latency) => ({ server: queue(16, latency), rows: 200, ratio: 1.2, inVain: 0, mostInFlight: 80 })),
	{ title: 'one slot, 100 ms each', server: queue(1, even(100)), rows: 80, ratio: 1.02, mostInFlight: 10 },
	{ title: 'one slot, a minute each: nothing times out', server: queue(1, even(60 * SECOND)), rows: 10, ratio: 1.02, mostInFlight: 8 },
	...both('a batch server that slows down', (latency) => ({ server: batched(32, latency), rows: 500, ratio: 1.4, inVain: 0 })),

	...[0.01, 0.05].flatMap((share) =>
		both(`${share} refused by chance`, (latency) => ({
			server: moody(share, unlimited(latency), {}),
			rows: 500,
			ratio: 2.5,
			inVain: 2 * share + 0.01,
		})),
	),
	...both('0.2 refused by chance', (latency) => ({ server: moody(0.2, unlimited(latency), ASKS), rows: 200, inVain: 0.3 })),
	...both('0.02 with status 503', (latency) => ({ server: moody(0.02, unlimited(latency), { status: 503 }), rows: 200, ratio: 2.6 })),
	...both('every 20th refused', (latency) => ({ server: everyNth(20, unlimited(latency), ASKS), rows: 200, ratio: 2.1 })),

	...[5, 8, 30, 90].flatMap((seconds) =>
		both(`away for ${seconds} s`, (latency) => ({
			server: away(600, seconds * SECOND, unlimited(latency)),
			rows: 200,
			within: 1.25 * (seconds + 1) * SECOND + 5 * SECOND,
			inVainCalls: 60,
		})),
	),
	...['ECONNREFUSED', 'ECONNRESET', 504].map((status) => ({
		title: `away for 30 s with ${status}`,
		server: away(600, 30 * SECOND, fast, status),
		rows: 200,
		within: 40 * SECOND,
		inVainCalls: 60,
	})),

	{
		title: 'a limit told by headers, in seconds',
		server: tellingBucket(5, 30, even(200), (ms) => (ms / 1000).toFixed(3)),
		rows: 100,
		ratio: 1.6,
	},
	{
		title: 'a limit told by headers, with units',
		server: tellingBucket(5, 30, even(200), (ms) => `${Math.floor(ms / 60_000)}m${(ms % 60_000) / 1000}s`),
		rows: 100,
		ratio: 1.6,
	},
	{
		title: 'a limit told by headers, as a time since 1970',
		server: tellingBucket(5, 30, even(200), (ms, now) => String((START + now + ms) / 1000)),
		rows: 100,
		ratio: 1.6,
	},
	{
		title: 'one key of ten near its daily limit',
		server: telling(fast, (_, calls) => ({
			'x-ratelimit-remaining-requests': calls % 10 === 0 ? '1' : '4000',
			'x-ratelimit-reset-requests': '23h0m0s',
		})),
		rows: 20,
		within: 3 * SECOND,
	},
	{
		title: 'one key of ten near a limit of the minute',
		server: telling(fast, (_, calls) => ({
			'x-ratelimit-remaining-requests': calls % 10 === 0 ? '1' : '4000',
			'x-ratelimit-reset-requests': '40s',
		})),
		rows: 200,
		within: 15 * SECOND,
	},
];

describe('With nothing set, no row is lost and no time is lost on a server with', () => {
	test.each(cases)('$title', async ({ ratio, within, inVain, inVainCalls, mostInFlight, ...setting }) => {
		const outcome = await simulate(setting);
		expect(outcome.lost).toEqual([]);
		if (ratio !== undefined) expect(outcome.ms / bestFixed(setting)).toBeLessThanOrEqual(ratio);
		if (within !== undefined) expect(outcome.ms).toBeLessThanOrEqual(within);
		if (inVain !== undefined) expect(outcome.inVain / outcome.calls).toBeLessThanOrEqual(inVain);
		if (inVainCalls !== undefined) expect(outcome.inVain).toBeLessThanOrEqual(inVainCalls);
		if (mostInFlight !== undefined) expect(outcome.mostInFlight).toBeLessThanOrEqual(mostInFlight);
	});
});

describe('Five executions on two workers of n8n, or as many as are named, share a server', () => {
	const RUNS = 20;
	const runs = async (setting: Setting): Promise<Outcome[]> => {
		const outcomes: Outcome[] = [];
		for (let seed = 1; seed <= RUNS; seed++) outcomes.push(await simulate({ ...setting, seed }));
		return outcomes;
	};

	test.each<Case>([
		{ title: '8 at once, 100 ms each', server: atOnce(8, even(100)), rows: 100, inVain: 0.25 },
		...both('8 at once', (latency) => ({ server: atOnce(8, latency), rows: 100, inVain: 0.25 })),
		{ title: '8 at once, with Retry-After', server: atOnce(8, even(200), ASKS), rows: 100, inVain: 0.25 },
		{ title: '8 at once, 40 ms away', server: remote(40, atOnce(8, even(200))), rows: 100, inVain: 0.25 },
		{ title: '8 at once, a second each', server: atOnce(8, even(SECOND)), rows: 60, inVain: 0.25 },
		{ title: '8 at once, 3 s each', server: atOnce(8, even(3 * SECOND)), rows: 48, inVain: 0.3 },
		{ title: '8 at once, 10 s each', server: atOnce(8, even(10 * SECOND)), rows: 48, inVain: 0.4 },
		{ title: '8 at once, 10 s each, for 2 executions', server: atOnce(8, even(10 * SECOND)), rows: 120, executions: 2, inVain: 0.25 },
		{ title: '4 at once, 10 s each, for 2 executions', server: atOnce(4, even(10 * SECOND)), rows: 60, executions: 2, inVain: 0.3 },
		// who has no place asks all the time whether one is free
		{ title: '2 at once, 10 s each, for 2 executions', server: atOnce(2, even(10 * SECOND)), rows: 30, executions: 2, inVain: 0.5 },
		{ title: '3 at once, 10 s each, for 3 executions', server: atOnce(3, even(10 * SECOND)), rows: 30, executions: 3, inVain: 0.55 },
		{ title: '20 at once', server: atOnce(20, even(200)), rows: 200, inVain: 0.25 },
		{ title: '20 at once, 10 s each', server: atOnce(20, even(10 * SECOND)), rows: 120, inVain: 0.25 },
		{ title: '40 in 10 s', server: windowed(40, 10 * SECOND, even(100)), rows: 32, inVain: 0.45 },
		...both('40 in 20 s', (latency) => ({ server: windowed(40, 20 * SECOND, latency), rows: 40, inVain: 0.45 })),
		{ title: '60 a minute', server: windowed(60, 60 * SECOND, even(200)), rows: 60, inVain: 0.45 },
		{ title: '60 a minute, with Retry-After', server: windowed(60, 60 * SECOND, even(200), ASKS), rows: 60, inVain: 0.45 },
		{ title: '2 a second, 20 after a rest', server: bucket(2, 20, even(200)), rows: 40, inVain: 0.45 },
		{ title: '5 a second, 20 after a rest', server: bucket(5, 20, even(200)), rows: 60, inVain: 0.45 },
		{ title: '10 a second, 50 after a rest', server: bucket(10, 50, even(200)), rows: 100, inVain: 0.45 },
	])(
		'that takes $title: nothing is lost, and nine of ten runs last at most 1.6 times as long as they must',
		async ({ inVain = 0, ...given }) => {
			const setting = { executions: 5, workers: 2, ...given };
			const floor = bestFixed(setting);
			const outcomes = await runs(setting);
			expect(outcomes.flatMap(({ lost }) => lost)).toEqual([]);
			expect(outcomes.filter(({ ms }) => ms > 1.6 * floor).length).toBeLessThanOrEqual(RUNS / 10);
			const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((all, outcome) => all + count(outcome), 0);
			expect(sum((outcome) => outcome.inVain) / sum(({ calls }) => calls)).toBeLessThanOrEqual(inVain);
		},
	);

	test.each([
		[8, 5, 3],
		[8, 5, 10],
		[20, 5, 10],
		[8, 2, 20],
	])(
		'that takes %i at once, %i executions: nothing is lost where answers take %i s, and some far longer',
		async (most, executions, seconds) => {
			const server = atOnce(most, uneven(seconds * SECOND));
			const outcomes = await runs({ server, rows: (30 * most) / executions, executions, workers: 2 });
			expect(outcomes.flatMap(({ lost }) => lost)).toEqual([]);
		},
	);
});

describe('A row or three each in many executions on two workers of n8n', () => {
	test.each([
		{ title: '40 of one row, 4 at once, 20 s each', server: atOnce(4, even(20 * SECOND)), executions: 40, rows: 1 },
		{ title: '20 of 3 rows, 4 at once, 10 s each', server: atOnce(4, even(10 * SECOND)), executions: 20, rows: 3 },
		{ title: '40 of one row, 10 a minute', server: windowed(10, 60 * SECOND, even(5 * SECOND)), executions: 40, rows: 1 },
	])('are all answered: $title', async ({ server, executions, rows }) => {
		for (let seed = 1; seed <= 10; seed++) {
			const { lost } = await simulate({ server, executions, rows, workers: 2, seed });
			expect(lost).toEqual([]);
		}
	});
});

describe('An execution', () => {
	const codes = ({ lost }: Outcome) => [...new Set(lost.map(({ code }) => code))];
	const closed: RefusalWords = { message: 'Too many requests' };

	test('gives up a server that takes nothing for as long as a row may wait, and sends no more', async () => {
		const outcome = await simulate({ server: refusing(() => true, fast, closed), rows: 300, maxRetryWaitMs: 60_000 });
		expect(outcome.lost).toHaveLength(300);
		expect(codes(outcome)).toEqual(['no_calls_taken']);
		// half of that time where it never took one
		expect(outcome.ms).toBeLessThanOrEqual(31 * SECOND);
		expect(outcome.calls).toBeLessThanOrEqual(30);
	});

	test('says of each row that the server takes no calls, though it asks to wait a little longer', async () => {
		const outcome = await simulate({
			server: refusing(() => true, fast, { ...closed, retryAfter: 1 }),
			rows: 9,
			maxRetryWaitMs: 2 * SECOND,
		});
		expect(outcome.lost).toHaveLength(9);
		expect(codes(outcome)).toEqual(['no_calls_taken']);
	});

	test('gives up a server that takes no more in the middle of it', async () => {
		const outcome = await simulate({ server: away(600, 1e9, fast, 502), rows: 300, maxRetryWaitMs: 60_000 });
		expect(outcome.ms).toBeGreaterThanOrEqual(60 * SECOND);
		expect(outcome.ms).toBeLessThanOrEqual(63 * SECOND);
		expect(codes(outcome)).toEqual(['no_calls_taken']);
		expect(outcome.calls - outcome.inVain).toBe(300 - outcome.lost.length);
	});

	test('is over soon where the server was never there', async () => {
		const outcome = await simulate({ server: away(0, 1e9, fast, 'ECONNREFUSED'), rows: 5 });
		expect(outcome.calls).toBe(5 * 3);
		expect(outcome.ms).toBeLessThanOrEqual(2 * SECOND);
		expect(codes(outcome)).toEqual(['connection_refused']);
	});

	test('gives up alone the row that is always refused', async () => {
		const outcome = await simulate({ server: refusing((row) => row === 3, unlimited(even(10 * SECOND)), closed), rows: 1000 });
		expect(outcome.lost).toHaveLength(1);
		expect(outcome.lost[0]).toMatchObject({ code: 'always_refused', message: 'Too many requests', details: { status: 429 } });
		expect(outcome.lost[0].details.attempts).toBeLessThanOrEqual(8);
		// it waits its turn, too
		expect(outcome.lost[0].details.waitedMs).toBeLessThanOrEqual(100 * SECOND);
	});

	test('gives up at once the row whose server asks to wait longer than it may', async () => {
		const outcome = await simulate({ server: refusing((row) => row === 3, fast, { ...closed, retryAfter: 3600 }), rows: 50 });
		expect(outcome.lost).toMatchObject([{ code: 'retry_wait_too_long', details: { attempts: 1, retryAfterMs: 3_600_000 } }]);
		expect(outcome.ms).toBeLessThanOrEqual(2 * SECOND);
	});

	test('is not shut by rows without balance, which are not tried again', async () => {
		const noBalance = { message: 'You exceeded your current quota, please check your plan and billing details.' };
		const outcome = await simulate({ server: refusing((row) => row % 3 > 0, fast, noBalance), rows: 60 });
		expect(outcome.lost).toHaveLength(40);
		expect([outcome.calls, codes(outcome)]).toEqual([60, ['http_status']]);
		expect(outcome.ms).toBeLessThanOrEqual(2 * SECOND);
	});

	test('fails a refused row at once where it may not be tried again', async () => {
		const outcome = await simulate({ server: refusing((row) => row === 3, fast, closed), rows: 20, maxRetries: 0 });
		expect(outcome.lost).toMatchObject([{ code: 'http_status', details: { attempts: 1 } }]);
	});

	test('waits with a single row too', async () => {
		const outcome = await simulate({ server: away(0, 20 * SECOND, fast, 429), rows: 1 });
		expect(outcome.lost).toEqual([]);
		expect(outcome.ms).toBeLessThanOrEqual(26 * SECOND);
	});

	test('makes no more calls at once than the user says', async () => {
		const outcome = await simulate({ server: fast, rows: 100, concurrency: 3 });
		expect(outcome.mostInFlight).toBe(3);
	});

	test('begins no more calls in a minute than the user says', async () => {
		const outcome = await simulate({ server: fast, rows: 61, requestsPerMinute: 60 });
		expect(outcome.ms).toBeGreaterThanOrEqual(60 * SECOND);
	});
});
