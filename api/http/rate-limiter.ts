import { ApiError } from '../errors/api-error';
import type { Connection } from './connection';
import { delay } from './delay';

/** When the next call of a row may go out at the earliest, and until when it waits for that. */
export interface Turn {
	/** Milliseconds that the row itself waits */
	delayMs: number;
	/** When the row waits no longer, as `Date.now()` counts */
	deadline?: number;
}

/** What a row does after its call was refused. */
export interface Refusal {
	/** Milliseconds until its next try; 0 where all calls wait */
	delayMs: number;
	/** Whether the call counts as one of the row's tries */
	counts: boolean;
	/**
	 * Why there is no next try: the server asks to wait too long, took no call for too long, or refused this row again and
	 * again while it took others
	 */
	gaveUp?: 'retry_wait_too_long' | 'no_calls_taken' | 'always_refused';
}

/** Decides when the calls of one row may go out. Called before each call, when its reply begins, and after it. */
export interface RateLimiter {
	/**
	 * Resolves when the next call may go out, with the milliseconds that it waited.
	 * @throws ApiError `poll_timeout` at the deadline, or why nothing more goes out; AbortedError after Stop
	 */
	acquire(turn: Turn): Promise<number>;
	/** The headers of the reply have come, with names in lower case. */
	onHeaders(status: number, headers: { [name: string]: string }): void;
	/** The call has ended, with this error if it failed. Returns what to do if the call was refused; else the row itself decides. */
	release(error?: unknown): Refusal | undefined;
	/** The next call begins a job in the background: from its reply until `endJob` it counts as in flight. */
	startJob?(): void;
	/** The server works on the job no more, or nobody waits for it. */
	endJob?(isDone: boolean): void;
	/** Whether nothing more goes out, so that waiting for another try is in vain. */
	isClosed?(): boolean;
}

/** The rate limiter of calls that belong to no execution: only their own delay holds them back. */
export const noRateLimit = (connection: Connection): RateLimiter => ({
	acquire: async ({ delayMs, deadline = Infinity }) => {
		await delay({ connection }, Math.min(delayMs, deadline - Date.now()));
		if (Date.now() < deadline) return delayMs;
		throw new ApiError('poll_timeout', 'The time is up');
	},
	onHeaders: () => {},
	release: () => undefined,
});
