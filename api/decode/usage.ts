import { COST_HEADERS, USAGE_PATHS, USAGE_PLACES } from './quirks';
import { asObject, asObjects, isObject, type JsonObject } from '../json';

/** Tokens of one answer, as the server counted them. */
export interface Usage {
	input_tokens: number;
	/** Of the input tokens, those read from the server's cache */
	cached_tokens: number;
	output_tokens: number;
	/** Of the output tokens, those spent on reasoning */
	reasoning_tokens: number;
	total_tokens: number;
	/** Money in the server's own unit, mostly US dollars; absent if the server does not say it */
	cost?: number;
}

/** The usage in a reply or in an event of a stream, wherever servers put it, as they sent it. */
export function usageIn(body: JsonObject): JsonObject | undefined {
	const found = USAGE_PLACES.map((path) => path.split('.').reduce<unknown>(valueIn, body));
	return found.filter(isObject).find((usage) => parseUsage(usage) !== null) ?? found.find(isObject);
}

/** The value under a key; in a list that of the last entry which has one. */
function valueIn(holder: unknown, key: string): unknown {
	return Array.isArray(holder) ? asObjects(holder).findLast((entry) => isObject(entry[key]))?.[key] : asObject(holder)[key];
}

/**
 * The usage in a reply, by the names of the Responses API or of chat completions. Gateways send either, or both with one of them
 * zero. `null` if the server gave no counts: never an estimate.
 */
export function parseUsage(usage: unknown): Usage | null {
	const input = numberAt(usage, USAGE_PATHS.input_tokens);
	const output = numberAt(usage, USAGE_PATHS.output_tokens);
	if (!isObject(usage) || (input === undefined && output === undefined)) return null;
	const sum = (input ?? 0) + (output ?? 0);
	const cost = numberAt(usage, USAGE_PATHS.cost);
	return {
		input_tokens: input ?? 0,
		cached_tokens: numberAt(usage, USAGE_PATHS.cached_tokens) ?? 0,
		output_tokens: output ?? 0,
		reasoning_tokens: numberAt(usage, USAGE_PATHS.reasoning_tokens) ?? 0,
		total_tokens: numberAt(usage, USAGE_PATHS.total_tokens) || sum,
		...(cost !== undefined && { cost }),
	};
}

/**
 * The usage with the cost from the headers of its reply, if it holds none itself. LiteLLM writes `None` where it knows no price.
 */
export function withCostInHeaders(usage: Usage | null, headers: { [name: string]: string }): Usage | null {
	const cost = numberAt(headers, COST_HEADERS);
	return usage === null || cost === undefined ? usage : { cost, ...usage };
}

/** A sum of money rounded to 12 digits, so that 0.1 and 0.2 make 0.3. */
export const roundMoney = (amount: number) => Number(amount.toPrecision(12));

/**
 * The usage of several answers together. `null` where one of them told none, and no cost where one of them told none: a part would
 * pass for the whole.
 */
export function sumOfUsages(usages: ReadonlyArray<Usage | null>): Usage | null {
	const known = usages.filter((usage) => usage !== null);
	if (known.length < usages.length || known.length === 0) return null;
	const sumOf = (key: keyof Usage) => known.reduce((sum, usage) => sum + (usage[key] ?? 0), 0);
	return {
		input_tokens: sumOf('input_tokens'),
		cached_tokens: sumOf('cached_tokens'),
		output_tokens: sumOf('output_tokens'),
		reasoning_tokens: sumOf('reasoning_tokens'),
		total_tokens: sumOf('total_tokens'),
		...(known.every(({ cost }) => cost !== undefined) && { cost: roundMoney(sumOf('cost')) }),
	};
}

/** The first number above 0 at these paths, else 0 if there is one. Numbers may come as text. */
function numberAt(usage: unknown, paths: readonly string[]): number | undefined {
	let zero: number | undefined;
	for (const path of paths) {
		const value = path.split('.').reduce<unknown>((holder, key) => asObject(holder)[key], usage);
		const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
		const number = isNumber ? Number(value) : NaN;
		if (number > 0 && number < Infinity) return number;
		if (number === 0) zero = 0;
	}
	return zero;
}
