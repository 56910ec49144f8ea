import { SseParser } from '../decode/sse-parser';
import { ApiError, type ApiErrorDetails } from './api-error';
import { isObject, parseJson } from '../json';
import { isHtml, htmlTitle } from './html';
import { MAX_MESSAGE_LENGTH, parseErrorBody, type ErrorBody } from './error-body';
import type { ApiResponse } from '../decode/normalize';

type Headers = { [name: string]: string };

/** Headers that name a call at the server, likeliest first. */
const REQUEST_ID_HEADERS = ['x-request-id', 'x-oneapi-request-id', 'apim-request-id', 'x-generation-id', 'cf-ray'];
/** Characters of an unreadable reply that are shown */
const EXCERPT_LENGTH = 200;

const excerpt = (text: string) => text.trim().slice(0, EXCERPT_LENGTH);

/** The server's id of a call, for its support. */
export const requestIdOf = (headers: Headers) => REQUEST_ID_HEADERS.map((name) => headers[name]).find(Boolean);

/** A reply whose HTTP status says that the call did not succeed. `text` is (the beginning of) its body. */
export function httpError(status: number, headers: Headers, text: string): ApiError {
	const problem = errorBodyInText(text) ?? { message: `The server answered with HTTP status ${status} and no text` };
	return new ApiError(problem.message, {
		...problem,
		requestId: problem.requestId ?? requestIdOf(headers),
		status,
		headers,
		...(isHtml(text) && htmlErrorDetails(status, headers)),
	});
}

/** A problem that the server reports with a good status, in a body or in a stream. Nothing of it is sent again. */
export function errorInBody(problem: ErrorBody, status?: number, headers: Headers = {}): ApiError {
	return new ApiError(problem.message, {
		...problem,
		requestId: problem.requestId ?? requestIdOf(headers),
		status,
		headers,
		retry: false,
	});
}

/** A response that failed, or that was cancelled while it was waited for. */
export function failedResponseError({ body, status, text }: ApiResponse, facts: ApiErrorDetails): ApiError {
	const problem = parseErrorBody(body);
	const isCancelled = status !== 'failed';
	const message = isCancelled ? 'The response was cancelled at the server' : 'The server gave no reason for failing';
	return new ApiError(problem?.message ?? message, {
		type: problem?.type,
		code: problem?.code ?? status,
		param: problem?.param,
		retry: false,
		ended: true,
		partialText: text,
		...(isCancelled && { hint: 'It was cancelled while it was waited for: by the operation Cancel, by someone else or by the server' }),
		...facts,
	});
}

/** A reply with a good status that holds no answer. */
export function malformedResponseError(text: string, facts: ApiErrorDetails): ApiError {
	const known = { code: 'malformed_reply', retry: false, ...facts };
	if (text.trim() === '') {
		return new ApiError('The server sent an empty reply', {
			hint: 'Check that the Base URL leads to an API, and look at the server for this call',
			...known,
		});
	}
	if (isHtml(text)) {
		return new ApiError(`The server sent a web page: ${htmlTitle(text) ?? 'without a title'}`, {
			hint: 'This is a web page, not the API: the Base URL in the credential probably lacks /v1 at its end',
			...known,
		});
	}
	return new ApiError(`The server sent something that is not a response: ${excerpt(text)}`, {
		hint: 'Check that the Base URL leads to a server with the Responses API',
		...known,
	});
}

/** A reply in a compression that n8n does not read, or that is not what its label says. */
export function compressionError(encoding: string, facts: ApiErrorDetails = {}): ApiError {
	return new ApiError(`The reply cannot be decompressed (${encoding})`, {
		code: 'bad_compression',
		retry: false,
		hint: 'Add an extra header to the credential: Accept-Encoding with the value identity',
		...facts,
	});
}

/**
 * A call that took too long: the server did not do, within so many seconds, what was waited for. The model may have
 * been at work all the time: the call is not made again.
 */
