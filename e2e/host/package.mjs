// Our package as a user gets it: packed, then unpacked to where n8n keeps community packages.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../scripts/npm.js';
import { run, temporaryFolder } from './processes.mjs';

/** The folder of this package. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @typedef {{path: string, size: number}} PackedFile size in bytes
 * @typedef {{name: string, version: string, tarball: string, size: number, unpackedSize: number, files: PackedFile[]}} Packed
 */

/**
 * Packs what is built, as for publishing.
 * @returns {Promise<Packed>}
 */
export async function packed() {
	const folder = temporaryFolder('packed');
	const { status, stdout, stderr } = npm(['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' });
	if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
	const [report] = JSON.parse(String(stdout));
	return { ...report, tarball: join(folder, report.filename) };
}

/**
 * Installs a tarball as n8n installs a community package: unpacked under the user folder, and without what only
 * developers need, so that nothing but n8n's own packages can be found from it.
 * @param {Packed} pack
 * @param {string} userFolder
 */
export async function installPackage({ name, tarball }, userFolder) {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	const path = join(folder, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = JSON.parse(await readFile(path, 'utf8'));
	await writeFile(path, JSON.stringify(manifest));
}
