/** The rows of api/decode/quirks.ts with the fixtures that the comment beside each names. */
const { readFileSync } = require('node:fs');
const path = require('node:path');

/** A row of a table, or a constant in one line. */
const ROW = /^(?:\t+|export const \w+ = )(\[?'.*?|\/.*?)[,;]?$/;

/** @returns {{row: string, fixtures: string[]}[]} */
function quirkRows() {
	const lines = readFileSync(path.join(__dirname, '../../api/decode/quirks.ts'), 'utf8').split('\n');
	return lines.flatMap((line) => {
		const [code, comment = ''] = line.split(' // ');
		const row = ROW.exec(code)?.[1];
		return row ? [{ row, fixtures: comment.match(/[\w.-]+\.\d\.(?:json|sse)/g) ?? [] }] : [];
	});
}

module.exports = { quirkRows };
