// Is the package fit to publish? n8n's own scanner without the network, on the source and on the packed tarball;
// what the tarball holds, how large it is and how long it takes to load.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { execa } from 'execa';
import { packed, ROOT } from './package.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** All that may be published: no tests, no screenshots, nothing that a compiler keeps for itself. */
const PUBLISHED =
	/^(package\.json|README\.md|CHANGELOG\.md|LICENSE(\.md)?|dist\/(index|api|credentials|nodes)\b.*\.(js|d\.ts|node\.json|svg))$/;
const LARGEST = 300_000; // bytes of the tarball

const { tarball, size, unpackedSize, files } = await packed();
const folder = temporaryFolder('scan');
await execa('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);

const findings = [];
for (const [what, where, patterns] of /** @type {const} */ ([
	['source', ROOT, SOURCE_FILE_PATTERNS],
	['tarball', folder, ['**/*.js', 'package.json']],
])) {
	const { passed, message, details = '' } = await analyzePackage(where, [...patterns]);
	console.log(`n8n's scanner on the ${what}: ${passed ? 'passed' : message}`);
	if (!passed) findings.push(details);
}
for (const { path } of files) if (!PUBLISHED.test(path)) findings.push(`The tarball holds ${path}`);
if (size > LARGEST) findings.push(`The tarball has ${size} bytes, more than ${LARGEST}`);
console.log(`Tarball: ${Math.round(size / 1_000)} kB, unpacked ${Math.round(unpackedSize / 1_000)} kB, ${files.length} files`);

const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const paths = [...n8n.nodes, ...n8n.credentials].map((file) => join(folder, file));
const load = `require('n8n-workflow'); const begin = performance.now(); for (const path of ${JSON.stringify(paths)}) require(path);`;
const program = `${load} console.log((performance.now() - begin).toFixed(1));`;
const loaded = await execa(process.execPath, ['-e', program], { env: { NODE_PATH: join(ROOT, 'node_modules') } });
console.log(`Loads in ${loaded.stdout} ms, where n8n-workflow is already loaded`);
for (const finding of findings) console.error(finding);
process.exitCode = Math.min(1, findings.length);
