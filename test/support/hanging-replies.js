/** For the tests of Stop and of timeouts: replies that end in silence, and what a run leaves behind. */
const { setImmediate, setTimeout } = require('node:timers/promises');

/** @typedef {import('./replies').Piece} Piece */

/**
 * A body of these pieces; then `action` is called, and nothing comes any more.
 * @param {Piece[]} pieces
 * @param {() => void} [action]
 */
function silentAfter(pieces, action) {
	function* body() {
		yield* pieces;
		action?.();
		yield new Promise(() => {});
	}
	return /** @type {Piece[]} */ (/** @type {unknown} */ ({ [Symbol.iterator]: body }));
}

/**
 * A body that says this again and again, a pause apart, and in the end `last`.
 * @param {string} piece
 * @param {{times: number, pause: number, last: string}} options pause in ms
 * @returns {Piece[]}
 */
function dripping(piece, { times, pause, last }) {
	// made here, for the server tells promises by their class
	const wait = async () => await setTimeout(pause);
	function* body() {
		for (let time = 0; time < times; time++) {
			yield piece;
			yield wait();
		}
		yield last;
	}
	return /** @type {Piece[]} */ (/** @type {unknown} */ ({ [Symbol.iterator]: body }));
}

/** How many timers and sockets this process has at the moment. */
const held = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TCPWrap|TLSWrap/.test(name)).length;

/**
 * Resolves when there are no more timers and sockets than `least`; gives the milliseconds that took.
 * @param {number} least
 * @param {number} [most] milliseconds after which it resolves in any case
 */
async function untilReleased(least, most = 2000) {
	const start = performance.now();
	while (held() > least && performance.now() - start < most) await setImmediate();
	return performance.now() - start;
}

/** How many timers and sockets this process keeps when nothing goes on. */
async function heldAtRest() {
	await untilReleased(0, 300);
	return held();
}

module.exports = { dripping, heldAtRest, silentAfter, untilReleased };
