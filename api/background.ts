import { sleep } from 'n8n-workflow';

import type { ApiResponse } from './decode/normalize';
import { ResponseAccumulator } from './decode/response-accumulator';
import { isFinished, statusOf } from './decode/status';
import { ApiError, toApiError, type AbortedError, type ApiErrorCode } from './errors/api-error';
import { fetchResponse, type ReadOptions } from './fetch-response';
import type { Connection } from './http/connection';
import type { RequestContext } from './http/context';
import { CHECK_INTERVAL_MS, delay } from './http/delay';
import { pathOf } from './http/path';
import { toHttpRequest, type ApiRequest, type RequestLimits } from './http/request';
import { backoffMs } from './http/retry';

/** Milliseconds before the first retrieval of a background response, and the most between two retrievals */
const FIRST_INTERVAL_MS = 500;
const MAX_INTERVAL_MS = 5000;
/** Least milliseconds between two retrievals, even if the server asks for less */
const MIN_INTERVAL_MS = 100;
/** Milliseconds for which a server may not know a response that it has begun: Azure needs some seconds */
const UNREADABLE_MS = 20_000;
/** Words of a server that has no such endpoint */
const NO_ENDPOINT_MESSAGE = /invalid url|page (could )?not (be )?found|cannot get|unexpected endpoint|no route/i;
/** Errors of the connection, after which the response may be fine */
const TRANSIENT_CODES: ApiErrorCode[] = [
	'bad_compression',
	'connection_lost',
	'connection_refused',
	'cut',
	'dns_unavailable',
	'empty_reply',
	'host_not_found',
	'interrupted',
	'timeout',
	'tls_handshake',
	'web_page',
];
/** How much longer each interval is than the one before */
const INTERVAL_GROWTH = 1.5;
/** Seconds in which the server has to give the ID of a job that nobody waits for any longer */
const BEGIN_TIMEOUT_SECONDS = 5;
/** Seconds that cancelling at the server may take; it is the one call that goes out after Stop */
const CANCEL_TIMEOUT_SECONDS = 5;

/** A response that the server works on. */
interface BackgroundJob {
	/** When to give up, as `Date.now()` counts */
	deadline: number;
	id?: string;
	accumulator: ResponseAccumulator;
}

/**
 * The response to a request with `background`, once the server has finished it. A stream that breaks off is resumed
 * where it ended; without a stream, or where a server cannot resume one, the response is retrieved again and again.
 * After the deadline, after Stop and when another row has failed, the response is cancelled at the server, so that
 * nobody pays for an answer that nobody waits for.
 * https://platform.openai.com/docs/guides/background
 * @param pollTimeout seconds in all, 0 for no limit
 * @throws ApiError, AbortedError
 */
export async function createInBackground(
	context: RequestContext,
	request: ApiRequest,
	options: ReadOptions,
	pollTimeout: number,
): Promise<ApiResponse> {
	const deadline = pollTimeout > 0 ? Date.now() + pollTimeout * 1000 : Infinity;
	const job: BackgroundJob = { deadline, accumulator: options.accumulator ?? new ResponseAccumulator() };
	let isDone = false;
	context.rateLimiter.startJob?.();
	try {
		const response = await createAndWait({ ...context, limits: { ...context.limits, deadline } }, request, options, job);
		isDone = true;
		return response;
	} catch (error) {
		throw await endJob(context, toApiError(error), job, pollTimeout);
	} finally {
		context.rateLimiter.endJob?.(isDone);
	}
}

/** Whether nobody waits for the job any longer: after the deadline, after Stop and when another row has failed. */
function isAbandoned({ connection, rateLimiter }: RequestContext, { deadline }: BackgroundJob): boolean {
	return Date.now() >= deadline || connection.isCancelled() || rateLimiter.isClosed?.() === true;
}

/** The error to throw for a job that nobody waits for any longer; the job is cancelled at the server. */
async function endJob(context: RequestContext, error: ReturnType<typeof toApiError>, job: BackgroundJob, pollTimeout: number) {
	const isRefused = error instanceof ApiError && (error.details.status ?? 0) >= 400;
	const isLate = Date.now() >= job.deadline && (job.id !== undefined || !isRefused);
	const isCancelledAtServer = job.id !== undefined && isAbandoned(context, job) && (await cancelJob(context.connection, job.id));
	if (!isLate) return error;
	return new ApiError('poll_timeout', `The response was not finished within ${pollTimeout} seconds`, {
		responseId: job.id,
		isCancelledAtServer,
		partialText: job.accumulator.partialText || undefined,
		limit: pollTimeout,
	});
}

async function createAndWait(context: RequestContext, request: ApiRequest, options: ReadOptions, job: BackgroundJob): Promise<ApiResponse> {
	const { signal, release } = signalOnceBegun(context, job);
	const begin = request.stream ? streamWithResume : fetchResponse;
	const created = await begin(context, { ...request, signal }, options, job).finally(release);
	job.id = created?.id ?? job.id;
	return await pollUntilDone(context, created, options, job);
}

/**
 * A signal that ends the request which begins the job, once nobody waits for the job any longer. Until the server has
 * told its ID, the request goes on for a while: without the ID the job could not be cancelled, and would be billed.
 */
function signalOnceBegun(context: RequestContext, job: BackgroundJob): { signal: AbortSignal; release(): void } {
	const controller = new AbortController();
	let isReleased = false;
	const waitWhile = async (condition: () => boolean) => {
		while (!isReleased && condition()) await sleep(CHECK_INTERVAL_MS);
	};
	const watch = async () => {
		await waitWhile(() => !isAbandoned(context, job));
		const end = Date.now() + BEGIN_TIMEOUT_SECONDS * 1000;
		await waitWhile(() => job.accumulator.id === undefined && Date.now() < end);
		controller.abort();
	};
	void watch();
	return { signal: controller.signal, release: () => (isReleased = true) };
}

