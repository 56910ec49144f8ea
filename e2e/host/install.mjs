// A full n8n outside the package's own tree, kept per version in the user's cache folder.

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const NODE = '24.21.0'; // where the machine's own Node is older than n8n asks for
const OLDEST_NODE = 24;
const MADE_FROM = 'made-from.json';
const PINNED = dirname(fileURLToPath(import.meta.url)); // package.json and package-lock.json of the pinned n8n

/** The pinned n8n's version. */
export const VERSION = /** @type {string} */ (JSON.parse(await readFile(join(PINNED, 'package.json'), 'utf8')).dependencies.n8n);

/** @typedef {Record<string, string>} Files text by file name */
/** @typedef {{version: string, folder: string, node: string, program: string}} Install */

/**
 * The full n8n of that version, installed first where it is not yet. The first time takes some minutes and 3 GB.
 * @param {string} [version]
 * @returns {Promise<Install>}
 */
export async function installedN8n(version = VERSION) {
	const node = await nodeProgram();
	const files = await filesOf(version);
	const folder = await cached(`n8n-${version}`, files, async (draft) => {
		await npm(draft, ['package-lock.json' in files ? 'ci' : 'install']);
		// The one native module that n8n cannot start without.
		await npm(draft, ['rebuild', 'sqlite3', '--ignore-scripts=false']);
	});
	return { version, folder, node, program: join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

/** The machine's Node, or one of our own where that is too old for n8n. */
async function nodeProgram() {
	if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath;
	const manifest = { private: true, dependencies: { node: NODE }, allowScripts: { node: true } };
	// The `node` package fetches the program for this machine in an install script.
	const folder = await cached(`node-${NODE}`, { 'package.json': JSON.stringify(manifest) }, (draft) =>
		npm(draft, ['install', '--ignore-scripts=false']),
	);
	return join(folder, 'node_modules', 'node', 'bin', 'node');
}

/**
 * What an install of that version is made from: of the pinned one every package is fixed by its lock file.
 * @param {string} version
 * @returns {Promise<Files>}
 */
async function filesOf(version) {
	const [manifest, settings, lock] = await Promise.all(
		['package.json', '.npmrc', 'package-lock.json'].map((name) => readFile(join(PINNED, name), 'utf8')),
	);
	if (version === VERSION) return { 'package.json': manifest, '.npmrc': settings, 'package-lock.json': lock };
	const other = { ...JSON.parse(manifest), dependencies: { n8n: version } };
	return { 'package.json': JSON.stringify(other), '.npmrc': settings };
}

/**
 * A folder of the cache. It is made under another name and renamed when complete, so one that
 * exists is whole; changed files make it anew.
 * @param {string} name
 * @param {Files} files
 * @param {(draft: string) => Promise<void>} install
 */
async function cached(name, files, install) {
	const folder = join(cacheFolder(), name);
	const madeFrom = JSON.stringify(files);
	if ((await readFile(join(folder, MADE_FROM), 'utf8').catch(() => '')) === madeFrom) return folder;
	console.log(`Installing ${name} into ${folder}`);
	await removeLeftovers(folder);
	const draft = `${folder}.${process.pid}`;
	await mkdir(draft);
	for (const [file, text] of Object.entries(files)) await writeFile(join(draft, file), text);
	await install(draft);
	await writeFile(join(draft, MADE_FROM), madeFrom);
	await rm(folder, { recursive: true, force: true });
	await rename(draft, folder);
	return folder;
}

/**
 * Removes what installs that were stopped half-way left behind.
 * @param {string} folder
 */
async function removeLeftovers(folder) {
	await mkdir(dirname(folder), { recursive: true });
	for (const name of await readdir(dirname(folder))) {
		const path = join(dirname(folder), name);
		const pid = Number(path.slice(folder.length + 1));
		if (path.startsWith(`${folder}.`) && !isRunning(pid)) await rm(path, { recursive: true, force: true });
	}
}

/** @param {number} pid */
function isRunning(pid) {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Where whole n8ns are kept, each in a folder `n8n-<version>`. */
export function cacheFolder() {
	const home = homedir();
	const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const mac = join(home, 'Library', 'Caches');
	const base = XDG_CACHE_HOME || LOCALAPPDATA || (existsSync(mac) ? mac : join(home, '.cache'));
	return join(base, 'n8n-nodes-responses');
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
async function npm(folder, args) {
	const begin = Date.now();
	const seconds = () => `${Math.round((Date.now() - begin) / 1_000)} s`;
	const sign = setInterval(() => console.log(`  npm ${args[0]}: still at work, ${seconds()}`), 30_000);
	try {
		await run('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, shell: process.platform === 'win32' });
	} finally {
		clearInterval(sign);
	}
	console.log(`  npm ${args.filter((arg) => !arg.startsWith('-')).join(' ')}: done in ${seconds()}`);
}
