import { objectsIn, parseJson, textIn, type JsonObject } from '../../api/json';

/** How many answers one process keeps at most, how many characters their items have in all, and for how many milliseconds. */
const LIMITS = { answers: 1000, characters: 32 * 1024 * 1024, milliseconds: 24 * 60 * 60 * 1000 };

/** The place of an answer. The IDs of its calls are not enough: some servers number the calls from 1 in each answer. */
export interface AnswerOrigin {
	/** Names the execution and who was asked; absent where n8n does not name the execution */
	execution?: string;
	/** A digest of who was asked, and of what had been said before */
	conversation: string;
}

/** The output items of an answer that calls functions. */
export interface OutputItems {
	/** As the server sent them, in its order */
	items: readonly JsonObject[];
	/** For each `function_call` among them the ID that n8n knows it by */
	callIds: readonly string[];
}

/** A call as n8n remembers it. */
interface RememberedCall {
	callId: string;
	/** JSON without blanks */
	arguments: string;
}

interface CacheEntry extends OutputItems {
	origin: AnswerOrigin;
	size: number;
	addedAt: number;
}

/**
 * Keeps the output items of answers that call functions, within one process. n8n's agents remember only ID, name and arguments
 * of each call, but the model also needs its reasoning and the text before the call. Items that are not found were forgotten,
 * or belong to another process: then the next request has only what n8n remembers.
 */
export class OutputItemCache {
	/** The oldest first */
	private entries: CacheEntry[] = [];

	constructor(private readonly limits = LIMITS) {}

	/** Keeps an answer. The oldest answers are forgotten when there are too many or they are too large. */
	add({ items, callIds }: OutputItems, origin: AnswerOrigin): void {
		this.entries.push({ items, callIds, origin, size: JSON.stringify(items).length, addedAt: Date.now() });
		let characters = this.entries.reduce((sum, { size }) => sum + size, 0);
		while (this.entries.length > this.limits.answers || characters > this.limits.characters) characters -= this.entries.shift()?.size ?? 0;
	}

	/** The answer with this call: one in the same conversation, else the only one of this execution. */
	find(call: RememberedCall, { execution, conversation }: AnswerOrigin): OutputItems | undefined {
		const oldest = Date.now() - this.limits.milliseconds;
		this.entries = this.entries.filter(({ addedAt }) => addedAt >= oldest);
		const known = this.entries.filter(({ callIds }) => callIds.includes(call.callId));
		const ofConversation = known.filter(({ origin }) => origin.conversation === conversation);
		if (ofConversation.length > 0) return onlyOne(ofConversation) ?? ofConversation.findLast((entry) => hasCall(entry, call));
		return onlyOne(known.filter(({ origin }) => execution !== undefined && origin.execution === execution));
	}
}

const onlyOne = <T>(list: T[]) => (list.length === 1 ? list[0] : undefined);

function hasCall({ items, callIds }: OutputItems, call: RememberedCall): boolean {
	const calls = items.filter(({ type }) => type === 'function_call');
	const own = calls[callIds.indexOf(call.callId)]?.arguments;
	return typeof own === 'string' && JSON.stringify(parseJson(own)) === call.arguments;
}

/**
 * An output item as an input item of the next request: unchanged, except for a message without an ID, which was made from a reply
 * in another shape. `undefined` for reasoning that the server could not read again, because the item holds neither the thoughts
 * nor their encrypted form, and the server keeps nothing.
 * @param isStored whether the server keeps its responses, as far as the request says
 */
export function toInputItem(item: JsonObject, isStored: boolean): JsonObject | undefined {
	if (item.type === 'reasoning') {
		const isWhole = textIn(item, 'encrypted_content') !== undefined || objectsIn(item, 'content').length > 0;
		return isWhole || (isStored && textIn(item, 'id') !== undefined) ? item : undefined;
	}
	if (item.type !== 'message' || textIn(item, 'id') !== undefined) return item;
	const parts = objectsIn(item, 'content');
	return {
		type: 'message',
		role: 'assistant',
		content: parts.map((part) => textIn(part, 'text') ?? textIn(part, 'refusal') ?? '').join(''),
	};
}
