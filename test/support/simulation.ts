import { networkError } from '../../api/errors/network-errors';
import { httpError } from '../../api/errors/reply-errors';
import type { ApiError } from '../../api/errors/api-error';
import type { RequestContext } from '../../api/http/context';
import { withRetries } from '../../api/http/retry';
import { Scheduler, type SchedulerSettings } from '../../api/scheduling/scheduler';
import type { LastTaken } from '../../api/scheduling/patience';
import type { Slot } from '../../api/scheduling/slot';
import type { Server, ServerModel } from './server-models';
import { seededRandom, VirtualTime } from './virtual-time';

/** What a simulation is made of. */
export interface Setting extends Partial<SchedulerSettings> {
	server: ServerModel;
	/** Rows of each execution */
	rows: number;
	/** Executions at once, each with a scheduler of its own */
	executions?: number;
	/** Workers of n8n that share the executions, which then begin one after another; absent: all begin at once, and work takes no time */
	workers?: number;
	maxRetries?: number;
	seed?: number;
}

/** What came of it. */
export interface Outcome {
	/** Milliseconds until the last row was done */
	ms: number;
	/** The errors of the rows that got no answer, in the order in which they failed */
	lost: ApiError[];
	calls: number;
	/** Calls that got no answer */
	inVain: number;
	mostInFlight: number;
}

/** Milliseconds in which a worker makes a call, or takes in its answer, on average: up to half less or more */
const WORK_MS = 4;
/** The second execution begins within so many milliseconds, the third within twice as many, and so on */
const NEXT_MS = 400;

/** A process does one thing at a time. Its executions know when the server last took a call of one of them. */
class Worker {
	readonly lastTaken: LastTaken = {};

	private freeAt = 0;

	constructor(
		private readonly time: VirtualTime,
		private readonly random: () => number,
	) {}

	async work(): Promise<void> {
		this.freeAt = Math.max(this.freeAt, this.time.time) + WORK_MS * (0.5 + this.random());
		await this.time.sleep(this.freeAt - this.time.time);
	}
}

/** Runs rows through the real scheduler and the real retries, against a model of a server, in virtual time. */
export async function simulate(setting: Setting): Promise<Outcome> {
	const { executions = 1, seed = 1 } = setting;
	const time = new VirtualTime(seed);
	const random = seededRandom(seed + 2);
	const outcome: Outcome = { ms: 0, lost: [], calls: 0, inVain: 0, mostInFlight: 0 };
	const call = caller(setting.server(seededRandom(seed + 1)), time, outcome);
	const workers = Array.from({ length: setting.workers ?? 0 }, () => new Worker(time, random));
	const all = Array.from({ length: executions }, async (_, number) => {
		if (workers.length === 0) return await execute(setting, time, call, outcome);
		const worker = workers[number % workers.length];
		const onWorker: Call = async (slot, row) => await call(slot, row, worker);
		await time.sleep(number * NEXT_MS * random());
		await execute({ ...setting, lastTaken: worker.lastTaken }, time, onWorker, outcome);
	});
	await time.run(Promise.all(all));
	return { ...outcome, ms: time.time };
}

type Call = (slot: Slot, row: number, worker?: Worker) => Promise<void>;

async function execute({ rows, maxRetries = 2, ...given }: Setting, time: VirtualTime, call: Call, { lost }: Outcome): Promise<void> {
	const { concurrency, requestsPerMinute = 0, maxRetryWaitMs = 120_000, timeoutMs = 600_000, lastTaken } = given;
	const scheduler = new Scheduler({ concurrency, requestsPerMinute, maxRetryWaitMs, timeoutMs, lastTaken }, () => false, time);
	const limits = { timeout: timeoutMs / 1000, maxRetries, maxRetryWait: maxRetryWaitMs / 1000, maxReplySize: 1 };
	const work = async (slot: Slot, row: number) => {
		// no connection is opened
		const context = { limits, rateLimiter: slot } as unknown as RequestContext;
		await withRetries(context, { method: 'POST', path: '/responses' }, async () => await call(slot, row)).catch((error) =>
			lost.push(error),
		);
		slot.done();
	};
	const running: Array<Promise<void>> = [];
	for (let row = 0; row < rows; row++) running.push(work(await scheduler.admit(), row));
	await Promise.all(running);
}

function caller(server: Server, time: VirtualTime, outcome: Outcome): Call {
	let inFlight = 0;
	return async (slot, row, worker) => {
		outcome.calls++;
		await worker?.work();
		outcome.mostInFlight = Math.max(outcome.mostInFlight, ++inFlight);
		const { status, afterMs, restMs, headers = {}, body = '' } = server(time.time, row);
		for (let ms = afterMs; ms > 0; ms = restMs?.(time.time) ?? 0) await time.sleep(ms);
		inFlight--;
		await worker?.work();
		if (typeof status === 'number') slot.onHeaders(status, headers);
		if (status === 200) return;
		outcome.inVain++;
		throw typeof status === 'number' ? httpError(status, headers, body) : networkError({ code: status });
	};
}

const CONCURRENCIES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 100, 200];

/**
 * The least milliseconds in which a client is done that makes a fixed number of calls at once and never gives up: the
 * best of many numbers, which no user can know beforehand.
 */
export function bestFixed({ server, rows, executions = 1, seed = 1 }: Setting): number {
	const all = rows * executions;
	// more than all rows at once is the same
	const numbers = CONCURRENCIES.filter((_, index) => index === 0 || CONCURRENCIES[index - 1] < all);
	return Math.min(...numbers.map((number) => fixed(server(seededRandom(seed + 1)), all, number, seededRandom(seed))));
}

/** As the official client: it waits as long as the server asks, else half a second and twice as long each time, up to 8 s. */
function fixed(server: Server, rows: number, concurrency: number, random: () => number): number {
	const time = new VirtualTime(0);
	let started = 0;
	const send = (row: number, failures: number) => {
		const { status, afterMs, restMs, headers } = server(time.time, row);
		const end = () => {
			const rest = restMs?.(time.time) ?? 0;
			if (rest > 0) return time.at(rest, end);
			if (status === 200) return next();
			const asked = Number(headers?.['retry-after'] ?? NaN) * 1000;
			time.at(asked || Math.min(500 * 2 ** failures, 8000) * (1 - random() / 4), () => send(row, failures + 1));
		};
		time.at(afterMs, end);
	};
	const next = () => {
		if (started < rows) send(started++, 0);
	};
	for (let place = 0; place < concurrency; place++) next();
	time.runTimers();
	return time.time;
}
