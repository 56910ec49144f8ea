/** A table for the terminal, fitted to its width. Chinese, Japanese, Korean and emoji take two places a character. */

const GAP = '  ';
const NARROWEST = 40;
const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The characters as a reader sees them: an accent or a skin colour belongs to what it stands on.
 * @param {string} text
 */
const lettersOf = (text) => Array.from(letters.segment(text), ({ segment }) => segment);

/**
 * How many places the text takes in a terminal.
 * @param {string} text
 */
const widthOf = (text) => lettersOf(text).reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);

/**
 * The pieces between which a line may break: words with the space before them, and each wide character.
 * A word longer than a line is cut.
 * @param {string} line
 * @param {number} width
 */
function piecesOf(line, width) {
	const pieces = [''];
	for (const letter of lettersOf(line)) {
		const last = pieces[pieces.length - 1];
		const startsAnew = (letter === ' ' && last.trim() !== '') || WIDE.test(letter) || WIDE.test(last);
		if (startsAnew || widthOf((last + letter).trimStart()) > width) pieces.push(letter);
		else pieces[pieces.length - 1] = last + letter;
	}
	return pieces;
}

/**
 * @param {string} text
 * @param {number} width
 * @returns {string[]} lines of at most that width
 */
function wrap(text, width) {
	return text.split('\n').flatMap((line) => {
		const lines = [''];
		for (const piece of piecesOf(line.trimEnd(), width)) {
			const last = lines[lines.length - 1];
			if (widthOf(last + piece) <= width) lines[lines.length - 1] = last + piece;
			else lines.push(piece.trimStart());
		}
		return lines;
	});
}

/**
 * The longest column gets what the others leave; these take at most a quarter of the width each.
 * @param {string[][]} rows
 * @param {number} width
 */
function widthsOf(rows, width) {
	const natural = rows[0].map((_, column) => Math.max(...rows.flatMap((row) => row[column].split('\n').map(widthOf))));
	const longest = natural.indexOf(Math.max(...natural));
	const widths = natural.map((own, column) => (column === longest ? 0 : Math.min(own, Math.floor(width / 4))));
	const left = width - widths.reduce((sum, own) => sum + own + GAP.length, -GAP.length);
	return widths.with(longest, Math.min(natural[longest], left));
}

/**
 * Control characters are left out: an answer must not steer the reader's terminal.
 * @param {string | number} cell
 */
const printable = (cell) =>
	typeof cell === 'number' ? cell.toLocaleString('en-US') : cell.replaceAll('\t', ' ').replace(/[^\P{Cc}\n]/gu, '');

/**
 * The table as text. Numbers stand on the right; a row of several lines has an empty line after it.
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 * @param {number} width places in a line of the terminal
 */
function tableOf(head, rows, width) {
	const texts = [head, ...rows].map((row) => row.map(printable));
	const widths = widthsOf(texts, Math.max(width, NARROWEST));
	const isNumber = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
	const lined = texts.map((row) => linesOf(row, widths, isNumber));
	const rule = widths.map((own) => '─'.repeat(own)).join(GAP);
	const body = lined.slice(1).map((lines) => [...lines, ...(lines.length > 1 ? [''] : [])]);
	return [...lined[0], rule, ...body.flat()].join('\n').trimEnd();
}

/**
 * @param {string[]} row
 * @param {number[]} widths
 * @param {boolean[]} isNumber
 */
function linesOf(row, widths, isNumber) {
	const cells = row.map((cell, column) => wrap(cell, widths[column]));
	const height = Math.max(...cells.map((lines) => lines.length));
	return Array.from({ length: height }, (_, at) =>
		cells
			.map((lines, column) => {
				const line = lines[at] ?? '';
				const space = ' '.repeat(widths[column] - widthOf(line));
				return isNumber[column] ? space + line : line + space;
			})
			.join(GAP)
			.trimEnd(),
	);
}

module.exports = { tableOf, widthOf };
