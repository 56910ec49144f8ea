const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { dest, series, src } = require('gulp');
const terser = require('terser');

const option = process.argv.indexOf('--dist');
const DIST = option < 0 ? 'dist' : process.argv[option + 1];

/**
 * Copies the icons to the places in `dist` where the compiled nodes and credentials look for them.
 * `encoding: false`, else gulp reads a PNG as text and damages it. `--dist FOLDER` takes another folder than `dist`.
 */
function icons() {
	return src(['nodes/**/*.{png,svg}', 'credentials/**/*.{png,svg}'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest(DIST));
}

/**
 * Minifies the compiled files, so that users install less. Classes keep their names; the source maps beside the files, which are
 * not published, lead from a stack trace to the sources.
 */
async function minify() {
	const files = readdirSync(DIST, { recursive: true }).map((name) => join(DIST, String(name)));
	for (const file of files.filter((name) => name.endsWith('.js'))) {
		const sourceMap = { content: readFileSync(`${file}.map`, 'utf8'), url: `${basename(file)}.map` };
		const { code, map } = await terser.minify(readFileSync(file, 'utf8'), { toplevel: true, keep_classnames: true, sourceMap });
		writeFileSync(file, code);
		writeFileSync(`${file}.map`, map);
	}
}

module.exports = { 'build:icons': icons, build: series(icons, minify) };
