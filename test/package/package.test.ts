import { runNode } from '../support/engine';
import { credentialsOf, parametersOf } from '../support/cases';
import { loadAlone, modulesOf, tarball } from '../support/tarball';

const { files, size } = tarball();

test('the tarball holds the built package and its papers, nothing else', () => {
	const others = files.filter((file) => !/^dist\/(api|credentials|nodes)\/.+\.(js|json|svg)$/.test(file));
	expect(others.sort()).toEqual(['LICENSE', 'README.md', 'dist/index.js', 'package.json']);
});

test('the tarball is under 110 kB', () => {
	expect(size).toBeLessThan(110_000);
});

test('at run time the package needs n8n-workflow and nothing that a host may lack; the chat model, when it is used, the SDK', () => {
	const ofModel = 'dist/nodes/LmChatResponses/sdk.js';
	expect(modulesOf(files.filter((file) => file !== ofModel))).toEqual(['n8n-workflow', 'node:crypto']);
	expect(modulesOf([ofModel])).toEqual(['@n8n/ai-node-sdk']);
	expect(loadAlone(files)).toBe('');
});

test('a stack trace points to the sources, not to what is built of them', async () => {
	const { error } = await runNode(parametersOf({ model: '' }), { credentials: credentialsOf('http://127.0.0.1') });
	const ours = error?.stack?.split('\n').filter((line) => /(api|nodes)\//.test(line) && !line.includes('node_modules')) ?? [];
	expect(ours.length).toBeGreaterThan(1);
	expect(ours.filter((line) => !/\.ts:\d+:\d+/.test(line) || /[/\\]dist[/\\]/.test(line))).toEqual([]);
});
