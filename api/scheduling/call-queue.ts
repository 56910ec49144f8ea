import type { Launch } from './circuit-breaker';
import type { Slot } from './slot';

/** A call that waits for its turn. */
export interface WaitingCall {
	slot: Slot;
	/** When the call may go out at the earliest, and when it waits no longer, as the clock counts */
	from: number;
	deadline: number;
	start: (launch: Launch) => void;
	stop: (reason: Error) => void;
}

/** The calls that wait, and which of them goes out next. */
export class CallQueue {
	/** First calls of rows, in their order */
	private first: WaitingCall[] = [];

	/** Further calls of rows whose first call went out before */
	private further: WaitingCall[] = [];

	add(call: WaitingCall): void {
		(call.slot.launch ? this.further : this.first).push(call);
	}

	remove(call: WaitingCall): void {
		const isOther = (other: WaitingCall) => other !== call;
		if (this.first[0] === call) this.first.shift();
		else [this.first, this.further] = [this.first.filter(isOther), this.further.filter(isOther)];
	}

	/**
	 * The call that goes out next: one of a background job, which is in flight already; else one of the row with the fewest
	 * failures, of several such rows the oldest; else the first call of a row, unless `mostWaiting` rows wait for another try.
	 */
	next(now: number, mostWaiting: number): WaitingCall | undefined {
		const rank = ({ slot }: WaitingCall) => (slot.job ? -1 : slot.failures);
		const isBefore = (a: WaitingCall, b: WaitingCall) => (rank(a) - rank(b) || a.slot.number - b.slot.number) < 0;
		const further = this.further.filter(({ from }) => from <= now);
		if (further.length > 0) return further.reduce((best, call) => (isBefore(call, best) ? call : best));
		return this.further.length < mostWaiting ? this.first.find(({ from }) => from <= now) : undefined;
	}

	/** The next moment at which a call may go out, or waits no longer. */
	nextTime(now: number): number {
		let next = Infinity;
		// no array methods: this runs at each call, over all calls that wait
		for (const queue of [this.first, this.further]) {
			for (const { from, deadline } of queue) {
				if (from > now && from < next) next = from;
				if (deadline < next) next = deadline;
			}
		}
		return next;
	}

	/** Takes out the calls that wait no longer. */
	takeLate(now: number): WaitingCall[] {
		const late = this.all.filter(({ deadline }) => deadline <= now);
		for (const call of late) this.remove(call);
		return late;
	}

	/** Takes out all calls. */
	takeAll(): WaitingCall[] {
		const { all } = this;
		this.first = [];
		this.further = [];
		return all;
	}

	private get all(): WaitingCall[] {
		return [...this.first, ...this.further];
	}
}
