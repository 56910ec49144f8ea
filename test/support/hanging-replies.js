/** For the tests of Stop and of timeouts: replies that end in silence, and what a run leaves behind. */
const { setImmediate, setTimeout } = require('node:timers/promises');

/** @typedef {import('./replies').Piece} Piece */

/** Turns of the event loop after which a reader in this process has all that was written to it. */
async function untilRead() {
	for (let turn = 0; turn < 50; turn++) await setImmediate();
}

/**
 * A body of these pieces; when they have been read, `action` is called, and nothing comes any more.
 * @param {Piece[]} pieces
 * @param {() => void} [action]
 */
function silentAfter(pieces, action) {
	function* body() {
		yield* pieces;
		yield untilRead();
		action?.();
		yield new Promise(() => {});
	}
	return bodyOf(body);
}

/**
 * A body that says this again and again, and never ends; `action` is called when it has been read once.
 * @param {string} piece
 * @param {() => void} [action]
 */
function dripping(piece, action) {
	// made here, for the server tells promises by their class
	const pause = async () => await setTimeout(50);
	function* body() {
		yield piece;
		yield untilRead();
		action?.();
		for (;;) {
			yield piece;
			yield pause();
		}
	}
	return bodyOf(body);
}

/**
 * A body that is made while it is sent.
 * @param {() => Generator<Piece>} pieces
 */
const bodyOf = (pieces) => /** @type {Piece[]} */ (/** @type {unknown} */ ({ [Symbol.iterator]: pieces }));

/** How many timers and sockets this process has at the moment. */
const heldResources = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TCPWrap|TLSWrap/.test(name)).length;

/**
 * Resolves when there are no more timers and sockets than that.
 * @param {number} most
 * @throws {Error} after a minute, before Jest gives the test up
 */
async function untilReleased(most) {
	const end = performance.now() + 60_000;
	while (heldResources() > most) {
		if (performance.now() > end) throw new Error(`Still held: ${process.getActiveResourcesInfo().join(', ')}`);
		await setImmediate();
	}
}

module.exports = { dripping, heldResources, silentAfter, untilRead, untilReleased };
