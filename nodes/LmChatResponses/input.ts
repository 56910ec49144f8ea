import { createHash, type Hash } from 'node:crypto';

import type { Message, MessageContent } from '@n8n/ai-node-sdk';
import type { ResponseInput, ResponseInputItem } from 'openai/resources/responses/responses';

import { isObject, parseJson } from '../../api/json';
import type { Body } from '../../api/params';
import { toInputItem, type AnswerOrigin, type OutputItemCache, type OutputItems } from '../shared/output-items';
import { toContentParts } from './content-parts';

/** A call of a function, as n8n remembers it. */
type ToolCall = Extract<MessageContent, { type: 'tool-call' }>;

/** What the input depends on besides the messages. */
export interface InputContext {
	/** Identifies this model: its answers are not used for another model */
	scope: string;
	executionId?: string;
	cache: OutputItemCache;
	/** Whether the server keeps its responses, as far as the request says */
	isStored: boolean;
}

/** Messages as the Responses API takes them. */
export interface ModelInput extends Pick<Body, 'instructions'> {
	input: ResponseInput;
	/** Where the answer will stand */
	origin: AnswerOrigin;
}

/**
 * What n8n's messages send: system messages in front as `instructions`, all others as input items. Where an earlier answer
 * called functions and its output items are known, they are sent again as they came.
 * https://platform.openai.com/docs/guides/conversation-state
 */
export function toModelInput(messages: readonly Message[], context: InputContext): ModelInput {
	const first = messages.findIndex(({ role }) => role !== 'system');
	const instructions = first > 0 ? messages.slice(0, first).map(textOf).join('\n\n') : '';
	const writer = new InputWriter(messages, context);
	for (const message of first > 0 ? messages.slice(first) : messages) writer.add(message);
	return { ...(instructions !== '' && { instructions }), input: writer.input, origin: writer.origin };
}

class InputWriter {
	readonly input: ResponseInput = [];

	private readonly said: Hash;

	/** The calls whose output stands in the messages: a server refuses a call without its output */
	private readonly answered: Set<string>;

	/** The IDs of calls in this request, by the IDs that n8n knows */
	private readonly callIds = new Map<string, string>();

	constructor(
		messages: readonly Message[],
		private readonly context: InputContext,
	) {
		this.said = createHash('sha256').update(context.scope);
		const results = messages.flatMap(({ content }) => content).filter(({ type }) => type === 'tool-result');
		this.answered = new Set(results.map((result) => ('toolCallId' in result && result.toolCallId) || ''));
	}

	get origin(): AnswerOrigin {
		const { executionId, scope } = this.context;
		return { execution: executionId && `${executionId} ${scope}`, conversation: this.said.copy().digest('hex') };
	}

	add(message: Message): void {
		if (message.role === 'tool') this.addResults(message);
		else if (message.role === 'assistant') this.addAnswer(message);
		else this.input.push({ type: 'message', role: message.role, content: messageContent(message) });
		const isSaid = message.role === 'user' || message.role === 'assistant';
		// no other messages: system messages hold the time, and an agent puts each call of an answer into a message of its own
		if (isSaid && textOf(message) !== '') this.said.update(JSON.stringify([message.role, textOf(message)]));
	}

	private addAnswer(message: Message): void {
		const calls = message.content
			.filter((content) => content.type === 'tool-call')
			.filter(({ toolCallId = '' }) => this.answered.has(toolCallId) && !this.callIds.has(toolCallId));
		const known = calls.map((call) => this.findItems(call)).find(Boolean);
		if (known) return this.addKnown(known);
		const text = textOf(message);
		if (text !== '') this.input.push({ type: 'message', role: 'assistant', content: text });
		for (const call of calls) {
			const callId = this.callIdFor(call.toolCallId ?? '');
			this.input.push({ type: 'function_call', call_id: callId, name: call.toolName, arguments: argumentsWithoutId(call) });
		}
	}

	private findItems(call: ToolCall): OutputItems | undefined {
		return this.context.cache.find({ callId: call.toolCallId ?? '', arguments: argumentsWithoutId(call) }, this.origin);
	}

	/** Adds all items of an earlier answer at the place of the first of its calls. */
	private addKnown(known: OutputItems): void {
		const callIds = [...known.callIds];
		for (const item of known.items) {
			const callId = item.type === 'function_call' ? callIds.shift() : undefined;
			if (callId !== undefined && !this.answered.has(callId)) continue;
			const sent =
				callId === undefined ? toInputItem(item, this.context.isStored) : { ...item, call_id: this.callIdFor(callId, item.call_id) };
			// the server's own item
			if (sent) this.input.push(sent as unknown as ResponseInputItem);
		}
	}

	private addResults({ content }: Message): void {
		for (const part of content) {
			if (part.type !== 'tool-result') continue;
			const callId = this.callIds.get(part.toolCallId) ?? part.toolCallId;
			this.input.push({ type: 'function_call_output', call_id: callId, output: outputOf(part.result) });
		}
	}

	/** The server's own ID of a call, unless it gave the same to an earlier one. */
	private callIdFor(callId: string, own: unknown = callId): string {
		const isFree = typeof own === 'string' && own !== '' && ![...this.callIds.values()].includes(own);
		this.callIds.set(callId, isFree ? own : callId);
		return isFree ? own : callId;
	}
}

/** The text of a message, its parts joined with nothing. */
function textOf({ content }: Message): string {
	return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A plain text where there is nothing else: some servers know no parts. */
function messageContent(message: Message): string | ReturnType<typeof toContentParts> {
	const { content } = message;
	return content.every(({ type }) => type === 'text') && content.length <= 1 ? textOf(message) : toContentParts(content);
}

/** The arguments of a call. n8n's agent adds the ID of the call to them, which the model never gave. */
function argumentsWithoutId({ input, toolCallId }: ToolCall): string {
	const given = parseJson(input);
	if (!isObject(given) || given.id !== toolCallId) return input;
	return JSON.stringify({ ...given, id: undefined });
}

/** What a tool gave: text, the parts of a message, or anything else as JSON. */
function outputOf(result: unknown): string | ReturnType<typeof toContentParts> {
	if (typeof result === 'string') return result;
	const parts = Array.isArray(result) ? toContentParts(result) : [];
	return parts.length > 0 ? parts : JSON.stringify(result ?? '');
}
