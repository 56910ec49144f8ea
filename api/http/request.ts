import type { IDataObject, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

/** Most milliseconds that a timer of Node.js takes: it fires at once for more, and every call would fail after it was sent */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** One request to the server. */
export interface ApiRequest {
	method: IHttpRequestMethods;
	/** The path after the base URL, with its slash: `/responses`; or a whole address on the same server */
	path: string;
	query?: IDataObject;
	/** JSON: see `encodeBody` */
	body?: Buffer;
	/** Whether the request asks for a stream of events */
	stream?: boolean;
	/** Ends the call, in place of Stop and the deadline */
	signal?: AbortSignal;
	/** The media type that the request asks for; absent: JSON, and events for a stream */
	accept?: string;
}

/** How long and how often a request may be tried, and how large its response may be. */
export interface RequestLimits {
	/** Seconds in all, for a stream the longest silence */
	timeout: number;
	/** Attempts after the first */
	maxRetries: number;
	/** Most seconds that a server may ask to wait before the next attempt */
	maxRetryWait: number;
	/** Most MB (of 1024 x 1024 bytes) of a response body */
	maxReplySize: number;
	/** For a background response: when every call ends, as `Date.now()` counts */
	deadline?: number;
}

/** An HTTP response whose body has not been read. */
export interface HttpResponse {
	status: number;
	/** Names in lower case */
	headers: { [name: string]: string };
	/** The body's bytes as they come, decompressed. Throws an ApiError if the body is cut, too long or too slow. */
	chunks: AsyncIterable<Uint8Array>;
	/** Sets a hard deadline in ms from now for the rest of the body. `Infinity` removes it. */
	setDeadline(milliseconds: number): void;
}

/** The request for n8n's helper: the response comes as a stream with any status, and no redirect is followed. */
export function toHttpRequest(
	{ method, path, query, body, stream, accept }: ApiRequest,
	{ timeout }: Pick<RequestLimits, 'timeout'>,
): IHttpRequestOptions {
	return {
		method,
		url: path,
		qs: query,
		body,
		headers: {
			Accept: accept ?? (stream ? 'application/json, text/event-stream' : 'application/json'),
			...(body && { 'Content-Type': 'application/json' }),
		},
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		// a second more than the timer of the call allows: n8n's own limit would be 5 minutes
		timeout: Math.min(timeout * 1000 + 1000, MAX_TIMEOUT_MS),
	};
}
