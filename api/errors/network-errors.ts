import { ApiError, type ApiErrorDetails } from './api-error';
import { isObject, textIn } from '../json';

/** What is said of a fault, and whether another try can help. */
type NetworkErrorInfo = { message: string } & Pick<ApiErrorDetails, 'code' | 'hint' | 'retry'>;

/** Why no reply came, by the code of Node.js. */
const NETWORK_ERRORS: { [code: string]: NetworkErrorInfo } = {
	ECONNREFUSED: {
		message: 'Nothing answers at the address of the server (ECONNREFUSED)',
		hint: 'Check that the server runs, and host and port in Base URL. Inside Docker, localhost is the container itself: use host.docker.internal',
		retry: true,
	},
	ENOTFOUND: {
		message: 'The host name of the server is not known (ENOTFOUND)',
		hint: 'Check the spelling of the host in Base URL',
		retry: true,
	},
	EAI_AGAIN: {
		message: 'The host name of the server could not be looked up (EAI_AGAIN)',
		hint: 'Check the network and DNS of the machine that n8n runs on',
		retry: true,
	},
	EPROTO: {
		message: 'The server does not speak https at this address (EPROTO)',
		hint: 'Try http:// instead of https:// in Base URL for a local server',
		retry: false,
	},
};

/**
 * A connection that ended without a reply. `error` is what n8n's helper threw: its `httpCode` holds the code of
 * Node.js, its `messages` the original words.
 */
export function networkError(error: unknown): ApiError {
	const code = textIn(error, 'httpCode') ?? textIn(error, 'code') ?? 'no_reply';
	const words = originalMessage(error);
	const { message, ...facts } = NETWORK_ERRORS[code] ?? infoFromMessage(code, words);
	return new ApiError(message, { code, ...facts });
}

function infoFromMessage(code: string, words: string): NetworkErrorInfo {
	if (/ssrf|was blocked|not allowed/i.test(words)) {
		return {
			message: words,
			code: 'blocked',
			retry: false,
			hint: 'n8n blocks this address (its protection of private networks or the domains of the credential): ask who runs n8n to allow the host',
		};
	}
	if (/wrong version number|packet length too long/i.test(words)) return NETWORK_ERRORS.EPROTO;
	if (/cert|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL/i.test(code + words)) {
		return {
			message: words,
			retry: false,
			hint: 'The certificate of the server cannot be checked: correct it there, or turn on Ignore SSL Issues in the credential for a server of your own',
		};
	}
	return {
		message: `The connection ended before a reply came (${code})`,
		retry: true,
		hint: 'Check that the server and the network are up, and whether Base URL has to begin with https://, then run it again',
	};
}

/** The original words: n8n's error keeps them beside its own. */
function originalMessage(error: unknown): string {
	const messages = isObject(error) && Array.isArray(error.messages) ? error.messages : [];
	const first: unknown = messages[0];
	return typeof first === 'string' ? first : (textIn(error, 'message') ?? 'No reply came');
}
