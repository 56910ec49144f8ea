// Is the package fit to publish? n8n's own scanner without the network, on the source and on the packed tarball;
// what the tarball holds, how large it is and how long it takes to load.

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { packed, ROOT } from '../e2e/host/package.mjs';
import { run, temporaryFolder } from '../e2e/host/processes.mjs';

/** All that may be published: no tests, no screenshots, nothing that a compiler keeps for itself. */
const PUBLISHED =
	/^(package\.json|README\.md|CHANGELOG\.md|LICENSE(\.md)?|dist\/(index|api|credentials|nodes)\b.*\.(js|d\.ts|node\.json|svg))$/;
const LARGEST = 300_000; // bytes of the tarball

/** @type {string[]} */
const findings = [];

const pack = await packed();
const unpacked = join(temporaryFolder('scan'), 'package');
await mkdir(unpacked);
await run('tar', ['-xzf', pack.tarball, '-C', unpacked, '--strip-components=1']);

await scan('the source', ROOT, SOURCE_FILE_PATTERNS);
await scan('the tarball', unpacked, ['**/*.js', 'package.json']);
for (const { path } of pack.files) if (!PUBLISHED.test(path)) findings.push(`The tarball holds ${path}`);
if (pack.size > LARGEST) findings.push(`The tarball has ${pack.size} bytes, more than ${LARGEST}`);
console.log(`Tarball: ${kB(pack.size)}, unpacked ${kB(pack.unpackedSize)}, ${pack.files.length} files`);
console.log(`Loads in ${await loadTime()} ms`);

for (const finding of findings) console.error(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

/**
 * @param {string} what
 * @param {string} folder
 * @param {string[]} patterns
 */
async function scan(what, folder, patterns) {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	if (!passed) findings.push(`n8n's scanner on ${what}: ${message}\n${details ?? ''}`);
	console.log(`n8n's scanner on ${what}: ${passed ? 'passed' : message}`);
}

/** Milliseconds to load node and credential in a process of their own that has n8n-workflow already. */
async function loadTime() {
	const { n8n } = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
	const files = [...n8n.nodes, ...n8n.credentials].map((file) => join(unpacked, file));
	const program = `require('n8n-workflow'); const begin = performance.now();
		for (const file of ${JSON.stringify(files)}) require(file);
		console.log((performance.now() - begin).toFixed(1));`;
	const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules') };
	return (await run(process.execPath, ['-e', program], { env })).trim();
}

/** @param {number} bytes */
function kB(bytes) {
	return `${Math.round(bytes / 1_000)} kB`;
}
