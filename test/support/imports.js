/** What the source files import from each other, and how large they are. */
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const ROOT = path.resolve(__dirname, '../..');

/**
 * The TypeScript files below these folders, as paths from the root with `/`.
 * @param {string[]} folders
 */
function sourceFiles(folders) {
	return folders.flatMap((folder) =>
		readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
	);
}

/** @param {string} file */
const textOf = (file) => readFileSync(path.join(ROOT, file), 'utf8');

/**
 * The source files that a file imports, types included.
 * @param {string} file
 */
function importsOf(file) {
	const { importedFiles } = ts.preProcessFile(textOf(file));
	const own = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
	return own.map((name) => {
		const target = path.posix.join(path.posix.dirname(file), name);
		return ts.sys.fileExists(path.join(ROOT, `${target}.ts`)) ? `${target}.ts` : `${target}/index.ts`;
	});
}

/**
 * A way from a file back to itself by imports, if there is one.
 * @param {string[]} files
 * @returns {string[] | undefined}
 */
function findCircle(files) {
	const done = new Set();
	/** @type {(file: string, way: string[]) => string[] | undefined} */
	const visit = (file, way) => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const next of importsOf(file)) {
			const circle = visit(next, [...way, file]);
			if (circle) return circle;
		}
		done.add(file);
		return undefined;
	};
	for (const file of files) {
		const circle = visit(file, []);
		if (circle) return circle;
	}
	return undefined;
}

/** @param {string} file */
const linesOf = (file) => textOf(file).trimEnd().split('\n').length;

module.exports = { findCircle, importsOf, linesOf, sourceFiles };
