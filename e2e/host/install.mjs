// A whole n8n outside of the package's own tree, kept per version in the user's cache folder, with the Node that it asks for.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';

/** @typedef {Awaited<ReturnType<typeof installedN8n>>} Install */

const MADE_FROM = 'made-from.json';
const pinned = (/** @type {string} */ file) => readFile(join(import.meta.dirname, file), 'utf8');
const { dependencies, ...manifest } = JSON.parse(await pinned('package.json'));

/** The whole n8n of that version, installed first where it is not yet, or where what it is made from has changed. */
export async function installedN8n(version = dependencies.n8n) {
	const isPinned = version === dependencies.n8n;
	const files = {
		'package.json': JSON.stringify({ ...manifest, dependencies: { ...dependencies, n8n: version } }),
		'.npmrc': await pinned('.npmrc'),
		...(isPinned && { 'package-lock.json': await pinned('package-lock.json') }),
	};
	const madeFrom = JSON.stringify(files);
	const folder = folderOf(version);
	const found = await readFile(join(folder, MADE_FROM), 'utf8').catch(() => undefined);
	if (found !== madeFrom) await install(folder, { ...files, [MADE_FROM]: madeFrom }, isPinned ? 'ci' : 'install');
	const modules = join(folder, 'node_modules');
	return { version, folder, node: join(modules, 'node', 'bin', 'node'), program: join(modules, 'n8n', 'bin', 'n8n') };
}

/** @type {(folder: string, files: Record<string, string>, command: string) => Promise<void>} */
async function install(folder, files, command) {
	console.log(`Installing a whole n8n into ${folder} (about 6 minutes and 3 GB)`);
	await mkdir(dirname(folder), { recursive: true });
	// Renamed when complete, so a folder that exists is whole.
	const draft = temporaryFolder('draft', dirname(folder));
	for (const [file, text] of Object.entries(files)) await writeFile(join(draft, file), text);
	const npm = execa({ cwd: draft, stdio: 'inherit' });
	await npm`npm ${command} --no-audit --no-fund --loglevel=error`;
	// The native module that n8n cannot start without, and Node, which an install script fetches.
	await npm`npm rebuild sqlite3 node --ignore-scripts=false`;
	await rm(folder, { recursive: true, force: true });
	await rename(draft, folder);
}

/** Where the whole n8n of that version is kept, in the user's folder for caches. */
export function folderOf(version = dependencies.n8n) {
	const mac = join(homedir(), 'Library', 'Caches');
	const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const caches = XDG_CACHE_HOME || LOCALAPPDATA || (existsSync(mac) ? mac : join(homedir(), '.cache'));
	return join(caches, 'n8n-nodes-responses', `n8n-${version}-node-${dependencies.node}`);
}
