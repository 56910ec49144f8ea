import { MODEL_ID_KEYS, MODEL_LIST_KEYS, REPLY_WRAPPERS } from './decode/quirks';
import { isFilled, isObject, objectIn, textIn, type JsonObject } from './json';

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

/** The purposes of models that give no text, in the words of gateways (new-api, OpenRouter, Together, LM Studio). */
const NO_TEXT = /embed|image|rerank|video|audio|speech|transcri|moderation|music/i;

/**
 * The purpose of a model that does not answer in text, in the server's words (`embeddings`, `image-generation`); `undefined` for
 * any other model, and where the server does not mark its models.
 */
export function otherPurpose(model: JsonObject): string | undefined {
	const marks = [model.supported_endpoint_types, objectIn(model, 'architecture').output_modalities, [model.type]];
	const texts = marks.map((list) => (Array.isArray(list) ? list.filter((mark) => typeof mark === 'string') : []));
	const given = texts.find(({ length }) => length > 0) ?? [];
	return given.length > 0 && given.every((mark) => NO_TEXT.test(mark)) ? given.join(', ') : undefined;
}

/** For sorting: by name, those first that the server marks for the Responses API, those last that give no text. */
export function byResponsesSupportThenId(a: JsonObject, b: JsonObject): number {
	return rankOf(a) - rankOf(b) || modelId(a).localeCompare(modelId(b));
}

function rankOf(model: JsonObject): number {
	const { supported_endpoint_types: types } = model;
	if (Array.isArray(types) && types.includes(RESPONSES_ENDPOINT_TYPE)) return 0;
	return otherPurpose(model) === undefined ? 1 : 2;
}
