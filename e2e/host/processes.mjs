// Child processes and temporary folders of one script, none of which outlives it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {import('node:child_process').SpawnOptions} SpawnOptions
 * @typedef {{child: ChildProcess, printed: () => string, output: () => string, ended: Promise<number>, stop: (signal?: NodeJS.Signals) => Promise<number>}} Service
 */

const OUTPUT_KEPT = 200_000; // characters
const PATIENCE = 30_000; // ms between the polite signal and the last one

/** @type {Set<ChildProcess>} */
const running = new Set();
/** @type {string[]} */
const folders = [];

// An 'exit' handler also runs after an uncaught error; the signals are turned into an exit so that it runs for them too.
process.on('exit', () => {
	for (const child of running) signalGroup(child, 'SIGKILL');
	for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const [signal, number] of /** @type {const} */ ([
	['SIGHUP', 1],
	['SIGINT', 2],
	['SIGTERM', 15],
])) {
	process.on(signal, () => process.exit(128 + number));
}

/**
 * A new folder, removed when the script ends.
 * @param {string} name
 */
export function temporaryFolder(name) {
	const folder = mkdtempSync(join(tmpdir(), `n8n-nodes-responses-${name}-`));
	folders.push(folder);
	return folder;
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/**
 * Starts a program that goes on until it is stopped, at the latest when the script ends.
 * It leads a process group of its own, so that what it starts is stopped with it.
 * @param {string} program
 * @param {string[]} args
 * @param {SpawnOptions} [options]
 * @returns {Service}
 */
export function start(program, args, options = {}) {
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', ...options });
	running.add(child);
	let printed = '';
	let output = '';
	child.stdout?.on('data', (text) => (printed += text));
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (text) => (output = (output + text).slice(-OUTPUT_KEPT)));
	}
	/** @type {Promise<number>} */
	const ended = new Promise((resolve) => {
		child.once('error', (error) => (output += error.message));
		child.once('close', (code) => {
			running.delete(child);
			resolve(code ?? -1);
		});
	});
	/** @param {NodeJS.Signals} [signal] */
	const stop = async (signal = 'SIGTERM') => {
		const last = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE);
		child.kill(signal);
		const code = await ended;
		clearTimeout(last);
		signalGroup(child, 'SIGKILL'); // what it started and left behind
		return code;
	};
	return { child, printed: () => printed, output: () => output, ended, stop };
}

/**
 * Runs a program to its end and gives its standard output. Throws, with the end of all its output, when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {SpawnOptions} [options]
 */
export async function run(program, args, options = {}) {
	const service = start(program, args, options);
	const code = await service.ended;
	if (code !== 0) {
		throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${service.output().slice(-4_000)}`);
	}
	return service.printed();
}

/**
 * Asks again and again until there is an answer. Throws when the service ends first or the time is over.
 * @template T
 * @param {string} what
 * @param {Service} service
 * @param {() => Promise<T | undefined>} ask
 * @param {number} [limit] seconds
 */
export async function waitFor(what, service, ask, limit = 120) {
	const end = Date.now() + limit * 1_000;
	while (Date.now() < end && service.child.exitCode === null) {
		const answer = await ask().catch(() => undefined);
		if (answer !== undefined) return answer;
		await sleep(200);
	}
	throw new Error(`${what} did not come up:\n${service.output().slice(-4_000)}`);
}

/**
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
	if (!child.pid) return;
	try {
		if (process.platform === 'win32') child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch {
		// nobody is left in the group
	}
}
