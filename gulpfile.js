const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, src } = require('gulp');
const { n8n } = require('./package.json');

const option = process.argv.indexOf('--dist');
const DIST = option < 0 ? 'dist' : process.argv[option + 1];

/**
 * Copies the icons, and the files by which n8n's search finds a node, to the places in `dist` where n8n looks for them.
 * `encoding: false`, else gulp reads a PNG as text and damages it. `--dist FOLDER` takes another folder than `dist`.
 */
function assets() {
	return src(['nodes/**/*.{png,svg,node.json}', 'credentials/**/*.{png,svg}'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest(DIST));
}

/**
 * Makes one minified file of all code, so that users install less, and one line at each place where n8n looks for a node or a
 * credential. The source map beside the file, which is not published, leads from a stack trace to the sources.
 */
async function code() {
	await esbuild.build({
		entryPoints: ['index.ts'],
		outfile: path.join(DIST, 'index.js'),
		bundle: true,
		minify: true,
		sourcemap: true,
		sourcesContent: false,
		platform: 'node',
		target: 'node20',
		packages: 'external',
		// n8n gives `require` to the code that it loads
		supported: { 'dynamic-import': false },
	});
	for (const place of [...n8n.credentials, ...n8n.nodes]) {
		const file = path.join(DIST, path.relative('dist', place));
		const bundle = path.posix.relative(path.posix.dirname(place), 'dist/index.js');
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, `module.exports = require('${bundle}');\n`);
	}
}

module.exports = { 'build:icons': assets, build: parallel(assets, code) };
