import { runNode } from '../support/engine';
import { credentialsOf, parametersOf } from '../support/cases';
import { loadAlone, modulesOf, tarball } from '../support/tarball';

const { files, size } = tarball();

test('the tarball holds the built package and its papers, nothing else', () => {
	const others = files.filter((file) => !/^dist\/(credentials|nodes)\/.+\.(js|json|svg)$/.test(file));
	expect(others.sort()).toEqual(['LICENSE', 'README.md', 'dist/index.js', 'package.json']);
});

test('the tarball is under 100 kB', () => {
	expect(size).toBeLessThan(100_000);
});

test('at run time the package needs n8n-workflow and nothing that a host may lack; what uses the SDK for AI nodes loads it only then', () => {
	expect(modulesOf(files)).toEqual(['@n8n/ai-node-sdk', 'n8n-workflow', 'node:crypto']);
	expect(loadAlone(files)).toBe('');
});

test('a stack trace points to the sources, not to what is built of them', async () => {
	const { error } = await runNode(parametersOf({ model: '' }), { credentials: credentialsOf('http://127.0.0.1') });
	const ours = error?.stack?.split('\n').filter((line) => /(api|nodes)\//.test(line) && !line.includes('node_modules')) ?? [];
	expect(ours.length).toBeGreaterThan(1);
	expect(ours.filter((line) => !/\.ts:\d+:\d+/.test(line) || /[/\\]dist[/\\]/.test(line))).toEqual([]);
});
