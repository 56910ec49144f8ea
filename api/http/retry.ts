import type { ApiRequest, RequestLimits } from './request';
import { delay } from './call-timer';
import type { RequestContext } from './send';
import { ApiError } from '../errors/api-error';
import { toNodeApiError, type ErrorContext } from '../../nodes/shared/errors/node-api-error';
import { isNonRetryable } from '../errors/error-codes';
import { retryAfterMs, formatSeconds, isRateLimited } from './retry-after';

/** HTTP statuses after which the same call may succeed; 524 is not among them: the model may still be at work and billed. */
const RETRYABLE_STATUSES = [408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 529];

/** Faults of a reply that did not come whole */
const BROKEN_REPLY_CODES = ['cut', 'timeout'];

/** Whether the same call may be made again: it can help, and no answer had begun by all that is known here. */
function isRetryable(fault: ApiError, { method, stream }: ApiRequest, { deadline: until }: RequestLimits): boolean {
	const { details: facts } = fault;
	// a look at what the server works on bills nothing; its stream is taken up where it broke off
	const isLook = method === 'GET' && !stream && until !== undefined;
	if (isLook && BROKEN_REPLY_CODES.includes(facts.code ?? '')) return true;
	if (facts.retry !== undefined) return facts.retry;
	if (facts.status === 524 || isNonRetryable(fault)) return false;
	const advised = facts.headers?.['x-should-retry'];
	if (advised === 'true' || advised === 'false') return advised === 'true';
	return RETRYABLE_STATUSES.includes(facts.status ?? 0);
}

/**
 * Milliseconds before try number `attempt` + 1: what the server asked for and up to a twentieth (at most half a second)
 * more, else half a second doubled with each try, up to 8 s, less up to a quarter. The chance keeps rows and workers
 * from marching in step.
 */
export function backoffMs(attempt: number, asked: number | undefined): number {
	if (asked !== undefined) return asked + Math.random() * Math.min(asked / 20, 500);
	return Math.min(500 * 2 ** (attempt - 1), 8000) * (1 - Math.random() / 4);
}

/** For errors: which row a call is for, and what the form calls the fields. */
export type ErrorOrigin = Pick<ErrorContext, 'itemIndex' | 'labelOf' | 'hint'>;

/** What a call took so far. */
export interface AttemptStats {
	attempts: number;
	/** Milliseconds */
	waitedMs: number;
	/** Attempts that do not count: the server took no call of any row */
	uncounted: number;
}

/**
 * Makes a call, and again as long as that can help and no answer has begun.
 * @throws NodeApiError, the only error that leaves `api/`, with the number of attempts and the time waited
 */
export async function withRetries<T>(
	road: RequestContext,
	call: ApiRequest,
	caller: ErrorOrigin,
	launch: (tally: Readonly<AttemptStats>) => Promise<T>,
): Promise<T> {
	const { node, redactor: mask } = road.connection;
	const tally: AttemptStats = { attempts: 0, waitedMs: 0, uncounted: 0 };
	try {
		return await attemptUntilSuccess(road, call, tally, launch);
	} catch (error) {
		throw toNodeApiError(error, { node, redactor: mask, path: call.path, ...caller, ...toDetails(tally) });
	}
}

/** What a tally says in an error: a wait only where there was one, if only of 0 ms. */
export const toDetails = ({ attempts, waitedMs }: Readonly<AttemptStats>) => ({ attempts, ...(attempts > 1 && { waitedMs }) });

async function attemptUntilSuccess<T>(
	road: RequestContext,
	call: ApiRequest,
	tally: AttemptStats,
	launch: (tally: AttemptStats) => Promise<T>,
): Promise<T> {
	const { deadline: until = Infinity } = road.limits;
	for (;;) {
		tally.attempts++;
		const [outcome] = await Promise.allSettled([launch(tally)]);
		if (outcome.status === 'fulfilled') return outcome.value;
		const wait = nextDelayOrThrow(outcome.reason, call, tally, road);
		// what was not begun need not wait for a time that is too late; what was is to be cancelled then
		if (call.method !== 'GET' && Date.now() + wait > until) throw outcome.reason;
		await delay(road, Math.min(wait, until - Date.now()));
		if (Date.now() >= until) throw outcome.reason;
		tally.waitedMs += Math.round(wait);
	}
}

/** Milliseconds until the next try. Throws the fault if there is to be none. */
function nextDelayOrThrow(reason: unknown, call: ApiRequest, tally: AttemptStats, road: RequestContext): number {
	const { limits } = road;
	if (!(reason instanceof ApiError) || limits.maxRetries === 0 || !isRetryable(reason, call, limits)) throw reason;
	if (isUncounted(reason, road)) tally.uncounted++;
	if (tally.attempts - tally.uncounted > limits.maxRetries) throw reason;
	const asked = retryAfterMs(reason.details.headers);
	if (asked === undefined || asked <= limits.maxRetryWait * 1000) return backoffMs(tally.attempts, asked);
	throw new ApiError(reason.message, {
		...reason.details,
		hint: `The server asks to wait ${formatSeconds(asked)}, longer than Max Retry Wait in Requests (${limits.maxRetryWait}): raise that, or run it again later`,
	});
}

/** Whether a call was refused, and told when to come again, as were those of all other rows. */
function isUncounted({ details: facts }: ApiError, { rateLimiter: pace }: RequestContext): boolean {
	const isAsked = retryAfterMs(facts.headers) !== undefined;
	return isAsked && isRateLimited(facts.status ?? 0, facts.headers) && pace.isExhaustedByOthers?.() === true;
}
