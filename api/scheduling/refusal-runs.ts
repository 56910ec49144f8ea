/** A run of refusals that is less likely than this is no chance, nor is one of so many, whatever the odds */
const CHANCE = 0.002;
const SURE = 6;

/**
 * Which calls the server refused, in the order in which they went out. A refusal comes within milliseconds and an answer
 * after seconds, so the order in which calls end tells little: only calls that went out one after another and were all
 * refused are a run of refusals.
 */
export class RefusalRuns {
	private readonly refused = new Set<number>();

	/** Those of them that were refused alone, as by chance */
	private readonly alone = new Set<number>();

	private taken = 0;

	/**
	 * The call of that number was refused.
	 * @param mayBeChance whether nothing is known that explains it
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

	/** How many calls around that one were refused one after another, of those after the call `after`. */
	lengthAt(number: number, after = 0): number {
		let first = number;
		let last = number;
		while (first - 1 > after && this.refused.has(first - 1)) first--;
		while (this.refused.has(last + 1)) last++;
		return last - first + 1;
	}

	/** How long a run of refusals has to be until it is no chance, by the share of calls that were refused alone. */
	get significantLength(): number {
		const share = (this.alone.size + 0.01) / (this.alone.size + this.taken + 1);
		return Math.min(Math.max(2, Math.ceil(Math.log(CHANCE) / Math.log(share))), SURE);
	}
}
