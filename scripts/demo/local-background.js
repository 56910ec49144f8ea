/** What the embedded server lacks: responses in the background, which are asked for again until they are finished. */
const { Readable } = require('node:stream');
const consumers = require('node:stream/consumers');
const { pipeline } = require('node:stream/promises');

/** @typedef {{ [key: string]: unknown }} Json */

const INNER = 'x-inner-request'; // marks what this part itself sends to the server that it is a part of

/** @type {(response: Json, status: string) => Json} */
const unfinished = (response, status) => ({ ...response, status, output: [], usage: null });
/** @type {(reply: import('node:http').ServerResponse, status: number, body: Json) => unknown} */
const send = (reply, status, body) => reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/**
 * A part of the server for the path `/v1/responses`: a request with `background` is answered at once and worked on for
 * `workTime` milliseconds; any other gets the server's own answer.
 * @param {{ url: () => string, workTime: number }} options `url`: of the server
 * @returns {import('@copilotkit/aimock').Mountable}
 */
function background({ url, workTime }) {
	/** The whole response, and when the work on it ends. @type {Map<string, { response: Json, due: number }>} */
	const jobs = new Map();

	/** @type {(body: Json, authorization: string | undefined, reply: import('node:http').ServerResponse) => Promise<unknown>} */
	const create = async ({ background, ...body }, authorization = '', reply) => {
		const headers = { authorization, 'content-type': 'application/json', [INNER]: '1' };
		const asked = background === true ? { ...body, stream: false } : body;
		const answer = await fetch(`${url()}/v1/responses`, { method: 'POST', headers, body: JSON.stringify(asked) });
		if (background === true && answer.ok) {
			// a Get tells by the format whether the answer is JSON
			const response = /** @type {Json} */ ({ ...Object(await answer.json()), background, text: body.text });
			jobs.set(String(response.id), { response, due: Date.now() + workTime });
			return send(reply, 200, unfinished(response, 'queued'));
		}
		reply.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
		return await pipeline(Readable.fromWeb(/** @type {never} */ (answer.body)), reply);
	};

	/** @type {(id: string, action: string | undefined) => [status: number, body: Json]} */
	const answerOf = (id, action) => {
		const job = jobs.get(id);
		const message = `Response with id '${id}' not found.`;
		if (!job) return [404, { error: { message, type: 'invalid_request_error', param: null, code: null } }];
		if (action === 'DELETE') return [200, { id, object: 'response', deleted: jobs.delete(id) }];
		const isAtWork = Date.now() < job.due;
		if (isAtWork && action !== 'cancel') return [200, unfinished(job.response, 'in_progress')];
		if (isAtWork) Object.assign(job, { due: 0, response: unfinished(job.response, 'cancelled') });
		return [200, job.response];
	};

	return {
		async handleRequest(request, reply, path) {
			if (INNER in request.headers) return false;
			const [, id, action] = path.split('/').map(decodeURIComponent);
			if (id || request.method !== 'POST') send(reply, ...answerOf(id, action ?? request.method));
			else await create(/** @type {Json} */ (await consumers.json(request)), request.headers.authorization, reply);
			return true;
		},
	};
}

module.exports = { background };
