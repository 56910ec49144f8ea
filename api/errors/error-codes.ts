import type { ApiError } from './api-error';

/**
 * Codes after which the same request would fail again, whatever the HTTP status: new-api sends some with 500 and 503, and its
 * operators can change the status of each.
 * https://github.com/QuantumNous/new-api/blob/main/types/error.go
 */
const NON_RETRYABLE_CODES = new Set([
	'access_denied',
	'api_not_implemented',
	'bad_request_body',
	'channel:invalid_key',
	'channel:model_mapped_error',
	'channel:no_available_key',
	'channel:param_override_invalid',
	'context_length_exceeded',
	'convert_request_failed',
	'count_token_failed',
	'gen_relay_info_failed',
	'invalid_api_key',
	'invalid_api_type',
	'invalid_request',
	'model_not_found',
	'model_price_error',
	'prompt_blocked',
	'sensitive_words_detected',
]);

/** Codes and types that say that the account has no money or quota left */
const OUT_OF_BALANCE =
	/insufficient_(user_)?quota|pre_consume_token_quota_failed|billing_hard_limit|billing_not_active|insufficient_(balance|credits|funds)|quota_exceeded/;

/** Whether an error says that no balance or quota is left, so that a retry cannot help, whatever the HTTP status. */
export function isOutOfBalance({ message, details: { code = '', type = '', status } }: ApiError): boolean {
	return OUT_OF_BALANCE.test(`${code} ${type}`.toLowerCase()) || status === 402 || /exceeded your current quota/i.test(message);
}

/** Whether a server's code alone says that the same request would fail again. */
export const isNonRetryableCode = (code = '') => NON_RETRYABLE_CODES.has(code) || OUT_OF_BALANCE.test(code.toLowerCase());

/** Whether an error says that the same request would fail again, whatever the HTTP status and headers say. */
export const isNonRetryable = (error: ApiError) => isNonRetryableCode(error.details.code) || isOutOfBalance(error);
