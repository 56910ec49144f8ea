import { ApiError, toApiError, type AbortedError, type ApiErrorDetails } from '../errors/api-error';
import { isNonRetryable } from '../errors/error-codes';
import type { RequestContext } from './context';
import { delay } from './delay';
import type { ApiRequest, RequestLimits } from './request';
import { isRateLimited, retryAfterMs } from './retry-after';

/** HTTP statuses after which the same call may succeed; 524 is not among them: the model may still be at work and billed. */
const RETRYABLE_STATUSES = [408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 529];

/** Milliseconds of the first backoff, and the most of a later one */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

/** How many calls one request took so far. */
export interface AttemptStats {
	attempts: number;
	/** Milliseconds waited between the attempts */
	waitedMs: number;
	/** Attempts not counted as retries, because every row was rate limited at that time */
	uncounted: number;
}

/**
 * Makes a request, and makes it again as long as that can help and no answer has begun.
 * @throws ApiError with the path, the number of attempts and the time waited; or AbortedError
 */
export async function withRetries<T>(
	context: RequestContext,
	request: ApiRequest,
	attempt: (stats: Readonly<AttemptStats>) => Promise<T>,
): Promise<T> {
	const { deadline = Infinity } = context.limits;
	const stats: AttemptStats = { attempts: 0, waitedMs: 0, uncounted: 0 };
	for (;;) {
		stats.attempts++;
		try {
			return await attempt(stats);
		} catch (error) {
			const reason = withStats(toApiError(error), request, stats);
			const wait = nextDelayOrThrow(reason, context, request, stats);
			await delay(context, Math.min(wait, deadline - Date.now()));
			if (Date.now() >= deadline) throw reason;
			stats.waitedMs += Math.round(wait);
		}
	}
}

/** What an error says of the attempts: a wait only where there was one, if only of 0 ms. */
export const toDetails = ({ attempts, waitedMs }: Readonly<AttemptStats>): Pick<ApiErrorDetails, 'attempts' | 'waitedMs'> => ({
	attempts,
	...(attempts > 1 && { waitedMs }),
});

const withStats = (error: ApiError | AbortedError, { path }: ApiRequest, stats: Readonly<AttemptStats>) =>
	error instanceof ApiError ? error.withDetails({ path, ...toDetails(stats) }) : error;

/** Milliseconds until the next attempt. Throws the error if there is to be none. */
function nextDelayOrThrow(error: ApiError | AbortedError, context: RequestContext, request: ApiRequest, stats: AttemptStats): number {
	const { limits } = context;
	if (!(error instanceof ApiError) || limits.maxRetries === 0 || !isRetryable(error, request, limits)) throw error;
	if (isUncounted(error, context)) stats.uncounted++;
	if (stats.attempts - stats.uncounted > limits.maxRetries) throw error;
	const asked = retryAfterMs(error.details.headers);
	if (asked !== undefined && asked > limits.maxRetryWait * 1000) throw retryWaitTooLong(error, asked, limits);
	const wait = backoffMs(stats.attempts, asked);
	// A POST is not retried after the deadline. A GET waits until the deadline, so that the background job can then be cancelled.
	if (request.method !== 'GET' && Date.now() + wait > (limits.deadline ?? Infinity)) throw error;
	return wait;
}

/** Whether the same call may be made again: it can help, and no answer had begun as far as is known. */
function isRetryable(error: ApiError, { method, stream }: ApiRequest, { deadline }: RequestLimits): boolean {
	const { details } = error;
	// retrieving a background response bills nothing; its stream is resumed by other means
	const isPolling = method === 'GET' && !stream && deadline !== undefined;
	if (isPolling && (error.code === 'cut' || error.code === 'timeout')) return true;
	if (details.isRetryable !== undefined) return details.isRetryable;
	if (details.status === 524 || isNonRetryable(error)) return false;
	const advised = details.headers?.['x-should-retry'];
	if (advised === 'true' || advised === 'false') return advised === 'true';
	return RETRYABLE_STATUSES.includes(details.status ?? 0);
}

/** Whether a call was refused, and told when to come again, at a time when the calls of all other rows were refused too. */
function isUncounted({ details }: ApiError, { rateLimiter }: RequestContext): boolean {
	const isTold = retryAfterMs(details.headers) !== undefined;
	return isTold && isRateLimited(details.status ?? 0, details.headers) && rateLimiter.isExhaustedByOthers?.() === true;
}

function retryWaitTooLong({ message, details }: ApiError, asked: number, { maxRetryWait }: RequestLimits): ApiError {
	return new ApiError('retry_wait_too_long', message, { ...details, retryAfterMs: asked, limit: maxRetryWait });
}

/**
 * Milliseconds before attempt number `attempt` + 1: what the server asked for and up to a twentieth (at most half a second)
 * more, else half a second doubled with each attempt, up to 8 s, less up to a quarter. The chance keeps rows and workers
 * from sending at the same moments.
 */
export function backoffMs(attempt: number, asked: number | undefined): number {
	if (asked !== undefined) return asked + Math.random() * Math.min(asked / 20, 500);
	return Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS) * (1 - Math.random() / 4);
}
