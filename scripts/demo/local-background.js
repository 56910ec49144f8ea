/** What the embedded server lacks: responses in the background, which are asked for again until they are finished. */
const { once } = require('node:events');
const { Readable } = require('node:stream');
const consumers = require('node:stream/consumers');
const { pipeline } = require('node:stream/promises');

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Reply
 * @typedef {{ [key: string]: unknown }} Json
 *
 * @typedef {object} Job
 * @property {Json} response the whole answer, shown once it is due
 * @property {number} due when the work on it ends, as `Date.now()` counts
 */

/** Marks the calls that this part itself makes to the server that it is a part of. */
const INNER = 'x-inner-call';

/**
 * A part of the server for the path `/v1/responses`: a request with `background` is answered at once and worked on for
 * `workTime` milliseconds; any other gets the server's own answer.
 * @param {{ url: () => string, workTime: number }} options `url`: of the server
 * @returns {import('@copilotkit/aimock').Mountable}
 */
function background({ url, workTime }) {
	/** @type {Map<string, Job>} */
	const jobs = new Map();

	/** @param {Request} request */
	const create = async (request, /** @type {Reply} */ reply) => {
		const { background, ...body } = /** @type {Json} */ (await consumers.json(request));
		const asked = background === true ? { ...body, stream: false } : body;
		const answer = await fetch(`${url()}/v1/responses`, {
			method: 'POST',
			headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json', [INNER]: '1' },
			body: JSON.stringify(asked),
		});
		if (background !== true || !answer.ok) return await passOn(answer, reply);
		const response = /** @type {Json} */ (await answer.json());
		jobs.set(String(response.id), { response: { ...response, background }, due: Date.now() + workTime });
		send(reply, 200, { ...unfinished({ ...response, background }), status: 'queued' });
	};

	return {
		async handleRequest(request, reply, path) {
			if (INNER in request.headers) return false;
			const [, id, action] = path.split('/').map(decodeURIComponent);
			if (!id && request.method === 'POST') await create(request, reply);
			else send(reply, ...answerOf(jobs, id, action ?? request.method));
			return true;
		},
	};
}

/**
 * @param {Map<string, Job>} jobs
 * @param {string} id
 * @param {string} action
 * @returns {[status: number, body: Json]}
 */
function answerOf(jobs, id, action) {
	const job = jobs.get(id);
	if (!job)
		return [404, { error: { message: `Response with id '${id}' not found.`, type: 'invalid_request_error', param: null, code: null } }];
	if (action === 'DELETE') {
		jobs.delete(id);
		return [200, { id, object: 'response', deleted: true }];
	}
	const isAtWork = Date.now() < job.due;
	if (action === 'cancel' && isAtWork) Object.assign(job, { due: 0, response: { ...unfinished(job.response), status: 'cancelled' } });
	return [200, isAtWork && action !== 'cancel' ? unfinished(job.response) : job.response];
}

/**
 * @param {Json} response
 * @returns {Json}
 */
const unfinished = (response) => ({ ...response, status: 'in_progress', output: [], usage: null });

/**
 * @param {Reply} reply
 * @param {number} status
 * @param {Json} body
 */
const send = (reply, status, body) => reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/**
 * @param {Response} answer
 * @param {Reply} reply
 */
async function passOn(answer, reply) {
	reply.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
	if (answer.body) await pipeline(Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (answer.body)), reply);
	else await once(reply.end(), 'close');
}

module.exports = { background };
