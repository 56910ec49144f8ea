// What is measured, on which server and by whom, and what is promised of it.

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
 *
 * @typedef {import('./contender.mjs').Measured & import('./server.mjs').Counts} Result
 */

const WAYS = ['ours', 'http', 'batched', 'openai', 'script'];
const LEAST = ['ours', 'bare', 'script'];

/** @type {(concurrency: number, most: Record<string, number>, times?: number) => Scenario} */
const manyRows = (concurrency, most, times) => {
	const title = `Many rows, ${concurrency} at once`;
	return { title, rows: 1000, concurrency, settings: { latency: 500 }, who: LEAST, times, most };
};

/** @type {(megabytes: number) => Scenario} */
const longStream = (megabytes) => {
	const title = `One answer that is a stream of 100,000 pieces, ${megabytes} MB`;
	return { title, rows: 1, concurrency: 1, settings: { latency: 0, stream: { pieces: 100_000, megabytes } }, who: ['ours', 'script'] };
};

/** @type {Record<string, Scenario>} */
export const scenarios = {
	open: { title: 'A server without limits', rows: 100, concurrency: 10, settings: { latency: 200 }, who: [...WAYS, 'bare'] },
	limited: {
		title: 'A server that refuses more than 10 at once (429, Retry-After: 1)',
		rows: 200,
		concurrency: 50,
		batch: 10,
		settings: { latency: 200, limit: 10 },
		who: WAYS,
		most: { 'rows lost': 0, 'share of calls refused': 0.2, 'wall time / floor': 2 },
	},
	flaky: {
		title: 'A server that refuses every 20th call (429, Retry-After: 1)',
		rows: 200,
		concurrency: 10,
		settings: { latency: 200, refuseEvery: 20 },
		who: WAYS,
		most: { 'rows lost': 0, 'calls beyond rows and refusals': 0, 'longest wait of a refused row, in s': 1.2 },
	},
	two: {
		title: 'Two n8n processes on one server that refuses more than 10 at once',
		rows: 200,
		concurrency: 50,
		settings: { latency: 200, limit: 10 },
		who: ['ours', 'ours'],
		together: true,
		most: { 'rows lost': 0 },
	},
	'open-5': manyRows(5, { 'wall time / bare loop': 1.1, 'wall time / floor': 1.1 }),
	'open-20': manyRows(20, { 'wall time / bare loop': 1.1, 'wall time / floor': 1.3 }),
	'open-50': manyRows(50, { 'wall time / bare loop': 1.2, 'wall time / floor': 1.5 }, 3),
	instant: {
		title: 'A server that answers at once: what the nodes themselves take',
		rows: 2000,
		concurrency: 20,
		settings: { latency: 0 },
		who: [...LEAST, 'http'],
		times: 5,
		most: { 'time per row / HTTP Request': 1.5 },
	},
	memory: {
		title: 'Very many rows',
		rows: 20_000,
		concurrency: 20,
		settings: { latency: 0 },
		who: ['ours', 'bare'],
		times: 3,
		most: { 'rows lost': 0 },
	},
	'stream-25': longStream(25),
	'stream-50': longStream(50),
	'stream-100': longStream(100),
	'first-word': {
		title: 'The first word in a chat, from a server that thinks for 100 ms',
		rows: 50,
		concurrency: 1,
		settings: { latency: 100, stream: { pieces: 2, megabytes: 0, pause: 100 } },
		who: ['chat', 'fetch'],
	},
};

/** The rows of all processes. @param {Scenario} scenario */
const rowsOf = ({ rows, together, who }) => (together ? rows * who.length : rows);

/** The least time that the rows can take, in ms. @param {Scenario} scenario */
export const floorOf = (scenario) => {
	const { latency, limit = Infinity } = scenario.settings;
	return (rowsOf(scenario) * latency) / Math.min(scenario.concurrency, limit);
};

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
