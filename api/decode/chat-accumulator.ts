import { asObject, asObjects, isObject, objectIn, textIn, type JsonObject } from '../json';

/** Puts the chunks of a chat-completions stream together to the completion that the plain reply would have been. */
export class ChatStreamAccumulator {
	private base: JsonObject = {};

	private readonly choices = new Map<number, JsonObject>();

	/** Whether a chunk came */
	hasStarted = false;

	/** @param onText is given each piece of the first choice's text */
	constructor(private readonly onText?: (text: string) => void) {}

	/** The text of the first choice so far. */
	get text(): string {
		return textIn(objectIn(this.choices.get(0), 'message'), 'content') ?? '';
	}

	/** Whether every choice so far has said why it ended; only the usage may still follow */
	get isComplete(): boolean {
		const choices = [...this.choices.values()];
		return choices.length > 0 && choices.every((choice) => textIn(choice, 'finish_reason') !== undefined);
	}

	add(chunk: JsonObject): void {
		this.hasStarted = true;
		const { choices, usage, ...rest } = chunk;
		this.base = { ...rest, ...this.base, ...(isObject(usage) && { usage }) };
		for (const [place, choice] of asObjects(choices).entries()) {
			this.addChoice(choice, typeof choice.index === 'number' ? choice.index : place);
		}
	}

	/** The completion, as far as it has come. */
	completion(): JsonObject {
		const choices = [...this.choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
		return { ...this.base, object: 'chat.completion', choices };
	}

	private addChoice({ delta, message: whole, ...rest }: JsonObject, index: number) {
		const choice = this.choices.get(index) ?? { index, message: { role: 'assistant' }, finish_reason: null };
		const message = objectIn(choice, 'message');
		for (const [key, value] of Object.entries(isObject(delta) ? delta : asObject(whole))) {
			// as a name to assign to, it would give the message another prototype
			if (key !== '__proto__') this.addDelta(message, key, value, index);
		}
		const stated = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
		this.choices.set(index, { ...choice, ...Object.fromEntries(stated), index });
	}

	private addDelta(message: JsonObject, key: string, value: unknown, index: number) {
		if (key === 'tool_calls') addToolCalls(message, asObjects(value));
		else if (Array.isArray(value) && key === 'content') this.addDelta(message, key, textOfContentParts(value), index);
		else if (Array.isArray(value)) message[key] = [...(Array.isArray(message[key]) ? message[key] : []), ...value];
		else if (typeof value === 'string' && key !== 'role') {
			message[key] = `${textIn(message, key) ?? ''}${value}`;
			if (key === 'content' && index === 0 && value !== '') this.onText?.(value);
		} else if (isObject(value)) message[key] = appendDelta(objectIn(message, key), value);
		else if (value !== null) message[key] ??= value;
	}
}

const textOfContentParts = (parts: unknown[]) =>
	parts.map((part) => textIn(part, 'text') ?? textIn(objectIn(part, 'text'), 'value') ?? '').join('');

/** A call in the form before `tool_calls`, thoughts or a spoken answer, with one more piece. */
function appendDelta(before: JsonObject, piece: JsonObject): JsonObject {
	const pieces = ['arguments', 'content', 'transcript'].filter((key) => typeof piece[key] === 'string');
	const joined = pieces.map((key) => [key, `${textIn(before, key) ?? ''}${String(piece[key])}`]);
	return { ...piece, ...before, ...Object.fromEntries(joined) };
}

/** Pieces of calls belong together by their index; id and name come once, the arguments in pieces. */
function addToolCalls(message: JsonObject, pieces: JsonObject[]) {
	// made here, of objects
	const calls = (Array.isArray(message.tool_calls) ? message.tool_calls : []) as JsonObject[];
	message.tool_calls = calls;
	for (const [place, piece] of pieces.entries()) {
		const made = toolCallAt(calls, typeof piece.index === 'number' ? piece.index : place, textIn(piece, 'id'));
		const added = objectIn(piece, 'function');
		made.name = textIn(made, 'name') ?? added.name ?? '';
		const more = isObject(added.arguments) ? JSON.stringify(added.arguments) : (textIn(added, 'arguments') ?? '');
		made.arguments = `${textIn(made, 'arguments') ?? ''}${more}`;
	}
}

/** The function of the call with that index, made if there is none. Some servers give all calls of a reply one index. */
function toolCallAt(calls: JsonObject[], index: number, id: string | undefined): JsonObject {
	const known = calls.findLast((call) => call.index === index);
	const isOther = id !== undefined && known?.id !== undefined && known.id !== id;
	const call = known && !isOther ? known : { index, type: 'function', function: { name: '', arguments: '' } };
	if (call !== known) calls.push(call);
	if (id !== undefined) call.id = id;
	return objectIn(call, 'function');
}
