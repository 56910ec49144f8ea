import type { RequestContext } from './http/send';
import { isObject, textIn, type JsonObject } from './json';
import { requestJson } from './client';
import type { ErrorOrigin } from './http/retry';

/** How a gateway marks the models that its Responses endpoint serves. */
const RESPONSES_ENDPOINT_TYPE = 'openai-response';

/**
 * The models that the server lists, as it describes them and in its order.
 * https://platform.openai.com/docs/api-reference/models/list
 * @throws NodeApiError, also for a server without such a list
 */
export async function listModels(road: RequestContext, caller: ErrorOrigin = {}): Promise<JsonObject[]> {
	const reply = await requestJson(road, { method: 'GET', path: '/models' }, caller);
	const listed = [reply.data, reply.models].find(Array.isArray) ?? [];
	return listed.filter(isObject).filter((model) => modelId(model) !== '');
}

/** The id of a listed model, the text that `model` sends. */
export const modelId = (model: JsonObject) => textIn(model, 'id') ?? textIn(model, 'name') ?? '';

/** For sorting: by name, those first that the server marks for the Responses API. */
export function byResponsesSupportThenId(a: JsonObject, b: JsonObject): number {
	const serves = ({ supported_endpoint_types: types }: JsonObject) => Array.isArray(types) && types.includes(RESPONSES_ENDPOINT_TYPE);
	return Number(serves(b)) - Number(serves(a)) || modelId(a).localeCompare(modelId(b));
}
