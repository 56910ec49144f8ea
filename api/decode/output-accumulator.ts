import { isObject, objectsIn, textIn, type JsonObject } from '../json';

type PartList = 'content' | 'summary';

/** Where a stream's pieces go: into a part of an item of that type ... */
type PartTarget = { item: string; list: PartList; part: string; field: string };
/** ... or into a field of the item's own. */
type FieldTarget = { item: string; field: string };
type DeltaTarget = PartTarget | FieldTarget;

const argumentsTarget = (item: string): FieldTarget => ({ item, field: 'arguments' });
const REASONING: PartTarget = { item: 'reasoning', list: 'content', part: 'reasoning_text', field: 'text' };
const TEXT: PartTarget = { item: 'message', list: 'content', part: 'output_text', field: 'text' };

/** By event type without `.delta` and `.done`. The last three are not OpenAI's own words for it. */
const DELTA_TARGETS: { [event: string]: DeltaTarget } = {
	'response.output_text': TEXT,
	'response.refusal': { item: 'message', list: 'content', part: 'refusal', field: 'refusal' },
	'response.reasoning_text': REASONING,
	'response.reasoning_summary_text': { item: 'reasoning', list: 'summary', part: 'summary_text', field: 'text' },
	'response.function_call_arguments': argumentsTarget('function_call'),
	'response.mcp_call_arguments': argumentsTarget('mcp_call'),
	'response.custom_tool_call_input': { item: 'custom_tool_call', field: 'input' },
	'response.code_interpreter_call_code': { item: 'code_interpreter_call', field: 'code' },
	'response.reasoning': REASONING,
	'response.text': TEXT,
	'response.function_call.arguments': argumentsTarget('function_call'),
};

/** By the type of a part the type of the item that has it. */
const ITEM_OF_PART: { [part: string]: string | undefined } = {
	output_text: 'message',
	refusal: 'message',
	reasoning_text: 'reasoning',
};

/** An index above is no index but a mistake that would make a list of that length */
const MAX_PARTS = 1000;

interface ItemState {
	item: JsonObject;
	index?: number;
	/** Whether an id or an index tells it from others */
	isNamed: boolean;
	done: boolean;
}

/** The output items of a stream, put together from its events in whatever completeness they come. */
export class OutputAccumulator {
	private readonly items: ItemState[] = [];

	private readonly byId = new Map<string, ItemState>();

	private readonly byIndex = new Map<number, ItemState>();

	constructor(private readonly onText?: (text: string) => void) {}

	/** Takes what an event says of the items; false if it says nothing of them. */
	add(event: JsonObject, type: string): boolean {
		const [, name, verb] = /^(.*)\.(added|delta|done)$/.exec(type) ?? [];
		if (name === 'response.output_item') this.setItem(event, verb === 'done');
		else if (name === 'response.content_part') this.setPart(event, 'content', event.part);
		else if (name === 'response.reasoning_summary_part') this.setPart(event, 'summary', event.part);
		else if (name === 'response.output_text.annotation') this.annotate(event);
		else if (DELTA_TARGETS[name] && verb === 'delta') this.append(event, DELTA_TARGETS[name]);
		else if (DELTA_TARGETS[name]) this.complete(event, DELTA_TARGETS[name]);
		else return false;
		return true;
	}

	/** All `output_text` so far, joined with nothing. */
	get text(): string {
		return this.ordered().map(textOfItem).join('');
	}

	/** Whether there are items and the server closed each. */
	get allDone(): boolean {
		return this.items.length > 0 && this.items.every(({ done }) => done);
	}

	/** The output of a finished response: its own, or what came as events where it has none, or none of the text. */
	outputFor(response: JsonObject): unknown {
		const own = objectsIn(response, 'output');
		const hasText = own.some((item) => textOfItem(item) !== '') || this.text === '';
		return own.length > 0 && hasText ? response.output : this.ordered();
	}

	private ordered(): JsonObject[] {
		const place = ({ index }: ItemState) => index ?? this.items.length;
		const items = [...this.items].sort((a, b) => place(a) - place(b)).map(({ item }) => item);
		// a part whose index was skipped leaves a hole
		for (const list of ['content', 'summary']) {
			for (const item of items) if (Array.isArray(item[list])) item[list] = objectsIn(item, list);
		}
		return items;
	}

	private setItem(event: JsonObject, done: boolean) {
		if (!isObject(event.item)) return;
		const slot = this.itemFor({ ...event, item_id: textIn(event.item, 'id') ?? event.item.call_id }, textIn(event.item, 'type'), !done);
		slot.item = mergeSnapshot(slot.item, event.item);
		slot.done = done;
	}

	private setPart(event: JsonObject, list: PartList, part: unknown) {
		if (!isObject(part)) return;
		const type = textIn(part, 'type') ?? '';
		const slot = this.itemFor(event, list === 'summary' ? 'reasoning' : ITEM_OF_PART[type]);
		const parts = partsOf(slot.item, list);
		const at = partIndexOf(event, parts, list, type);
		parts[at] = mergeSnapshot(parts[at] ?? {}, part);
	}

