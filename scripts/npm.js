const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

/** npm's program, run by Node itself: `npm` alone is a shell script on Windows. */
function npmProgram() {
	const beside = path.dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath ?? '', // set by `npm start` and `npm test`
		path.join(beside, 'node_modules/npm/bin/npm-cli.js'),
		path.join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
	];
	const found = candidates.find((file) => path.basename(file) === 'npm-cli.js' && existsSync(file));
	if (!found) throw new Error('npm was not found: run this through npm, e.g. npm start');
	return found;
}

/**
 * Runs an npm command to its end.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
const npm = (args, options) => spawnSync(process.execPath, [npmProgram(), ...args], options);

module.exports = { npm };
