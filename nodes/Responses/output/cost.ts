import type { ApiResponse } from '../../../api/decode/normalize';
import { roundMoney } from '../../../api/decode/usage';
import type { Prices } from '../description/fields/prices';

/** The tokens that prices are for */
const TOKENS_PER_PRICE = 1_000_000;

/** The response with its cost by these prices, where the server told its tokens and no cost: a server knows its own prices best. */
export function withCost(response: ApiResponse, prices: Prices | undefined): ApiResponse {
	const { usage } = response;
	if (!prices || !usage || usage.cost !== undefined) return response;
	// some servers do not count the cached tokens among the input tokens: then there may be more of them
	const uncached = usage.cached_tokens > usage.input_tokens ? usage.input_tokens : usage.input_tokens - usage.cached_tokens;
	const sum = uncached * prices.input + usage.cached_tokens * prices.cachedInput + usage.output_tokens * prices.output;
	return { ...response, usage: { ...usage, cost: roundMoney(sum / TOKENS_PER_PRICE) } };
}
