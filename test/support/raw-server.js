/** A server that breaks HTTP itself: what Node's own server would not send. */
const { once } = require('node:events');
const { createServer } = require('node:net');
const { setImmediate } = require('node:timers/promises');

/**
 * Answers every connection with these bytes as they are, after it has read something, and then ends or resets it.
 * @param {(string | Uint8Array)[]} pieces status line, headers and body; one write each
 * @param {{reset?: boolean}} [options] reset: the socket is destroyed instead of ended
 */
async function startRawServer(pieces, { reset = false } = {}) {
	/** @type {Set<import('node:net').Socket>} */
	const sockets = new Set();
	let calls = 0;
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		socket.once('data', async () => {
			calls++;
			for (const piece of pieces) {
				socket.write(piece);
				await setImmediate();
			}
			if (reset) socket.resetAndDestroy();
			else socket.end();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://127.0.0.1:${port}`,
		/** how many calls came */
		get calls() {
			return calls;
		},
		/** Stops the server and destroys what is still open. */
		async close() {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, 'close');
		},
	};
}

module.exports = { startRawServer };
