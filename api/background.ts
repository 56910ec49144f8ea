import { Assembly } from './decode/response-accumulator';
import { requestOf, type Call } from './http/request';
import { pause } from './http/call-timer';
import type { Connection } from './http/connection';
import type { Road } from './http/send';
import { Fault } from './errors/api-error';
import { nodeErrorOf, statusIn } from '../nodes/shared/errors/node-api-error';
import { pathOf } from './http/path';
import { respond, type Wish } from './client';
import { isFinished, type ApiResponse } from './decode/normalize';
import { waitBefore } from './http/retry';

/** Milliseconds before the first look at a response in the background, and the most between two looks */
const FIRST_INTERVAL = 500;
const LONGEST_INTERVAL = 5000;
/** Least milliseconds between two looks, even if the server asks for less */
const SHORTEST_INTERVAL = 100;
/** How much longer each interval is than the one before */
const GROWTH = 1.5;
/** Seconds that cancelling at the server may take; it is the one call that goes out after Stop */
const CANCEL_TIMEOUT = 5;

/** What is known of a response that the server works on. */
interface Job {
	/** When to give up, as `Date.now()` counts */
	until: number;
	id?: string;
}

/**
 * The response to a call with `background`, once the server has finished it. A stream that is cut is taken up where it
 * ended; without a stream, or where a server cannot do that, the response is looked at again and again. On the deadline,
 * on Stop and when another row has failed it is cancelled at the server, so that nobody pays for what nobody waits for.
 * https://platform.openai.com/docs/guides/background
 * @param pollTimeout seconds in all, 0 for no limit
 * @throws NodeApiError
 */
export async function respondInBackground(road: Road, call: Call, wish: Wish, pollTimeout: number): Promise<ApiResponse> {
	const job: Job = { until: pollTimeout > 0 ? Date.now() + pollTimeout * 1000 : Infinity };
	const [outcome] = await Promise.allSettled([finished({ ...road, limits: { ...road.limits, until: job.until } }, call, wish, job)]);
	if (outcome.status === 'fulfilled') return outcome.value;
	const isBegun = job.id !== undefined || !(statusIn(outcome.reason) >= 400);
	const isLate = isBegun && Date.now() >= job.until;
	const isAbandoned = isLate || road.connection.stopped() || road.pace.isClosed?.() === true;
	const isCancelled = isAbandoned && job.id !== undefined && (await cancelled(road.connection, job.id));
	throw isLate ? lateError(road, wish, job, pollTimeout, isCancelled) : outcome.reason;
}

async function finished(road: Road, call: Call, wish: Wish, job: Job): Promise<ApiResponse> {
	const begun = call.stream ? await followed(road, call, wish, job) : await respond(road, call, wish);
	job.id = begun.id ?? undefined;
	return isFinished(begun.status) ? begun : await polled(road, begun, wish, job);
}

/** Looks at the response until the server has finished it. */
async function polled(road: Road, begun: ApiResponse, wish: Wish, job: Job): Promise<ApiResponse> {
	let response = begun;
	for (let interval = FIRST_INTERVAL; !isFinished(response.status); interval *= GROWTH) {
		const wait = Math.max(response.waitMs ?? Math.min(interval, LONGEST_INTERVAL), SHORTEST_INTERVAL);
		await pause(road, Math.min(wait, job.until - Date.now()));
		if (Date.now() >= job.until) throw new Fault('The time is up');
		response = await looked(road, wish, job);
	}
	return response;
}

/** Follows the stream of the response; each time it is cut, goes on where it ended. */
async function followed(road: Road, call: Call, wish: Wish, job: Job): Promise<ApiResponse> {
	const assembly = wish.assembly ?? new Assembly();
	let next = call;
	for (let fruitless = 0; ; ) {
		const before = assembly.sequence;
		const [outcome] = await Promise.allSettled([respond(road, next, { ...wish, assembly })]);
		if (outcome.status === 'fulfilled') return outcome.value;
		job.id = assembly.id;
		const isOver = Date.now() >= job.until || road.connection.stopped();
		if (isOver || job.id === undefined || assembly.troubled || assembly.ended) throw outcome.reason;
		if (assembly.finished || assembly.sequence === undefined || statusIn(outcome.reason) >= 400) break;
		fruitless = assembly.sequence === before ? fruitless + 1 : 0;
		if (fruitless > road.limits.maxRetries) break;
		await pause(road, waitBefore(fruitless + 1, undefined));
		next = { ...lookAt(job), query: { stream: true, starting_after: assembly.sequence }, stream: true };
	}
	// the stream cannot be taken up again: the response itself can still be asked for
	return await looked(road, wish, job);
}

/** The response as it is now. */
async function looked(road: Road, wish: Wish, job: Job): Promise<ApiResponse> {
	// not to run it again: the answer may be there, and paid for
	const hint = `The server may go on with the response, and bill it: get it later by its ID ${job.id}. If this server keeps no responses, turn off Background`;
	return await respond(road, lookAt(job), { ...wish, hint });
}

function lookAt({ id }: Job): Call {
	if (id !== undefined) return { method: 'GET', path: pathOf('responses', id) };
	throw new Fault('The server works on the response in the background, but gave it no ID', {
		code: 'no_id',
		hint: 'It cannot be asked for again: turn off Background',
	});
}

/** Cancels a response at the server, also after Stop; whether the server took it. */
async function cancelled(connection: Connection, id: string): Promise<boolean> {
	const controller = new AbortController();
	const call: Call = { method: 'POST', path: `${pathOf('responses', id)}/cancel` };
	try {
		// no clock watches this call: its time is n8n's own, to the millisecond
		const { statusCode } = await connection.send(
			{ ...requestOf(call, { timeout: CANCEL_TIMEOUT }), timeout: CANCEL_TIMEOUT * 1000 },
			controller.signal,
		);
		return statusCode < 300;
	} catch {
		// the caller says that the response still runs: there is nothing more that could be done about it
		return false;
	} finally {
		controller.abort();
	}
}

function lateError(road: Road, wish: Wish, { id }: Job, pollTimeout: number, isCancelled: boolean) {
	const { node, mask } = road.connection;
	const fate = isCancelled
		? 'It was cancelled at the server'
		: `It could not be cancelled at the server and may still be billed${id ? `: its ID is ${id}` : ''}`;
	const fault = new Fault(`The response was not finished within ${pollTimeout} seconds`, {
		code: 'poll_timeout',
		hint: `${fate}. Raise Poll Timeout in Requests, or turn off Wait for Completion and get it later`,
		partialText: wish.assembly?.partialText,
	});
	return nodeErrorOf(fault, { node, mask, itemIndex: wish.itemIndex });
}
