import { systemClock, type Clock } from '../clock';
import { AbortedError, ApiError } from '../errors/api-error';
import type { Refusal, Turn } from '../http/rate-limiter';
import { retryAfterMs } from '../http/retry-after';
import { CallQueue, type WaitingCall } from './call-queue';
import { CircuitBreaker, type Launch } from './circuit-breaker';
import { ConcurrencyLimit } from './concurrency-limit';
import { LaunchPacer } from './launch-pacer';
import { LearntRate } from './learnt-rate';
import { mayBeBilled, outcomeOf } from './outcome';
import { Patience, type LastTaken } from './patience';
import { RowAdmission, WAITING_ROWS } from './row-admission';
import { Slot, type SlotScheduler } from './slot';
import { WaitLog } from './wait-log';

/** Milliseconds between two checks for Stop while calls are held back */
const CHECK_INTERVAL = 100;

/** How the calls of an execution are scheduled. */
export interface SchedulerSettings {
	/** Most calls in flight; absent: as many as the server takes */
	concurrency?: number;
	/** Most calls begun in a minute; 0 for no limit */
	requestsPerMinute: number;
	/** Milliseconds that a row waits for a server that takes no calls */
	maxRetryWaitMs: number;
	/** Milliseconds that a call may take */
	timeoutMs: number;
	/** Shared by executions that call the server at the same time */
	lastTaken?: LastTaken;
}

/**
 * Decides when the rows of an execution are let in and when their calls go out. No setting is needed: no row and no time is
 * lost, whatever the server takes. Few servers say how many calls they take, so the scheduler finds that out:
 *
 * 1. **How many at once** (`ConcurrencyLimit`): five at first, one more for each success (slow start, as in TCP), 200 at most.
 *    A server that queues calls shows it by its latency, and growth stops (the gradient of Netflix's concurrency-limits).
 * 2. **Refusals** (429; 503 and 529 that say when to call again) cost nothing: the row waits, and a refused call is none of
 *    its tries. They are judged in the order in which the calls went out (`RefusalStreaks`). A single one may be chance: its
 *    row waits as long as the server asks, else half a second and twice as long each time (exponential backoff).
 * 3. **Several refusals in a row** (`CircuitBreaker`) mean that the server takes no more calls than are in flight: the limit
 *    goes down to that number, and growth is tried again later (additive increase, multiplicative decrease). If the server
 *    refuses a further streak at that lower number, all calls are shut off. Slow answers then leave their places free for a
 *    moment, in which other executions find them.
 * 4. **Shut off**: one call at a time goes out as a probe (`ProbeTimer`), all rows wait, and nothing counts as a try of a
 *    row. Once the server takes a probe, half as many calls as before may be in flight.
 * 5. **A rate** (`LearntRate`): a server that shuts the calls off twice takes only so many in a time. From then on calls go
 *    out a little faster than the server took them on average (token bucket), instead of all at once and then none.
 * 6. **Headers** (`RateLimitHeaders`) that say that nearly nothing is left of a limit space the calls out, as long as no
 *    later reply says otherwise.
 * 7. **An outage**, a server that took calls and then answers each with 502, 503, 504 or not at all, is probed in the same
 *    way; but a call that may have been billed is a try of its row.
 * 8. **Giving up** (`Patience`): if the server takes no call for `maxRetryWaitMs`, the calls that still wait are not sent. A
 *    row that is always refused while others are taken fails alone, after 8 refusals or 30 s.
 *
 * More calls at once go out a few at a time (`LaunchPacer`), so that the first refusals are known before many more do.
 * Refused rows go first, the oldest of them before others, then new rows. Only a few rows are made ready ahead.
 */
export class Scheduler implements SlotScheduler {
	/** Calls made so far, and how many of them repeated a failed call */
	readonly callCounts = { calls: 0, retries: 0 };

	/** How long calls were held back, and by what */
	readonly waits: WaitLog;

