/** Replies for the test server, as data: what is sent, in which pieces, and what is waited for. */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

/**
 * A piece of a reply's body: bytes (one write), or a promise that is waited for before the next piece.
 * @typedef {string | Uint8Array | Promise<unknown>} Piece
 *
 * @typedef {object} Reply
 * @property {number} [status] default 200
 * @property {Record<string, string | string[]>} [headers]
 * @property {Piece[]} body
 * @property {boolean} [cut] the socket is destroyed after the body instead of ended; default false
 * @property {Promise<unknown>} [after] waited for before the headers are sent
 */

/**
 * @param {unknown} value
 * @param {Omit<Reply, 'body'>} [more]
 * @returns {Reply}
 */
const json = (value, more) => bytes(JSON.stringify(value), 'application/json', more);

/**
 * @param {string | Uint8Array} content
 * @param {string} type content type
 * @param {Omit<Reply, 'body'>} [more]
 * @returns {Reply}
 */
const bytes = (content, type, more = {}) => ({
	...more,
	headers: { 'content-type': type, ...more.headers },
	body: [content],
});

/**
 * A stream of server-sent events, one write an event. An object is sent as its `type` and its JSON, text as it is
 * (`[DONE]`); a promise is waited for.
 * @param {(object | string | Promise<unknown>)[]} events
 * @param {Omit<Reply, 'body'>} [more]
 * @returns {Reply}
 */
const sse = (events, more) => ({ ...bytes('', 'text/event-stream', more), body: events.map(eventOf) });

/**
 * @param {object | string | Promise<unknown>} event
 * @returns {Piece}
 */
function eventOf(event) {
	if (event instanceof Promise) return event;
	if (typeof event === 'string') return `data: ${event}\n\n`;
	const name = 'type' in event ? `event: ${event.type}\n` : '';
	return `${name}data: ${JSON.stringify(event)}\n\n`;
}

/**
 * A recorded reply of `test/fixtures`, with the content type of its ending (`.json`, `.sse`).
 * @param {string} name file name
 * @param {Omit<Reply, 'body'>} [more]
 */
function fixture(name, more) {
	const type = name.endsWith('.sse') ? 'text/event-stream' : 'application/json';
	return bytes(readFileSync(path.join(__dirname, '../fixtures', name)), type, more);
}

/**
 * What such a JSON reply holds.
 * @param {string} name file name
 */
const recorded = (name) => JSON.parse(readFileSync(path.join(__dirname, '../fixtures', name), 'utf8'));

/**
 * The same reply with its bytes written in pieces that end at `cuts` (offsets in bytes), or of `cuts` bytes each.
 * @param {Reply} reply
 * @param {number[] | number} cuts
 * @returns {Reply}
 */
function pieces(reply, cuts) {
	const whole = wholeOf(reply);
	const ends = typeof cuts === 'number' ? Array.from({ length: whole.length / cuts }, (_, i) => (i + 1) * cuts) : cuts;
	return { ...reply, body: [...ends, whole.length].map((end, i) => whole.subarray(ends[i - 1] ?? 0, end)) };
}

/**
 * The reply cut off: the socket is destroyed after so many bytes of the body (default: all of them, so that only the
 * end of the reply is missing).
 * @param {Reply} reply
 * @param {number} [length]
 * @returns {Reply}
 */
const cutOff = (reply, length) => ({ ...reply, body: [wholeOf(reply).subarray(0, length)], cut: true });

/**
 * @param {Reply} reply
 * @param {'gzip' | 'br' | 'deflate'} encoding
 * @returns {Reply}
 */
function compressed(reply, encoding) {
	const compress = { gzip: zlib.gzipSync, br: zlib.brotliCompressSync, deflate: zlib.deflateSync }[encoding];
	return { ...reply, headers: { ...reply.headers, 'content-encoding': encoding }, body: [compress(wholeOf(reply))] };
}

/** @param {Reply} reply */
function wholeOf({ body }) {
	return Buffer.concat(
		body.map((piece) => {
			if (piece instanceof Promise) throw new Error('A reply that waits has no whole: wait outside of it');
			return Buffer.from(piece);
		}),
	);
}

module.exports = { bytes, compressed, cutOff, fixture, json, pieces, recorded, sse };
