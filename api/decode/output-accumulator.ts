import { EVENT_ALIASES } from './quirks';
import { StreamItems } from './stream-items';
import { isBlank, isObject, mergeSnapshot, objectsIn, textIn, type JsonObject } from '../json';

type PartList = 'content' | 'summary';

/** Where the text of an event goes: into a field of a part of an item of that type ... */
type PartTarget = { item: string; list: PartList; part: string; field: string };
/** ... or into a field of the item itself. */
type FieldTarget = { item: string; field: string };
type DeltaTarget = PartTarget | FieldTarget;

const TEXT: PartTarget = { item: 'message', list: 'content', part: 'output_text', field: 'text' };

/** By event type without `.delta` and `.done`. https://platform.openai.com/docs/api-reference/responses-streaming */
const DELTA_TARGETS = new Map<string, DeltaTarget>([
	['response.output_text', TEXT],
	['response.refusal', { item: 'message', list: 'content', part: 'refusal', field: 'refusal' }],
	['response.reasoning_text', { item: 'reasoning', list: 'content', part: 'reasoning_text', field: 'text' }],
	['response.reasoning_summary_text', { item: 'reasoning', list: 'summary', part: 'summary_text', field: 'text' }],
	['response.function_call_arguments', { item: 'function_call', field: 'arguments' }],
	['response.mcp_call_arguments', { item: 'mcp_call', field: 'arguments' }],
	['response.custom_tool_call_input', { item: 'custom_tool_call', field: 'input' }],
	['response.code_interpreter_call_code', { item: 'code_interpreter_call', field: 'code' }],
]);

/** By the type of a part the type of the item that has such parts. */
const ITEM_OF_PART = new Map([
	['output_text', 'message'],
	['refusal', 'message'],
	['reasoning_text', 'reasoning'],
]);

/** Highest index of a part that is believed: a list is as long as its highest index */
const MAX_PART_INDEX = 1000;

/** Builds the output items of a stream from its events, even if some events are missing. */
export class OutputAccumulator {
	private readonly items = new StreamItems();

	/** @param onText is called with each piece of `output_text` */
	constructor(private readonly onText?: (text: string) => void) {}

	/** Adds an event. Returns false if it is not about an output item. */
	add(event: JsonObject, type: string): boolean {
		const [, name = '', verb] = /^(.*)\.(added|delta|done)$/.exec(type) ?? [];
		const target = DELTA_TARGETS.get(EVENT_ALIASES.get(name) ?? name);
		if (name === 'response.output_item') this.setItem(event, verb === 'done');
		else if (name === 'response.content_part') this.setPart(event, 'content', event.part);
		else if (name === 'response.reasoning_summary_part') this.setPart(event, 'summary', event.part);
		else if (name === 'response.output_text.annotation') this.addAnnotation(event);
		else if (target && verb === 'delta') this.append(event, target);
		else if (target) this.replace(event, target);
		else return false;
		return true;
	}

	/** All `output_text` so far, joined with nothing. */
	get text(): string {
		return this.items.ordered().map(textOfItem).join('');
	}

	/** Whether there are items and each got its `response.output_item.done`. */
	get allDone(): boolean {
		return this.items.every(({ isDone }) => isDone);
	}

	/** Whether there are items and each came whole in an event. */
	get areWhole(): boolean {
		return this.items.every(({ isWhole }) => isWhole);
	}

	get isEmpty(): boolean {
		return this.items.isEmpty;
	}

	/** Forgets all items. */
	clear(): void {
		this.items.clear();
	}

	/** The output of a finished response: its own, or the items from the events if its own is empty or lacks their text. */
	outputFor(response: JsonObject): unknown {
		return this.isOutputOf(response) ? response.output : this.items.ordered();
	}

	/** Whether the output that a response has itself counts. */
	isOutputOf(response: JsonObject): boolean {
		const own = objectsIn(response, 'output');
		return own.length > 0 && (own.some((item) => textOfItem(item) !== '') || this.text === '');
	}

	private setItem(event: JsonObject, isDone: boolean) {
		if (!isObject(event.item)) return;
		const id = textIn(event.item, 'id') ?? event.item.call_id;
		const state = this.items.find({ ...event, item_id: id }, textIn(event.item, 'type'), !isDone);
		state.item = mergeSnapshot(state.item, event.item);
		state.isDone = isDone;
		state.isWhole = isDone && (event.item.type === 'message' ? !isBlank(event.item.content) : event.item.arguments !== '');
	}

	private setPart(event: JsonObject, list: PartList, part: unknown) {
		if (!isObject(part)) return;
		const type = textIn(part, 'type') ?? '';
		const { item } = this.items.find(event, list === 'summary' ? 'reasoning' : ITEM_OF_PART.get(type));
		const parts = partsOf(item, list);
		const index = partIndexOf(event, parts, list, type);
		parts[index] = mergeSnapshot(parts[index] ?? {}, part);
	}

	private addAnnotation(event: JsonObject) {
		const part = this.partFor(event, TEXT);
		if (Array.isArray(part.annotations)) part.annotations.push(event.annotation);
		else part.annotations = [event.annotation];
	}

	private append(event: JsonObject, target: DeltaTarget) {
		const delta = textOfDelta(event.delta);
		const holder = this.holderFor(event, target);
		holder[target.field] = `${textIn(holder, target.field) ?? ''}${delta}`;
		if (target === TEXT && delta !== '') this.onText?.(delta);
	}

	/** Takes the whole text of a `.done` event; new-api sends such events without it. */
	private replace(event: JsonObject, target: DeltaTarget) {
		const text = textIn(event, target.field);
		const holder = this.holderFor(event, target);
		if (text !== undefined) holder[target.field] = text;
	}

	private holderFor(event: JsonObject, target: DeltaTarget): JsonObject {
		return 'list' in target ? this.partFor(event, target) : this.items.find(event, target.item).item;
	}

	private partFor(event: JsonObject, { item, list, part, field }: PartTarget): JsonObject {
		const parts = partsOf(this.items.find(event, item).item, list);
		const index = partIndexOf(event, parts, list, part);
		parts[index] ??= { type: part, [field]: '', ...(part === TEXT.part && { annotations: [] }) };
		return parts[index];
	}
}

/** The `output_text` parts of a message, joined with nothing; "" for any other item. */
export function textOfItem(item: JsonObject): string {
	if (item.type !== 'message') return '';
	const parts = objectsIn(item, 'content').filter((part) => part.type === 'output_text');
	return parts.map((part) => textIn(part, 'text') ?? '').join('');
}

function partsOf(item: JsonObject, list: PartList): JsonObject[] {
	if (!Array.isArray(item[list])) item[list] = [];
	// made here or by the server as a list of parts; entries are checked where they are read
	return item[list] as JsonObject[];
}

/** The index of a part in its list: the event's, or the last part if the event's index is missing or of another type. */
function partIndexOf(event: JsonObject, parts: JsonObject[], list: PartList, type: string): number {
	const index = event[list === 'summary' ? 'summary_index' : 'content_index'];
	const isFree = (part?: JsonObject) => part === undefined || part.type === type;
	if (typeof index === 'number' && index >= 0 && index <= MAX_PART_INDEX && isFree(parts[index])) return index;
	const last = parts.length - 1;
	return last >= 0 && parts[last]?.type === type ? last : parts.length;
}

/** The text of a delta; Azure documents `{text}` for `response.reasoning.delta` (azure-reasoning.1.sse). */
const textOfDelta = (delta: unknown): string => (typeof delta === 'string' ? delta : (textIn(delta, 'text') ?? ''));
