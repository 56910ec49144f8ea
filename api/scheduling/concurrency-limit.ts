/** Calls in flight at the start: what a server takes is not known yet */
const FIRST = 10;
/** Rounds of successes until a number that was refused is tried again: the first time, and at most */
const ROUNDS = 20;
const MOST_ROUNDS = 80;

/**
 * How many calls may be in flight, learnt from what the server takes and what it refuses. It begins with ten and doubles
 * with each round of successes. Calls refused together lower it by one each, at most to half. Where it was refused is
 * remembered: it grows back to that number by one a round, and beyond it only after many rounds, twice as many each time
 * that is refused again and half as many each time it is not.
 */
export class Limit {
	private allowed: number;

	/** Successes since the number changed or a call was refused */
	private successes = 0;

	/** Least number in flight that the server refused */
	private refusedAt = Infinity;

	/** Rounds of successes until that number is tried again */
	private rounds = ROUNDS;

	/** Whether a number that was refused is being tried again */
	private isProbing = false;

	private launches = 0;

	/** Calls refused together: the last that was launched, the least number they can lead to, whether it is remembered */
	private burst = { last: 0, least: 1, isRemembered: false };

	/** @param most never exceeded */
	constructor(private readonly most: number) {
		this.allowed = Math.min(FIRST, most);
	}

	/** Calls that may be in flight at this moment */
	get now(): number {
		return this.allowed;
	}

	/** A call goes out; gives its number. */
	launched(): number {
		return ++this.launches;
	}

	succeeded(): void {
		this.successes++;
		if (this.isProbing && this.successes >= this.allowed) {
			this.isProbing = false;
			this.rounds = Math.max(1, this.rounds / 2);
		}
		if (this.allowed >= this.most) return;
		const next = this.allowed + 1;
		const isBeyond = next >= this.refusedAt;
		// a success that makes room for two calls instead of one: the number doubles with each round
		const needed = this.refusedAt === Infinity ? 1 : this.allowed * (isBeyond ? this.rounds : 1);
		if (this.successes < needed) return;
		if (isBeyond) this.refusedAt = next + 1;
		this.isProbing = isBeyond;
		this.allowed = next;
		this.successes = 0;
	}

	/**
	 * @param launch number of the refused call
	 * @param inFlight calls still in flight
	 */
	refused(launch: number, inFlight: number): void {
		if (launch > this.burst.last) this.begin(Math.min(this.allowed, inFlight + 1));
		this.allowed = Math.max(this.burst.least, this.allowed - 1);
		if (this.burst.isRemembered) this.refusedAt = this.allowed + 1;
	}

	/** The first refusal of calls that were in flight together. */
	private begin(tried: number): void {
		// a number that held for a whole round was not what the server refused: it may count calls by the minute
		const isRemembered = this.successes < tried;
		if (isRemembered && this.isProbing) this.rounds = Math.min(this.rounds * 2, MOST_ROUNDS);
		this.isProbing = false;
		this.burst = { last: this.launches, least: Math.max(1, Math.floor(tried / 2)), isRemembered };
		this.allowed = tried;
		this.successes = 0;
	}
}
