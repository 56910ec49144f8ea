/** A server on a bad day: what it answers is drawn by lot, the same lots in every run for the same seed. */
const { setTimeout } = require('node:timers/promises');
const { cutOff, fixture, json, sse } = require('./replies');
const { startServer } = require('./server');

/** @typedef {'good' | 'slow' | 'stream' | 'limited' | 'trouble' | 'reset' | 'cut' | 'cutJson' | 'noModel' | 'quota' | 'origin'} Lot */

/** Of a hundred calls so many. */
const LOTS = /** @type {Record<Lot, number>} */ ({
	good: 22,
	slow: 8,
	stream: 18,
	limited: 16,
	trouble: 10,
	reset: 6,
	cut: 6,
	cutJson: 4,
	noModel: 4,
	quota: 3,
	origin: 3,
});

const soon = { 'retry-after-ms': '5' };

/** @param {string} name */
const answer = (name) => ({
	id: `resp_${name}`,
	object: 'response',
	model: 'm',
	status: 'completed',
	output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: `Answer to ${name}` }] }],
});

/** @param {string} name */
const events = (name) => [
	{ type: 'response.created', response: { ...answer(name), status: 'in_progress', output: [] } },
	{ type: 'response.output_text.delta', delta: 'Answer ' },
	{ type: 'response.output_text.delta', delta: `to ${name}` },
	{ type: 'response.completed', response: answer(name) },
];

/** @type {Record<Lot, (name: string) => import('./replies').Reply>} */
const REPLIES = {
	good: (name) => json(answer(name)),
	slow: (name) => json(answer(name), { after: setTimeout(60) }),
	stream: (name) => sse(events(name)),
	limited: () => json({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } }, { status: 429, headers: soon }),
	trouble: () => json({ error: { message: 'Oops' } }, { status: 500, headers: soon }),
	reset: () => {
		throw new Error('The server hangs up when a test throws');
	},
	cut: (name) => cutOff(sse(events(name).slice(0, 3))),
	cutJson: (name) => cutOff(json(answer(name)), 100),
	noModel: () => fixture('new-api-model-not-found.1.json', { status: 503, headers: soon }),
	quota: () => fixture('openai-quota.1.json', { status: 429, headers: soon }),
	origin: () => ({ status: 524, headers: soon, body: ['<title>524: A timeout occurred</title>'] }),
};

/**
 * Answers each call with a lot. The prompt of a call is the name of its item.
 * @param {number} seed
 */
async function startStormServer(seed) {
	/** What each item was answered, in order. @type {Map<string, Lot[]>} */
	const log = new Map();
	let state = seed;
	const draw = () => {
		// the constants of Numerical Recipes
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		let rest = (state / 2 ** 32) * 100;
		const lots = /** @type {[Lot, number][]} */ (Object.entries(LOTS));
		return lots.find(([, share]) => (rest -= share) < 0)?.[0] ?? 'good';
	};
	const server = await startServer(({ body }) => {
		const name = String(body.input[0].content);
		const lot = draw();
		log.set(name, [...(log.get(name) ?? []), lot]);
		return REPLIES[lot](name);
	});
	return { url: server.url, close: server.close, log };
}

module.exports = { startStormServer };
