/** A table for the terminal, fitted to its width. Chinese, Japanese, Korean and emoji take two places a character. */
const Table = require('cli-table3');
const widthOf = require('string-width');
const wrap = require('wrap-ansi');

const GAP = 2;
const NARROWEST = 40;
const BORDERS = ['top', 'bottom', 'left', 'mid', 'right'].flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`]);

/** Without control characters: an answer must not steer the reader's terminal. @param {string | number} cell */
const printable = (cell) =>
	cell
		.toLocaleString('en-US')
		.replaceAll('\t', ' ')
		.replace(/[^\P{Cc}\n]/gu, '');

/**
 * The longest column gets what the others leave; these take at most a quarter of the width each.
 * @type {(rows: string[][], width: number) => number[]}
 */
function widthsOf(rows, width) {
	const linesOf = (/** @type {number} */ column) => rows.flatMap((row) => row[column].split('\n'));
	const natural = rows[0].map((_, column) => Math.max(...linesOf(column).map((line) => widthOf(line))));
	const longest = natural.indexOf(Math.max(...natural));
	const widths = natural.map((own, column) => (column === longest ? 0 : Math.min(own, Math.floor(width / 4))));
	const left = width - widths.reduce((sum, own) => sum + own + GAP, -GAP);
	return widths.with(longest, Math.min(natural[longest], left));
}

/**
 * The table as text, for so many places in a line. Numbers stand on the right; a row of several lines has an empty line after it.
 * @type {(head: string[], rows: (string | number)[][], width: number) => string}
 */
function tableOf(head, rows, width) {
	const texts = [head, ...rows].map((row) => row.map(printable));
	const widths = widthsOf(texts, Math.max(width, NARROWEST));
	const [first, ...others] = texts.map((row) => row.map((text, column) => wrap(text, widths[column], { hard: true })));
	const table = new Table({
		chars: { ...Object.fromEntries(BORDERS.map((name) => [name, ''])), middle: ' '.repeat(GAP) },
		colAligns: head.map((_, column) => (rows.some((row) => typeof row[column] === 'number') ? 'right' : 'left')),
		style: { 'padding-left': 0, 'padding-right': 0, border: [] },
	});
	table.push(first, [...widths.map((own) => '─'.repeat(own))]);
	for (const row of others) table.push(row, ...(row.some((cell) => cell.includes('\n')) ? [row.map(() => '')] : []));
	return table.toString().replace(/ +$/gm, '').trimEnd();
}

module.exports = { tableOf, widthOf };
