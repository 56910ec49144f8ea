import { randomUUID } from 'node:crypto';

import type { FinishReason, Message, MessageContent, TokenUsage } from '@n8n/ai-node-sdk';

import { isIncomplete, type ApiResponse } from '../../api/decode/normalize';
import { ApiError } from '../../api/errors/api-error';
import { incompleteError } from '../../api/errors/reply-errors';
import { isObject, parseJson, textIn, type JsonObject } from '../../api/json';
import { hintFor } from '../shared/errors/hints';
import { finalText, openItemsOf, reasoningOf, refusalOf } from '../shared/output/answer';
import { generatedImages, imageAddresses } from '../shared/output/generated-images';
import { labels } from './options';

type ToolCall = Extract<MessageContent, { type: 'tool-call' }> & { toolCallId: string };
type FilePart = Extract<MessageContent, { type: 'file' }>;

/** An answer as n8n's model nodes take it. */
export interface Answer {
	/** The final text, without what the model said on its way to it; "" if none */
	text: string;
	/** What stands after the text: a refusal, the addresses of images, and why the answer is not whole; "" if nothing */
	note: string;
	reasoning: string;
	calls: ToolCall[];
	files: FilePart[];
	finishReason: FinishReason;
	/** The server's own figures, where it gave some */
	usage?: TokenUsage;
}

/**
 * The answer in a response. A response without an answer is an error, because n8n would take it for an empty text.
 * @param messages what was asked, where IDs of calls may stand that the server gives again
 * @throws ApiError `incomplete`, `approval_needed`, `invalid_arguments`
 */
export function toAnswer(response: ApiResponse, messages: readonly Message[]): Answer {
	const calls = toolCalls(response, messages);
	const isAnswer = response.text !== '' || refusalOf(response) !== undefined || calls.length > 0;
	if (isIncomplete(response) && !isAnswer) throw incompleteError(response);
	const request = response.output.find(({ type }) => type === 'mcp_approval_request');
	if (request && !isAnswer) {
		throw new ApiError(
			'approval_needed',
			`The model asks for leave to use ${String(request.name)} of ${String(request.server_label)}`,
			response.details,
		);
	}
	return {
		text: finalText(response),
		note: calls.length > 0 ? '' : noteOf(response),
		reasoning: reasoningOf(response),
		calls,
		files: imageFilesOf(response),
		finishReason: calls.length > 0 ? 'tool-calls' : finishReasonOf(response),
		...(response.usage && { usage: usageOf(response.usage) }),
	};
}

/** The calls of the answer. Each gets an ID that is unique in the conversation, because n8n tells calls apart by it. */
function toolCalls(response: ApiResponse, messages: readonly Message[]): ToolCall[] {
	const used = new Set(messages.flatMap(({ content }) => content).map((part) => 'toolCallId' in part && part.toolCallId));
	const calls = openItemsOf(response).filter(({ type }) => type === 'function_call');
	return calls.map((item) => {
		const own = textIn(item, 'call_id') ?? textIn(item, 'id');
		const toolCallId = own !== undefined && !used.has(own) ? own : `call_${randomUUID()}`;
		used.add(toolCallId);
		return { type: 'tool-call', toolCallId, toolName: textIn(item, 'name') ?? '', input: argumentsOf(item, response) };
	});
}

/** The arguments of a call as JSON. Throws for arguments that are no object: the tool would get none. */
function argumentsOf(item: JsonObject, response: ApiResponse): string {
	const given = isObject(item.arguments) ? JSON.stringify(item.arguments) : (textIn(item, 'arguments') ?? '{}');
	if (isObject(parseJson(given))) return given;
	if (isIncomplete(response)) throw incompleteError(response);
	throw new ApiError(
		'invalid_arguments',
		`The model called ${String(item.name)} with what is no JSON object: ${given.slice(0, 200)}`,
		response.details,
	);
}

function noteOf(response: ApiResponse): string {
	const refusal = refusalOf(response);
	const note = isIncomplete(response) ? `[${hintFor(incompleteError(response), labels)}]` : '';
	return [refusal, ...imageAddresses(response), note]
		.filter(Boolean)
		.map((text, index) => (response.text !== '' || index > 0 ? `\n\n${text}` : text))
		.join('');
}

function finishReasonOf(response: ApiResponse): FinishReason {
	if (!isIncomplete(response)) return 'stop';
	const { incompleteReason } = response;
	if (incompleteReason === 'content_filter') return 'content-filter';
	return incompleteReason === 'max_output_tokens' ? 'length' : 'other';
}

/** Images that the server made. */
const imageFilesOf = ({ output }: ApiResponse): FilePart[] =>
	output.flatMap(generatedImages).map(({ mediaType, data }) => ({ type: 'file', mediaType, data }));

const usageOf = (usage: NonNullable<ApiResponse['usage']>): TokenUsage => ({
	promptTokens: usage.input_tokens,
	completionTokens: usage.output_tokens,
	totalTokens: usage.total_tokens,
	inputTokenDetails: { cacheRead: usage.cached_tokens },
	outputTokenDetails: { reasoning: usage.reasoning_tokens },
});