export function timeoutError(seconds: number, missing: string): ApiError {
	return new ApiError(`The server did not ${missing} within ${seconds} seconds`, {
		code: 'timeout',
		retry: false,
		hint: 'Raise Timeout in Requests, or turn on Stream or Background for long answers. The call may have been billed',
	});
}

/** A reply of more than so many MB. */
export function replyTooLargeError(maxReplySize: number): ApiError {
	return new ApiError(`The reply is larger than ${maxReplySize} MB`, {
		code: 'reply_too_large',
		retry: false,
		hint: 'Raise Max Reply Size in Requests if so large a reply is right',
	});
}

/** A reply that ended before it was whole; `error` is what reading it threw. */
export function truncatedError(error?: unknown): ApiError {
	const code = isObject(error) ? String(error.code) : '';
	if (/^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING)/.test(code)) return compressionError(code);
	return new ApiError('The reply was cut off before its end', {
		code: 'cut',
		retry: false,
		hint: 'The connection broke while the answer came. It may have been billed: look at the server before you run it again',
	});
}

/**
 * A stream that ended without saying that it was finished.
 * @param cut the fault by which it broke off, if it did
 * @param stray what stood in it and was no event
 */
export function incompleteStreamError(
	cut: ApiError | undefined,
	stray: string,
	facts: ApiErrorDetails & { responseId?: string },
): ApiError {
	const { responseId, ...known } = facts;
	if (cut && cut.details.code !== 'cut') return cut.withDetails(known);
	const words = stray.trim() === '' ? '' : `: ${htmlTitle(stray) ?? excerpt(stray)}`;
	const remedy = responseId
		? `If the server keeps responses, get this one later by its ID, ${responseId}`
		: 'Turn off Stream if it happens often';
	return new ApiError(`The stream ended before the answer was finished${words}`, {
		code: 'interrupted',
		retry: false,
		hint: `The connection broke while the answer came; what had come is in partialText of the details. It may have been billed. ${remedy}`,
		...known,
	});
}

/** A redirect that may not be followed: the key must not go elsewhere, and a POST must stay a POST. */
export function redirectError(status: number, target: URL): ApiError {
	const address = `${target.origin}${target.pathname}`;
	const base = address.replace(/\/(responses|models|conversations)(\/.*)?$/, '');
	return new ApiError(`The server redirects the call to ${address}`, {
		status,
		code: 'redirect',
		retry: false,
		hint: `It was not followed, so that the key goes nowhere else. If you trust that address, put ${base} into Base URL of the credential`,
	});
}

/** What an error body says, in whichever form it is; `undefined` if it is empty. */
function errorBodyInText(text: string): ErrorBody | undefined {
	const body = parseJson(text.trim().replace(/^\)\]\}'/, '')) ?? firstEventOf(text);
	const problem = parseErrorBody(body);
	if (problem) return problem;
	const words = typeof body === 'string' ? body : isHtml(text) ? htmlTitle(text) : (messageOfPartialJson(text) ?? text);
	return words?.trim() ? { message: words.trim().slice(0, MAX_MESSAGE_LENGTH) } : undefined;
}

/** An error that is sent as a stream has its body in the first event. */
function firstEventOf(text: string): unknown {
	const parser = new SseParser();
	const [event] = [...parser.feed(text), ...parser.end()];
	return event && parseJson(event.data);
}

/** The message in JSON of which only the beginning was read. */
function messageOfPartialJson(text: string): string | undefined {
	const message = /^\s*\{[^]*?"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
	return message && String(parseJson(message));
}

function htmlErrorDetails(status: number, headers: Headers): ApiErrorDetails {
	const isChallenge = 'cf-mitigated' in headers || (status === 403 && 'cf-ray' in headers);
	if (!isChallenge) return {};
	return {
		retry: false,
		hint: 'Cloudflare blocked the call before it reached the API: ask the operator of the server to let the address of your n8n pass',
	};
}
