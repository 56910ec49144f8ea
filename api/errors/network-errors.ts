import { isObject, textIn } from '../json';
import { ApiError, type ApiErrorCode } from './api-error';

interface NetworkErrorInfo {
	code: ApiErrorCode;
	/** Absent: the original words */
	message?: string;
	isRetryable: boolean;
}

const REFUSED: NetworkErrorInfo = {
	code: 'connection_refused',
	message: 'Nothing answers at the address of the server (ECONNREFUSED)',
	isRetryable: true,
};
const NOT_FOUND: NetworkErrorInfo = {
	code: 'host_not_found',
	message: 'The host name of the server is not known (ENOTFOUND)',
	isRetryable: true,
};
const NO_DNS: NetworkErrorInfo = {
	code: 'dns_unavailable',
	message: 'The host name of the server could not be looked up (EAI_AGAIN)',
	isRetryable: true,
};
const NO_TLS: NetworkErrorInfo = {
	code: 'tls_not_spoken',
	message: 'The server does not speak https at this address (EPROTO)',
	isRetryable: false,
};
const BLOCKED: NetworkErrorInfo = { code: 'address_blocked', isRetryable: false };
const CERTIFICATE: NetworkErrorInfo = { code: 'certificate', isRetryable: false };

/** Why no reply came, by the code of Node.js or else by the original words; the first row that fits counts. */
const NETWORK_ERRORS: ReadonlyArray<{ code?: RegExp; message?: RegExp; info: NetworkErrorInfo }> = [
	{ code: /^ECONNREFUSED$/, info: REFUSED },
	{ code: /^ENOTFOUND$/, info: NOT_FOUND },
	{ code: /^EAI_AGAIN$/, info: NO_DNS },
	{ code: /^EPROTO$/, info: NO_TLS },
	{ message: /ssrf|was blocked|not allowed/i, info: BLOCKED },
	{ message: /wrong version number|packet length too long/i, info: NO_TLS },
	{ code: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL/i, info: CERTIFICATE },
	{ message: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL/i, info: CERTIFICATE },
];

/**
 * The error for a call without a reply.
 * @param error what n8n's helper threw: `httpCode` holds the code of Node.js, `messages` the original words
 */
export function networkError(error: unknown): ApiError {
	const code = textIn(error, 'httpCode') ?? textIn(error, 'code') ?? 'no_reply';
	const words = originalMessage(error);
	const info = NETWORK_ERRORS.find((row) => row.code?.test(code) || row.message?.test(words))?.info;
	if (!info) return new ApiError('connection_lost', `The connection ended before a reply came (${code})`, { code, isRetryable: true });
	const { message = words, isRetryable } = info;
	return new ApiError(info.code, message, { code: info === BLOCKED ? 'blocked' : code, isRetryable });
}

/** The original words: n8n's error keeps them beside its own. */
function originalMessage(error: unknown): string {
	const messages = isObject(error) && Array.isArray(error.messages) ? error.messages : [];
	const first: unknown = messages[0];
	return typeof first === 'string' ? first : (textIn(error, 'message') ?? 'No reply came');
}
