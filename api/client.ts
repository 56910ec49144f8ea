import type { ResponseAccumulator } from './decode/response-accumulator';
import type { ApiRequest } from './http/request';
import { readBody } from './decode/reply-body';
import { send, type RequestContext } from './http/send';
import { failedResponseError, malformedResponseError, requestIdOf } from './errors/reply-errors';
import type { JsonObject } from './json';
import { CANCELLED_STATUSES, parseResponse, type ApiResponse } from './decode/normalize';
import { withRetries, toDetails, type ErrorOrigin } from './http/retry';
import { retryAfterMs } from './http/retry-after';

/** What a call for a response asks for besides the call itself. */
export interface ResponseOptions extends ErrorOrigin {
	/** The requested model, shown where the server names none */
	model: string;
	/** Whether a cancelled response is a result and not an error */
	mayBeCancelled?: boolean;
	/** Puts a stream together, for a caller that listens to it or goes on with it */
	accumulator?: ResponseAccumulator;
}

/**
 * The response to a call, in one shape whatever the server and the way it came.
 * @throws NodeApiError for everything that is no answer, a failed response included
 */
export async function createResponse(road: RequestContext, call: ApiRequest, wish: ResponseOptions): Promise<ApiResponse> {
	return await withRetries(road, call, wish, (tally) =>
		send(road, call, async (reply) => {
			const content = await readBody(reply, wish.accumulator);
			const raw = road.connection.redactor.reply(content ?? {});
			const requestId = requestIdOf(reply.headers);
			const facts = { status: reply.status, requestId: requestId && road.connection.redactor.text(requestId) };
			const response = parseResponse(raw, wish.model);
			if (!response) throw malformedResponseError(content ? JSON.stringify(raw) : '', facts);
			const isCancelled = CANCELLED_STATUSES.includes(response.status) && !wish.mayBeCancelled;
			if (response.status === 'failed' || isCancelled) throw failedResponseError(response, facts);
			return { ...response, retryAfterMs: retryAfterMs(reply.headers), details: { ...facts, ...toDetails(tally) } };
		}),
	);
}

/**
 * The JSON object that any other endpoint replies with; `{}` for the empty reply to a deletion.
 * @throws NodeApiError
 */
export async function requestJson(road: RequestContext, call: ApiRequest, caller: ErrorOrigin): Promise<JsonObject> {
	return await withRetries(road, call, caller, () =>
		send(road, call, async (reply) => {
			const content = await readBody(reply);
			// only a deletion has nothing to tell
			if (!content && call.method !== 'DELETE')
				throw malformedResponseError('', { status: reply.status, requestId: requestIdOf(reply.headers) });
			return road.connection.redactor.reply(content ?? {});
		}),
	);
}
