import { asObject, isObject, objectIn, objectsIn, textIn, type JsonObject } from '../json';

/** How chat servers say that an answer is not whole. */
const FINISH_REASONS: { [finishReason: string]: string } = {
	length: 'max_output_tokens',
	max_tokens: 'max_output_tokens',
	content_filter: 'content_filter',
	safety: 'content_filter',
};

/**
 * A chat-completions reply (`choices[].message`) as a Response: AnyAPI documents its `POST /responses` so.
 * The first choice is the answer; the texts of the others are `alternatives`. Usage stays as the server names it.
 */
export function fromChatCompletion(completion: JsonObject): JsonObject {
	const [choice = {}, ...others] = objectsIn(completion, 'choices');
	return {
		...completion,
		object: 'response',
		created_at: completion.created,
		...statusFromFinishReason(choice.finish_reason),
		...(isObject(choice.error) && { status: 'failed', error: choice.error }),
		output: outputOfChoice(choice, completion),
		alternatives: others.map((other) => textOfChoice(other)).filter((text) => text !== ''),
	};
}

/** The status of a response by what a chat server calls the reason for its end; a message of Anthropic's has one too. */
export function statusFromFinishReason(finishReason: unknown): JsonObject {
	const finish = String(finishReason ?? '').toLowerCase();
	const reason = FINISH_REASONS[finish];
	if (reason) return { status: 'incomplete', incomplete_details: { reason } };
	return { status: finish === 'error' ? 'failed' : 'completed' };
}

function outputOfChoice(choice: JsonObject, completion: JsonObject): JsonObject[] {
	const message = objectIn(choice, 'message');
	const text = textOfChoice(choice);
	const refusal = refusalOfMessage(message);
	const reasoning = reasoningOfMessage(message);
	const content = [
		...(text ? [{ type: 'output_text', text, annotations: annotationsOfMessage(message, completion) }] : []),
		...(refusal ? [{ type: 'refusal', refusal }] : []),
	];
	return [
		...(reasoning ? [{ type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }] : []),
		...(content.length > 0 ? [{ type: 'message', role: 'assistant', status: 'completed', content }] : []),
		...functionCallsOfMessage(message),
	];
}

/** The text of a choice: of its message, of its parts, of an old `text` completion or of a spoken answer. */
function textOfChoice(choice: JsonObject): string {
	const message = objectIn(choice, 'message');
	const content = typeof message.content === 'string' ? message.content : textOfMessageParts(message);
	return content || textIn(choice, 'text') || textIn(objectIn(message, 'audio'), 'transcript') || '';
}

function textOfMessageParts(message: JsonObject): string {
	const parts = objectsIn(message, 'content').filter((part) => part.type !== 'refusal');
	return parts.map((part) => textIn(part, 'text') ?? textIn(objectIn(part, 'text'), 'value') ?? '').join('');
}

function refusalOfMessage(message: JsonObject): string | undefined {
	const part = objectsIn(message, 'content').find(({ type }) => type === 'refusal');
	return textIn(message, 'refusal') ?? textIn(part, 'refusal');
}

function reasoningOfMessage(message: JsonObject): string {
	const details = objectsIn(message, 'reasoning_details');
	return (
		textIn(message, 'reasoning_content') ??
		textIn(message, 'reasoning') ??
		textIn(objectIn(message, 'reasoning'), 'content') ??
		details.map((detail) => textIn(detail, 'text') ?? textIn(detail, 'summary') ?? '').join('')
	);
}

function functionCallsOfMessage(message: JsonObject): JsonObject[] {
	const calls = objectsIn(message, 'tool_calls').map((call) => ({ id: call.id, ...objectIn(call, 'function') }));
	// the form before `tool_calls`
	const legacy = isObject(message.function_call) ? [{ id: undefined, ...message.function_call }] : [];
	return [...calls, ...legacy].map((call: JsonObject) => ({
		type: 'function_call',
		call_id: call.id,
		name: call.name,
		arguments: isObject(call.arguments) ? JSON.stringify(call.arguments) : call.arguments || '{}',
	}));
}

function annotationsOfMessage(message: JsonObject, completion: JsonObject): JsonObject[] {
	const cited = objectsIn(message, 'annotations').map((annotation) => ({
		type: 'url_citation',
		...(isObject(annotation.url_citation) ? annotation.url_citation : annotation),
	}));
	const citations = Array.isArray(completion.citations) ? completion.citations : [];
	const listed = citations.map((entry: unknown) =>
		typeof entry === 'string' ? { type: 'url_citation', url: entry } : { type: 'url_citation', ...asObject(entry) },
	);
	return [...cited, ...listed];
}
