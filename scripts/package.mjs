// Our package as a user gets it: packed from what is built, and unpacked.

import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary-folder.mjs';

/** The folder of this repository. */
export const ROOT = join(import.meta.dirname, '..');

/**
 * Packs what is built, as for publishing; sizes are in bytes.
 * @returns {Promise<{name: string, version: string, tarball: string, size: number, unpackedSize: number, files: {path: string}[]}>}
 */
export async function packed() {
	const folder = temporaryFolder('packed');
	const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
	const [report] = JSON.parse(stdout);
	return { ...report, tarball: join(folder, report.filename) };
}

/**
 * Unpacks a tarball into a folder that exists.
 * @param {string} tarball
 * @param {string} folder
 */
export const unpack = (tarball, folder) => execa('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
