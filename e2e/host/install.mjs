// A whole n8n outside of the package's own tree, kept per version in the user's cache folder, with the Node that it asks for.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';

const MADE_FROM = 'made-from.json';

/** @param {string} file of the pinned n8n */
const pinned = (file) => readFile(join(import.meta.dirname, file), 'utf8');
const { dependencies, ...manifest } = JSON.parse(await pinned('package.json'));

/** The pinned n8n's version. @type {string} */
export const VERSION = dependencies.n8n;

/** @typedef {Awaited<ReturnType<typeof installedN8n>>} Install */

/** The whole n8n of that version, installed first where it is not yet, or where what it is made from has changed. */
export async function installedN8n(version = VERSION) {
	const folder = folderOf(version);
	const modules = join(folder, 'node_modules');
	const isPinned = version === VERSION;
	const files = {
		'package.json': JSON.stringify({ ...manifest, dependencies: { ...dependencies, n8n: version } }),
		'.npmrc': await pinned('.npmrc'),
		...(isPinned && { 'package-lock.json': await pinned('package-lock.json') }),
		[MADE_FROM]: '',
	};
	files[MADE_FROM] = JSON.stringify(files);
	const madeFrom = await readFile(join(folder, MADE_FROM), 'utf8').catch(() => undefined);
	if (madeFrom !== files[MADE_FROM]) await install(folder, files, isPinned ? 'ci' : 'install');
	return { version, folder, node: join(modules, 'node', 'bin', 'node'), program: join(modules, 'n8n', 'bin', 'n8n') };
}

/**
 * Made under another name and renamed when complete, so a folder that exists is whole.
 * @param {string} folder
 * @param {Record<string, string>} files text by file name
 * @param {string} command of npm
 */
async function install(folder, files, command) {
	console.log(`Installing a whole n8n into ${folder} (about 6 minutes and 3 GB)`);
	await mkdir(join(folder, '..'), { recursive: true });
	const draft = temporaryFolder('draft', join(folder, '..'));
	for (const [file, text] of Object.entries(files)) await writeFile(join(draft, file), text);
	const npm = execa({ cwd: draft, stdio: 'inherit' });
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
	await npm('npm', [command, ...quiet]);
	// The native module that n8n cannot start without, and Node, which an install script fetches.
	await npm('npm', ['rebuild', 'sqlite3', 'node', '--ignore-scripts=false', ...quiet]);
	await rm(folder, { recursive: true, force: true });
	await rename(draft, folder);
}

/** Where the whole n8n of that version is kept, in the user's folder for caches. */
export function folderOf(version = VERSION) {
	const mac = join(homedir(), 'Library', 'Caches');
	const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const caches = XDG_CACHE_HOME || LOCALAPPDATA || (existsSync(mac) ? mac : join(homedir(), '.cache'));
	return join(caches, 'n8n-nodes-responses', `n8n-${version}`);
}
