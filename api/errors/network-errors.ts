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
const NO_HANDSHAKE: NetworkErrorInfo = { code: 'tls_handshake', isRetryable: true };
const BLOCKED: NetworkErrorInfo = { code: 'address_blocked', isRetryable: false };
const CERTIFICATE: NetworkErrorInfo = { code: 'certificate', isRetryable: false };

/** Why no reply came, by the code of Node.js or else by the original words; the first row that fits counts. */
const NETWORK_ERRORS: ReadonlyArray<{ code?: RegExp; message?: RegExp; info: NetworkErrorInfo }> = [
	{ code: /^ECONNREFUSED$/, info: REFUSED },
	{ code: /^ENOTFOUND$/, info: NOT_FOUND },
	{ code: /^EAI_AGAIN$/, info: NO_DNS },
	{ message: /ssrf|was blocked|not allowed/i, info: BLOCKED },
	{ message: /wrong version number|packet length too long|http request/i, info: NO_TLS },
	// of what else OpenSSL says, only its codes for certificates are about the one of the server
	{ code: /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/, info: CERTIFICATE },
	{ message: /SSL routines|alert number|before secure TLS/i, info: NO_HANDSHAKE },
	{ code: /^ERR_(SSL|TLS)_/, info: NO_HANDSHAKE },
	{ code: /^EPROTO$/, info: NO_TLS },
	{ message: /certificate|altname/i, info: CERTIFICATE },
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
	if (info === NO_HANDSHAKE) return new ApiError(info.code, handshakeMessage(words), { code, isRetryable: true });
	const { message = words, isRetryable } = info;
	return new ApiError(info.code, message, { code: info === BLOCKED ? 'blocked' : code, isRetryable });
}

/** OpenSSL writes `error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:...`: the reason stands fourth. */
function handshakeMessage(words: string): string {
	const reason = /SSL routines:[^:]*:([^:]+)/.exec(words)?.[1] ?? words;
	return `The secure connection (TLS) to the server broke off while it was set up: ${reason.trim()}`;
}

/** The original words: n8n's error keeps them beside its own. */
function originalMessage(error: unknown): string {
	const messages = isObject(error) && Array.isArray(error.messages) ? error.messages : [];
	const first: unknown = messages[0];
	return typeof first === 'string' ? first : (textIn(error, 'message') ?? 'No reply came');
}
