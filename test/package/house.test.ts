import { findCircle, importsOf, linesOf, sourceFiles } from '../support/imports';

const FILES = sourceFiles(['api', 'nodes', 'credentials']);
const NODES = ['nodes/Responses/', 'nodes/LmChatResponses/'];

/** From which folders a file may import, by where it stands. */
function allowedFor(file: string): string[] {
	const node = NODES.find((folder) => file.startsWith(folder));
	if (node) return [node, 'nodes/shared/', 'api/'];
	if (file.startsWith('nodes/shared/')) return ['nodes/shared/', 'api/'];
	return ['api/'];
}

describe('The source files', () => {
	it('import along the arrows only: a node -> nodes/shared -> api, credentials -> api', () => {
		const wrong = FILES.flatMap((file) => {
			const strangers = importsOf(file).filter((target) => !allowedFor(file).some((folder) => target.startsWith(folder)));
			return strangers.map((target) => `${file} -> ${target}`);
		});
		expect(wrong).toEqual([]);
	});

	it('import in no circle', () => {
		expect(findCircle(FILES)).toBeUndefined();
	});

	it('have at most 250 lines each', () => {
		expect(FILES.filter((file) => linesOf(file) > 250)).toEqual([]);
	});

	it('stand at most 15 to a folder', () => {
		const counts = new Map<string, number>();
		for (const file of FILES) {
			const folder = file.slice(0, file.lastIndexOf('/'));
			counts.set(folder, (counts.get(folder) ?? 0) + 1);
		}
		expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
	});
});
