import { REASONING_KEYS } from './quirks';
import { incompleteReasonOf, isFinished, statusOf } from './status';
import { asObjects, isFilled, isObject, listIn, objectIn, objectsIn, textIn, type JsonObject } from '../json';

/**
 * A chat completion (`choices[].message`) as a Response: AnyAPI documents its `POST /responses` so. The first choice is the answer;
 * the texts of the others are `alternatives`. Without a message there is no `output`. Usage keeps its names.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
export function fromChatCompletion(completion: JsonObject): JsonObject {
	const [choice = {}, ...others] = objectsIn(completion, 'choices');
	const message = messageOf(choice);
	return {
		...completion,
		object: 'response',
		created_at: completion.created,
		...statusFromFinishReason(choice.finish_reason),
		// OpenRouter reports the error of a provider in the choice
		...(isFilled(choice.error) && { status: 'failed', error: choice.error }),
		output: message && outputOfMessage(message),
		alternatives: others.map((other) => textOfMessage(messageOf(other) ?? {})).filter((text) => text !== ''),
	};
}

/** The message of a choice. Some servers give it as a `delta`, as in a stream, or as a `text`, as for legacy completions. */
const messageOf = ({ message, delta, text }: JsonObject): JsonObject | undefined =>
	[message, delta].find(isObject) ?? (typeof text === 'string' ? { content: text } : undefined);

/** The status fields of a Response by the `finish_reason` of a chat choice. An unknown reason does not mean that the choice failed. */
export function statusFromFinishReason(finishReason: unknown): JsonObject {
	const status = statusOf(finishReason);
	if (status === 'incomplete') return { status, incomplete_details: { reason: incompleteReasonOf(finishReason) } };
	return { status: isFinished(status) ? status : 'completed' };
}

function outputOfMessage(message: JsonObject): JsonObject[] {
	const text = textOfMessage(message);
	const refusal = textIn(message, 'refusal');
	const reasoning = REASONING_KEYS.map((key) => textIn(message, key)).find(Boolean);
	const content = [
		...(text ? [{ type: 'output_text', text, annotations: annotationsOfMessage(message) }] : []),
		...(refusal ? [{ type: 'refusal', refusal }] : []),
		...imagesOfMessage(message),
	];
	return [
		...(reasoning ? [{ type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }] : []),
		...(content.length > 0 ? [{ type: 'message', role: 'assistant', status: 'completed', content }] : []),
		...functionCallsOfMessage(message),
	];
}

/** The images in a chat message, beside its text (openrouter-image.1.json) or among its parts. */
const imagesOfMessage = (message: JsonObject): JsonObject[] =>
	[...listIn(message, 'images'), ...listIn(message, 'content').filter((part) => isObject(part) && part.type === 'image_url')]
		.map((image) => (isObject(image) ? (image.image_url ?? image.url ?? image.b64_json) : image))
		.map((image) => (isObject(image) ? image.url : image))
		.filter((url) => typeof url === 'string' && url !== '')
		.map((url) => ({ type: 'output_image', image_url: url }));

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
