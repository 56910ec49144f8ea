// Programs that go on until they are stopped, at the latest when the script ends.
import { execa } from 'execa';
import waitOn from 'wait-on';

/** @typedef {Awaited<ReturnType<typeof start>>} Service */

/**
 * Starts a program and waits until it serves something. Throws what the program said if it does not.
 * @param {string} resource what it serves: `tcp:host:port` or an `http:` address
 * @param {import('execa').Options} [options]
 */
export async function start(/** @type {string} */ program, /** @type {string[]} */ args, resource, options = {}) {
	const child = execa(program, args, { ...options, all: true, reject: false, forceKillAfterDelay: 30_000 });
	let said = '';
	child.all.on('data', (text) => (said += text));
	const kill = () => child.kill('SIGKILL');
	process.prependListener('exit', kill); // before its folders are removed
	const ended = child.finally(() => process.off('exit', kill));
	const failed = ended.then(({ message }) => Promise.reject(new Error(message ?? 'it ended')));
	const resources = [resource.replace(/^http:/, 'http-get:')];
	await Promise.race([failed, waitOn({ resources, timeout: 120_000 })]).catch(({ message }) => {
		throw new Error(`${program} did not come up: ${message}\n${said.slice(-4_000)}`);
	});
	/** After SIGTERM, which is the default, it has 30 s to end. @param {NodeJS.Signals} [signal] */
	const stop = async (signal) => {
		child.kill(signal);
		return await ended;
	};
	return { output: () => said, ended, stop };
}
