import type { IDataObject } from 'n8n-workflow';

import { AbortedError, type ApiError } from '../errors/api-error';
import { networkError } from '../errors/network-errors';
import { redirectError, replyTooLargeError, timeoutError, truncatedError } from '../errors/reply-errors';
import { CallTimer } from './call-timer';
import type { Connection } from './connection';
import type { RequestContext } from './context';
import { toHttpRequest, type ApiRequest, type HttpResponse, type RequestLimits } from './request';

/** Redirects that are followed for one request */
const MAX_REDIRECTS = 3;
/** The reason with which a call is aborted at its end: without a reason, Node.js builds an error with its stack each time */
const CALL_ENDED = 'ended';

/**
 * Sends one request, follows redirects on the same server, and has the response read. The socket is closed afterwards,
 * whatever happens.
 * @throws ApiError, or AbortedError if the execution was stopped
 */
export async function send<T>(
	context: RequestContext,
	request: ApiRequest,
	readResponse: (response: HttpResponse) => Promise<T>,
): Promise<T> {
	let next = request;
	for (let redirects = 0; ; redirects++) {
		const response = await open(context, next);
		try {
			context.rateLimiter.onHeaders(response.status, response.headers);
			const target = redirectTarget(context.connection, next, response);
			if (!target) return await readResponse(response);
			if (redirects === MAX_REDIRECTS) throw redirectError(response.status, target);
			// the address in `location` is whole, with its query
			next = { ...request, path: target.href, query: undefined };
		} finally {
			response.close();
		}
	}
}

/** A response whose headers have come. `close` ends the call: its timer, its controller and its socket. */
interface OpenResponse extends HttpResponse {
	close(): void;
}

/**
 * Sends the request and waits for the headers of its response.
 * @throws ApiError, or AbortedError if the execution was stopped
 */
async function open({ connection, limits }: RequestContext, request: ApiRequest): Promise<OpenResponse> {
	const { controller, unregister } = request.signal ? controllerFor(request.signal) : connection.createController();
	const timer = new CallTimer(limits.timeout * 1000, request.stream === true, request.signal ? undefined : limits.deadline);
	void timer.run(controller);
	let isWhole = false;
	const close = () => {
		timer.stop();
		// to stop reading the body, or to destroy it, does not close the socket of a server that has fallen silent
		if (!isWhole) controller.abort(CALL_ENDED);
		unregister();
	};
	const reasonOf = (missing: string, otherError: ApiError) => {
		if (connection.isCancelled()) return new AbortedError();
		return timer.expired ? timeoutError(limits.timeout, missing) : otherError;
	};
	try {
		const { statusCode, headers, body } = await connection.send(toHttpRequest(request, limits), controller.signal);
		const missing = request.stream ? 'go on' : 'finish its reply';
		const toError = (error: unknown) => reasonOf(missing, truncatedError(error));
		return {
			status: statusCode,
			headers: lowerCaseHeaders(headers),
			// n8n's type of a body does not know what `encoding: 'stream'` gives
			chunks: limitedBody(body as unknown as AsyncIterable<Uint8Array>, limits, { timer, toError, onEnd: () => (isWhole = true) }),
			setDeadline: (milliseconds) => timer.setDeadline(milliseconds),
			close,
		};
	} catch (error) {
		close();
		throw reasonOf('begin to answer', networkError(error));
	}
}

/** A controller that the signal aborts; `unregister` when the call has ended. */
function controllerFor(signal: AbortSignal): ReturnType<Connection['createController']> {
	const controller = new AbortController();
	const abort = () => controller.abort();
	if (signal.aborted) abort();
	signal.addEventListener('abort', abort, { once: true });
	return { controller, unregister: () => signal.removeEventListener('abort', abort) };
}

function lowerCaseHeaders(headers: IDataObject): HttpResponse['headers'] {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/**
 * Where to send the same request again; `undefined` for a response that is no redirect.
 * @throws ApiError for a redirect that may not be followed
 */
function redirectTarget({ server }: Connection, request: ApiRequest, { status, headers }: HttpResponse): URL | undefined {
	if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
	const from = request.path.startsWith('/') ? server.baseUrl + request.path : request.path;
	if (!URL.canParse(headers.location, from)) return undefined;
	const target = new URL(headers.location, from);
	// 301 to 303 turn a POST into a GET; another origin must not see the key
	const isSameCall = status > 303 || request.method === 'GET';
	if (isSameCall && target.origin === new URL(server.baseUrl).origin) return target;
	throw redirectError(status, target);
}

/** Yields the body until it exceeds the size limit or the timer aborts it. `toError` turns the reason into an error. */
async function* limitedBody(
	chunks: AsyncIterable<Uint8Array>,
	{ maxReplySize }: RequestLimits,
	call: { timer: CallTimer; toError: (error: unknown) => ApiError | AbortedError; onEnd: () => void },
): AsyncGenerator<Uint8Array> {
	const { timer, toError, onEnd } = call;
	const maxBytes = maxReplySize * 1024 * 1024;
	let size = 0;
	timer.onData();
	try {
		for await (const chunk of chunks) {
			timer.onData();
			size += chunk.length;
			if (size > maxBytes) break;
			yield chunk;
		}
	} catch (error) {
		throw toError(error);
	}
	if (size > maxBytes) throw replyTooLargeError(maxReplySize);
	onEnd();
}
