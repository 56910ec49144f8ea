// Our package as a user gets it.
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary-folder.mjs';

/** The folder of this repository. */
export const ROOT = join(import.meta.dirname, '..');

/** @typedef {{tarball: string, size: number, unpackedSize: number, files: {path: string}[]}} Packed sizes in bytes */

/** Packs what is built, as for publishing. @returns {Promise<Packed>} */
export async function packed() {
	const folder = temporaryFolder('packed');
	const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
	const [report] = JSON.parse(stdout);
	return { ...report, tarball: join(folder, report.filename) };
}