/**
 * Retrieves the response until the server has finished it.
 * @param created the response as the request brought it; absent where a stream of it broke off
 */
async function pollUntilDone(
	context: RequestContext,
	created: ApiResponse | undefined,
	options: ReadOptions,
	job: BackgroundJob,
): Promise<ApiResponse> {
	let response = created;
	let interval = FIRST_INTERVAL_MS;
	let retrievedAt = Date.now();
	for (let isFirst = true; !response || !isFinished(response.status); isFirst = false) {
		const wait = Math.max(response?.retryAfterMs ?? Math.min(interval, MAX_INTERVAL_MS), MIN_INTERVAL_MS);
		if (response || !isFirst) await delay(context, Math.min(wait, job.deadline - Date.now()));
		if (Date.now() >= job.deadline) throw new ApiError('poll_timeout', 'The time is up');
		interval = Math.round(interval * INTERVAL_GROWTH);
		try {
			const before = response;
			response = await retrieve(context, options, job);
			if (isSettled(before, response)) break;
			retrievedAt = Date.now();
		} catch (thrown) {
			const error = toApiError(thrown);
			if (Date.now() - retrievedAt >= patienceMs(error, context.limits)) throw error;
		}
	}
	return response;
}

/** Whether a response in an unknown status is finished: the response has its usage, and did not change between two retrievals. */
function isSettled(before: ApiResponse | undefined, { status, text, usage }: ApiResponse): boolean {
	const isUnknown = statusOf(status) === undefined && usage !== null && text !== '';
	return isUnknown && before?.text === text && before.usage?.total_tokens === usage.total_tokens;
}

/**
 * How many milliseconds to go on polling despite this error, counted from the last successful retrieval: the server may work on
 * the response all the same, and bill it. 0 for an error after which the response cannot be had.
 */
function patienceMs(error: ApiError | AbortedError, { maxRetryWait }: RequestLimits): number {
	if (!(error instanceof ApiError) || error.details.hasEnded) return 0;
	const { status = 0 } = error.details;
	if (status === 404) return NO_ENDPOINT_MESSAGE.test(error.message) ? 0 : UNREADABLE_MS;
	return status >= 500 || [425, 429].includes(status) || TRANSIENT_CODES.includes(error.code) ? maxRetryWait * 1000 : 0;
}

/** Reads the stream of the response, and resumes it where it ended each time it breaks off; `undefined` if it cannot be resumed. */
async function streamWithResume(
	context: RequestContext,
	request: ApiRequest,
	options: ReadOptions,
	job: BackgroundJob,
): Promise<ApiResponse | undefined> {
	const { accumulator } = job;
	let next = request;
	let resumesWithoutProgress = 0;
	for (;;) {
		const before = accumulator.cursor.position;
		try {
			return await fetchResponse(context, next, { ...options, accumulator });
		} catch (thrown) {
			const error = toApiError(thrown);
			job.id = accumulator.id;
			const isOver = Date.now() >= job.deadline || context.connection.isCancelled() || !(error instanceof ApiError);
			// a part that was lost in a finished stream can still be retrieved
			const isUnreadable = error instanceof ApiError && error.code === 'malformed_event';
			const hasEnded = accumulator.hasError || (accumulator.isTerminal && !isUnreadable);
			if (isOver || job.id === undefined || hasEnded) throw error;
			const isRefused = (error.details.status ?? 0) >= 400;
			if (accumulator.isComplete || accumulator.cursor.position === undefined || isRefused) break;
		}
		resumesWithoutProgress = accumulator.cursor.position === before ? resumesWithoutProgress + 1 : 0;
		if (resumesWithoutProgress > context.limits.maxRetries) break;
		await delay(context, backoffMs(resumesWithoutProgress + 1, undefined));
		next = { ...retrieveRequest(job), query: { stream: true, starting_after: accumulator.cursor.resume() }, stream: true };
	}
	return undefined;
}

/** The response as it is now. */
async function retrieve(context: RequestContext, options: ReadOptions, job: BackgroundJob): Promise<ApiResponse> {
	try {
		return await fetchResponse(context, retrieveRequest(job), { ...options, accumulator: job.accumulator });
	} catch (thrown) {
		const error = toApiError(thrown);
		const mayBeRunning = error instanceof ApiError && error.details.hasEnded !== true;
		throw mayBeRunning ? error.withDetails({ responseId: job.id }) : error;
	}
}

function retrieveRequest({ id }: BackgroundJob): ApiRequest {
	if (id !== undefined) return { method: 'GET', path: pathOf('responses', id) };
	throw new ApiError('no_id', 'The server works on the response in the background, but gave it no ID');
}

/** Cancels a response at the server, also after Stop. Returns whether the server accepted that. */
async function cancelJob(connection: Connection, id: string): Promise<boolean> {
	const controller = new AbortController();
	const request: ApiRequest = { method: 'POST', path: `${pathOf('responses', id)}/cancel` };
	try {
		// no timer watches this call: its time is n8n's own, to the millisecond
		const { statusCode } = await connection.send(
			{ ...toHttpRequest(request, { timeout: CANCEL_TIMEOUT_SECONDS }), timeout: CANCEL_TIMEOUT_SECONDS * 1000 },
			controller.signal,
		);
		return statusCode < 300;
	} catch {
		// the caller says that the response still runs: nothing more can be done about it
		return false;
	} finally {
		controller.abort();
	}
}
