import { ChatAssembly } from './chat-accumulator';
import type { ServerEvent } from './sse-parser';
import { isObject, objectIn, objectsIn, parsedOrUndefined, textIn, type JsonObject } from '../json';
import { OutputItems, textOfItem } from './output-accumulator';
import { isFilled, problemInAnswer, problemOf, saysItFailed, type Problem } from '../errors/error-body';
import { Repeats } from './duplicate-events';

/** The events that carry a response; those of the list below end the stream. */
const LIFECYCLE = /^response\.(created|queued|in_progress|completed|incomplete|failed|cancelled|done)$/;
const TERMINAL = ['completed', 'incomplete', 'failed', 'cancelled'];

const isTerminal = (status: unknown) => TERMINAL.includes(String(status));

/** What a stream has come to. */
export type Outcome =
	| { kind: 'response'; response: JsonObject }
	/** The server said that something went wrong */
	| { kind: 'problem'; problem: Problem }
	/** It ended before it was finished */
	| { kind: 'interrupted' }
	/** Nothing of it was an event of this API */
	| { kind: 'empty' };

/**
 * Puts the events of a stream together to the very object that the plain reply would have been. Tolerant on purpose:
 * gateways leave out events, indexes, ids and sequence numbers, repeat some and add their own.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export class Assembly {
	private response: JsonObject = {};

	private readonly items: OutputItems;

	private readonly chat: ChatAssembly;

	private readonly repeats = new Repeats();

	private problem?: Problem;

	/** The last event, if it is none of this API but words: a proxy's last ones, if nothing follows */
	private note?: Problem;

	/** Whether the last event held a list of items, be it empty */
	private isListed = false;

	private begun = false;

	private done = false;

	/** @param onText is given each piece of the answer's text as it comes */
	constructor(onText?: (text: string) => void) {
		this.items = new OutputItems(onText);
		this.chat = new ChatAssembly(onText);
	}

	/** Whether nothing more needs to be read. */
	get finished(): boolean {
		return this.done || this.ended;
	}

	/** Whether the server has ended the response, well or not. */
	get ended(): boolean {
		return isTerminal(this.response.status);
	}

	/** Whether the server has reported an error. */
	get troubled(): boolean {
		return this.problem !== undefined;
	}

	/** Whether an error or the answer is there and only a word on it may follow: a better reason, the usage. */
	get ending(): boolean {
		return this.troubled || this.chat.isWhole;
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
	get sequence(): number | undefined {
		return this.repeats.highest;
	}

	/** Takes an event; false if its data is no JSON object. What comes after the end is passed over. */
	add({ name, data }: ServerEvent): boolean {
		if (this.finished) return true;
		if (data.trim() === '[DONE]') {
			this.done = true;
			return true;
		}
		const event = parsedOrUndefined(data);
		if (!isObject(event)) return false;
		// an event without a name is a "message" by the rules of event streams, and some servers write so
		const type = textIn(event, 'type') ?? (name === 'message' ? '' : name);
		if (!this.repeats.holds(event, type)) this.apply(event, type);
		return true;
	}

	/** What the stream has come to by now, taken that it goes on no more. */
	outcome(): Outcome {
		const isOver = this.ended;
		// words after all has come are no matter
		const isAll = this.chat.begun ? this.chat.isWhole : this.done && this.items.allDone;
		const problem = this.problem ?? (isAll ? undefined : this.note);
		if (!isOver && problem) return { kind: 'problem', problem };
		if (this.chat.begun) {
			const completion = this.chat.isWhole || this.done ? this.chat.completion() : undefined;
			return completion ? { kind: 'response', response: completion } : { kind: 'interrupted' };
		}
		if (!this.begun) return { kind: 'empty' };
		// a server that forgot its last event, but closed every item and said that it was done
		if (!isOver && !(this.done && this.items.allDone)) return { kind: 'interrupted' };
		return { kind: 'response', response: this.finishedResponse(isOver) };
	}

	private apply(event: JsonObject, type: string) {
		const lifecycle = LIFECYCLE.exec(type)?.[1];
		if (lifecycle) this.advance(objectIn(event, 'response'), lifecycle);
		else if (event.object === 'response') this.advance(event, textIn(event, 'status') ?? 'in_progress');
		else if (event.object === 'chat.completion.chunk' || Array.isArray(event.choices)) this.chat.add(event);
		else if (this.items.add(event, type)) this.begun = true;
		if (!lifecycle) this.problem = problemIn(event, type) ?? this.problem;
		this.note = type === '' ? problemInAnswer(event) : undefined;
	}

	/** @param event the state by the event's name, which some servers forget to repeat in the response */
	private advance({ output, ...rest }: JsonObject, event: string) {
		this.begun = true;
		const named = event === 'done' ? 'completed' : event;
		const stated = textIn(rest, 'status') ?? named;
		this.isListed = Array.isArray(output);
		this.response = {
			...this.response,
			...rest,
			// a snapshot without items says nothing of those that came as events
			...(isFilled(output) && { output }),
			status: isTerminal(stated) === isTerminal(named) && named !== 'failed' ? stated : named,
		};
	}

	private finishedResponse(isOver: boolean): JsonObject {
		const { response, problem } = this;
		const failed = response.status === 'failed' && problem && { error: laterProblem(problem, response.error) };
		const output = this.items.mergedInto(response);
		// neither an item nor a list of them came: no answer, as in a plain reply
		const isMissing = response.status === 'completed' && !this.isListed && !isFilled(output);
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
function problemIn(event: JsonObject, type: string): Problem | undefined {
	if (type === 'error' || type === 'response.error' || event.object === 'error' || isFilled(event.error)) {
		return problemOf(event) ?? { message: 'No reason given' };
	}
	return type === '' && saysItFailed(event) ? problemInAnswer(event) : undefined;
}

/** The reason in the failed response, which is the better one, with the words of the error event before it. */
function laterProblem(before: Problem, error: unknown): Problem {
	const after = problemOf({ error });
	if (!after || after.message === before.message) return { ...before, ...after };
	return { ...before, ...after, message: `${after.message} (before: ${before.message})` };
}
