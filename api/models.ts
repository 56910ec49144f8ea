import { isObject, textIn, type JsonObject } from './json';

/** How a gateway marks the models that its Responses endpoint serves. */
const RESPONSES_ENDPOINT_TYPE = 'openai-response';

/**
 * The models in the reply of `GET /models`, as the server describes them and in its order.
 * https://platform.openai.com/docs/api-reference/models/list
 */
export function modelsIn(reply: JsonObject): JsonObject[] {
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
