import { ApiError, toApiError, type AbortedError, type ApiErrorCode, type ApiErrorDetails } from '../errors/api-error';
import { isConversationLocked, isNonRetryable } from '../errors/error-codes';
import type { RequestContext } from './context';
import type { Refusal } from './rate-limiter';
import type { ApiRequest, RequestLimits } from './request';
import { retryAfterMs } from './retry-after';

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
	/** Attempts that count as tries. A refused one costs nothing and does not count */
	failures: number;
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
	const { rateLimiter, limits } = context;
	const stats: AttemptStats = { attempts: 0, waitedMs: 0, failures: 0 };
	let last: ApiError | undefined;
	for (let delayMs = 0; ; ) {
		const waitedMs = await rateLimiter.acquire({ delayMs, deadline: limits.deadline }).catch((reason: unknown) => {
			throw reasonAfter(last, reason);
		});
		if (last) stats.waitedMs += Math.round(waitedMs);
		stats.attempts++;
		try {
			const result = await attempt(stats);
			rateLimiter.release();
			return result;
		} catch (thrown) {
			const error = withStats(toApiError(thrown), request, stats);
			const refusal = rateLimiter.release(error);
			delayMs = nextDelayOrThrow(error, limits, request, stats, refusal);
			last = error as ApiError;
		}
	}
}

/** What an error says of the attempts. After a single attempt there was no wait to tell. */
export const toDetails = ({ attempts, waitedMs }: Readonly<AttemptStats>): Pick<ApiErrorDetails, 'attempts' | 'waitedMs'> => ({
	attempts,
	...(attempts > 1 && { waitedMs }),
});

const withStats = (error: ApiError | AbortedError, { path }: ApiRequest, stats: Readonly<AttemptStats>) =>
	error instanceof ApiError ? error.withDetails({ path, ...toDetails(stats) }) : error;

/** Milliseconds until the next attempt. Throws the error if there is to be none. */
function nextDelayOrThrow(
	error: ApiError | AbortedError,
	limits: RequestLimits,
	request: ApiRequest,
	stats: AttemptStats,
	refusal: Refusal | undefined,
): number {
	if (!(error instanceof ApiError) || limits.maxRetries === 0 || !isRetryable(error, request, limits)) throw error;
	const limit = limits.maxRetryWait;
	if (refusal?.gaveUp) throw gaveUp(error, refusal.gaveUp, { limit });
	// another call uses the same conversation, for as long as its answer takes
	const isLocked = isConversationLocked(error) && stats.waitedMs < limit * 1000;
	if (!isLocked && refusal?.counts !== false && ++stats.failures > limits.maxRetries) throw error;
	const asked = retryAfterMs(error.details.headers);
	if (!refusal && asked !== undefined && asked > limit * 1000) throw gaveUp(error, 'retry_wait_too_long', { limit });
	const wait = refusal?.delayMs ?? backoffMs(isLocked ? stats.attempts : stats.failures, asked);
	// A POST is not retried after the deadline. A GET waits until the deadline, so that the background job can then be cancelled.
	if (request.method !== 'GET' && Date.now() + wait > (limits.deadline ?? Infinity)) throw error;
	return wait;
}

/** The error to throw once no more calls are made: in the server's own words, if it refused the request before. */
function reasonAfter(last: ApiError | undefined, reason: unknown): unknown {
	if (!last || !(reason instanceof ApiError)) return reason;
	if (reason.code === 'poll_timeout') return last;
	if (reason.code !== 'no_calls_taken') return reason;
	return gaveUp(last, reason.code, {
		limit: reason.details.limit,
		waitedMs: (last.details.waitedMs ?? 0) + (reason.details.waitedMs ?? 0),
	});
}

function gaveUp({ message, details }: ApiError, code: ApiErrorCode, more: ApiErrorDetails): ApiError {
	return new ApiError(code, message, { ...details, retryAfterMs: retryAfterMs(details.headers), ...more });
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

/**
 * Milliseconds until the next attempt after so many failed ones. Where the server asked for a wait: that, and at random up to a
 * twentieth (at most half a second) more. Else half a second, doubled with each attempt, up to 8 s, and at random up to a quarter
 * less. The random part keeps rows and workers from sending at the same moments.
 */
export function backoffMs(failures: number, asked: number | undefined): number {
	if (asked !== undefined) return asked + Math.random() * Math.min(asked / 20, 500);
	return Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS) * (1 - Math.random() / 4);
}
