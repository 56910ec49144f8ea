/** What a test needs to see how much memory is in use. */
const { createServer } = require('node:http');
const { once } = require('node:events');
const { setImmediate } = require('node:timers/promises');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = /** @type {() => void} */ (runInNewContext('gc'));

/** The bytes in use, once all that nobody needs any longer is gone. */
async function bytesInUse() {
	for (let time = 0; time < 3; time++) {
		await setImmediate();
		collectGarbage();
	}
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** A server that reads its calls and keeps nothing of them; it answers all once `count` of them have come whole. */
async function startForgetfulServer(/** @type {number} */ count, /** @type {() => Promise<void>} */ whenAllCame) {
	/** @type {Array<() => void>} */
	const answers = [];
	let bytes = 0;
	let came = 0;
	const server = createServer((request, response) => {
		request.on('data', (chunk) => (bytes += chunk.length));
		request.on('end', async () => {
			const answer = () => {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.end('{"id":"resp_1","object":"response","status":"completed","output":[]}');
			};
			if (++came > count) return answer();
			answers.push(answer);
			if (came < count) return;
			await whenAllCame();
			for (const each of answers) each();
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return { url: `http://127.0.0.1:${port}`, bytes: () => bytes, close: () => void server.close() };
}

/** Resolves after one turn of the event loop. */
const oneLoop = () => setImmediate();

/** Counts the turns of the event loop until it is stopped. */
function countTurns() {
	let [turns, isCounting] = [0, true];
	const count = async () => {
		for (; isCounting; turns++) await setImmediate();
	};
	void count();
	return { turns: () => turns, stop: () => void (isCounting = false) };
}

module.exports = { bytesInUse, countTurns, oneLoop, startForgetfulServer };
