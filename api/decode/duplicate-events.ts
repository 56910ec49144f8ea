import type { JsonObject } from '../json';

/**
 * Tells events that came before: a server that resumes a stream may send some again, with the same sequence numbers.
 * A server that does not count truly (always 0, or from 0 for each item) is not believed: to drop a piece of an answer
 * is worse than to have it twice.
 */
export class EventDeduplicator {
	/** By sequence number a checksum of the event */
	private readonly seen = new Map<number, number>();

	private isTrusted = true;

	private highestSequence?: number;

	/** The highest `sequence_number` so far, where the server counts truly */
	get lastSequence(): number | undefined {
		return this.isTrusted ? this.highestSequence : undefined;
	}

	/** Whether this event came before; it is known from now on. */
	isDuplicate(event: JsonObject, type: string): boolean {
		const number = event.sequence_number;
		if (typeof number !== 'number') return false;
		const sum = checksum(`${type} ${String(event.item_id)} ${String(event.output_index)} ${String(event.delta)}`);
		const before = this.seen.get(number);
		this.seen.set(number, sum);
		this.highestSequence = Math.max(number, this.highestSequence ?? number);
		if (before === undefined) return false;
		// one that has only ever said the same number has not shown that it counts; to begin again is no harm
		const isShown = this.seen.size > 1;
		this.isTrusted &&= before === sum && (isShown || event.delta === undefined);
		return this.isTrusted && isShown;
	}
}

/** FNV-1a: the events themselves would fill the memory. */
function checksum(text: string): number {
	let sum = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
	return sum;
}
