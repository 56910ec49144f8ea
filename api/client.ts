import type { Assembly } from './decode/response-accumulator';
import type { Call } from './http/request';
import { contentOf } from './decode/reply-body';
import { exchange, type Road } from './http/send';
import { failedFault, malformedFault, requestIdOf } from './errors/reply-errors';
import type { JsonObject } from './json';
import { CANCELLED, responseIn, type ApiResponse } from './decode/normalize';
import { retrying, tallied, type Caller } from './http/retry';
import { askedWait } from './http/retry-after';

/** What a call for a response asks for besides the call itself. */
export interface Wish extends Caller {
	/** The requested model, shown where the server names none */
	model: string;
	/** Whether a cancelled response is a result and not an error */
	mayBeCancelled?: boolean;
	/** Puts a stream together, for a caller that listens to it or goes on with it */
	assembly?: Assembly;
}

/**
 * The response to a call, in one shape whatever the server and the way it came.
 * @throws NodeApiError for everything that is no answer, a failed response included
 */
export async function respond(road: Road, call: Call, wish: Wish): Promise<ApiResponse> {
	return await retrying(road, call, wish, (tally) =>
		exchange(road, call, async (reply) => {
			const content = await contentOf(reply, wish.assembly);
			const raw = road.connection.mask.reply(content ?? {});
			const requestId = requestIdOf(reply.headers);
			const facts = { status: reply.status, requestId: requestId && road.connection.mask.text(requestId) };
			const response = responseIn(raw, wish.model);
			if (!response) throw malformedFault(content ? JSON.stringify(raw) : '', facts);
			const isCancelled = CANCELLED.includes(response.status) && !wish.mayBeCancelled;
			if (response.status === 'failed' || isCancelled) throw failedFault(response, facts);
			return { ...response, waitMs: askedWait(reply.headers), facts: { ...facts, ...tallied(tally) } };
		}),
	);
}

/**
 * The JSON object that any other endpoint replies with; `{}` for the empty reply to a deletion.
 * @throws NodeApiError
 */
export async function request(road: Road, call: Call, caller: Caller): Promise<JsonObject> {
	return await retrying(road, call, caller, () =>
		exchange(road, call, async (reply) => {
			const content = await contentOf(reply);
			// only a deletion has nothing to tell
			if (!content && call.method !== 'DELETE') throw malformedFault('', { status: reply.status, requestId: requestIdOf(reply.headers) });
			return road.connection.mask.reply(content ?? {});
		}),
	);
}
