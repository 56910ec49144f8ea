import { asObject, isObject } from '../json';

/** Tokens of one answer, as the server counted them. */
export interface Usage {
	input_tokens: number;
	/** Of the input tokens, those read from the server's cache */
	cached_tokens: number;
	output_tokens: number;
	/** Of the output tokens, those spent on reasoning */
	reasoning_tokens: number;
	total_tokens: number;
}

/**
 * The usage in a reply, in the naming of the Responses API or of chat completions; gateways send either, or both
 * with one of them zero. `null` where the server gave none: never an estimate.
 */
export function parseUsage(usage: unknown): Usage | null {
	const input = tokenCount(usage, 'input_tokens', 'prompt_tokens');
	const output = tokenCount(usage, 'output_tokens', 'completion_tokens');
	if (!isObject(usage) || (input === undefined && output === undefined)) return null;
	const sum = (input ?? 0) + (output ?? 0);
	return {
		input_tokens: input ?? 0,
		cached_tokens:
			tokenCount(usage.input_tokens_details, 'cached_tokens') ||
			tokenCount(usage.prompt_tokens_details, 'cached_tokens') ||
			tokenCount(usage, 'prompt_cache_hit_tokens', 'cache_read_input_tokens') ||
			0,
		output_tokens: output ?? 0,
		reasoning_tokens:
			tokenCount(usage.output_tokens_details, 'reasoning_tokens') || tokenCount(usage.completion_tokens_details, 'reasoning_tokens') || 0,
		total_tokens: tokenCount(usage, 'total_tokens') || sum,
	};
}

/** The first of the counts that is more than 0, else the first that is there. */
function tokenCount(holder: unknown, ...names: string[]): number | undefined {
	const counts = names
		.map((name) => asObject(holder)[name])
		.filter((value) => (typeof value === 'number' || typeof value === 'string') && value !== '')
		.map(Number)
		.filter((count) => Number.isFinite(count) && count >= 0);
	return counts.find((count) => count > 0) ?? counts[0];
}
