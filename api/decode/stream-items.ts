import { objectsIn, textIn, type JsonObject } from '../json';

/** An output item of a stream, as far as it has come. */
interface ItemState {
	item: JsonObject;
	/** The id by which events name it */
	id?: string;
	index?: number;
	/** Whether events name it by an id or an index */
	isNamed: boolean;
	isDone: boolean;
	/** Whether an event held all of its content */
	isWhole: boolean;
}

/** The output items of a stream, and which of them an event means. */
export class StreamItems {
	private readonly states: ItemState[] = [];

	/** The items that are not done. Others in this list and in the next are dropped once they are the last ones. */
	private readonly open: ItemState[] = [];

	/** Of those items, the ones that no event has named */
	private readonly unnamed: ItemState[] = [];

	private readonly byId = new Map<string, ItemState>();

	private readonly byIndex = new Map<number, ItemState>();

	get isEmpty(): boolean {
		return this.states.length === 0;
	}

	/** Whether there are items and all of them meet a condition. */
	every(condition: (state: ItemState) => boolean): boolean {
		return this.states.length > 0 && this.states.every(condition);
	}

	/** Forgets all items. */
	clear(): void {
		for (const list of [this.states, this.open, this.unnamed]) list.length = 0;
		this.byId.clear();
		this.byIndex.clear();
	}

	/** The items by index; those without one come last, as they came. */
	ordered(): JsonObject[] {
		const indexOf = ({ index }: ItemState) => index ?? this.states.length;
		const items = [...this.states].sort((a, b) => indexOf(a) - indexOf(b)).map(({ item }) => item);
		// a part index that was skipped leaves a hole in the list
		for (const list of ['content', 'summary']) {
			for (const item of items) if (Array.isArray(item[list])) item[list] = objectsIn(item, list);
		}
		return items;
	}

	/** The item that an event is about: by id, else by index, else the last open one of that type; a new one if there is none. */
	find(event: JsonObject, type?: string, isNew = false): ItemState {
		const id = textIn(event, 'item_id');
		const index = typeof event.output_index === 'number' ? event.output_index : undefined;
		const isNamed = id !== undefined || index !== undefined;
		const atIndex = index === undefined ? undefined : this.byIndex.get(index);
		const candidates = [
			// where several items have one id (vLLM with gpt-oss: vllm-one-id.1.sse), the index tells them apart
			atIndex?.id !== undefined && atIndex.id === id ? atIndex : undefined,
			id === undefined ? undefined : this.byId.get(id),
			atIndex,
		];
		const named = candidates.find((state) => state && isMeant(state, type, isNew, index));
		const open = isNew ? undefined : this.lastOpen(type, isNamed);
		const state = named ?? open ?? this.addItem(type, id);
		state.isNamed ||= isNamed;
		if (id !== undefined) {
			state.id = id;
			this.byId.set(id, state);
		}
		if (index !== undefined) {
			this.byIndex.set(index, state);
			state.index = index;
		}
		return state;
	}

	/** The last item of that type that is not done; for an event with an id or index, one that has none. */
	private lastOpen(type: string | undefined, isNamed: boolean): ItemState | undefined {
		const states = isNamed ? this.unnamed : this.open;
		const isLeft = (state: ItemState) => !state.isDone && !(isNamed && state.isNamed);
		while (states.length > 0 && !isLeft(states[states.length - 1])) states.pop();
		return states.findLast((state) => isLeft(state) && (type === undefined || state.item.type === type));
	}

	private addItem(type = 'message', id?: string): ItemState {
		const state: ItemState = { item: { ...(id && { id }), type }, isNamed: false, isDone: false, isWhole: false };
		if (type === 'message') Object.assign(state.item, { role: 'assistant', content: [] });
		if (type === 'reasoning') state.item.summary = [];
		this.states.push(state);
		this.open.push(state);
		this.unnamed.push(state);
		return state;
	}
}

/**
 * Whether an event with the id or index of an item is about it: not if it is about an item of another type, nor if it announces an
 * item while this one is done or stands at another index. vLLM with gpt-oss gives several items one index, or one id.
 */
function isMeant({ item, isDone, index }: ItemState, type: string | undefined, isNew: boolean, eventIndex?: number): boolean {
	const isOtherType = type !== undefined && item.type !== type;
	const isOtherPlace = index !== undefined && eventIndex !== undefined && index !== eventIndex;
	return !isOtherType && !(isNew && (isDone || isOtherPlace));
}
