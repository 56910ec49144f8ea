/** Whether a text is a web page (or XML) and not what an API sends. */
export const isHtml = (text: string) => /^\s*</.test(text);

/** How a heading begins that tells of an error. */
const ERROR_HEADING = /^([45]\d\d\b|(page )?not found|error|access denied|forbidden|bad gateway|service unavailable|gateway time)/i;

/** The title of a web page, else its first heading or text; with more of an error, where there is more. */
export function htmlTitle(html: string): string | undefined {
	const found = [...html.matchAll(/<(?:title|h1|pre)\b[^>]*>([^<]*)/gi)].map(([, words]) => words.replace(/\s+/g, ' ').trim());
	const [title, ...others] = found.filter((words) => words !== '');
	const isBare = title?.toLowerCase() === 'error';
	const error = title && (isBare || !ERROR_HEADING.test(title)) ? others.find((words) => isBare || ERROR_HEADING.test(words)) : undefined;
	return error ? `${title}: ${error}` : title;
}
