// Programs that a machine must bring beside Node: a browser, Redis, PostgreSQL.

import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POSTGRES = '/usr/lib/postgresql'; // Debian keeps the server's programs there, a folder a version, outside the PATH

/** Paths of the browsers that the editor's tests can drive. */
export const chromium = () =>
	program('chromium', ['chromium', 'chromium-browser', 'google-chrome'], ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']);
export const redis = () => program('redis-server', ['redis-server']);
/** @param {'initdb' | 'postgres'} name */
export const postgres = (name) =>
	program(
		'postgresql',
		[name],
		postgresFolders().map((folder) => join(folder, name)),
	);

/**
 * @param {string} debianPackage to name where nothing is found
 * @param {string[]} names in the PATH
 * @param {string[]} [paths] elsewhere
 */
function program(debianPackage, names, paths = []) {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const found = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...paths].find(existsSync);
	if (!found) throw new Error(`${names[0]} was not found; on Debian and Ubuntu: apt-get install ${debianPackage}`);
	return found;
}

function postgresFolders() {
	if (!existsSync(POSTGRES)) return [];
	return readdirSync(POSTGRES)
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(POSTGRES, version, 'bin'));
}
