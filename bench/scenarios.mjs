// What is measured (scenarios.json): on which server and by whom, and what is promised of it.
import { createRequire } from 'node:module';

/**
 * @typedef {object} Scenario
 * @property {string} title
 * @property {number} rows
 * @property {number} concurrency
 * @property {import('./server.mjs').Settings} settings of the server
 * @property {string[]} who contenders; all at once where `together` is set, else one after the other
 * @property {boolean} [together]
 * @property {number} [batch] how many HTTP Request with batching begins in the time of an answer; default: the concurrency
 * @property {number} [retries] of the script; default: as its client has it
 * @property {number} [floor] the least time that the rows can take, in ms; default: by concurrency, limit and latency
 * @property {number} [times] how often all is run; the median by wall time counts
 * @property {Record<string, number>} [most] what is promised: the most that each of these measures may be
 */
/** @typedef {import('./contender.mjs').Measured & import('./server.mjs').Counts} Result */

/** @type {Record<string, Scenario>} */
export const scenarios = createRequire(import.meta.url)('./scenarios.json');

const rowsOf = (/** @type {Scenario} */ { rows, together, who }) => (together ? rows * who.length : rows);

/** The least time that the rows can take, in ms. @param {Scenario} scenario */
export const floorOf = (scenario) => {
	const { concurrency, floor, settings } = scenario;
	return floor ?? (rowsOf(scenario) * settings.latency) / Math.min(concurrency, settings.limit ?? Infinity, rowsOf(scenario));
};

/** What can be promised of this node. @type {Record<string, (own: Result, results: Record<string, Result>, scenario: Scenario) => number>} */
export const measures = {
	'rows lost': (own, _, scenario) => rowsOf(scenario) - own.finished,
	'calls refused': (own) => own.refused,
	'share of calls refused': (own) => own.refused / own.calls,
	'calls beyond rows and refusals': (own, _, { rows }) => own.calls - rows - own.refused,
	'most calls at once': (own) => own.mostInFlight,
	'longest wait of a refused row, in s': (own) => own.longestWait / 1000,
	'wall time, in s': (own) => own.ms / 1000,
	'wall time / floor': (own, _, scenario) => own.ms / floorOf(scenario),
	'wall time / bare loop': (own, { bare }) => own.ms / bare.ms,
	'wall time / script': (own, { script }) => own.ms / script.ms,
	'time per row / HTTP Request': (own, { http }) => own.ms / http.ms,
};
