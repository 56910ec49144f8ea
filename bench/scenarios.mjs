// What is measured, on which server and by whom, and what is promised of it.

/**
 * @typedef {import('./contenders.mjs').Task} Task
 * @typedef {import('./server.mjs').Settings} Settings
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title
 * @property {number} rows
 * @property {number} concurrency
 * @property {Settings} settings of the server
 * @property {string[]} who contenders; all at once where `together` is set, else one after the other
 * @property {boolean} [together]
 * @property {number} [batch] for HTTP Request with batching; default: the concurrency
 * @property {number} [times] how often all is run; the median by wall time counts
 * @property {(results: Record<string, Result>, floor: number) => Promise_[]} [promises]
 *
 * @typedef {import('./contender-process.mjs').Measured & import('./server.mjs').Counts} Result
 * @typedef {{text: string, value: number, most: number}} Promise_ `value` is kept to if it is not above `most`
 */

/** @type {(name: string, more: number, bare: number) => (results: Record<string, Result>, floor: number) => Promise_[]} */
const nearTheFloor = (name, bare, most) => (results, floor) => [
	{ text: `${name}: wall time / bare loop`, value: results.ours.ms / results.bare.ms, most: bare },
	{ text: `${name}: wall time / floor`, value: results.ours.ms / floor, most },
];

/** @type {(text: string, rows: number, finished: number) => Promise_} */
const all = (text, rows, finished) => ({ text, value: rows - finished, most: 0 });

/** @type {Scenario[]} */
export const scenarios = [
	{
		name: 'open',
		title: 'A server without limits',
		rows: 100,
		concurrency: 10,
		settings: { latency: 200 },
		who: ['ours', 'bare', 'http', 'batched', 'openai', 'script'],
	},
	{
		name: 'limited',
		title: 'A server that refuses more than 10 at once (429, Retry-After: 1)',
		rows: 200,
		concurrency: 50,
		batch: 10,
		settings: { latency: 200, limit: 10 },
		who: ['ours', 'http', 'batched', 'openai', 'script'],
		promises: ({ ours }, floor) => [
			all('limited: rows lost', 200, ours.finished),
			{ text: 'limited: share of calls refused', value: ours.refused / ours.calls, most: 0.2 },
			{ text: 'limited: wall time / floor for 10 at once', value: ours.ms / floor, most: 2 },
		],
	},
	{
		name: 'flaky',
		title: 'A server that refuses every 20th call (429, Retry-After: 1)',
		rows: 200,
		concurrency: 10,
		settings: { latency: 200, refuseEvery: 20 },
		who: ['ours', 'http', 'batched', 'openai', 'script'],
		promises: ({ ours }) => [
			all('flaky: rows lost', 200, ours.finished),
			{ text: 'flaky: calls beyond rows and refusals', value: ours.calls - 200 - ours.refused, most: 0 },
			{ text: 'flaky: longest wait of a refused row, in s (asked: 1, and a tenth of chance)', value: ours.longestWait / 1000, most: 1.2 },
		],
	},
	{
		name: 'two',
		title: 'Two n8n processes on one server that refuses more than 10 at once',
		rows: 200,
		concurrency: 50,
		settings: { latency: 200, limit: 10 },
		who: ['ours', 'ours'],
		together: true,
		promises: ({ ours }) => [all('two: rows lost', 400, ours.finished)],
	},
	{
		name: 'open-5',
		title: 'Many rows, 5 at once',
		rows: 1000,
		concurrency: 5,
		settings: { latency: 500 },
		who: ['ours', 'bare', 'script'],
		promises: nearTheFloor('open-5', 1.1, 1.1),
	},
	{
		name: 'open-20',
		title: 'Many rows, 20 at once',
		rows: 1000,
		concurrency: 20,
		settings: { latency: 500 },
		who: ['ours', 'bare', 'script'],
		promises: nearTheFloor('open-20', 1.1, 1.3),
	},
	{
		name: 'open-50',
		title: 'Many rows, 50 at once',
		rows: 1000,
		concurrency: 50,
		settings: { latency: 500 },
		who: ['ours', 'bare', 'script'],
		times: 3,
		promises: nearTheFloor('open-50', 1.2, 1.5),
	},
	{
		name: 'instant',
		title: 'A server that answers at once: what the nodes themselves take',
		rows: 2000,
		concurrency: 20,
		settings: { latency: 0 },
		who: ['ours', 'bare', 'http', 'script'],
		times: 5,
		promises: ({ ours, http }) => [{ text: 'instant: time per row / HTTP Request', value: ours.ms / http.ms, most: 1.5 }],
	},
	{
		name: 'memory',
		title: 'Very many rows',
		rows: 20_000,
		concurrency: 20,
		settings: { latency: 0 },
		who: ['ours', 'bare'],
		times: 3,
		promises: ({ ours }) => [all('memory: rows lost', 20_000, ours.finished)],
	},
];

/**
 * The least time that rows can take, in ms.
 * @param {Scenario} scenario
 */
export const floorOf = ({ rows, concurrency, together, who, settings: { latency, limit = Infinity } }) =>
	(rows * (together ? who.length : 1) * latency) / Math.min(concurrency, limit);
