/** Pieces of text that one side receives and the other reads as it can. */
export class TextQueue implements AsyncIterable<string> {
	private pieces: string[] = [];

	private isEnded = false;

	private wake = () => {};

	push = (piece: string): void => {
		this.pieces.push(piece);
		this.wake();
	};

	end = (): void => {
		this.isEnded = true;
		this.wake();
	};

	async *[Symbol.asyncIterator](): AsyncGenerator<string> {
		for (;;) {
			const pieces = this.pieces;
			this.pieces = [];
			yield* pieces;
			if (this.pieces.length > 0) continue;
			if (this.isEnded) return;
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
	}
}
