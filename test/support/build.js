/** Brings `dist` up to date before any test file runs, also where Jest is started alone. */
const { spawnSync } = require('node:child_process');
const path = require('node:path');

/** @throws {Error} if a source does not compile; the compiler's words are above it */
module.exports = function build() {
	const program = path.resolve(__dirname, '../../scripts/set-up.mjs');
	// to stderr: with `--json`, stdout is for Jest's report alone
	const { status } = spawnSync(process.execPath, [program], { stdio: ['ignore', 2, 2] });
	if (status !== 0) throw new Error('The build failed, so nothing was tested');
};
