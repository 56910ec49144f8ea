import type { ApiResponse } from '../decode/normalize';
import { REQUEST_ID_HEADERS } from '../decode/quirks';
import { SseParser } from '../decode/sse-parser';
import { statusOf } from '../decode/status';
import { endOfString, isObject, objectIn, parseJson, type JsonObject } from '../json';
import type { ReplyHeaders } from '../http/headers';
import { withRetryAfter } from '../http/retry-after';
import { ApiError, type ApiErrorDetails } from './api-error';
import { MAX_MESSAGE_LENGTH, parseErrorBody, type ErrorBody } from './error-body';
import { isConversationLocked, isRateLimit } from './error-codes';
import { htmlTitle, isHtml } from './html';

/** Characters of an unreadable reply that are shown */
const EXCERPT_LENGTH = 200;

const excerpt = (text: string) => text.trim().slice(0, EXCERPT_LENGTH);

/** The server's id of a call, for its support. */
export const requestIdOf = (headers: ReplyHeaders) => REQUEST_ID_HEADERS.map((name) => headers[name]).find(Boolean);

/** A reply whose HTTP status says that the call did not succeed. `text` is (the beginning of) its body. */
export function httpError(status: number, headers: ReplyHeaders, text: string): ApiError {
	const { message, ...body } = errorBodyInText(text) ?? { message: `The server answered with HTTP status ${status} and no text` };
	const isChallenge = isHtml(text) && ('cf-mitigated' in headers || (status === 403 && 'cf-ray' in headers));
	const error = new ApiError(isChallenge ? 'cloudflare_challenge' : 'http_status', message, {
		...body,
		requestId: body.requestId ?? requestIdOf(headers),
		status,
		headers: withRetryAfter(headers, body.retryAfterMs),
		...((isChallenge || wasAnswered(text)) && { isRetryable: false }),
	});
	return isRefusedByWords(error) ? error.withDetails({ isRetryable: true }) : error;
}

/** Whether a model has answered for a response that then failed, so that another call would be paid again (OpenClaw). */
function wasAnswered(text: string): boolean {
	const body = parseJson(text.trim());
	return isObject(body) && endOf(body) === 'failed' && Number(objectIn(body, 'usage').output_tokens) > 0;
}

/** Whether the server says with a status such as 400 or 403 that it takes the call later. */
const isRefusedByWords = (error: ApiError) =>
	error.code === 'http_status' &&
	(error.details.status ?? 0) < 429 &&
	error.details.headers?.['x-should-retry'] !== 'false' &&
	(isConversationLocked(error) || isRateLimit(error));

/** `failed` or `cancelled`, if a body is a response that ended so; other bodies use these words for the call itself. */
export function endOf({ object, id, status }: JsonObject): string | undefined {
	const end = object === 'response' && typeof id === 'string' ? statusOf(status) : undefined;
	return end === 'failed' || end === 'cancelled' ? end : undefined;
}

/** An error that the server reports with a good status, in a body or in a stream. The call is not made again. */
export function errorInBody({ message, ...body }: ErrorBody, status?: number, headers: ReplyHeaders = {}): ApiError {
	return new ApiError('error_in_body', message, {
		...body,
		requestId: body.requestId ?? requestIdOf(headers),
		status,
		headers,
		isRetryable: false,
	});
}

/** A response that failed, or that was cancelled while it was waited for. */
export function failedResponseError({ body, status, text }: ApiResponse, details: ApiErrorDetails): ApiError {
	const error = parseErrorBody(body);
	const isFailed = status === 'failed';
	const message = isFailed ? 'The server gave no reason for failing' : 'The response was cancelled at the server';
	return new ApiError(isFailed ? 'failed' : 'cancelled', error?.message ?? message, {
		type: error?.type,
		code: error?.code ?? status,
		param: error?.param,
		isRetryable: false,
		hasEnded: true,
		responseStatus: endOf(body),
		partialText: text,
		...details,
	});
}

/** A response that is not whole, for a caller that needs a whole answer. */
export function incompleteError({ text, incompleteReason, output, details }: ApiResponse): ApiError {
	return new ApiError('incomplete', `The answer is incomplete: ${incompleteReason ?? 'no reason given'}`, {
		incompleteReason,
		isReasoningOnly: text === '' && output.some(({ type }) => type === 'reasoning'),
		...details,
		partialText: text,
	});
}

