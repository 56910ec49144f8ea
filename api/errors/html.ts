/** Whether a text is a web page (or XML) and no reply of an API. */
export const isHtml = (text: string): boolean => /^\s*</.test(text);

/** Longest title or heading that is taken from a page, in characters */
const MAX_LENGTH = 500;

/**
 * What a web page says: its title, and the first other title or heading. Express titles every error "Error" and has the reason in
 * a `<pre>`; Next.js (9router) titles its page for 404 with the name of the program and then with the error.
 */
export function htmlTitle(html: string): string | undefined {
	const texts = new Set<string>();
	// no `<` inside a tag, so that a page of `<title<title<title` takes time linear in its length
	for (const [, text] of html.matchAll(/<(?:title|h1|pre)\b[^<>]*>([^<]*)/gi)) {
		const words = text.slice(0, MAX_LENGTH).replace(/\s+/g, ' ').trim();
		if (words !== '') texts.add(words);
		if (texts.size === 2) break;
	}
	return [...texts].join(': ') || undefined;
}

/** A page in the words of a program, after at most some words of its own */
const PAGE = /^([^<]{0,100})<(?:!doctype|html|head|body)\b/i;

/** The words of a program with the title of a web page in place of the page: responses.js passes on `503 <html>...`. */
export function withoutPage(words: string): string {
	const [, before] = PAGE.exec(words) ?? [];
	const title = before === undefined ? undefined : htmlTitle(words);
	if (before === undefined || title === undefined) return words;
	return title.startsWith(before.trim()) ? title : `${before.trim()} ${title}`;
}
