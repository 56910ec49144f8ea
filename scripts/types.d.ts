/** What we use of packages that bring no types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export const SOURCE_FILE_PATTERNS: string[];
	export function analyzePackage(folder: string, patterns: string[]): Promise<{ passed: boolean; message?: string; details?: string }>;
}
declare module 'wrap-ansi' {
	function wrap(text: string, columns: number, options?: { hard?: boolean }): string;
	export = wrap;
}
