/** Whether a text is a web page (or XML) and not what an API sends. */
export const isPage = (text: string) => /^\s*</.test(text);

/** The title of a web page, else its first heading. */
export function titleOf(html: string): string | undefined {
	const text = /<title[^>]*>([^<]*)/i.exec(html)?.[1] ?? /<h1[^>]*>([^<]*)/i.exec(html)?.[1];
	return text?.replace(/\s+/g, ' ').trim() || undefined;
}