	private annotate(event: JsonObject) {
		const part = this.partOf(event, TEXT);
		if (Array.isArray(part.annotations)) part.annotations.push(event.annotation);
		else part.annotations = [event.annotation];
	}

	private append(event: JsonObject, place: DeltaTarget) {
		const delta = deltaOf(event.delta);
		const holder = 'list' in place ? this.partOf(event, place) : this.itemFor(event, place.item).item;
		holder[place.field] = `${textIn(holder, place.field) ?? ''}${delta}`;
		if (place === TEXT && delta !== '') this.onText?.(delta);
	}

	/** A `.done` event without its value (new-api's) leaves what was collected. */
	private complete(event: JsonObject, place: DeltaTarget) {
		const value = textIn(event, place.field);
		const holder = 'list' in place ? this.partOf(event, place) : this.itemFor(event, place.item).item;
		if (value !== undefined) holder[place.field] = value;
	}

	private partOf(event: JsonObject, place: PartTarget): JsonObject {
		const parts = partsOf(this.itemFor(event, place.item).item, place.list);
		const at = partIndexOf(event, parts, place.list, place.part);
		parts[at] ??= { type: place.part, [place.field]: '', ...(place === TEXT && { annotations: [] }) };
		return parts[at];
	}

	/** By id, else by index, else the last open item of that type; made if there is none. */
	private itemFor(event: JsonObject, type?: string, isNew = false): ItemState {
		const id = textIn(event, 'item_id');
		const index = typeof event.output_index === 'number' ? event.output_index : undefined;
		const isNamed = id !== undefined || index !== undefined;
		const known =
			(id !== undefined && this.byId.get(id)) ||
			(index !== undefined && this.itemAtIndex(index, type, isNew)) ||
			(!isNew && this.items.findLast((slot) => isOpen(slot, type) && !(isNamed && slot.isNamed)));
		const slot = known || this.addItem(type, id);
		slot.isNamed ||= isNamed;
		if (id !== undefined) this.byId.set(id, slot);
		if (index !== undefined) {
			this.byIndex.set(index, slot);
			slot.index = index;
		}
		return slot;
	}

	/** The item at an index. Servers that give every item the same index mean another one by another type, or a new one. */
	private itemAtIndex(index: number, type?: string, isNew?: boolean): ItemState | undefined {
		const slot = this.byIndex.get(index);
		const isOther = slot !== undefined && type !== undefined && slot.item.type !== type;
		return isOther || (isNew && slot?.done) ? undefined : slot;
	}

	private addItem(type = 'message', id?: string): ItemState {
		const slot: ItemState = { item: { ...(id && { id }), type }, isNamed: false, done: false };
		if (type === 'message') Object.assign(slot.item, { role: 'assistant', content: [] });
		if (type === 'reasoning') slot.item.summary = [];
		this.items.push(slot);
		return slot;
	}
}

/** The `output_text` parts of a message, joined with nothing; "" for any other item. */
export function textOfItem(item: JsonObject): string {
	if (item.type !== 'message') return '';
	const parts = objectsIn(item, 'content').filter((part) => part.type === 'output_text');
	return parts.map((part) => textIn(part, 'text') ?? '').join('');
}

/** Whether an item may still grow by events for that type. */
const isOpen = ({ done, item }: ItemState, type?: string) => !done && (type === undefined || item.type === type);

function partsOf(item: JsonObject, list: PartList): JsonObject[] {
	if (!Array.isArray(item[list])) item[list] = [];
	// made here or by the server as a list of parts; entries are checked where they are read
	return item[list] as JsonObject[];
}

/** Where in its item's list a part is. An index that leads to a part of another type is no true one. */
function partIndexOf(event: JsonObject, parts: JsonObject[], list: PartList, type?: string): number {
	const index = event[list === 'summary' ? 'summary_index' : 'content_index'];
	const isOfType = (part?: JsonObject) => part === undefined || type === undefined || part.type === type;
	if (typeof index === 'number' && index >= 0 && index <= MAX_PARTS && isOfType(parts[index])) return index;
	const last = parts.length - 1;
	return last >= 0 && parts[last]?.type === type ? last : parts.length;
}

/** A later version of a part or an item; what is blank in it does not replace what was collected. */
function mergeSnapshot(before: JsonObject, after: JsonObject): JsonObject {
	const kept = Object.keys(after).filter((key) => !isBlank(before[key]) && isBlank(after[key]));
	return { ...before, ...after, ...Object.fromEntries(kept.map((key) => [key, before[key]])) };
}

/** Whether a value says nothing: no text, or a list of parts without text. */
function isBlank(value: unknown): boolean {
	if (!Array.isArray(value)) return value === undefined || value === null || value === '';
	return value.every((part) => isObject(part) && (part.text === '' || part.refusal === ''));
}

/** A delta as text; some servers wrap it or send a number. */
function deltaOf(delta: unknown): string {
	if (typeof delta === 'string') return delta;
	if (typeof delta === 'number') return String(delta);
	return textIn(delta, 'text') ?? textIn(delta, 'content') ?? '';
}