	/** What the server takes in a time, where it showed that */
	readonly rate: LearntRate;

	private readonly limit: ConcurrencyLimit;
	private readonly patience: Patience;
	private readonly breaker: CircuitBreaker;
	private readonly pacer: LaunchPacer;

	private inFlight = 0;
	/** Rows whose call has ended and that have not yet said whether they are done: a failed one may end the execution */
	private undecided = 0;
	/** Calls that the server took */
	private taken = 0;
	private readonly queue = new CallQueue();
	private readonly rows: RowAdmission;
	private wakesAt = Infinity;
	private closedBy?: Error;

	/** @param isStopped whether the execution was stopped */
	constructor(
		settings: SchedulerSettings,
		private readonly isStopped: () => boolean,
		private readonly clock: Clock = systemClock,
	) {
		this.limit = new ConcurrencyLimit(settings.concurrency, settings.timeoutMs);
		this.rate = new LearntRate(clock);
		this.pacer = new LaunchPacer(this.rate, settings.requestsPerMinute);
		this.patience = new Patience(clock, settings.maxRetryWaitMs, settings.lastTaken);
		this.breaker = new CircuitBreaker(this.limit, this.rate, this.patience, clock);
		this.waits = new WaitLog(clock);
		this.rows = new RowAdmission(() =>
			this.isClosed ? undefined : { free: this.limit.current - this.occupied, limit: this.limit.current },
		);
	}

	/** Waits until one row more may be made ready, and gives its slot. One caller at a time. */
	async admit(): Promise<Slot> {
		return new Slot(this, await this.rows.next());
	}

	/** Nothing more goes out: calls that wait get this error. Calls in flight are left alone. */
	close(reason: Error): void {
		this.closedBy ??= reason;
		for (const { stop } of this.queue.takeAll()) stop(reason);
		this.rows.update();
	}

	get isClosed(): boolean {
		return this.closedBy !== undefined;
	}

	async acquire(slot: Slot, { delayMs, deadline = Infinity }: Turn): Promise<number> {
		this.decide(slot);
		if (this.closedBy) throw this.closedBy;
		const since = this.clock.now();
		slot.launch = await new Promise<Launch>((start, stop) => {
			this.queue.add({ slot, from: since + delayMs, deadline, start, stop });
			this.dispatch();
		}).catch((reason: Error) => {
			throw reason instanceof ApiError ? reason.withDetails({ waitedMs: Math.round(this.clock.now() - since) }) : reason;
		});
		this.callCounts.calls++;
		if (slot.hasFailed) this.callCounts.retries++;
		return this.clock.now() - since;
	}

	onHeaders({ launch }: Slot, status: number, headers: { [name: string]: string }): void {
		this.pacer.headers.update(headers, this.inFlight, this.clock.now());
		// a stream's headers come long before its end
		if (launch && status < 400) this.breaker.onTaken(launch);
	}

	release(slot: Slot, error?: unknown): Refusal | undefined {
		if (!slot.job) this.leaveUndecided(slot);
		return slot.launch && this.judge(slot, slot.launch, error);
	}

	onJobDone(slot: Slot, job: Launch, isDone: boolean): void {
		this.leaveUndecided(slot);
		if (isDone) this.onSuccess(job);
	}

	onRowIdle(slot: Slot, isDone: boolean): void {
		this.decide(slot);
		if (isDone) this.rows.onDone(slot.launch !== undefined);
		this.dispatch();
	}

	private leaveUndecided(slot: Slot) {
		this.inFlight--;
		this.undecided++;
		slot.isUndecided = true;
	}

	private decide(slot: Slot) {
		if (slot.isUndecided) this.undecided--;
		slot.isUndecided = false;
	}

	/** How many of the calls in flight that are allowed are taken up. */
	private get occupied(): number {
		return this.inFlight + this.undecided;
	}

