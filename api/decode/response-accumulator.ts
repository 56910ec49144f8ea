import { ChatStreamAccumulator } from './chat-accumulator';
import { classify, isErrorObject, responseInEvent } from './classify';
import { OutputAccumulator, textOfItem } from './output-accumulator';
import { EventCursor } from './event-cursor';
import { looksLikeJson, objectInData, type ServerEvent } from './sse-parser';
import { isFinished, statusOf, statusOfEvent, worstOf, type Status } from './status';
import { usageIn } from './usage';
import { errorAfter, type ErrorBody } from '../errors/error-body';
import { isFilled, isTruncatedJson, mergeSnapshot, objectsIn, textIn, type JsonObject } from '../json';

/** The result of a stream. */
export type StreamResult =
	| { kind: 'response'; response: JsonObject }
	/** The server reported an error */
	| { kind: 'error'; error: ErrorBody }
	/** The stream ended before the response did */
	| { kind: 'interrupted' }
	/** An event could not be read, and no later one holds what was lost with it */
	| { kind: 'unreadable'; data: string }
	/** The stream had no event of this API */
	| { kind: 'empty' };

/**
 * Builds from the events of a stream the object that a plain reply would have held. It accepts more than the API's page allows: gateways leave out events, indexes, ids and sequence numbers, repeat some and add their own.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export class ResponseAccumulator {
	/** The fields of the response in the events that carry one, the newest of each */
	private response: JsonObject = {};

	/** The output items, from the events about them */
	private readonly items: OutputAccumulator;

	private readonly chat: ChatStreamAccumulator;

	/** The error that the server reported */
	private error?: ErrorBody;

	/** The message of the last event if it was not an API event. It is the error if the stream ends here. */
	private trailingMessage?: ErrorBody;

	/** The first event that could not be read */
	private unreadable?: string;

	/** The last event, as JSON, if it was neither one of this API nor an error in a form that is known; else "" */
	unknownEvent = '';

	/** Whether the event `response.created` came */
	private isCreated = false;

	/** Whether the last event that carries a response had `output`, if only an empty list */
	private hasOutputList = false;

	/** Whether an event of the Responses API came */
	private hasStarted = false;

	/** Whether `[DONE]` came, and whether it came before the end, so that more may follow, or the server forgot to say more */
	private sawDone = false;
	private isDoneEarly = false;

	/** Whether a piece of a chat came after its `[DONE]`: nobody knows where in the answer it belongs */
	private isDisordered = false;

	/** Where the stream is, to resume it when it breaks off */
	readonly cursor = new EventCursor();

	/** @param onText is called with each piece of the answer's text as it comes */
	constructor(onText?: (text: string) => void) {
		this.items = new OutputAccumulator(onText);
		this.chat = new ChatStreamAccumulator(onText);
	}

	/** Whether nothing more needs to be read. */
	get isComplete(): boolean {
		return (this.sawDone && (!this.isDoneEarly || this.hasError)) || (this.isTerminal && !this.lacksReason);
	}

	/** Whether the response has a final status, good or bad. */
	get isTerminal(): boolean {
		return isFinished(this.response.status);
	}

	/** Whether the server has reported an error. */
	get hasError(): boolean {
		return this.error !== undefined;
	}

	/** Whether little can follow: the reason of a failure, or a more exact one, or the rest of an answer after its `[DONE]`. */
	get awaitsReason(): boolean {
		return this.hasError || this.lacksReason || this.isDoneEarly;
	}

	/** Whether the answer is whole. Only its usage can follow. */
	get isClosing(): boolean {
		return this.chat.isComplete;
	}

	/** Whether the response failed and nothing says why. Azure sends the reason after it: azure-failed-then-error.1.sse. */
	private get lacksReason(): boolean {
		const { error, message } = this.response;
		return this.hasFailed && !this.error && ![textIn(error, 'message'), error, message].some((words) => typeof words === 'string');
	}

	private get hasFailed(): boolean {
		return statusOf(this.response.status) === 'failed';
	}

	/** The text of the answer so far, "" if there is none. */
	get partialText(): string {
		return this.items.text || this.chat.text || objectsIn(this.response, 'output').map(textOfItem).join('');
	}

	/** The id of the response, once it is known. */
	get id(): string | undefined {
		return textIn(this.response, 'id');
	}

	/**
	 * Adds an event; events after the end are ignored. Returns false if its data is no JSON object.
	 * @param isLast whether the stream ended with this event, which may then be cut
	 */
	add({ name, data }: ServerEvent, isLast = false): boolean {
		if (this.isComplete) return true;
		if (data.trim() === '[DONE]') {
			this.sawDone = true;
			this.isDoneEarly = this.chat.hasStarted ? !this.chat.isComplete : this.hasStarted;
			return true;
		}
		const event = objectInData(data);
		if (event) {
			// "message" is what event streams call an event without a name
			const type = textIn(event, 'type') ?? (name === 'message' ? '' : name);
			if (!this.cursor.passes(event.sequence_number)) this.apply(event, type);
			return true;
		}
		if (!looksLikeJson(data)) return false;
		// where the blank line between two events is missing, both are the lines of one
		const lines = data.split('\n');
		if (lines.length > 1) return lines.every((line) => this.add({ name, data: line }, isLast) || !looksLikeJson(line));
		const isCut = isLast && isTruncatedJson(data);
		if (isCut) this.hasStarted = true;
		else if (!this.chat.isComplete) this.unreadable ??= data;
		return isCut;
	}

	/** The result if the stream ends now. */
	result(): StreamResult {
		const areItemsClosed = this.sawDone && this.items.allDone;
		const isWhole = this.chat.hasStarted ? this.chat.isComplete : this.isTerminal || areItemsClosed;
		const error = this.error ?? (isWhole ? undefined : this.trailingMessage);
		if (error && !this.hasFailed) return { kind: 'error', error };
		if (!this.chat.hasStarted && !this.hasStarted) return { kind: 'empty' };
		const isEnded = isWhole || (this.sawDone && this.chat.hasContent && this.unknownEvent === '');
		if (this.isDisordered) return { kind: 'interrupted' };
		if (isEnded && this.isLost) return { kind: 'unreadable', data: this.unreadable ?? '' };
		if (this.chat.hasStarted) {
			return isEnded ? { kind: 'response', response: this.chat.completion() } : { kind: 'interrupted' };
		}
		// some servers forget the last event but close every item and send `[DONE]`
		return isWhole ? { kind: 'response', response: this.finalResponse() } : { kind: 'interrupted' };
	}

	/** Whether something of the answer was in an event that could not be read, and did not come again in a later one. */
	private get isLost(): boolean {
		if (this.unreadable === undefined || this.hasFailed) return false;
		const wasPiece = /"type"\s*:\s*"response\.[\w.]+\.delta"/.test(this.unreadable);
		return this.chat.hasStarted || !(this.items.isOutputOf(this.response) || (wasPiece && this.items.areWhole));
	}

	private apply(event: JsonObject, type: string) {
		const status = statusOfEvent(type);
		if (this.isTerminal) return this.applyError(event, type);
		if (status) this.applyLifecycle(event, type, status);
		else if (event.object === 'response') this.applySnapshot(event, statusOf(event.status) ?? 'in_progress');
		else if (this.isChunk(event, type)) this.addChunk(event);
		else if (this.items.add(event, type)) this.hasStarted = true;
		if (!status) this.applyError(event, type);
		else this.trailingMessage = undefined;
	}

	private addChunk(event: JsonObject) {
		this.isDisordered ||= this.sawDone && objectsIn(event, 'choices').some(({ finish_reason: reason }) => !isFilled(reason));
		this.chat.add(event);
	}

	/** Whether an event is a chunk of a chat completion. The one with the usage may hold nothing else. */
	private isChunk(event: JsonObject, type: string): boolean {
		const isUsage = type === '' && this.chat.hasStarted && !isFilled(event.error) && usageIn(event) !== undefined;
		return event.object === 'chat.completion.chunk' || Array.isArray(event.choices) || isUsage;
	}

	/** Takes an event that begins or ends the response, or tells its status. */
	private applyLifecycle(event: JsonObject, type: string, status: Status) {
		const isBeginning = type === 'response.created';
		if (isBeginning && this.isCreated && !this.items.isEmpty) this.restart();
		this.isCreated ||= isBeginning;
		this.applySnapshot(responseInEvent(event), status);
	}

	/** A gateway that asks another model, because the first broke off, begins the response anew (mnfst/llm-gateway#2072). */
	private restart() {
		this.response = {};
		this.items.clear();
		this.error = undefined;
		this.unreadable = undefined;
		this.cursor.restart();
	}

	/**
	 * Takes the fields of an event that carries a response. What is blank in it keeps the older value.
	 * @param eventStatus the status by the name of the event, which some servers forget to repeat in the response
	 */
	private applySnapshot({ output, ...rest }: JsonObject, eventStatus: Status) {
		this.hasStarted = true;
		const stated = textIn(rest, 'status') ?? eventStatus;
		const isWorst = worstOf([stated, eventStatus]) === statusOf(stated);
		this.hasOutputList = Array.isArray(output);
		mergeSnapshot(this.response, rest);
		// an empty output does not replace the items that came as events
		if (isFilled(output)) this.response.output = output;
		this.response.status = isFinished(stated) === isFinished(eventStatus) && isWorst ? stated : eventStatus;
	}

	/** Takes an error that the event reports. In an event with a type, `message` and `code` are fields of that type. */
	private applyError(event: JsonObject, type: string) {
		const typed = { ...event, type };
		const isFailure = statusOfEvent(type) === 'failed';
		const found = type === '' || isFailure || isErrorObject(typed) ? classify(typed) : undefined;
		const isUnknown = type === '' && found?.kind !== 'error' && !this.isChunk(event, type) && event.object !== 'response';
		this.unknownEvent = isUnknown && isFilled(event) ? JSON.stringify(event) : '';
		this.trailingMessage = found?.kind === 'error' ? found.error : undefined;
		if (found?.kind === 'error' && found.isMarked) this.error = found.error;
	}

	private finalResponse(): JsonObject {
		const { response, error } = this;
		const failure = this.hasFailed && error && { error: errorAfter(error, response.error) };
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
