import type { JsonObject } from '../json';

/** What kind of error it is. Hints are chosen by it; a server's own code stands in `details.code`. */
export type ApiErrorCode =
	/** The server answered with an HTTP status of 400 or more */
	| 'http_status'
	/** The server reported an error with a good HTTP status, in a body or in a stream */
	| 'error_in_body'
	/** The response has the status `failed` */
	| 'failed'
	/** The response was cancelled while it was waited for */
	| 'cancelled'
	| 'empty_reply'
	| 'web_page'
	| 'malformed_reply'
	/** An event of a stream is no JSON */
	| 'malformed_event'
	/** The body is nested deeper than the stack */
	| 'nested_too_deeply'
	| 'bad_compression'
	| 'reply_too_large'
	| 'timeout'
	/** A plain reply ended before its end */
	| 'cut'
	/** A stream ended before the response was finished */
	| 'interrupted'
	| 'redirect'
	/** Cloudflare asked for a browser */
	| 'cloudflare_challenge'
	| 'connection_refused'
	| 'host_not_found'
	| 'dns_unavailable'
	| 'tls_not_spoken'
	/** The secure connection broke off while it was set up */
	| 'tls_handshake'
	| 'certificate'
	| 'address_blocked'
	| 'connection_lost'
	/** The server asks to wait longer than Max Retry Wait allows */
	| 'retry_wait_too_long'
	/** The server took no call of the whole execution for as long as Max Retry Wait allows */
	| 'no_calls_taken'
	/** The server refused one item again and again, while it took others */
	| 'always_refused'
	| 'not_sent'
	| 'no_id'
	| 'poll_timeout'
	| 'invalid_id'
	| 'invalid_credential'
	| 'not_deleted'
	| 'not_counted'
	| 'not_compacted'
	| 'invalid_json'
	/** The model called a function with arguments that are no JSON object */
	| 'invalid_arguments'
	/** The model may not use a tool before somebody approves it */
	| 'approval_needed'
	/** The model goes on calling tools */
	| 'too_many_tool_rounds'
	| 'refusal'
	| 'incomplete'
	/** An error that this code does not know */
	| 'unexpected';

/** What is known about an error. All of it may be shown, once secrets are hidden. */
export interface ApiErrorDetails {
	/** HTTP status of the reply; absent where none came */
	status?: number;
	/** The server's machine-readable words, or the code of Node.js */
	code?: string;
	type?: string;
	/** The request parameter that the server complains of */
	param?: string;
	/** The server's id of the call, for its support */
	requestId?: string;
	/** The reply's headers in lower case, for the rules of retrying */
	headers?: { [name: string]: string };
	/** Whether another try can help, no answer having begun; where absent the HTTP status decides */
	isRetryable?: boolean;
	/** Whether the server has ended the response, so that nothing of it can be had later */
	hasEnded?: boolean;
	/** The part of an answer that came before it was cut */
	partialText?: string;
	/** Whether the credential has neither a key nor another secret */
	isKeyMissing?: boolean;
	/** Path of the call, such as `/responses` */
	path?: string;
	/** The response that the server may still work on */
	responseId?: string;
	/** `failed` or `cancelled`, where the call itself succeeded and gave a response that ended so */
	responseStatus?: string;
	/** Whether that response was cancelled at the server */
	isCancelledAtServer?: boolean;
	/** Where a redirect leads, without the endpoint's own path */
	location?: string;
	/** Why an answer is not whole, by the API's own word */
	incompleteReason?: string;
	/** Whether all tokens of an incomplete answer went into reasoning */
	isReasoningOnly?: boolean;
	/** Calls made in all */
	attempts?: number;
	/** Milliseconds waited between the calls */
	waitedMs?: number;
	/** Milliseconds that the server asked to wait */
	retryAfterMs?: number;
	/** The calls of tools that were made for the same answer before, as an output tells them */
	toolRuns?: JsonObject[];
	/** The limit that was exceeded, in the unit of its setting (seconds, MB) */
	limit?: number;
}

/** Something went wrong on the way to a response. The message is the server's own words where there are any. */
export class ApiError extends Error {
	override name = 'ApiError' as const;

	constructor(
		readonly code: ApiErrorCode,
		message: string,
		readonly details: ApiErrorDetails = {},
	) {
		super(message);
	}

	/** The same error with more details; those that it has stay. */
	withDetails(details: ApiErrorDetails): ApiError {
		return new ApiError(this.code, this.message, { ...details, ...this.details });
	}

	/** The same error with `redact` applied to everything that a server or a user wrote. */
	redacted(redact: (text: string) => string): ApiError {
		const { code, type, param, requestId, location, partialText } = this.details;
		const texts = Object.entries({ code, type, param, requestId, location, partialText });
		const redactedTexts = texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, redact(text)] as const]));
		return new ApiError(this.code, redact(this.message), { ...this.details, ...Object.fromEntries(redactedTexts) });
	}
}

/** The execution was stopped: nothing more is sent, and this is not an error of the server. */
export class AbortedError extends Error {
	override name = 'AbortedError' as const;

	constructor() {
		// n8n shows an execution as canceled, not as failed, by this word
		super('The execution was canceled');
	}
}

/** Whatever was thrown, as one of the two errors of `api/`. */
export function toApiError(error: unknown): ApiError | AbortedError {
	if (error instanceof ApiError || error instanceof AbortedError) return error;
	if (error instanceof RangeError) return new ApiError('nested_too_deeply', 'The reply is nested too deeply to be read');
	return new ApiError('unexpected', error instanceof Error ? error.message : String(error));
}
