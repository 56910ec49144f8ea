/** Whether a text is a web page (or XML) and not what an API sends. */
export const isPage = (text: string) => /^\s*</.test(text);

/** The title or heading of a web page that tells of an error, else its first one. */
export function titleOf(html: string): string | undefined {
	const titles = [...html.matchAll(/<(?:title|h1)\b[^>]*>([^<]*)/gi)].map(([, words]) => words);
	const isError = (words: string) => /\b[45]\d\d\b|error|not found|denied|forbidden|unavailable|bad gateway|time-?out/i.test(words);
	const text = titles.find(isError) ?? titles.find((words) => words.trim() !== '');
	return text?.replace(/\s+/g, ' ').trim() || undefined;
}
