/** The position in a stream, by the `sequence_number` of its events: where a cut stream is resumed, and which events came before that. */
export class EventCursor {
	private last = -1;

	/** Whether each number was higher than the one before */
	private isCountingUp = true;

	/** The last number of the stream that was cut; -1 in a stream that was not resumed */
	private resumedAfter = -1;

	/** The last number, after which a cut stream can be resumed; `undefined` if the server does not count up. */
	get position(): number | undefined {
		return this.isCountingUp && this.last >= 0 ? this.last : undefined;
	}

	/** The `starting_after` to resume a cut stream with. From now on, earlier events that the server sends again are ignored. */
	resume(): number {
		this.resumedAfter = this.last;
		return this.last;
	}

	/** Takes the number of the next event. Returns whether the event came before the stream was resumed. */
	passes(sequence: unknown): boolean {
		if (typeof sequence !== 'number') return false;
		if (sequence <= this.resumedAfter) return true;
		this.isCountingUp &&= sequence > this.last;
		this.last = sequence;
		return false;
	}

	/** The server numbers the events from the beginning again. */
	restart(): void {
		this.last = -1;
		this.isCountingUp = true;
	}
}
