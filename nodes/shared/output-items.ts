import { objectsIn, textIn, type JsonObject } from '../../api/json';

/** Calls that one process remembers at most, the characters of their items in all, and for how long. */
const LIMITS = { calls: 1000, characters: 32 * 1024 * 1024, milliseconds: 24 * 60 * 60 * 1000 };

/** Where an answer was given. Call IDs alone do not tell: some servers number them anew in each answer. */
export interface ItemOrigin {
	/** The execution, where n8n names it */
	executionId?: string;
	/** A digest of what had been said before, and of who was asked */
	conversation: string;
}

/** The output items of an answer that asks for functions. */
export interface OutputItems {
	/** As the server sent them, in its order */
	items: readonly JsonObject[];
	/** The ID of each `function_call` among them, as n8n knows it */
	callIds: readonly string[];
}

interface CacheEntry extends OutputItems {
	origin: ItemOrigin;
	size: number;
	addedAt: number;
}

/**
 * Output items by the ID of the functions that they call. n8n's agents remember of an answer only name, arguments and ID
 * of each call: what else the model needs of it (its reasoning, what it said before the call) is kept here, within one
 * process. What is not found was forgotten, or given by another process: then n8n's own words have to do.
 */
export class OutputItemCache {
	private readonly entries = new Map<string, CacheEntry>();

	private size = 0;

	constructor(private readonly limits = LIMITS) {}

	/** Whether a call with that ID is known, of whatever conversation. */
	has(callId: string): boolean {
		return this.entries.has(callId);
	}

	/** The items of the answer with that call, if it was given in the same execution or after the same words. */
	get(callId: string, { executionId, conversation }: ItemOrigin): OutputItems | undefined {
		this.removeExpired();
		const entry = this.entries.get(callId);
		if (!entry) return undefined;
		const isSameExecution = executionId !== undefined && entry.origin.executionId === executionId;
		return isSameExecution || entry.origin.conversation === conversation ? entry : undefined;
	}

	/** Remembers an answer; the oldest ones are forgotten where they are too many or too large. */
	add({ items, callIds }: OutputItems, origin: ItemOrigin): void {
		const size = JSON.stringify(items).length;
		const entry = { items, callIds, origin, size, addedAt: Date.now() };
		for (const callId of callIds) {
			this.remove(callId);
			this.entries.set(callId, entry);
			this.size += size;
		}
		this.removeExpired();
	}

	private removeExpired(): void {
		for (const [callId, { addedAt }] of this.entries) {
			const isTooMuch = this.entries.size > this.limits.calls || this.size > this.limits.characters;
			if (!isTooMuch && Date.now() - addedAt <= this.limits.milliseconds) return;
			this.remove(callId);
		}
	}

	private remove(callId: string): void {
		this.size -= this.entries.get(callId)?.size ?? 0;
		this.entries.delete(callId);
	}
}

/**
 * An output item as the next request takes it: word for word, but for what was made here of a reply in another shape, and
 * has no ID. `undefined` for reasoning that the server could not read again: it holds neither the thoughts nor their
 * encrypted form, and the server keeps nothing.
 * @param isStored whether the server keeps its responses, as far as the request says
 */
export function toInputItem(item: JsonObject, isStored: boolean): JsonObject | undefined {
	if (item.type === 'reasoning') {
		const isWhole = textIn(item, 'encrypted_content') !== undefined || objectsIn(item, 'content').length > 0;
		return isWhole || (isStored && textIn(item, 'id') !== undefined) ? item : undefined;
	}
	if (item.type !== 'message' || textIn(item, 'id') !== undefined) return item;
	const parts = objectsIn(item, 'content');
	return { type: 'message', role: 'assistant', content: parts.map((part) => textIn(part, 'text') ?? textIn(part, 'refusal') ?? '').join('') };
}
