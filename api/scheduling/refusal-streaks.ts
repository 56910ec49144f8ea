/** A streak of refusals is no chance if it is less likely than `CHANCE`, or if it has `SURE` refusals or more */
const CHANCE = 0.002;
const SURE = 6;

/**
 * Which calls the server refused, in the order in which they went out. A refusal comes within milliseconds and an answer
 * after seconds, so the order in which calls end says little. A streak is calls that went out one after another and were all
 * refused.
 */
export class RefusalStreaks {
	private readonly refused = new Set<number>();

	/** Of the refused calls, those that were refused alone, as by chance */
	private readonly alone = new Set<number>();

	private taken = 0;

	/**
	 * The call with this number was refused.
	 * @param mayBeChance whether nothing known explains the refusal
	 */
	add(number: number, mayBeChance: boolean): void {
		this.refused.add(number);
		if (this.lengthAt(number) === 1 && mayBeChance) this.alone.add(number);
		// a neighbour is not alone any longer
		this.alone.delete(number - 1);
		this.alone.delete(number + 1);
	}

	/** The server took a call. */
	countTaken(): void {
		this.taken++;
	}

	/** The length of the streak that the call `number` belongs to; calls up to number `after` do not count. */
	lengthAt(number: number, after = 0): number {
		let first = number;
		let last = number;
		while (first - 1 > after && this.refused.has(first - 1)) first--;
		while (this.refused.has(last + 1)) last++;
		return last - first + 1;
	}

	/** From which length on a streak is no chance, by the share of calls that were refused alone. */
	get significantLength(): number {
		const share = (this.alone.size + 0.01) / (this.alone.size + this.taken + 1);
		return Math.min(Math.max(2, Math.ceil(Math.log(CHANCE) / Math.log(share))), SURE);
	}
}
