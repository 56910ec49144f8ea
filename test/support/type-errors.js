/** What the compiler says of a field, for tests of our types. */
const path = require('node:path');
const ts = require('typescript');

const ROOT = path.resolve(__dirname, '../..');
/** Where a new field would stand, so that its imports are those of the others. */
const FILE = path.join(ROOT, 'nodes/shared/description/fields/typed.ts');
const HEAD = `
import type { Body } from '../../../../api/params';
import { collection, type Field } from '../field';
const shown = { displayName: 'X', name: 'x', type: 'string' as const, default: '' };
`;

/**
 * The compiler's errors for each of these declarations, with the settings of this package; [] for one that compiles.
 * One run for all: most of its time goes into reading the API's types.
 * @param {string[]} declarations TypeScript, with `Body`, `Field`, `collection` and `shown` (a field without `sends`) at hand
 * @returns {string[][]}
 */
function typeErrors(declarations) {
	const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile);
	const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [FILE] }, ts.sys, ROOT);
	const files = new Map(declarations.map((declaration, index) => [FILE.replace('.ts', `${index}.ts`), HEAD + declaration]));
	const host = ts.createCompilerHost({ ...options, noEmit: true });
	const { fileExists, readFile } = host;
	host.fileExists = (name) => files.has(name) || fileExists(name);
	host.readFile = (name) => files.get(name) ?? readFile(name);
	const program = ts.createProgram([...files.keys()], { ...options, noEmit: true }, host);
	return [...files.keys()].map((name) =>
		program
			.getSemanticDiagnostics(program.getSourceFile(name))
			.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
	);
}

module.exports = { typeErrors };
