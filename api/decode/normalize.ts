import { responseOfChat, stateOf } from './chat-completion';
import type { FaultFacts } from '../errors/api-error';
import { isObject, objectIn, textIn, type JsonObject } from '../json';
import { textOfItem } from './output-accumulator';
import { usageOf, type Usage } from './usage';

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
	waitMs?: number;
	/** How it came, for an error that is found in it later */
	facts?: Pick<FaultFacts, 'status' | 'requestId' | 'attempts' | 'waitedMs'>;
	/** The reply as it came */
	raw: JsonObject;
	/** The same in the Response's shape */
	body: JsonObject;
}

/**
 * The Response in a reply: a Response object, a chat completion, one of both wrapped in `data`, `response` or
 * `result`, or a mere text; `undefined` if it holds no answer. `model` is the requested one.
 */
export function responseIn(raw: JsonObject, model: string): ApiResponse | undefined {
	const inner = unwrapped(raw);
	if (!inner) return undefined;
	const body = bodyOf(inner);
	const output = outputOf(body);
	const status = textIn(body, 'status') ?? (output ? 'completed' : undefined);
	if (!status || (!output && !mayBeEmpty(status, body))) return undefined;
	return {
		id: textIn(body, 'id') ?? null,
		model: textIn(body, 'model') ?? model,
		status,
		output: output ?? [],
		text: (output ?? []).map(textOfItem).join(''),
		usage: usageOf(body.usage),
		incompleteReason: textIn(objectIn(body, 'incomplete_details'), 'reason'),
		alternatives: Array.isArray(body.alternatives) ? body.alternatives.filter((text): text is string => typeof text === 'string') : [],
		raw,
		body,
	};
}

/** Whether a status says that the server is still at work. */
export const isPending = (status: string) => status === 'queued' || status === 'in_progress';

/** How servers write that a response was cancelled. */
export const CANCELLED = ['cancelled', 'canceled'];

/** Whether a status says that nothing more will come, also in words of other servers; one that nobody knows does not. */
export const isFinished = (status: string) =>
	['completed', 'incomplete', 'failed', 'done', 'succeeded', 'success', ...CANCELLED].includes(status);

/** Whether a response may be without output: while it is not finished, also in a state of the server's own, or failed. */
const mayBeEmpty = (status: string, { object }: JsonObject) =>
	status !== 'completed' && (object === 'response' || isPending(status) || isFinished(status));

const isFilledList = (value: unknown) => Array.isArray(value) && value.length > 0;

const holdsAnswer = (body: JsonObject) =>
	body.object === 'response' ||
	['queued', 'in_progress', 'failed'].includes(String(body.status)) ||
	['output', 'choices', 'output_text'].some((key) => body[key] !== undefined) ||
	(Array.isArray(body.content) && typeof body.role === 'string');

/** The answer in the shape of a Response: some servers send a chat completion or a message of Anthropic's. */
function bodyOf(inner: JsonObject): JsonObject {
	if (Array.isArray(inner.choices) && !isFilledList(inner.output)) return responseOfChat(inner);
	return inner.stop_reason === undefined ? inner : { ...inner, ...stateOf(inner.stop_reason) };
}

function unwrapped(raw: JsonObject): JsonObject | undefined {
	if (holdsAnswer(raw)) return raw;
	return ['data', 'response', 'result'].map((key) => objectIn(raw, key)).find(holdsAnswer);
}

/** The output items. Some servers send a bare text, one item without a list, or the content of a message alone. */
function outputOf(body: JsonObject): JsonObject[] | undefined {
	const { output, content } = body;
	const single = isObject(output) || textIn(body, 'output') ? output : Array.isArray(content) && { content };
	const items = Array.isArray(output) ? output.flatMap(itemOf) : single ? itemOf(single) : undefined;
	const text = textIn(body, 'output_text');
	const isMissing = text !== undefined && !items?.some((item) => textOfItem(item) !== '');
	return isMissing ? [...(items ?? []), messageOf(text)] : items;
}

const messageOf = (text: string): JsonObject => ({
	type: 'message',
	role: 'assistant',
	content: [{ type: 'output_text', text, annotations: [] }],
});

/** An item by the API's names: a text is a message, and so is what has no type; a message has a list of parts. */
function itemOf(item: unknown): JsonObject[] {
	if (typeof item === 'string') return [messageOf(item)];
	if (!isObject(item)) return [];
	if (item.type === 'output_text' || item.type === 'text') return [messageOf(textIn(item, 'text') ?? '')];
	if (item.type !== undefined && item.type !== 'message') return [item];
	const parts: unknown[] = Array.isArray(item.content) ? item.content : [item.content];
	return [{ ...item, type: 'message', content: parts.flatMap(partOf) }];
}

function partOf(part: unknown): JsonObject[] {
	if (typeof part === 'string') return [{ type: 'output_text', text: part, annotations: [] }];
	if (!isObject(part)) return [];
	return [part.type === 'text' ? { ...part, type: 'output_text' } : part];
}
