/**
 * The seam between one call and many rows: when calls may go out, and what became of them.
 * `api/` awaits a turn before each launch and afterwards says once how that call ended.
 */
export interface RateLimiter {
	/** Resolves when the next call may go out. */
	acquire(): Promise<void>;
	/** A call has ended: HTTP status (0 where no reply came) and reply headers, names in lower case. */
	release(status: number, headers: { [name: string]: string }): void;
	/** Whether the server takes no call of any row at this moment; to be refused then does not count as a try. */
	isExhaustedByOthers?(): boolean;
	/** Whether nothing more goes out, so that waiting for another try is in vain. */
	isClosed?(): boolean;
}

/** Nothing holds a call back. */
export const noRateLimit: RateLimiter = { acquire: async () => {}, release: () => {} };
