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
	/** Parameters of the request, in place of those that the reply leaves out */
	requested?: RequestedParams;
	/** Whether a cancelled response is a result and not an error */
	mayBeCancelled?: boolean;
	/** Takes the events of a stream, for a caller that listens to them or resumes the stream */
	accumulator?: ResponseAccumulator;
}

/**
 * Sends a request and gives its Response, in one shape for every server, plain or streamed. Retries where that can help.
 * @throws ApiError for a reply without an answer, a failed response included; AbortedError
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
			// only the reply to a request with a body has the cost of the answer in its headers; those of a stream come before the cost is known
			const isPriced = request.body !== undefined && !reply.headers['content-type']?.includes('event-stream');
			const usage = isPriced ? withCostInHeaders(response.usage, reply.headers) : response.usage;
			return { ...response, usage, retryAfterMs: retryAfterMs(reply.headers), details: { ...details, ...toDetails(stats) } };
		}),
	);
}

/**
 * Sends a request to any other endpoint and gives the JSON object of the reply: a list as `{data: list}`, and `{}` for a deletion
 * whose reply is empty or plain words.
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
 * Sends a request and gives the file in the reply.
 * @throws ApiError, also for a file that is larger than the limits allow; AbortedError
 */
export async function fetchFile(context: RequestContext, request: ApiRequest): Promise<FileContent> {
	return await withRetries(context, request, () =>
		send(context, request, async (reply) => ({ bytes: await readBytes(reply), type: reply.headers['content-type'] ?? '' })),
	);
}
