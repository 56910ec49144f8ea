/** Marks that begin a string, and those that may end it: models also write JSON with single or typographic quotes. */
const DOUBLE_QUOTES = '"“”';
const SINGLE_QUOTES = "'`´‘’";
const CLOSING_BRACKETS = new Map([
	['{', '}'],
	['[', ']'],
]);

/** A number of JSON, and what its beginning may look like. https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const NUMBER_BEGINNING = /^[-+]?[\d.]+(?:[eE][-+]?\d*)?$|^[-+]$/;

/**
 * Whether a text is one JSON object or list from its first bracket to its last, with every string, number, object and list closed.
 * `cut` if the text ends before that. Other errors, such as a trailing comma or single quotes, do not count, because a repair can
 * mend them. A repair would only hide that the end is missing.
 */
export function wholenessOf(text: string): 'whole' | 'cut' | 'other' {
	const awaited: string[] = [];
	const outside: string[] = [];
	let previous = '';
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character.trim() === '') {
			outside.push(' ');
			continue;
		}
		if (beginsString(character, previous)) {
			at = endOfQuoted(text, at);
			if (at === -1) return 'cut';
			outside.push('""');
		} else {
			outside.push(character);
			const closing = CLOSING_BRACKETS.get(character);
			if (closing !== undefined) awaited.push(closing);
			else if (character === '}' || character === ']') {
				if (awaited.pop() !== character) return 'other';
				if (awaited.length === 0) return isOnlyBrackets(text, at + 1) && isComplete(outside.join('')) ? 'whole' : 'other';
			} else if (awaited.length === 0) return 'other';
		}
		previous = character;
	}
	return awaited.length > 0 ? 'cut' : 'other';
}

/** A single quote begins a string only where a key or a value begins: elsewhere it is an apostrophe. */
const beginsString = (character: string, previous: string) =>
	DOUBLE_QUOTES.includes(character) || (SINGLE_QUOTES.includes(character) && '{[,:'.includes(previous) && previous !== '');

/** Where the string that begins there ends, -1 if it does not. A quote in the middle of a text, which models forget to escape, ends none. */
function endOfQuoted(text: string, begin: number): number {
	const quotes = DOUBLE_QUOTES.includes(text[begin]) ? DOUBLE_QUOTES : SINGLE_QUOTES;
	for (let at = begin + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (quotes.includes(text[at]) && isEndOfValue(text, at + 1)) return at;
	}
	return -1;
}

/** Whether the next character that is no blank can follow a key or a value. */
function isEndOfValue(text: string, from: number): boolean {
	let at = from;
	while (at < text.length && text[at].trim() === '') at++;
	return at === text.length || ',:}]'.includes(text[at]);
}

/** Some models close an object twice. */
const isOnlyBrackets = (text: string, from: number) => /^[\s}\]]*$/.test(text.slice(from));

/** Whether in the text outside of strings no value is missing, left out (`...`) or half a number. */
function isComplete(outside: string): boolean {
	if (/: *[,}\]]/.test(outside) || /\.\.\.|…/.test(outside)) return false;
	const words = outside.match(/[^\s,:{}[\]"]+/g) ?? [];
	return words.every((word) => NUMBER.test(word) || !NUMBER_BEGINNING.test(word));
}
