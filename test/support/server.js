/** A real HTTP server for tests: records what arrives, gives out the replies of `replies.js`. */
const { once } = require('node:events');
const { createServer } = require('node:http');
const { setImmediate } = require('node:timers/promises');
const replies = require('./replies');

/**
 * @typedef {import('./replies').Reply} Reply
 *
 * @typedef {object} Recorded
 * @property {string} method
 * @property {string} path without the query
 * @property {Record<string, string>} query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string[]} rawHeaders names as written, each followed by its value
 * @property {Buffer} raw the body's bytes
 * @property {any} body the body parsed, undefined if it is not JSON
 * @property {number} at when it had arrived, in ms of a clock that only runs forwards
 * @property {number | undefined} closedByClientAt when the client hung up before its reply was complete, same clock
 * @property {Promise<void>} closed resolves when the reply is complete or the client has hung up
 *
 * @typedef {Reply | Reply[] | ((request: Recorded) => Reply | Promise<Reply>)} Handler
 */

/**
 * A server on 127.0.0.1, at a free port unless one is named. The handler is one reply for every request, a list given out in turn (then
 * status 500), or a function.
 * @param {Handler} handler
 * @param {number} [atPort]
 */
async function startServer(handler, atPort = 0) {
	/** @type {Recorded[]} */
	const requests = [];
	/** @type {Set<() => void>} */
	const waiting = new Set();
	const load = { now: 0, most: 0 };
	const replyTo = replierOf(handler);

	/**
	 * @param {import('node:http').IncomingMessage} message
	 * @param {import('node:http').ServerResponse} response
	 */
	const answer = async (message, response) => {
		load.most = Math.max(load.most, ++load.now);
		response.once('close', () => load.now--);
		const request = await record(message, response);
		requests.push(request);
		for (const check of waiting) check();
		await write(await replyTo(request), response);
	};
	const server = createServer({ noDelay: true }, (message, response) => {
		// A handler that throws shows in the test as a reply that never came whole.
		answer(message, response).catch(() => hangUp(response));
	});
	server.listen(atPort, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

	return {
		/** e.g. `http://127.0.0.1:40123` */
		url: `http://127.0.0.1:${port}`,
		/** in the order of arrival */
		requests,
		/** requests being answered at this moment */
		get inFlight() {
			return load.now;
		},
		/** the most that were being answered at one moment */
		get mostInFlight() {
			return load.most;
		},
		/**
		 * Resolves to the nth request (from 1) once it has arrived.
		 * @param {number} n
		 * @returns {Promise<Recorded>}
		 */
		async request(n) {
			await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
				const check = () => {
					if (requests.length < n) return;
					waiting.delete(check);
					resolve();
				};
				waiting.add(check);
				check();
			});
			return requests[n - 1];
		},
		/** Stops the server and destroys what is still open. */
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

/**
 * @param {Handler} handler
 * @returns {(request: Recorded) => Reply | Promise<Reply>}
 */
function replierOf(handler) {
	if (typeof handler === 'function') return handler;
	if (!Array.isArray(handler)) return () => handler;
	const left = [...handler];
	return () => left.shift() ?? replies.json({ error: { message: 'The test has no reply left' } }, { status: 500 });
}

/**
 * @param {import('node:http').IncomingMessage} message
 * @param {import('node:http').ServerResponse} response
 * @returns {Promise<Recorded>}
 */
async function record(message, response) {
	const raw = Buffer.concat(await message.toArray());
	const { pathname, searchParams } = new URL(message.url ?? '/', 'http://localhost');
	/** @type {Recorded} */
	const request = {
		method: message.method ?? '',
		path: pathname,
		query: Object.fromEntries(searchParams),
		headers: message.headers,
		rawHeaders: message.rawHeaders,
		raw,
		body: parsed(raw),
		at: performance.now(),
		closedByClientAt: undefined,
		closed: once(response, 'close').then(() => {
			if (!response.writableEnded && !hungUp.has(response)) request.closedByClientAt = performance.now();
		}),
	};
	return request;
}

/**
 * Undefined if the bytes are not JSON: some requests have none.
 * @param {Buffer} raw
 */
function parsed(raw) {
	try {
		return JSON.parse(raw.toString());
	} catch {
		return undefined;
	}
}

/** @type {WeakSet<import('node:http').ServerResponse>} */
const hungUp = new WeakSet();

/** @param {import('node:http').ServerResponse} response */
function hangUp(response) {
	hungUp.add(response);
	response.destroy();
}

/**
 * @param {Reply} reply
 * @param {import('node:http').ServerResponse} response
 */
async function write({ status = 200, headers = {}, body, cut = false, after }, response) {
	await after;
	response.writeHead(status, headers);
	response.flushHeaders();
	for (const piece of body) {
		if (piece instanceof Promise) await piece;
		else await new Promise((resolve) => response.write(piece, resolve));
		await setImmediate(); // a turn for the reader, else it gets several pieces at once
		if (response.closed) return;
	}
	if (cut) hangUp(response);
	else response.end();
}

module.exports = { ...replies, startServer };
