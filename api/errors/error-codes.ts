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

/** Codes and types, each of one server or more, that say that the account has no money left. */
const BALANCE_CODES = [
	/insufficient_?(user_|account_)?(quota|balance|credits?|funds)/, // OpenAI, new-api, DeepSeek, OpenRouter
	/pre_consume_token_quota_failed/, // new-api
	/billing_(hard_limit|not_active)|exceeded_current_quota|budget_exceeded/, // OpenAI, Moonshot, LiteLLM
	/arrear|overdue|freetieronly|out_of_credits?|payment_required|spend(ing)?_limit/, // Alibaba, Volcengine, others
];

/** The same in messages. Servers write them in the language of their operators. */
const BALANCE_WORDS = [
	/(insufficient|not enough|negative|no|no remaining|no more|out of|low on|requires more) (account |user |remaining |available )?(balance|credits?|funds?)\b/,
	/(balance|credits?|funds) ((is|are|has been|have been|was) )?(too low|insufficient|not enough|exhausted|depleted|used up|negative|empty)/,
	/(used|spent|exhausted) (up )?(all|your)( of)?( your)?( available| remaining| free)? (credits?|balance)/,
	/(crossed|exceeded|over|max) budget|exceededbudget|budget has been exceeded|spend(ing)? limit|credit limit|billing (hard )?limit|good standing/,
	/key limit exceeded|check your billing|no active (plan|subscription)|(plan|subscription|trial) (has )?expired/,
	/in arrears|overdue|past due|\btop[ -]?up\b|recharge|(add|purchase|buy) (more )?(credits|funds)/,
	/资源包|欠费|欠費|充值|儲值|[无無没有]余额|[無没]餘額|消费(上限|限额)|预扣费|預扣費/,
	/(余额|餘額|额度|額度|配额|配額|积分|積分|点数|點數|余量|餘量|费用|費用)[已经經為为已]{0,2}(不足|不够|不夠|用尽|用盡|用完|耗尽|耗盡|为?负|為?負|0|零)/,
	/sin (saldo|cr[eé]dito)|guthaben|недостаточно (средств|кредит)|(средства|баланс) .{0,10}(исчерпан|закончил)/,
	/(saldo|cr[eé]dit[oi]?s?|solde|fond[oi]?s|bakiye|số dư) (insuf|agotad|esgotad|épuis|esaurit|tidak|yetersiz|không đủ)/,
	/(onvoldoende|insuficiente?s?|insufficiente|insuffisant|yetersiz) (saldo|tegoed|cr[eé]dito?|bakiye|fond[oi]s)/,
	/(残高|クレジット)[がは]?(不足|足り)|(잔액|크레딧)[이은]? ?(부족|없)/,
];

/** Codes and words that say that the server limits how often, or how much at once, it may be called. */
const LIMIT_CODES = /rate_?limit|too_?many_?requests|resource_?exhausted|throttl|limit_requests|limit_burst/;
const LIMIT_WORDS =
	/rate limit (exceeded|reached)|too many requests|最多请求|请求(过于|太)频繁|(请求|调用)频率|频率(限制|过高|超)|速率限制|限流|限速/;
/** A unit of time, as in the message of a limit */
const EACH_TIME = /\bper[ -](second|min|minute|hour|day)\b|\b[rt]pm\b|每(秒|分钟|小时|天)/;

/** Codes and words that mean one or the other: for OpenAI an empty account, for Google a limit by the minute. */
const QUOTA_CODES = /quota_exceeded/;
const QUOTA_WORDS =
	/exceeded your current quota|check your plan and billing|(out of|insufficient|not enough) quota|quota (is |has been )?(not enough|insufficient|exhausted|used up)|free (tier|quota)[^.]{0,60}(exhausted|used up)/;

const codesOf = ({ details: { code = '', type = '' } }: ApiError) => `${code} ${type}`.toLowerCase();

const hasAny = (text: string, patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(text));

/** Whether an error says that no balance or quota is left, so that a retry cannot help, whatever the HTTP status. */
export function isOutOfBalance(error: ApiError): boolean {
	const codes = codesOf(error);
	const words = error.message.toLowerCase();
	// some servers write the code where the words should be
	if (hasAny(codes, BALANCE_CODES) || hasAny(words, [...BALANCE_CODES, ...BALANCE_WORDS])) return true;
	const isLimit = saysLimit(error) || EACH_TIME.test(words) || error.details.retryAfterMs !== undefined;
	const { status, code } = error.details;
	return !isLimit && (status === 402 || code === '402' || QUOTA_CODES.test(codes) || QUOTA_WORDS.test(words));
}

const saysLimit = (error: ApiError) => LIMIT_CODES.test(codesOf(error)) || LIMIT_WORDS.test(error.message.toLowerCase());

/** Whether an error says that the server takes the call later, as 429 does; gateways also say it with other statuses. */
export const isRateLimit = (error: ApiError): boolean => (error.details.status === 429 || saysLimit(error)) && !isOutOfBalance(error);

/** Whether another call uses the conversation at this moment: OpenAI takes one at a time, and says so with 400 or 409. */
export const isConversationLocked = ({ details: { code } }: ApiError): boolean => code === 'conversation_locked';

/** Whether a server's code alone says that the same request would fail again. */
export const isNonRetryableCode = (code = '') => NON_RETRYABLE_CODES.has(code) || hasAny(code.toLowerCase(), BALANCE_CODES);

/** Whether an error says that the same request would fail again, whatever the HTTP status and headers say. */
export const isNonRetryable = (error: ApiError) => isNonRetryableCode(error.details.code) || isOutOfBalance(error);
