/** The package as npm would publish it. Build first: it is made of `dist`. */
const { execSync, spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

/**
 * @returns {{files: string[], size: number}} the paths in the tarball, and its size in bytes, compressed
 */
function tarball() {
	const [{ files, size }] = JSON.parse(execSync('npm pack --dry-run --json', { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }));
	return { files: files.map((/** @type {{path: string}} */ file) => file.path), size };
}

/**
 * What the published code asks Node for, each once, relative files left out.
 * @param {string[]} files paths in the tarball
 */
function modulesOf(files) {
	const code = files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(path.join(ROOT, file), 'utf8'));
	const calls = code.flatMap((text) => [...text.matchAll(/\b(?:require|import)\(["'`](.+?)["'`]\)/g)].map(([, name]) => name));
	return [...new Set(calls)].filter((name) => !name.startsWith('.')).sort();
}

/**
 * Loads every published file as on a host, where only n8n-workflow is at hand. Returns Node's complaint, "" if there is none.
 * @param {string[]} files paths in the tarball
 */
const loadAlone = (files) =>
	runAlone(
		files,
		files
			.filter((file) => file.endsWith('.js'))
			.map((file) => `require(${JSON.stringify(`./${file}`)});`)
			.join(''),
	).stderr;

/**
 * Runs a script in a folder that holds the published files, where only n8n-workflow is at hand.
 * @param {string[]} files paths in the tarball
 * @param {string} script
 */
function runAlone(files, script) {
	const folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-responses-'));
	try {
		for (const file of files) cpSync(path.join(ROOT, file), path.join(folder, 'package', file), { recursive: true });
		const modules = path.join(folder, 'modules');
		cpSync(path.join(ROOT, 'package.json'), path.join(modules, 'package.json'));
		symlinkSync(path.join(ROOT, 'node_modules/n8n-workflow'), path.join(modules, 'n8n-workflow'), 'junction');
		const options = { cwd: path.join(folder, 'package'), env: { ...process.env, NODE_PATH: modules } };
		return spawnSync(process.execPath, ['-e', script], { ...options, encoding: /** @type {const} */ ('utf8') });
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

module.exports = { loadAlone, modulesOf, runAlone, tarball };
