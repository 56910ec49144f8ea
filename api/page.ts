/** Whether a text is a web page (or XML) and not what an API sends. */
export const isPage = (text: string) => /^\s*</.test(text);

/** How a heading begins that tells of an error. */
const ERROR = /^([45]\d\d\b|(page )?not found|error|access denied|forbidden|bad gateway|service unavailable|gateway time)/i;

/** The title of a web page, else its first heading; with the first heading that tells of an error, if the title does not. */
export function titleOf(html: string): string | undefined {
	const found = [...html.matchAll(/<(?:title|h1)\b[^>]*>([^<]*)/gi)].map(([, words]) => words.replace(/\s+/g, ' ').trim());
	const [title, ...others] = found.filter((words) => words !== '');
	const error = title && !ERROR.test(title) ? others.find((words) => ERROR.test(words)) : undefined;
	return error ? `${title}: ${error}` : title;
}
