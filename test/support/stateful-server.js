/** A Responses API that keeps state, for tests: responses, their input, work in the background, conversations. */
const { cutOff, json, sse } = require('./replies');
const { startServer } = require('./server');

/**
 * @typedef {import('./server').Recorded} Recorded
 * @typedef {import('./replies').Reply} Reply
 * @typedef {{id: string, [key: string]: unknown}} Entry an item or an output, whose other fields are of no matter here
 * @typedef {{id: string, status: string, asked: Entry[], turns: number, [key: string]: unknown}} Response as it is kept: with
 *   what it was asked and how many turns led to it
 * @typedef {{made: Entry, items: Entry[]}} Conversation
 * @typedef {{type: string, sequence_number: number, [key: string]: unknown}} Event
 *
 * @typedef {object} Job what happens to a response in the background
 * @property {string[]} [states] the status at creation and at each retrieval after it; the last one stays
 * @property {string} [text] the answer, once completed
 * @property {number[]} [cuts] the stream breaks off after so many events, one number a connection
 * @property {{count: number, random: () => number}} [randomCuts] so many connections break off after any number of bytes
 * @property {(retrievals: number) => Record<string, string>} [headers] of the reply to the nth retrieval
 */

/** In characters of one to four bytes. */
const WORDS = [
	'The ',
	'report ',
	'has ',
	'three ',
	'parts: ',
	'问题, ',
	'what ',
	'was ',
	'gefundën, ',
	'🙂🙂, ',
	'what ',
	'was ',
	'what ',
	'follows.',
];

/** @param {Job} [job] */
async function startStatefulServer(job = {}) {
	const state = { responses: new Map(), conversations: new Map(), retrievals: 0, streams: 0, number: 0 };
	const server = await startServer((request) => route(state, job, request));
	return Object.assign(server, { state });
}

/** @typedef {{responses: Map<string, Response>, conversations: Map<string, Conversation>, retrievals: number, streams: number, number: number}} State */

/**
 * @param {State} state
 * @param {Job} job
 * @param {Recorded} request
 * @returns {Reply}
 */
function route(state, job, request) {
	const [root, id, rest, inner] = request.path.split('/').slice(2).map(decodeURIComponent);
	if (root === 'conversations') return conversations(state, request, id, inner);
	if (!id) return create(state, job, request.body);
	const response = state.responses.get(id);
	if (!response) return notFound(`Response with id '${id}' not found.`);
	if (rest === 'cancel' && response.status === 'completed') return refusal(400, 'Cannot cancel a completed response.');
	if (rest === 'cancel') return json(Object.assign(response, { status: 'cancelled' }));
	if (rest === 'input_items') return page(response.asked, request.query, 'desc');
	if (request.method === 'DELETE') {
		state.responses.delete(id);
		return json({ id, object: 'response', deleted: true });
	}
	if (request.query.stream) return stream(state, job, response, Number(request.query.starting_after ?? -1));
	state.retrievals++;
	advance(state, job, response);
	return json(shown(response), { headers: job.headers?.(state.retrievals) ?? {} });
}

/**
 * @param {State} state
 * @param {Job} job
 * @param {Recorded['body']} body
 */
function create(state, job, body) {
	const id = `resp_${++state.number}`;
	const before = state.responses.get(body.previous_response_id);
	if (body.previous_response_id && !before) return notFound('Previous response not found.', 'previous_response_not_found');
	const asked = [body.input].flat().map((item, index) => ({ id: `${id}_in_${index}`, type: 'message', ...item }));
	/** @type {Response} */
	const response = {
		id,
		object: 'response',
		created_at: 1795000000,
		model: body.model,
		status: 'completed',
		output: [],
		error: null,
		usage: null,
		previous_response_id: body.previous_response_id ?? null,
		asked: [...(before?.asked ?? []), ...asked],
		turns: (before?.turns ?? 0) + 1,
	};
	state.responses.set(id, response);
	if (!body.background) finish(response, `Turn ${response.turns}`);
	else response.status = job.states?.[0] ?? 'queued';
	return body.background && body.stream ? stream(state, job, response, -1) : json(shown(response));
}

/** @param {Response} response */
function shown({ asked, turns, ...response }) {
	return response;
}

/**
 * @param {Response} response
 * @param {string} text
 */
function finish(response, text) {
	response.status = 'completed';
	const content = [{ type: 'output_text', text, annotations: [] }];
	response.output = [{ id: `msg_${response.id}`, type: 'message', role: 'assistant', status: 'completed', content }];
	response.usage = { input_tokens: 12, output_tokens: 7, total_tokens: 19 };
}

/**
 * @param {State} state
 * @param {Job} job
 * @param {Response} response
 */
