import { fromChatCompletion } from './chat-completion';
import { citationsIn } from './citations';
import { classify } from './classify';
import { textOfItem } from './output-accumulator';
import { incompleteReasonOf, statusOf } from './status';
import { splitReasoning, withoutReasoning } from './think-tags';
import { parseUsage, sumOfUsages, usageIn, type Usage } from './usage';
import type { ApiErrorDetails } from '../errors/api-error';
import { asObjects, isFilled, isObject, textIn, type JsonObject } from '../json';
import type { Body } from '../params';

/** A response in one shape, whatever the server and however it came. */
export interface ApiResponse {
	/** `null` if the server gave none */
	id: string | null;
	model: string;
	/** In the API's words; an unknown word of the server stays. `completed` if the server gave an answer without a status */
	status: string;
	/** Every output item, in the server's order */
	output: JsonObject[];
	/** All `output_text` joined with nothing, as `output_text` of the official client; "" if there is none */
	text: string;
	/** `null` if the server gave none */
	usage: Usage | null;
	/** Why the answer is incomplete, even if its status is `completed` */
	incompleteReason?: string;
	/** The texts of further choices */
	alternatives: string[];
	/** Web pages that the server lists beside the answer */
	citations: JsonObject[];
	/** Milliseconds that the server asks to wait before the response is retrieved again */
	retryAfterMs?: number;
	/** Facts about the call, for an error that is found in the answer later */
	details?: Pick<ApiErrorDetails, 'status' | 'requestId' | 'attempts' | 'waitedMs' | 'toolRuns'>;
	/** The reply as it came */
	raw: JsonObject;
	/** The reply in the shape of a Response, without a wrapper */
	body: JsonObject;
}

/** The parameters of a request that a reply may leave out. */
export interface RequestedParams {
	model?: Body['model'];
	/** The limit under whichever name it was sent */
	max_output_tokens?: unknown;
}

/**
 * The response in a reply: a Response object, a chat completion, a message of Anthropic's or a mere text, be it wrapped by a gateway.
 * `undefined` if the reply holds no answer.
 * @param requested what was asked for: the model, for servers that name none, and the limit at which an answer was cut off
 */
export function parseResponse(raw: JsonObject, requested: RequestedParams = {}): ApiResponse | undefined {
	const found = classify(raw);
	if (found.kind !== 'response') return parseChoices(asObjects(raw.data), raw, requested);
	const body = toResponseShape(found.response);
	const items = outputItemsOf(body);
	const output = items && splitReasoning(items);
	const state = stateOf(body, output);
	if (!state || (!output && !mayHaveNoOutput(state.status, body))) return undefined;
	const usage = parseUsage(usageIn(body) ?? usageIn(raw));
	const choices: unknown[] = Array.isArray(body.alternatives) ? body.alternatives : [];
	const alternatives = choices.filter((text) => typeof text === 'string').map(withoutReasoning);
	const maxTokens = Number(requested.max_output_tokens ?? body.max_output_tokens ?? NaN) * (1 + alternatives.length);
	return {
		id: nameIn(body, 'id') ?? null,
		model: nameIn(body, 'model') ?? requested.model ?? '',
		status: state.status,
		output: output ?? [],
		text: (output ?? []).map(textOfItem).join(''),
		usage,
		incompleteReason: state.incompleteReason ?? reasonByUsage(state.status, usage, maxTokens),
		alternatives,
		citations: citationsIn(body, output ?? []),
		raw,
		body,
	};
}

/** The first of a list of responses, with the texts of the others: llama.cpp answers so to `n` (llama.cpp-choices.1.json). */
function parseChoices(list: JsonObject[], raw: JsonObject, requested: RequestedParams): ApiResponse | undefined {
	const responses = list.map((entry) => parseResponse(entry, requested));
	const [first, ...others] = responses.filter((response) => response !== undefined);
	if (!first || responses.length > 1 + others.length) return undefined;
	const alternatives = [first.alternatives, ...others.map(({ text }) => text)].flat().filter((text) => text !== '');
	return { ...first, alternatives, usage: sumOfChoices([first, ...others].map(({ usage }) => usage)), raw };
}

/** The tokens of several choices. Their input is the same one. */
function sumOfChoices(given: Array<Usage | null>): Usage | null {
	const usages = given.filter((usage) => usage !== null);
	const sum = sumOfUsages(usages);
	if (!sum) return null;
	const { input_tokens, cached_tokens } = usages[0];
	return { ...sum, input_tokens, cached_tokens, total_tokens: input_tokens + sum.output_tokens };
}