/** A reply with a good status that holds no answer. */
export function malformedResponseError(text: string, details: ApiErrorDetails): ApiError {
	const known = { code: 'malformed_reply', isRetryable: false, ...details };
	if (text.trim() === '') return new ApiError('empty_reply', 'The server sent an empty reply', known);
	if (isHtml(text)) return new ApiError('web_page', `The server sent a web page: ${htmlTitle(text) ?? 'without a title'}`, known);
	return new ApiError('malformed_reply', `The server sent something that is not a response: ${excerpt(text)}`, known);
}

/** A stream with an event that is no JSON, so that a piece of the answer may be lost; `data` is what it holds. */
export function malformedEventError(data: string, details: ApiErrorDetails): ApiError {
	return new ApiError('malformed_event', `The stream has an event that cannot be read: ${excerpt(data)}`, {
		isRetryable: false,
		...details,
	});
}

/** A reply in a compression that n8n does not read, or in another one than its header says. */
export function compressionError(encoding: string, details: ApiErrorDetails = {}): ApiError {
	return new ApiError('bad_compression', `The reply cannot be decompressed (${encoding})`, { isRetryable: false, ...details });
}

/**
 * A call that took longer than `seconds`. The call is not made again: the model may have been at work all the time.
 * @param missing what the server did not do in time, such as `begin to answer`
 */
export function timeoutError(seconds: number, missing: string): ApiError {
	return new ApiError('timeout', `The server did not ${missing} within ${seconds} seconds`, { isRetryable: false, limit: seconds });
}

/** A reply of more than `maxReplySize` MB. */
export function replyTooLargeError(maxReplySize: number): ApiError {
	return new ApiError('reply_too_large', `The reply is larger than ${maxReplySize} MB`, { isRetryable: false, limit: maxReplySize });
}

/** A reply that ended before it was whole; `error` is what reading it threw. */
export function truncatedError(error?: unknown): ApiError {
	const code = isObject(error) ? String(error.code) : '';
	if (/^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING)/.test(code)) return compressionError(code);
	return new ApiError('cut', 'The reply was cut off before its end', { isRetryable: false });
}

/**
 * A stream that ended without saying that it was finished.
 * @param cut the error by which it broke off, if it did
 * @param unparsedText the text in it that was no event
 */
export function incompleteStreamError(cut: ApiError | undefined, unparsedText: string, details: ApiErrorDetails): ApiError {
	if (cut && cut.code !== 'cut') return cut.withDetails(details);
	const words = unparsedText.trim() === '' ? '' : `: ${htmlTitle(unparsedText) ?? excerpt(unparsedText)}`;
	return new ApiError('interrupted', `The stream ended before the answer was finished${words}`, { isRetryable: false, ...details });
}

/** A redirect that may not be followed: the key must not go elsewhere, and a POST must stay a POST. */
export function redirectError(status: number, target: URL): ApiError {
	const address = `${target.origin}${target.pathname}`;
	return new ApiError('redirect', `The server redirects the call to ${address}`, {
		status,
		isRetryable: false,
		location: address.replace(/\/(responses|models|conversations)(\/.*)?$/, ''),
	});
}

/** What an error body says, in whichever form it is; `undefined` if it is empty. */
function errorBodyInText(text: string): ErrorBody | undefined {
	const body = parseJson(text.trim()) ?? firstEventOf(text);
	const error = parseErrorBody(body);
	if (error) return error;
	const words = typeof body === 'string' ? body : isHtml(text) ? htmlTitle(text) : (messageOfPartialJson(text) ?? text);
	return words?.trim() ? { message: words.trim().slice(0, MAX_MESSAGE_LENGTH) } : undefined;
}

/** An error that is sent as a stream has its body in the first event. */
function firstEventOf(text: string): unknown {
	const parser = new SseParser();
	const [event] = [...parser.feed(text), ...parser.flush()];
	return event && parseJson(event.data);
}

/** The message in JSON of which only the beginning was read. */
function messageOfPartialJson(text: string): string | undefined {
	const key = /"message"\s*:\s*(?=")/g;
	if (!/^\s*\{/.test(text) || !key.test(text)) return undefined;
	const end = endOfString(text, key.lastIndex);
	return end === -1 ? undefined : String(parseJson(text.slice(key.lastIndex, end + 1)));
}
