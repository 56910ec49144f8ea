// Is the package fit to publish? n8n's own scanner without the network, on the source and on the packed tarball;
// what the tarball holds, how large it is and how long it takes to load.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { execa } from 'execa';
import { packed, ROOT, unpack } from './package.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** All that may be published: no tests, no screenshots, nothing that a compiler keeps for itself. */
const PUBLISHED =
	/^(package\.json|README\.md|CHANGELOG\.md|LICENSE(\.md)?|dist\/(index|api|credentials|nodes)\b.*\.(js|d\.ts|node\.json|svg))$/;
const LARGEST = 300_000; // bytes of the tarball

const { tarball, size, unpackedSize, files } = await packed();
const folder = temporaryFolder('scan');
await unpack(tarball, folder);

const findings = [
	...(await scan('the source', ROOT, SOURCE_FILE_PATTERNS)),
	...(await scan('the tarball', folder, ['**/*.js', 'package.json'])),
	...files.filter(({ path }) => !PUBLISHED.test(path)).map(({ path }) => `The tarball holds ${path}`),
	...(size > LARGEST ? [`The tarball has ${size} bytes, more than ${LARGEST}`] : []),
];
console.log(`Tarball: ${Math.round(size / 1_000)} kB, unpacked ${Math.round(unpackedSize / 1_000)} kB, ${files.length} files`);
console.log(`Loads in ${await loadTime()} ms`);
for (const finding of findings) console.error(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @type {(what: string, folder: string, patterns: string[]) => Promise<string[]>} */
async function scan(what, folder, patterns) {
	const { passed, message, details = '' } = await analyzePackage(folder, patterns);
	console.log(`n8n's scanner on ${what}: ${passed ? 'passed' : message}`);
	return passed ? [] : [`n8n's scanner on ${what}: ${message}\n${details}`];
}

/** Milliseconds to load the nodes and the credential in a process of their own that has n8n-workflow already. */
async function loadTime() {
	const { n8n } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
	const paths = [...n8n.nodes, ...n8n.credentials].map((file) => join(folder, file));
	const program = `require('n8n-workflow'); const begin = performance.now();
		for (const path of ${JSON.stringify(paths)}) require(path);
		console.log((performance.now() - begin).toFixed(1));`;
	const { stdout } = await execa(process.execPath, ['-e', program], { env: { NODE_PATH: join(ROOT, 'node_modules') } });
	return stdout;
}