	private judge(slot: Slot, launch: Launch, error: unknown): Refusal | undefined {
		const outcome = outcomeOf(error);
		if (outcome === 'success' || outcome === 'failed') {
			this.taken++;
			this.breaker.onTaken(launch);
			if (outcome === 'success' && !slot.job) this.onSuccess(launch);
			return undefined;
		}
		if (!(error instanceof ApiError)) return undefined;
		const isOutage = outcome === 'unavailable';
		// who tries a wrong address wants to know soon
		if (isOutage && !this.patience.hasTaken) return undefined;
		const askedMs = retryAfterMs(error.details.headers);
		this.pacer.onRefused();
		const isShut = this.breaker.onRefused(launch, { inFlight: this.inFlight, askedMs: askedMs ?? 0, isOutage });
		if (isShut && this.patience.leftMs <= 0) {
			const limit = Math.round(this.patience.limitMs / 1000);
			this.close(new ApiError('no_calls_taken', `Not sent: the server took no more calls (${error.message})`, { limit }));
		}
		if (!this.isClosed && askedMs !== undefined && askedMs > this.patience.longestWaitMs) {
			return { delayMs: askedMs, counts: false, gaveUp: 'retry_wait_too_long' };
		}
		if (isShut) return { delayMs: 0, counts: isOutage && mayBeBilled(error) };
		return isOutage && error.code !== 'connection_refused' ? undefined : slot.refusedAlone(askedMs, this.taken, this.clock.random());
	}

	private onSuccess({ inFlight, at }: Launch) {
		const now = this.clock.now();
		this.pacer.onSuccess(this.limit.current);
		this.limit.leaveFree(now - at, now, () => this.clock.random());
		if (this.breaker.isNormal) this.limit.onSuccess(inFlight, now - at);
	}

	/** Starts all calls that may go out now, and runs again when the next one may. */
	private dispatch() {
		if (this.isStopped()) this.close(new AbortedError());
		const now = this.clock.now();
		for (const { stop } of this.queue.takeLate(now)) stop(new ApiError('poll_timeout', 'The time is up'));
		for (;;) {
			const next = this.queue.next(now, this.limit.current + WAITING_ROWS);
			const at = next ? this.launchTime(next, now) : Infinity;
			if (!next) this.waits.set(undefined);
			if (!next || at > now) {
				this.wakeAt(Math.min(at, this.queue.nextTime(now)));
				break;
			}
			this.launch(next);
		}
		this.rows.update();
	}

	/** When a call may go out, as the clock counts; `Infinity`: not before another one has ended. */
	private launchTime({ slot }: WaitingCall, now: number): number {
		const breakerAt = this.breaker.nextLaunchAt(slot.job ? undefined : this.occupied);
		const pacerAt = this.pacer.nextLaunchAt(now, this.limit.current);
		if (breakerAt > now) this.waits.set(this.breaker.shutBy);
		else this.waits.set(pacerAt > now ? this.pacer.waitReason(now) : undefined);
		return Math.max(breakerAt, pacerAt);
	}

	private launch(call: WaitingCall) {
		this.queue.remove(call);
		if (!call.slot.launch) this.rows.onFirstCall();
		if (!call.slot.job) this.inFlight++;
		const isSpaced = this.pacer.onLaunch(this.clock.now());
		call.start(this.breaker.onLaunch({ inFlight: this.inFlight, isSpaced }));
	}

	/** Runs `dispatch` at that time. Until then it runs every `CHECK_INTERVAL` ms, so that Stop is noticed. */
	private wakeAt(time: number) {
		const now = this.clock.now();
		if (time === Infinity || (this.wakesAt <= time && this.wakesAt > now)) return;
		const wakesAt = (this.wakesAt = Math.min(time, now + CHECK_INTERVAL));
		void this.clock.sleep(wakesAt - now).then(() => {
			if (this.wakesAt === wakesAt) this.wakesAt = Infinity;
			this.dispatch();
		});
	}
}
