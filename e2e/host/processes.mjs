// Programs that go on until they are stopped, at the latest when the script ends.

import { execa } from 'execa';
import waitOn from 'wait-on';

/** @typedef {Awaited<ReturnType<typeof start>>} Service */

/**
 * Starts a program and waits until it serves something. Throws what the program said if it does not.
 * @param {string} program
 * @param {string[]} args
 * @param {string} resource what it serves, as wait-on names it: `tcp:host:port`, `http-get://host:port/path`
 * @param {import('execa').Options} [options]
 */
export async function start(program, args, resource, options = {}) {
	const child = execa(program, args, { ...options, all: true, reject: false, forceKillAfterDelay: 30_000 });
	let output = '';
	child.all.on('data', (text) => (output += text));
	const end = () => child.kill('SIGKILL');
	process.prependListener('exit', end); // before its folders are removed
	const ended = child.finally(() => process.off('exit', end));
	const failed = ended.then(({ message }) => Promise.reject(new Error(message ?? 'it ended')));
	await Promise.race([failed, waitOn({ resources: [resource], timeout: 120_000 })]).catch(({ message }) => {
		throw new Error(`${program} did not come up: ${message}\n${output.slice(-4_000)}`);
	});
	return {
		/** All that it has said. */
		output: () => output,
		ended,
		/** @param {NodeJS.Signals} [signal] after SIGTERM, which is the default, it has 30 s to end */
		stop: async (signal) => {
			child.kill(signal);
			return await ended;
		},
	};
}
