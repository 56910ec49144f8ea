/**
 * Makes a fresh clone ready to run: installs the packages if they differ from package-lock.json, builds `dist` if a
 * source changed. Does nothing, quickly, when nothing is to do. Uses nothing but Node, as nothing else may be there yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCES = ['api', 'credentials', 'nodes', 'index.ts', 'tsconfig.json', 'gulpfile.js', 'package.json', 'package-lock.json'];
/** Holds the hash of the sources that `dist` was built from; outside of `dist`, which is published. */
const STAMP = 'node_modules/.dist-built-from';
/** Where a build is made before it is moved into place; beside `dist`, so that its source maps lead to the sources from there too. */
const BUILD = `.dist-${process.pid}`;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`Node 20.19 or newer is needed; this is Node ${process.versions.node}`);
	process.exit(1);
}
process.chdir(path.resolve(import.meta.dirname, '..'));

/** Whether npm's own list of what it installed has every package of package-lock.json, at its version. */
function isInstalled() {
	const packagesOf = (/** @type {string} */ file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {});
	const present = packagesOf('node_modules/.package-lock.json');
	const wanted = Object.entries(packagesOf('package-lock.json')).filter(([folder, { optional }]) => folder !== '' && !optional);
	return wanted.every(([folder, { version }]) => present[folder]?.version === version);
}

/** One hash over the names and contents of all sources. */
function sourcesHash() {
	const hash = createHash('sha256');
	const namesIn = (/** @type {string} */ folder) => readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)));
	const paths = SOURCES.flatMap((source) => (path.extname(source) ? source : namesIn(source)));
	const files = paths.filter((file) => statSync(file).isFile());
	for (const file of files.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
	return hash.digest('hex');
}

const isBuilt = (/** @type {string} */ hash) => existsSync('dist/index.js') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash;

/** Runs a command and says how long it took; ends the process with status 1 if it fails. @type {(doing: string, command: string) => void} */
function step(doing, command) {
	const start = performance.now();
	console.log(`${doing} ...`);
	const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
	if (status !== 0) {
		rmSync(BUILD, { recursive: true, force: true });
		console.error(`${doing}: failed (exit status ${status}; the reason is above)`);
		process.exit(1);
	}
	console.log(`${doing}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Puts the build into the place of `dist`, by renames alone: a test run beside this one may read `dist`, or replace it too. */
function replaceDist() {
	const old = `${BUILD}-old`;
	for (let triesLeft = 10; ; triesLeft--) {
		try {
			if (existsSync('dist')) renameSync('dist', old);
			return renameSync(BUILD, 'dist');
		} catch (error) {
			// another one was put there in between
			if (triesLeft === 0) throw error;
		} finally {
			rmSync(old, { recursive: true, force: true });
		}
	}
}

const INSTALL = 'npm ci --ignore-scripts --include=dev --loglevel=error --no-audit --no-fund';
if (isInstalled()) console.log('Packages: up to date');
else step('Installing packages (about 1.5 GB, some minutes)', INSTALL);

const hash = sourcesHash();
if (isBuilt(hash)) console.log('Build: up to date');
else {
	// built beside, then moved into place: whatever reads `dist` meanwhile finds a whole one
	step('Building', `node node_modules/gulp/bin/gulp.js build --silent --dist ${BUILD}`);
	replaceDist();
	writeFileSync(STAMP, hash);
}
