import type { Call, Limits } from './request';
import { pause } from './call-timer';
import type { Road } from './send';
import { Fault } from '../errors/api-error';
import { nodeErrorOf, type ErrorContext } from '../../nodes/shared/errors/node-api-error';
import { isPermanent } from '../errors/error-codes';
import { askedWait, inWords, isRefusal } from './retry-after';

/** HTTP statuses after which the same call may succeed; 524 is not among them: the model may still be at work and billed. */
const TRANSIENT = [408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 529];

/** Faults of a reply that did not come whole */
const BROKEN = ['cut', 'timeout'];

/** Whether the same call may be made again: it can help, and no answer had begun by all that is known here. */
function isRetryable(fault: Fault, { method, stream }: Call, { until }: Limits): boolean {
	const { facts } = fault;
	// a look at what the server works on bills nothing; its stream is taken up where it broke off
	const isLook = method === 'GET' && !stream && until !== undefined;
	if (isLook && BROKEN.includes(facts.code ?? '')) return true;
	if (facts.retry !== undefined) return facts.retry;
	if (facts.status === 524 || isPermanent(fault)) return false;
	const advised = facts.headers?.['x-should-retry'];
	if (advised === 'true' || advised === 'false') return advised === 'true';
	return TRANSIENT.includes(facts.status ?? 0);
}

/**
 * Milliseconds before try number `attempt` + 1: what the server asked for and up to a twentieth (at most half a second)
 * more, else half a second doubled with each try, up to 8 s, less up to a quarter. The chance keeps rows and workers
 * from marching in step.
 */
export function waitBefore(attempt: number, asked: number | undefined): number {
	if (asked !== undefined) return asked + Math.random() * Math.min(asked / 20, 500);
	return Math.min(500 * 2 ** (attempt - 1), 8000) * (1 - Math.random() / 4);
}

/** For errors: which row a call is for, and what the form calls the fields. */
export type Caller = Pick<ErrorContext, 'itemIndex' | 'labelOf' | 'hint'>;

/** What a call took so far. */
export interface Tally {
	attempts: number;
	/** Milliseconds */
	waitedMs: number;
	/** Attempts that do not count: the server took no call of any row */
	excused: number;
}

/**
 * Makes a call, and again as long as that can help and no answer has begun.
 * @throws NodeApiError, the only error that leaves `api/`, with the number of attempts and the time waited
 */
export async function retrying<T>(road: Road, call: Call, caller: Caller, launch: (tally: Readonly<Tally>) => Promise<T>): Promise<T> {
	const { node, mask } = road.connection;
	const tally: Tally = { attempts: 0, waitedMs: 0, excused: 0 };
	try {
		return await firstSuccess(road, call, tally, launch);
	} catch (error) {
		throw nodeErrorOf(error, { node, mask, path: call.path, ...caller, ...tallied(tally) });
	}
}

/** What a tally says in an error: a wait only where there was one, if only of 0 ms. */
export const tallied = ({ attempts, waitedMs }: Readonly<Tally>) => ({ attempts, ...(attempts > 1 && { waitedMs }) });

async function firstSuccess<T>(road: Road, call: Call, tally: Tally, launch: (tally: Tally) => Promise<T>): Promise<T> {
	const { until = Infinity } = road.limits;
	for (;;) {
		tally.attempts++;
		const [outcome] = await Promise.allSettled([launch(tally)]);
		if (outcome.status === 'fulfilled') return outcome.value;
		const wait = waitAfter(outcome.reason, call, tally, road);
		// what was not begun need not wait for a time that is too late; what was is to be cancelled then
		if (call.method !== 'GET' && Date.now() + wait > until) throw outcome.reason;
		await pause(road, Math.min(wait, until - Date.now()));
		if (Date.now() >= until) throw outcome.reason;
		tally.waitedMs += Math.round(wait);
	}
}

/** Milliseconds until the next try. Throws the fault if there is to be none. */
function waitAfter(reason: unknown, call: Call, tally: Tally, road: Road): number {
	const { limits } = road;
	if (!(reason instanceof Fault) || limits.maxRetries === 0 || !isRetryable(reason, call, limits)) throw reason;
	if (isExcused(reason, road)) tally.excused++;
	if (tally.attempts - tally.excused > limits.maxRetries) throw reason;
	const asked = askedWait(reason.facts.headers);
	if (asked === undefined || asked <= limits.maxRetryWait * 1000) return waitBefore(tally.attempts, asked);
	throw new Fault(reason.message, {
		...reason.facts,
		hint: `The server asks to wait ${inWords(asked)}, longer than Max Retry Wait in Requests (${limits.maxRetryWait}): raise that, or run it again later`,
	});
}

/** Whether a call was refused, and told when to come again, as were those of all other rows. */
function isExcused({ facts }: Fault, { pace }: Road): boolean {
	const isAsked = askedWait(facts.headers) !== undefined;
	return isAsked && isRefusal(facts.status ?? 0, facts.headers) && pace.isShutOut?.() === true;
}
