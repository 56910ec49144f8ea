import { ResponseAccumulator } from './decode/response-accumulator';
import { toHttpRequest, type ApiRequest } from './http/request';
import { delay } from './http/call-timer';
import type { Connection } from './http/connection';
import type { RequestContext } from './http/send';
import { ApiError } from './errors/api-error';
import { toNodeApiError, httpStatusOf } from '../nodes/shared/errors/node-api-error';
import { pathOf } from './http/path';
import { createResponse, type ResponseOptions } from './client';
import { isFinished, type ApiResponse } from './decode/normalize';
import { backoffMs } from './http/retry';

/** Milliseconds before the first look at a response in the background, and the most between two looks */
const FIRST_INTERVAL_MS = 500;
const MAX_INTERVAL_MS = 5000;
/** Least milliseconds between two looks, even if the server asks for less */
const MIN_INTERVAL_MS = 100;
/** How much longer each interval is than the one before */
const INTERVAL_GROWTH = 1.5;
/** Seconds that cancelling at the server may take; it is the one call that goes out after Stop */
const CANCEL_TIMEOUT_SECONDS = 5;

/** What is known of a response that the server works on. */
interface BackgroundJob {
	/** When to give up, as `Date.now()` counts */
	deadline: number;
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
export async function createInBackground(
	road: RequestContext,
	call: ApiRequest,
	wish: ResponseOptions,
	pollTimeout: number,
): Promise<ApiResponse> {
	const job: BackgroundJob = { deadline: pollTimeout > 0 ? Date.now() + pollTimeout * 1000 : Infinity };
	const [outcome] = await Promise.allSettled([
		createAndWait({ ...road, limits: { ...road.limits, deadline: job.deadline } }, call, wish, job),
	]);
	if (outcome.status === 'fulfilled') return outcome.value;
	const isBegun = job.id !== undefined || !(httpStatusOf(outcome.reason) >= 400);
	const isLate = isBegun && Date.now() >= job.deadline;
	const isAbandoned = isLate || road.connection.isCancelled() || road.rateLimiter.isClosed?.() === true;
	const isCancelled = isAbandoned && job.id !== undefined && (await cancelJob(road.connection, job.id));
	throw isLate ? pollTimeoutError(road, wish, job, pollTimeout, isCancelled) : outcome.reason;
}

async function createAndWait(road: RequestContext, call: ApiRequest, wish: ResponseOptions, job: BackgroundJob): Promise<ApiResponse> {
	const begun = call.stream ? await streamWithResume(road, call, wish, job) : await createResponse(road, call, wish);
	job.id = begun.id ?? undefined;
	return isFinished(begun.status) ? begun : await pollUntilDone(road, begun, wish, job);
}

/** Looks at the response until the server has finished it. */
async function pollUntilDone(road: RequestContext, begun: ApiResponse, wish: ResponseOptions, job: BackgroundJob): Promise<ApiResponse> {
	let response = begun;
	for (let interval = FIRST_INTERVAL_MS; !isFinished(response.status); interval *= INTERVAL_GROWTH) {
		const wait = Math.max(response.retryAfterMs ?? Math.min(interval, MAX_INTERVAL_MS), MIN_INTERVAL_MS);
		await delay(road, Math.min(wait, job.deadline - Date.now()));
		if (Date.now() >= job.deadline) throw new ApiError('The time is up');
		response = await retrieve(road, wish, job);
	}
	return response;
}

/** Follows the stream of the response; each time it is cut, goes on where it ended. */
async function streamWithResume(road: RequestContext, call: ApiRequest, wish: ResponseOptions, job: BackgroundJob): Promise<ApiResponse> {
	const assembly = wish.accumulator ?? new ResponseAccumulator();
	let next = call;
	for (let resumesWithoutProgress = 0; ; ) {
		const before = assembly.sequenceNumber;
		const [outcome] = await Promise.allSettled([createResponse(road, next, { ...wish, accumulator: assembly })]);
		if (outcome.status === 'fulfilled') return outcome.value;
		job.id = assembly.id;
		const isOver = Date.now() >= job.deadline || road.connection.isCancelled();
		if (isOver || job.id === undefined || assembly.hasError || assembly.isTerminal) throw outcome.reason;
		if (assembly.isComplete || assembly.sequenceNumber === undefined || httpStatusOf(outcome.reason) >= 400) break;
		resumesWithoutProgress = assembly.sequenceNumber === before ? resumesWithoutProgress + 1 : 0;
		if (resumesWithoutProgress > road.limits.maxRetries) break;
		await delay(road, backoffMs(resumesWithoutProgress + 1, undefined));
		next = { ...retrieveRequest(job), query: { stream: true, starting_after: assembly.sequenceNumber }, stream: true };
	}
	// the stream cannot be taken up again: the response itself can still be asked for
	return await retrieve(road, wish, job);
}

/** The response as it is now. */
async function retrieve(road: RequestContext, wish: ResponseOptions, job: BackgroundJob): Promise<ApiResponse> {
	// not to run it again: the answer may be there, and paid for
	const hint = `The server may go on with the response, and bill it: get it later by its ID ${job.id}. If this server keeps no responses, turn off Background`;
	return await createResponse(road, retrieveRequest(job), { ...wish, hint });
}

function retrieveRequest({ id }: BackgroundJob): ApiRequest {
	if (id !== undefined) return { method: 'GET', path: pathOf('responses', id) };
	throw new ApiError('The server works on the response in the background, but gave it no ID', {
		code: 'no_id',
		hint: 'It cannot be asked for again: turn off Background',
	});
}

/** Cancels a response at the server, also after Stop; whether the server took it. */
async function cancelJob(connection: Connection, id: string): Promise<boolean> {
	const controller = new AbortController();
	const call: ApiRequest = { method: 'POST', path: `${pathOf('responses', id)}/cancel` };
	try {
		// no clock watches this call: its time is n8n's own, to the millisecond
		const { statusCode } = await connection.send(
			{ ...toHttpRequest(call, { timeout: CANCEL_TIMEOUT_SECONDS }), timeout: CANCEL_TIMEOUT_SECONDS * 1000 },
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

function pollTimeoutError(road: RequestContext, wish: ResponseOptions, { id }: BackgroundJob, pollTimeout: number, isCancelled: boolean) {
	const { node, redactor: mask } = road.connection;
	const fate = isCancelled
		? 'It was cancelled at the server'
		: `It could not be cancelled at the server and may still be billed${id ? `: its ID is ${id}` : ''}`;
	const fault = new ApiError(`The response was not finished within ${pollTimeout} seconds`, {
		code: 'poll_timeout',
		hint: `${fate}. Raise Poll Timeout in Requests, or turn off Wait for Completion and get it later`,
		partialText: wish.accumulator?.partialText,
	});
	return toNodeApiError(fault, { node, redactor: mask, itemIndex: wish.itemIndex });
}
