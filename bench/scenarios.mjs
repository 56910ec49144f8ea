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
 * @property {number} [times] how often all is run; the median by wall time counts
 * @property {Record<string, number>} [most] what is promised: the most that each of these measures may be
 */
/** @typedef {import('./contender.mjs').Measured & import('./server.mjs').Counts} Result */

/** @type {Record<string, Scenario>} */
export const scenarios = createRequire(import.meta.url)('./scenarios.json');

const rowsOf = (/** @type {Scenario} */ { rows, together, who }) => (together ? rows * who.length : rows);

/** The least time that the rows can take, in ms. @param {Scenario} scenario */
export const floorOf = (scenario) =>
	(rowsOf(scenario) * scenario.settings.latency) / Math.min(scenario.concurrency, scenario.settings.limit ?? Infinity);

/** What can be promised. @type {Record<string, (results: Record<string, Result>, scenario: Scenario) => number>} */
export const measures = {
	'rows lost': ({ ours }, scenario) => rowsOf(scenario) - ours.finished,
	'share of calls refused': ({ ours }) => ours.refused / ours.calls,
	'calls beyond rows and refusals': ({ ours }, { rows }) => ours.calls - rows - ours.refused,
	'longest wait of a refused row, in s': ({ ours }) => ours.longestWait / 1000,
	'wall time / floor': ({ ours }, scenario) => ours.ms / floorOf(scenario),
	'wall time / bare loop': ({ ours, bare }) => ours.ms / bare.ms,
	'time per row / HTTP Request': ({ ours, http }) => ours.ms / http.ms,
};
