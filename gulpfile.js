const { dest, src } = require('gulp');

/**
 * Copies the icons to the places in `dist` where the compiled nodes and credentials look for them.
 * `encoding: false`, else gulp reads a PNG as text and damages it. `--dist FOLDER` takes another folder than `dist`.
 */
function icons() {
	const option = process.argv.indexOf('--dist');
	const folder = option < 0 ? 'dist' : process.argv[option + 1];
	return src(['nodes/**/*.{png,svg}', 'credentials/**/*.{png,svg}'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest(folder));
}

module.exports = { 'build:icons': icons };
