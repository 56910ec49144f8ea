import type { Road } from './http/send';
import { isObject, textIn, type JsonObject } from './json';
import { request } from './client';
import type { Caller } from './http/retry';

/** How a gateway marks the models that its Responses endpoint serves. */
const FOR_RESPONSES = 'openai-response';

/**
 * The models that the server lists, as it describes them and in its order.
 * https://platform.openai.com/docs/api-reference/models/list
 * @throws NodeApiError, also for a server without such a list
 */
export async function modelsOf(road: Road, caller: Caller = {}): Promise<JsonObject[]> {
	const reply = await request(road, { method: 'GET', path: '/models' }, caller);
	const listed = [reply.data, reply.models].find(Array.isArray) ?? [];
	return listed.filter(isObject).filter((model) => modelIdOf(model) !== '');
}

/** The id of a listed model, the text that `model` sends. */
export const modelIdOf = (model: JsonObject) => textIn(model, 'id') ?? textIn(model, 'name') ?? '';

/** For sorting: by name, those first that the server marks for the Responses API. */
export function byServiceThenName(a: JsonObject, b: JsonObject): number {
	const serves = ({ supported_endpoint_types: types }: JsonObject) => Array.isArray(types) && types.includes(FOR_RESPONSES);
	return Number(serves(b)) - Number(serves(a)) || modelIdOf(a).localeCompare(modelIdOf(b));
}
