import { textOfContentParts } from './chat-completion';
import { usageIn } from './usage';
import { asObject, asObjects, fillBlanks, isFilled, isObject, mergeSnapshot, objectIn, textIn, type JsonObject } from '../json';

/**
 * Builds from the chunks of a chat-completions stream the completion that a plain reply would have held.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export class ChatStreamAccumulator {
	/** The fields beside the choices, the first of each that is not blank; the last usage */
	private readonly base: JsonObject = {};

	/** By index */
	private readonly choices = new Map<number, JsonObject>();

	/** The indexes of the choices without a `finish_reason` */
	private readonly unfinished = new Set<number>();

	/** The last function call with an index, by the indexes of choice and call */
	private readonly calls = new Map<string, JsonObject>();

	/** Whether a chunk came */
	hasStarted = false;

	/** @param onText is called with each piece of the first choice's text */
	constructor(private readonly onText?: (text: string) => void) {}

	/** The text of the first choice so far. */
	get text(): string {
		return textIn(objectIn(this.choices.get(0), 'message'), 'content') ?? '';
	}

	/** Whether every choice so far has a `finish_reason`. Only the usage may still follow. */
	get isComplete(): boolean {
		return this.choices.size > 0 && this.unfinished.size === 0;
	}

	/** Whether a choice so far says something. */
	get hasContent(): boolean {
		const messages = [...this.choices.values()].map((choice) => objectIn(choice, 'message'));
		return messages.some((message) => Object.entries(message).some(([key, value]) => key !== 'role' && isFilled(value)));
	}

	/** Adds a chunk. */
	add(chunk: JsonObject): void {
		this.hasStarted = true;
		const { choices, ...rest } = chunk;
		const usage = usageIn(chunk);
		fillBlanks(this.base, rest);
		if (usage) this.base.usage = usage;
		for (const [position, choice] of asObjects(choices).entries()) {
			this.addChoice(choice, typeof choice.index === 'number' ? choice.index : position);
		}
	}

	/** The completion as far as it has come. */
	completion(): JsonObject {
		const choices = [...this.choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
		return { ...this.base, object: 'chat.completion', choices };
	}

	private addChoice({ delta, message: fullMessage, ...rest }: JsonObject, index: number) {
		const choice = this.choices.get(index) ?? { index, message: { role: 'assistant' }, finish_reason: null };
		const message = objectIn(choice, 'message');
		for (const [key, value] of Object.entries(isObject(delta) ? delta : asObject(fullMessage))) {
			// assigned to an object, this key would replace its prototype
			if (key !== '__proto__') this.addDelta(message, key, value, index);
		}
		this.choices.set(index, mergeSnapshot(choice, { ...rest, index }));
		if (textIn(choice, 'finish_reason') === undefined) this.unfinished.add(index);
		else this.unfinished.delete(index);
	}

	private addDelta(message: JsonObject, key: string, value: unknown, index: number) {
		if (key === 'tool_calls') this.addToolCalls(message, asObjects(value), index);
		else if (Array.isArray(value) && key === 'content') {
			this.addDelta(message, key, textOfContentParts(value), index);
			const images = asObjects(value).filter(({ type }) => type === 'image_url');
			if (images.length > 0) message.images = appended(message.images, images);
		} else if (Array.isArray(value)) message[key] = appended(message[key], value);
		else if (typeof value === 'string' && key !== 'role') {
			message[key] = `${textIn(message, key) ?? ''}${value}`;
			if (key === 'content' && index === 0 && value !== '') this.onText?.(value);
		} else if (isObject(value)) message[key] = appendArguments(objectIn(message, key), value);
		else if (value !== null) message[key] ??= value;
	}

	/** Pieces with the same index are one call: its id and name come once, its arguments in pieces. */
	private addToolCalls(message: JsonObject, pieces: JsonObject[], choice: number) {
		for (const [position, piece] of pieces.entries()) {
			const index = typeof piece.index === 'number' ? piece.index : position;
			const called = objectIn(this.callAt(message, choice, index, textIn(piece, 'id')), 'function');
			const added = objectIn(piece, 'function');
			called.name = textIn(called, 'name') ?? added.name ?? '';
			const more = isObject(added.arguments) ? JSON.stringify(added.arguments) : (textIn(added, 'arguments') ?? '');
			called.arguments = `${textIn(called, 'arguments') ?? ''}${more}`;
		}
	}

	/** The call with that index, made if there is none. Gateways to Gemini give all calls index 0 (omnigent-ai/omnigent#28). */
	private callAt(message: JsonObject, choice: number, index: number, id?: string): JsonObject {
		const place = `${choice}, ${index}`;
		const known = this.calls.get(place);
		const isOther = id !== undefined && known?.id !== undefined && known.id !== id;
		const call = known && !isOther ? known : { index, type: 'function', function: { name: '', arguments: '' } };
		if (call !== known) message.tool_calls = appended(message.tool_calls, [call]);
		if (id !== undefined) call.id = id;
		this.calls.set(place, call);
		return call;
	}
}

/** A list with further entries. It is not copied: chunks may bring thousands one by one. */
function appended(list: unknown, entries: unknown[]): unknown[] {
	const whole: unknown[] = Array.isArray(list) ? list : [];
	for (const entry of entries) whole.push(entry);
	return whole;
}

/** A `function_call`, the form before `tool_calls`, with one more piece of its arguments. */
function appendArguments(call: JsonObject, piece: JsonObject): JsonObject {
	const more = typeof piece.arguments === 'string' && { arguments: `${textIn(call, 'arguments') ?? ''}${piece.arguments}` };
	return { ...piece, ...call, ...more };
}
