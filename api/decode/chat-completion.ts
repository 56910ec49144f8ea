import { FAILED_FINISH_REASON, INCOMPLETE_REASONS, REASONING_KEYS } from './quirks';
import { asObjects, isObject, objectIn, objectsIn, textIn, type JsonObject } from '../json';

/**
 * A chat completion (`choices[].message`) as a Response: AnyAPI documents its `POST /responses` so. The first choice is the answer;
 * the texts of the others are `alternatives`. Usage keeps its names.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
export function fromChatCompletion(completion: JsonObject): JsonObject {
	const [choice = {}, ...others] = objectsIn(completion, 'choices');
	return {
		...completion,
		object: 'response',
		created_at: completion.created,
		...statusFromFinishReason(choice.finish_reason),
		// OpenRouter reports the error of a provider in the choice
		...(isObject(choice.error) && { status: 'failed', error: choice.error }),
		output: outputOfMessage(objectIn(choice, 'message')),
		alternatives: others.map((other) => textOfMessage(objectIn(other, 'message'))).filter((text) => text !== ''),
	};
}

/** The status fields of a Response by the `finish_reason` of a chat choice, or the `stop_reason` of a message of Anthropic's. */
export function statusFromFinishReason(finishReason: unknown): JsonObject {
	const finish = String(finishReason ?? '').toLowerCase();
	const reason = INCOMPLETE_REASONS.get(finish);
	if (reason) return { status: 'incomplete', incomplete_details: { reason } };
	return { status: finish === FAILED_FINISH_REASON ? 'failed' : 'completed' };
}

function outputOfMessage(message: JsonObject): JsonObject[] {
	const text = textOfMessage(message);
	const refusal = textIn(message, 'refusal');
	const reasoning = REASONING_KEYS.map((key) => textIn(message, key)).find(Boolean);
	const content = [
		...(text ? [{ type: 'output_text', text, annotations: annotationsOfMessage(message) }] : []),
		...(refusal ? [{ type: 'refusal', refusal }] : []),
	];
	return [
		...(reasoning ? [{ type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }] : []),
		...(content.length > 0 ? [{ type: 'message', role: 'assistant', status: 'completed', content }] : []),
		...functionCallsOfMessage(message),
	];
}

/** The text of a chat message; reasoning models of Mistral give a list of parts. */
function textOfMessage(message: JsonObject): string {
	return textIn(message, 'content') ?? textOfContentParts(message.content);
}

/** The texts of a list of content parts, joined with nothing; "" if it is no list. */
export const textOfContentParts = (parts: unknown): string =>
	asObjects(parts)
		.map((part) => textIn(part, 'text') ?? '')
		.join('');

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

/** The citations in a message. Those that a server lists beside the choices are read in `citations.ts`. */
const annotationsOfMessage = (message: JsonObject): JsonObject[] =>
	objectsIn(message, 'annotations').map((annotation) => ({ type: 'url_citation', ...objectIn(annotation, 'url_citation') }));
