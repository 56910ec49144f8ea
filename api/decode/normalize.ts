import { fromChatCompletion, statusFromFinishReason } from './chat-completion';
import type { ApiErrorDetails } from '../errors/api-error';
import { isFilled, isObject, objectIn, textIn, type JsonObject } from '../json';
import { classify } from './classify';
import { textOfItem } from './output-accumulator';
import { isFinished, isPending, statusOf } from './status';
import { parseUsage, type Usage } from './usage';

/** A Response in one shape, from whichever server and in whichever way it came. */
export interface ApiResponse {
	/** `null` where the server names none */
	id: string | null;
	model: string;
	/** As replied; `completed` where the server left it out but answered */
	status: string;
	/** Every output item, in the server's order */
	output: JsonObject[];
	/** All `output_text` joined with nothing, as the official client's `output_text`; "" if none */
	text: string;
	/** `null` where the server gave none */
	usage: Usage | null;
	/** Why the answer is not whole */
	incompleteReason?: string;
	/** Texts of further choices */
	alternatives: string[];
	/** Milliseconds that the server asks to wait until it is asked again */
	retryAfterMs?: number;
	/** How it came, for an error that is found in it later */
	details?: Pick<ApiErrorDetails, 'status' | 'requestId' | 'attempts' | 'waitedMs'>;
	/** The reply as it came */
	raw: JsonObject;
	/** The same in the Response's shape */
	body: JsonObject;
}

/**
 * The Response in a reply: a Response object, a chat completion, one of both wrapped in `data`, `response` or
 * `result`, or a mere text; `undefined` if it holds no answer. `model` is the requested one.
 */
export function parseResponse(raw: JsonObject, model: string): ApiResponse | undefined {
	const found = classify(raw);
	if (found.kind !== 'response') return undefined;
	const body = normalizeBody(found.response);
	const output = outputItemsOf(body);
	const status = textIn(body, 'status') ?? (output ? 'completed' : undefined);
	if (!status || (!output && !mayHaveNoOutput(status, body))) return undefined;
	return {
		id: textIn(body, 'id') ?? null,
		model: textIn(body, 'model') ?? model,
		status,
		output: output ?? [],
		text: (output ?? []).map(textOfItem).join(''),
		usage: parseUsage(body.usage),
		incompleteReason: textIn(objectIn(body, 'incomplete_details'), 'reason'),
		alternatives: Array.isArray(body.alternatives) ? body.alternatives.filter((text): text is string => typeof text === 'string') : [],
		raw,
		body,
	};
}

/** Whether a response may be without output: while it is not finished, also in a state of the server's own, or failed. */
const mayHaveNoOutput = (status: string, { object }: JsonObject) =>
	statusOf(status) !== 'completed' && (object === 'response' || isPending(status) || isFinished(status));

/** The answer in the shape of a Response: some servers send a chat completion or a message of Anthropic's. */
function normalizeBody(inner: JsonObject): JsonObject {
	if (Array.isArray(inner.choices) && !isFilled(inner.output)) return fromChatCompletion(inner);
	return inner.stop_reason === undefined ? inner : { ...inner, ...statusFromFinishReason(inner.stop_reason) };
}

/** The output items. Some servers send a bare text, one item without a list, or the content of a message alone. */
function outputItemsOf(body: JsonObject): JsonObject[] | undefined {
	const { output, content } = body;
	const single = isObject(output) || textIn(body, 'output') ? output : Array.isArray(content) && { content };
	const items = Array.isArray(output) ? output.flatMap(normalizeItem) : single ? normalizeItem(single) : undefined;
	const text = textIn(body, 'output_text');
	const isMissing = text !== undefined && !items?.some((item) => textOfItem(item) !== '');
	return isMissing ? [...(items ?? []), textMessage(text)] : items;
}

const textMessage = (text: string): JsonObject => ({
	type: 'message',
	role: 'assistant',
	content: [{ type: 'output_text', text, annotations: [] }],
});

/** An item by the API's names: a text is a message, and so is what has no type; a message has a list of parts. */
function normalizeItem(item: unknown): JsonObject[] {
	if (typeof item === 'string') return [textMessage(item)];
	if (!isObject(item)) return [];
	if (item.type === 'output_text' || item.type === 'text') return [textMessage(textIn(item, 'text') ?? '')];
	if (item.type !== undefined && item.type !== 'message') return [item];
	const parts: unknown[] = Array.isArray(item.content) ? item.content : [item.content];
	return [{ ...item, type: 'message', content: parts.flatMap(normalizePart) }];
}

function normalizePart(part: unknown): JsonObject[] {
	if (typeof part === 'string') return [{ type: 'output_text', text: part, annotations: [] }];
	if (!isObject(part)) return [];
	return [part.type === 'text' ? { ...part, type: 'output_text' } : part];
}
