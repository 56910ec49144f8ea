import { parseResponse, type ApiResponse, type RequestedParams } from './decode/normalize';
import { readBody, readBytes } from './decode/reply-body';
import type { ResponseAccumulator } from './decode/response-accumulator';
import { statusOf } from './decode/status';
import { withCostInHeaders } from './decode/usage';
import { failedResponseError, malformedResponseError, requestIdOf } from './errors/reply-errors';
import type { RequestContext } from './http/context';
import type { ApiRequest } from './http/request';
import { toDetails, withRetries } from './http/retry';
import { retryAfterMs } from './http/retry-after';
import { send } from './http/send';
import type { JsonObject } from './json';

/** How a response is read. */
export interface ReadOptions {
	/** The body of the request, for what the server does not say */
	requested?: RequestedParams;
	/** Whether a cancelled response is a result and not an error */
	mayBeCancelled?: boolean;
	/** Takes the events of a stream, for a caller that listens to them or resumes the stream */
	accumulator?: ResponseAccumulator;
}

/**
 * The Response that a request brings, in one shape for every server, plain or streamed; retried where that can help.
 * @throws ApiError for everything that is no answer, a failed response included; AbortedError
 */
export async function fetchResponse(context: RequestContext, request: ApiRequest, options: ReadOptions = {}): Promise<ApiResponse> {
	const { redactor } = context.connection;
	return await withRetries(context, request, (stats) =>
		send(context, request, async (reply) => {
			const body = await readBody(reply, options.accumulator);
			const raw = redactor.reply(body ?? {});
			const requestId = requestIdOf(reply.headers);
			const details = { status: reply.status, requestId: requestId && redactor.text(requestId) };
			const response = parseResponse(raw, options.requested);
			if (!response) throw malformedResponseError(body ? JSON.stringify(raw) : '', details);
			const isCancelled = statusOf(response.status) === 'cancelled' && !options.mayBeCancelled;
			if (response.status === 'failed' || isCancelled) throw failedResponseError(response, details);
			// a retrieval and a cancellation, which have no body, cost something else than the answer; a stream is paid for after its headers
			const isPriced = request.body !== undefined && !reply.headers['content-type']?.includes('event-stream');
			const usage = isPriced ? withCostInHeaders(response.usage, reply.headers) : response.usage;
			return { ...response, usage, retryAfterMs: retryAfterMs(reply.headers), details: { ...details, ...toDetails(stats) } };
		}),
	);
}

/**
 * The JSON object that any other endpoint replies with, a list as `{data: list}`; `{}` for a deletion answered with nothing or words.
 * @throws ApiError, AbortedError
 */
export async function fetchJson(context: RequestContext, request: ApiRequest): Promise<JsonObject> {
	return await withRetries(context, request, () =>
		send(context, request, async (reply) => {
			const isDeletion = request.method === 'DELETE';
			const body = await readBody(reply, undefined, { list: true, words: isDeletion });
			if (!body && !isDeletion) {
				throw malformedResponseError('', { status: reply.status, requestId: requestIdOf(reply.headers) });
			}
			return context.connection.redactor.reply(body ?? {});
		}),
	);
}

/** A file as a server gave it. */
export interface FileContent {
	bytes: Buffer;
	/** The media type by its header; "" if it has none */
	type: string;
}

/**
 * The file that a request brings.
 * @throws ApiError, also for a file that is larger than the limits allow; AbortedError
 */
export async function fetchFile(context: RequestContext, request: ApiRequest): Promise<FileContent> {
	return await withRetries(context, request, () =>
		send(context, request, async (reply) => ({ bytes: await readBytes(reply), type: reply.headers['content-type'] ?? '' })),
	);
}
