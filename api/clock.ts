import { sleep } from 'n8n-workflow';

/** Time and random numbers, so that the tests can use a virtual clock and the same random numbers each time. */
export interface Clock {
	/** Milliseconds, as `Date.now()` counts */
	now(): number;
	/** Resolves after so many milliseconds. */
	sleep(milliseconds: number): Promise<void>;
	/** A number from 0 to 1, as `Math.random()` gives it */
	random(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now(), sleep, random: () => Math.random() };