function advance(state, { states = ['queued', 'completed'], text = 'Done' }, response) {
	if (['cancelled', 'completed'].includes(response.status)) return;
	response.status = states[Math.min(state.retrievals, states.length - 1)];
	if (response.status === 'completed') finish(response, text);
	if (response.status === 'failed') response.error = { code: 'server_error', message: 'The model gave up' };
}

/**
 * The events of the answer after the one with that number; cut as the job says.
 * @param {State} state
 * @param {Job} job
 * @param {Response} response
 * @param {number} after
 */
function stream(state, { cuts = [], randomCuts }, response, after) {
	const events = eventsOf(response).filter((event) => event.sequence_number > after);
	const cut = cuts[state.streams++];
	if (randomCuts && state.streams <= randomCuts.count) return cutAnywhere(events, randomCuts.random);
	return cut === undefined ? sse(events) : { ...sse(events.slice(0, cut)), cut: true };
}

/**
 * In the middle of an event, of a character or between them; only what names the response always arrives, for without
 * it nobody could go on.
 * @param {Event[]} events
 * @param {() => number} random
 */
function cutAnywhere(events, random) {
	const least = sizeOf(events.slice(0, events[0].type === 'response.created' ? 1 : 0));
	return cutOff(sse(events), least + Math.floor(random() * (sizeOf(events) - least)));
}

/** @param {Event[]} events */
const sizeOf = (events) => sse(events).body.reduce((sum, piece) => sum + Buffer.byteLength(String(piece)), 0);

/** @param {Response} response */
function eventsOf(response) {
	const item_id = `msg_${response.id}`;
	const place = { item_id, output_index: 0, content_index: 0 };
	const done = structuredClone(response);
	finish(done, WORDS.join(''));
	const events = [
		{ type: 'response.created', response: { ...shown(response), status: 'queued' } },
		{ type: 'response.in_progress', response: { ...shown(response), status: 'in_progress' } },
		{ type: 'response.output_item.added', output_index: 0, item: { id: item_id, type: 'message', role: 'assistant', content: [] } },
		...WORDS.map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
		{ type: 'response.output_text.done', ...place, text: WORDS.join('') },
		{ type: 'response.completed', response: shown(done) },
	];
	return events.map((event, index) => ({ ...event, sequence_number: index }));
}

/**
 * @param {State} state
 * @param {Recorded} request
 * @param {string} [id]
 * @param {string} [itemId]
 */
function conversations(state, { method, path, query, body }, id, itemId) {
	if (!id) {
		const made = { id: `conv_${++state.number}`, object: 'conversation', created_at: 1795000000, metadata: body.metadata ?? {} };
		state.conversations.set(made.id, { made, items: (body.items ?? []).map(named) });
		return json(made);
	}
	const conversation = state.conversations.get(id);
	if (!conversation) return notFound(`Conversation with id '${id}' not found.`);
	if (itemId && method === 'DELETE') {
		conversation.items = conversation.items.filter((item) => item.id !== itemId);
		return json(conversation.made);
	}
	if (path.endsWith('/items') && method === 'POST') {
		const added = body.items.map((/** @type {Record<string, unknown>} */ item) => named(item, ++state.number));
		conversation.items.push(...added);
		return json({ object: 'list', data: added, has_more: false });
	}
	if (path.endsWith('/items')) return page(conversation.items, query, 'desc');
	if (method === 'DELETE') {
		state.conversations.delete(id);
		return json({ id, object: 'conversation.deleted', deleted: true });
	}
	if (method === 'POST') conversation.made.metadata = body.metadata;
	return json(conversation.made);
}

/**
 * @param {Record<string, unknown>} item
 * @param {number} number
 * @returns {Entry}
 */
const named = (item, number) => ({ id: `item_${number}`, ...item });

/**
 * @param {Entry[]} entries
 * @param {Record<string, string>} query
 * @param {string} order
 */
function page(entries, { after, limit = '20' }, order) {
	const sorted = order === 'desc' ? [...entries].reverse() : entries;
	const start = after ? sorted.findIndex(({ id }) => id === after) + 1 : 0;
	const data = sorted.slice(start, start + Number(limit));
	const has_more = start + data.length < sorted.length;
	return json({ object: 'list', data, first_id: data[0]?.id, last_id: data.at(-1)?.id, has_more });
}

/**
 * @param {string} message
 * @param {string | null} [code]
 */
const notFound = (message, code = null) => refusal(404, message, code);

/**
 * @param {number} status
 * @param {string} message
 * @param {string | null} [code]
 */
const refusal = (status, message, code = null) =>
	json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status });

module.exports = { WORDS, startStatefulServer };
