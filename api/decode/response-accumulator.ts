import { ChatStreamAccumulator } from './chat-accumulator';
import type { ServerEvent } from './sse-parser';
import { isFilled, isObject, objectIn, objectsIn, parseJson, textIn, type JsonObject } from '../json';
import { OutputAccumulator, textOfItem } from './output-accumulator';
import { errorIn200Body, parseErrorBody, isMarkedFailed, type ErrorBody } from '../errors/error-body';
import { EventDeduplicator } from './duplicate-events';
import { isFinished, statusOf } from './status';

/** The events that carry a response; those of the list below end the stream. */
const LIFECYCLE = /^response\.(created|queued|in_progress|completed|incomplete|failed|cancelled|done)$/;

/** What a stream has come to. */
export type StreamResult =
	| { kind: 'response'; response: JsonObject }
	/** The server said that something went wrong */
	| { kind: 'problem'; problem: ErrorBody }
	/** It ended before it was finished */
	| { kind: 'interrupted' }
	/** Nothing of it was an event of this API */
	| { kind: 'empty' };

/**
 * Puts the events of a stream together to the very object that the plain reply would have been. Tolerant on purpose:
 * gateways leave out events, indexes, ids and sequence numbers, repeat some and add their own.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export class ResponseAccumulator {
	private response: JsonObject = {};

	private readonly items: OutputAccumulator;

	private readonly chat: ChatStreamAccumulator;

	private readonly deduplicator = new EventDeduplicator();

	private error?: ErrorBody;

	/** The last event, if it is none of this API but words: a proxy's last ones, if nothing follows */
	private trailingMessage?: ErrorBody;

	/** Whether the last event held a list of items, be it empty */
	private hasOutputList = false;

	private hasStarted = false;

	private sawDone = false;

	/** @param onText is given each piece of the answer's text as it comes */
	constructor(onText?: (text: string) => void) {
		this.items = new OutputAccumulator(onText);
		this.chat = new ChatStreamAccumulator(onText);
	}

	/** Whether nothing more needs to be read. */
	get isComplete(): boolean {
		return this.sawDone || this.isTerminal;
	}

	/** Whether the server has ended the response, well or not. */
	get isTerminal(): boolean {
		return isFinished(this.response.status);
	}

	/** Whether the server has reported an error. */
	get hasError(): boolean {
		return this.error !== undefined;
	}

	/** Whether an error or the answer is there and only a word on it may follow: a better reason, the usage. */
	get isClosing(): boolean {
		return this.hasError || this.chat.isComplete;
	}

	/** The answer's text so far, "" if none. */
	get partialText(): string {
		return this.items.text || this.chat.text || objectsIn(this.response, 'output').map(textOfItem).join('');
	}

	/** The id of the response, once it is known. */
	get id(): string | undefined {
		return textIn(this.response, 'id');
	}

	/** The highest `sequence_number` so far: where a cut stream can be resumed */
	get sequenceNumber(): number | undefined {
		return this.deduplicator.lastSequence;
	}

	/** Takes an event; false if its data is no JSON object. What comes after the end is passed over. */
	add({ name, data }: ServerEvent): boolean {
		if (this.isComplete) return true;
		if (data.trim() === '[DONE]') {
			this.sawDone = true;
			return true;
		}
		const event = parseJson(data);
		if (!isObject(event)) return false;
		// an event without a name is a "message" by the rules of event streams, and some servers write so
		const type = textIn(event, 'type') ?? (name === 'message' ? '' : name);
		if (!this.deduplicator.isDuplicate(event, type)) this.apply(event, type);
		return true;
	}

	/** What the stream has come to by now, taken that it goes on no more. */
	result(): StreamResult {
		const isOver = this.isTerminal;
		// words after all has come are no matter
		const isAll = this.chat.hasStarted ? this.chat.isComplete : this.sawDone && this.items.allDone;
		const problem = this.error ?? (isAll ? undefined : this.trailingMessage);
		if (!isOver && problem) return { kind: 'problem', problem };
		if (this.chat.hasStarted) {
			const completion = this.chat.isComplete || this.sawDone ? this.chat.completion() : undefined;
			return completion ? { kind: 'response', response: completion } : { kind: 'interrupted' };
		}
		if (!this.hasStarted) return { kind: 'empty' };
		// a server that forgot its last event, but closed every item and said that it was done
		if (!isOver && !(this.sawDone && this.items.allDone)) return { kind: 'interrupted' };
		return { kind: 'response', response: this.finishedResponse(isOver) };
	}

	private apply(event: JsonObject, type: string) {
		const lifecycle = LIFECYCLE.exec(type)?.[1];
		if (lifecycle) this.applySnapshot(objectIn(event, 'response'), lifecycle);
		else if (event.object === 'response') this.applySnapshot(event, textIn(event, 'status') ?? 'in_progress');
		else if (event.object === 'chat.completion.chunk' || Array.isArray(event.choices)) this.chat.add(event);
		else if (this.items.add(event, type)) this.hasStarted = true;
		if (!lifecycle) this.error = errorInEvent(event, type) ?? this.error;
		this.trailingMessage = type === '' ? errorIn200Body(event) : undefined;
	}

	/** @param event the state by the event's name, which some servers forget to repeat in the response */
	private applySnapshot({ output, ...rest }: JsonObject, event: string) {
		this.hasStarted = true;
		const named = statusOf(event) ?? 'in_progress';
		const stated = textIn(rest, 'status') ?? named;
		this.hasOutputList = Array.isArray(output);
		this.response = {
			...this.response,
			...rest,
			// a snapshot without items says nothing of those that came as events
			...(isFilled(output) && { output }),
			status: isFinished(stated) === isFinished(named) && named !== 'failed' ? stated : named,
		};
	}

	private finishedResponse(isOver: boolean): JsonObject {
		const { response, error: problem } = this;
		const failed = response.status === 'failed' && problem && { error: mergeErrors(problem, response.error) };
		const output = this.items.outputFor(response);
		// neither an item nor a list of them came: no answer, as in a plain reply
		const isMissing = response.status === 'completed' && !this.hasOutputList && !isFilled(output);
		return {
			object: 'response',
			...response,
			...failed,
			status: isOver ? response.status : 'completed',
			...(!isMissing && { output }),
		};
	}
}

/** What an event says went wrong, in any of the ways in which servers write errors into a stream. */
function errorInEvent(event: JsonObject, type: string): ErrorBody | undefined {
	if (type === 'error' || type === 'response.error' || event.object === 'error' || isFilled(event.error)) {
		return parseErrorBody(event) ?? { message: 'No reason given' };
	}
	return type === '' && isMarkedFailed(event) ? errorIn200Body(event) : undefined;
}

/** The reason in the failed response, which is the better one, with the words of the error event before it. */
function mergeErrors(before: ErrorBody, error: unknown): ErrorBody {
	const after = parseErrorBody({ error });
	if (!after || after.message === before.message) return { ...before, ...after };
	return { ...before, ...after, message: `${after.message} (before: ${before.message})` };
}
