import { loadAlone, modulesOf, tarball } from '../support/tarball';

const { files, size } = tarball();

test('the tarball holds the built package and its papers, nothing else', () => {
	const others = files.filter((file) => !/^dist\/(api|credentials|nodes)\/.+\.(js|json|svg)$/.test(file));
	expect(others.sort()).toEqual(['LICENSE', 'README.md', 'dist/index.js', 'package.json']);
});

test('the tarball is under 80 kB', () => {
	expect(size).toBeLessThan(80_000);
});

test('at run time the package needs n8n-workflow and nothing that a host may lack', () => {
	expect(['n8n-workflow', 'node:crypto']).toEqual(expect.arrayContaining(modulesOf(files)));
	expect(loadAlone(files)).toBe('');
});
