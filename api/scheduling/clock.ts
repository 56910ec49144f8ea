import { sleep } from 'n8n-workflow';

/** Time and chance, so that the tests can run in virtual time and draw the same lots each time. */
export interface Clock {
	/** Milliseconds, as `Date.now()` counts */
	now(): number;
	/** Resolves after that many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** A number from 0 to 1, as `Math.random()` gives it */
	random(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now(), sleep, random: () => Math.random() };
