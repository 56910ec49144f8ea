import type { Clock } from '../clock';

/** Why calls are held back: the server takes no more, is away, or says that its limits are nearly used up. */
export type WaitReason = 'limit' | 'outage' | 'headers';

/** Milliseconds that calls were held back. */
export type WaitTimes = { [reason in WaitReason]: number };

/** How long calls were held back, by reason. */
export class WaitLog {
	private readonly waited: WaitTimes = { limit: 0, outage: 0, headers: 0 };

	private current?: { reason: WaitReason; since: number };

	constructor(private readonly clock: Clock) {}

	get times(): WaitTimes {
		this.set(undefined);
		return this.waited;
	}

	/** From now on calls are held back for that reason, or for none. */
	set(reason: WaitReason | undefined): void {
		if (reason === this.current?.reason) return;
		const now = this.clock.now();
		if (this.current) this.waited[this.current.reason] += now - this.current.since;
		this.current = reason && { reason, since: now };
	}
}
