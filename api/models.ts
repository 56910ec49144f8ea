import { MODEL_ID_KEYS, MODEL_LIST_KEYS, REPLY_WRAPPERS } from './decode/quirks';
import { isFilled, isObject, textIn, type JsonObject } from './json';

/** How a gateway marks the models that its Responses endpoint serves. */
const RESPONSES_ENDPOINT_TYPE = 'openai-response';

/**
 * The models in the reply of `GET /models`, as the server describes them and in its order. They may be a list of objects or of
 * names, or an object by their ids, at the root or under a key.
 * https://platform.openai.com/docs/api-reference/models/list
 */
export function modelsIn(reply: unknown): JsonObject[] {
	return entriesIn(reply).filter((model) => modelId(model) !== '');
}

function entriesIn(value: unknown): JsonObject[] {
	if (Array.isArray(value)) return value.flatMap((entry) => (typeof entry === 'string' ? [{ id: entry }] : isObject(entry) ? [entry] : []));
	if (!isObject(value)) return [];
	const inner = [...MODEL_LIST_KEYS, ...REPLY_WRAPPERS].map((key) => value[key]).find(isFilled);
	if (typeof inner === 'object') return entriesIn(inner);
	return Object.entries(value).flatMap(([id, entry]) =>
		isObject(entry) ? [{ id, ...entry }] : Array.isArray(entry) ? entriesIn(entry) : [],
	);
}

/** The id of a listed model, the text that `model` sends. */
export const modelId = (model: JsonObject): string => MODEL_ID_KEYS.map((key) => textIn(model, key)).find(Boolean) ?? '';

/** For sorting: by name, those first that the server marks for the Responses API. */
export function byResponsesSupportThenId(a: JsonObject, b: JsonObject): number {
	const serves = ({ supported_endpoint_types: types }: JsonObject) => Array.isArray(types) && types.includes(RESPONSES_ENDPOINT_TYPE);
	return Number(serves(b)) - Number(serves(a)) || modelId(a).localeCompare(modelId(b));
}
