/** Pieces of text that one side receives and the other reads as it can. */
export class TextQueue implements AsyncIterable<string> {
	private waiting = '';

	private isEnded = false;

	private wake = () => {};

	push = (text: string): void => {
		this.waiting += text;
		this.wake();
	};

	end = (): void => {
		this.isEnded = true;
		this.wake();
	};

	/** What has come since the last time, never "". */
	async *[Symbol.asyncIterator](): AsyncGenerator<string> {
		while (!this.isEnded || this.waiting !== '') {
			const text = this.waiting;
			this.waiting = '';
			if (text !== '') yield text;
			else await new Promise<void>((resolve) => (this.wake = resolve));
		}
	}
}
