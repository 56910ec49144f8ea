import { ChatStreamAccumulator } from './chat-accumulator';
import { classify, isErrorObject } from './classify';
import { OutputAccumulator, textOfItem } from './output-accumulator';
import type { ServerEvent } from './sse-parser';
import { isFinished, statusOf } from './status';
import { parseErrorBody, type ErrorBody } from '../errors/error-body';
import { isFilled, isObject, objectIn, objectsIn, parseJson, statedKeys, textIn, type JsonObject } from '../json';

/** The result of a stream. */
export type StreamResult =
	| { kind: 'response'; response: JsonObject }
	/** The server reported an error */
	| { kind: 'error'; error: ErrorBody }
	/** The stream ended before the response did */
	| { kind: 'interrupted' }
	/** The stream had no event of this API */
	| { kind: 'empty' };

/**
 * Puts the events of a stream together to the object that the plain reply would have been. It accepts more than the API's page
 * allows: gateways leave out events, indexes, ids and sequence numbers, repeat some and add their own.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export class ResponseAccumulator {
	/** The fields of the response in the events that carry one, the newest of each */
	private response: JsonObject = {};

	/** What the events of its items say */
	private readonly items: OutputAccumulator;

	private readonly chat: ChatStreamAccumulator;

	/** The error that the server reported */
	private error?: ErrorBody;

	/** The message of the last event if it was not an API event. It is the error if the stream ends here. */
	private trailingMessage?: ErrorBody;

	/** Whether the last event that carries a response had `output`, if only an empty list */
	private hasOutputList = false;

	/** Whether an event of the Responses API came */
	private hasStarted = false;

	/** Whether `[DONE]` came */
	private sawDone = false;

	private lastSequence = -1;

	/** Whether each sequence number was higher than the one before */
	private isCountingUp = true;

	/** The last sequence number of the stream that was cut; -1 in a stream that was not resumed */
	private resumedAfter = -1;

	/** @param onText is called with each piece of the answer's text as it comes */
	constructor(onText?: (text: string) => void) {
		this.items = new OutputAccumulator(onText);
		this.chat = new ChatStreamAccumulator(onText);
	}

	/** Whether nothing more needs to be read. */
	get isComplete(): boolean {
		return this.sawDone || this.isTerminal;
	}

	/** Whether the response has a final status, good or bad. */
	get isTerminal(): boolean {
		return isFinished(this.response.status);
	}

	/** Whether the server has reported an error. */
	get hasError(): boolean {
		return this.error !== undefined;
	}

	/** Whether the result is known. Only details can follow: the reason of an error, or the usage. */
	get isClosing(): boolean {
		return this.hasError || this.chat.isComplete;
	}

	/** The text of the answer so far, "" if there is none. */
	get partialText(): string {
		return this.items.text || this.chat.text || objectsIn(this.response, 'output').map(textOfItem).join('');
	}

	/** The id of the response, once it is known. */
	get id(): string | undefined {
		return textIn(this.response, 'id');
	}

	/** The last `sequence_number`, after which a cut stream can be resumed; `undefined` if the server does not count up. */
	get sequenceNumber(): number | undefined {
		return this.isCountingUp && this.lastSequence >= 0 ? this.lastSequence : undefined;
	}

	/** The `starting_after` to resume a cut stream with. A server may send earlier events again: they are ignored from now on. */
	resumeCursor(): number {
		this.resumedAfter = this.lastSequence;
		return this.lastSequence;
	}

	/** Adds an event; events after the end are ignored. Returns false if its data is not a JSON object. */
	add({ name, data }: ServerEvent): boolean {
		if (this.isComplete) return true;
		if (data.trim() === '[DONE]') {
			this.sawDone = true;
			return true;
		}
		const event = parseJson(data);
		if (!isObject(event)) return false;
		// "message" is what event streams call an event without a name
		const type = textIn(event, 'type') ?? (name === 'message' ? '' : name);
		if (!this.isRepeated(event.sequence_number)) this.apply(event, type);
		return true;
	}

	/** The result if the stream ends now. */
	result(): StreamResult {
		const areItemsClosed = this.sawDone && this.items.allDone;
		const isWhole = this.chat.hasStarted ? this.chat.isComplete : this.isTerminal || areItemsClosed;
		const error = this.error ?? (isWhole ? undefined : this.trailingMessage);
		if (error && !this.isTerminal) return { kind: 'error', error };
		if (this.chat.hasStarted) {
			return isWhole || this.sawDone ? { kind: 'response', response: this.chat.completion() } : { kind: 'interrupted' };
		}
		if (!this.hasStarted) return { kind: 'empty' };
		// some servers forget the last event but close every item and send `[DONE]`
		return isWhole ? { kind: 'response', response: this.finalResponse() } : { kind: 'interrupted' };
	}

	/** Whether an event came before the stream was resumed; otherwise its number is the last one now. */
	private isRepeated(sequence: unknown): boolean {
		if (typeof sequence !== 'number') return false;
		if (sequence <= this.resumedAfter) return true;
		this.isCountingUp &&= sequence > this.lastSequence;
		this.lastSequence = sequence;
		return false;
	}

	private apply(event: JsonObject, type: string) {
		const lifecycle = /^response\.(\w+)$/.exec(type)?.[1];
		const eventStatus = lifecycle === 'created' ? 'in_progress' : statusOf(lifecycle);
		if (eventStatus) this.applySnapshot(objectIn(event, 'response'), eventStatus);
		else if (event.object === 'response') this.applySnapshot(event, statusOf(event.status) ?? 'in_progress');
		else if (event.object === 'chat.completion.chunk' || Array.isArray(event.choices)) this.chat.add(event);
		else if (this.items.add(event, type)) this.hasStarted = true;
		if (!eventStatus) this.applyError(event, type);
		else this.trailingMessage = undefined;
	}

	/**
	 * Takes the fields of an event that carries a response.
	 * @param eventStatus the status by the name of the event, which some servers forget to repeat in the response
	 */
	private applySnapshot({ output, ...rest }: JsonObject, eventStatus: string) {
		this.hasStarted = true;
		const stated = textIn(rest, 'status') ?? eventStatus;
		this.hasOutputList = Array.isArray(output);
		this.response = {
			...this.response,
			...rest,
			...namesIn(this.response),
			...namesIn(rest),
			// an empty output does not replace the items that came as events
			...(isFilled(output) && { output }),
			status: isFinished(stated) === isFinished(eventStatus) && eventStatus !== 'failed' ? stated : eventStatus,
		};
	}

	/** Takes an error that the event reports. In an event with a type, `message` and `code` are fields of that type. */
	private applyError(event: JsonObject, type: string) {
		const typed = { ...event, type };
		const found = type === '' || isErrorObject(typed) ? classify(typed) : undefined;
		this.trailingMessage = found?.kind === 'error' ? found.error : undefined;
		if (found?.kind === 'error' && found.isMarked) this.error = found.error;
	}

	private finalResponse(): JsonObject {
		const { response, error } = this;
		const failure = response.status === 'failed' && error && { error: mergeErrors(error, response.error) };
		const output = this.items.outputFor(response);
		// without an item and without a list of items there is no answer, as in a plain reply
		const isMissing = statusOf(response.status) === 'completed' && !this.hasOutputList && !isFilled(output);
		return {
			object: 'response',
			...response,
			...failure,
			status: this.isTerminal ? response.status : 'completed',
			...(!isMissing && { output }),
		};
	}
}

/** The reason in the failed response, which is the better one, with the message of the error event before it. */
function mergeErrors(before: ErrorBody, error: unknown): ErrorBody {
	const after = parseErrorBody({ error });
	if (!after || after.message === before.message) return { ...before, ...after };
	return { ...before, ...after, message: `${after.message} (before: ${before.message})` };
}

/** The ID and the model that a response names, without blank ones. */
const namesIn = ({ id, model }: JsonObject) => statedKeys({ id, model });
