/** Rows that are made ready before a call of theirs may go out: each holds its request, which may be large */
const READY_ROWS = 1;
/** No new row is let in while more rows than this wait for another try, besides as many as may be in flight */
export const WAITING_ROWS = 20;

/** Lets rows in: as many as calls may go out, and a few more that are made ready meanwhile. */
export class RowAdmission {
	private all = 0;

	/** Rows that are let in and not yet done, and those of them without any call yet */
	private admitted = 0;

	private ready = 0;

	private admitNext?: () => void;

	/** @param room how many calls may go out now, and how many may be in flight; `undefined`: let all in */
	constructor(private readonly room: () => { free: number; limit: number } | undefined) {}

	/** Waits until one row more may be made ready, and gives its number. One caller at a time. */
	async next(): Promise<number> {
		if (!this.hasRoom) await new Promise<void>((resolve) => (this.admitNext = resolve));
		this.admitted++;
		this.ready++;
		return ++this.all;
	}

	/** The first call of a row goes out. */
	onFirstCall(): void {
		this.ready--;
	}

	/** A row is done. */
	onDone(hadCall: boolean): void {
		this.admitted--;
		if (!hadCall) this.ready--;
	}

	/** There may be room now. */
	update(): void {
		if (!this.admitNext || !this.hasRoom) return;
		this.admitNext();
		this.admitNext = undefined;
	}

	private get hasRoom(): boolean {
		const room = this.room();
		return !room || (this.ready < room.free + READY_ROWS && this.admitted < 2 * room.limit + WAITING_ROWS);
	}
}