/** The limit of tokens, if the answer has reached it: llama.cpp calls such an answer completed (llama.cpp-cut.1.json). */
function reasonByUsage(status: string, usage: Usage | null, maxTokens: number): string | undefined {
	const isAnswer = ['completed', 'incomplete'].includes(statusOf(status) ?? 'completed');
	return isAnswer && maxTokens > 0 && usage !== null && usage.output_tokens >= maxTokens ? 'max_output_tokens' : undefined;
}

/** Whether an answer is not whole, even if only the number of its tokens shows it. */
export const isIncomplete = ({ status, incompleteReason }: ApiResponse): boolean =>
	statusOf(status) === 'incomplete' || incompleteReason !== undefined;

/** An ID or a name; `undefined` if it is blank. */
const nameIn = (body: JsonObject, key: string) => (textIn(body, key)?.trim() === '' ? undefined : textIn(body, key));

/**
 * The status in the API's words, and why an answer is incomplete; `undefined` if there is neither a status nor an answer. An answer
 * whose status is a good one is incomplete all the same if a finish reason, a reason or a message in it says so.
 */
function stateOf(body: JsonObject, output?: JsonObject[]): Pick<ApiResponse, 'status' | 'incompleteReason'> | undefined {
	const stated = textIn(body, 'status') ?? (output ? 'completed' : undefined);
	if (stated === undefined) return undefined;
	const messages = output?.filter(({ type }) => type === 'message') ?? [];
	const reason = textIn(body.incomplete_details, 'reason') ?? textIn(body, 'incomplete_details');
	const words = [stated, body.finish_reason, body.stop_reason, ...messages.flatMap((message) => [message.status, message.finish_reason])];
	const cut = words.filter((word) => statusOf(word) === 'incomplete');
	const status = statusOf(stated) ?? stated;
	const isIncomplete = status === 'incomplete' || (status === 'completed' && (reason !== undefined || cut.length > 0));
	if (!isIncomplete) return { status };
	const incompleteReason = incompleteReasonOf(reason) ?? reason ?? cut.map(incompleteReasonOf).find((word) => word !== undefined);
	return { status: 'incomplete', incompleteReason };
}

/** Whether a response may lack output, because it is not completed; its status may be a word of the server's own. */
const mayHaveNoOutput = (status: string, { object }: JsonObject) =>
	status !== 'completed' && (object === 'response' || statusOf(status) !== undefined);

/** A chat completion in the shape of a Response; a Response, or a message of Anthropic's (anthropic-message.1.json), as it is. */
function toResponseShape(answer: JsonObject): JsonObject {
	return Array.isArray(answer.choices) && !isFilled(answer.output) ? fromChatCompletion(answer) : answer;
}

/**
 * The output items, also where `output` is one text or one item, where a message has its content beside the status, and where only
 * `output_text` is there; `undefined` if there is none of these.
 */
function outputItemsOf(body: JsonObject): JsonObject[] | undefined {
	const { output, content } = body;
	const single = isObject(output) || textIn(body, 'output') ? output : Array.isArray(content) && { content };
	const items = Array.isArray(output) ? output.flatMap(toOutputItems) : single ? toOutputItems(single) : undefined;
	const text = textIn(body, 'output_text');
	const isMissing = text !== undefined && !items?.some((item) => textOfItem(item) !== '');
	return isMissing ? [...(items ?? []), textMessage(text)] : items;
}

const textMessage = (text: string): JsonObject => ({
	type: 'message',
	role: 'assistant',
	content: [{ type: 'output_text', text, annotations: [] }],
});

/** An entry of `output` as items: a text, a part or an object without a type becomes a message; `null` and the like none. */
function toOutputItems(entry: unknown): JsonObject[] {
	if (typeof entry === 'string') return [textMessage(entry)];
	if (!isObject(entry)) return [];
	if (entry.type === 'output_text' || entry.type === 'text') return [textMessage(textIn(entry, 'text') ?? '')];
	if (entry.type !== undefined && entry.type !== 'message') return [entry];
	const parts: unknown[] = Array.isArray(entry.content) ? entry.content : [entry.content];
	return [{ ...entry, type: 'message', content: parts.flatMap(toOutputParts) }];
}

/** An entry of `content` as parts: a text becomes one, and so does a part of the chat API (type `text`); `null` none. */
function toOutputParts(entry: unknown): JsonObject[] {
	if (typeof entry === 'string') return [{ type: 'output_text', text: entry, annotations: [] }];
	if (!isObject(entry)) return [];
	return [entry.type === 'text' ? { ...entry, type: 'output_text' } : entry];
}
