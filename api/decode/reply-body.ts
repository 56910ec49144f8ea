import { Assembly } from './response-accumulator';
import type { Reply } from '../http/request';
import { EventParser } from './sse-parser';
import { Fault } from '../errors/api-error';
import {
	compressedFault,
	cutFault,
	interruptedFault,
	malformedFault,
	reportedFault,
	requestIdOf,
	statusFault,
} from '../errors/reply-errors';
import { isObject, parsedOrUndefined, type JsonObject } from '../json';
import { problemInAnswer, problemOf } from '../errors/error-body';
import { CANCELLED } from './normalize';

/** Bytes of an error body that are read */
const ERROR_SIZE = 1024 * 1024;
/** Milliseconds that a server has to say more of an error */
const LAST_WORDS = 2000;
/** Milliseconds that it has to count the tokens of an answer that is whole */
const LAST_COUNT = 10_000;
/** Put after JSON by gateways that asked for a stream and got none */
const END = /data:\s*\[DONE\]\s*$/;
/** Put before JSON by some servers, against its use as a script */
const PREFIX = ")]}'";

/**
 * The JSON object that a reply brings: plain, or put together from a stream of events; its content tells which, not
 * its label. `undefined` for an empty reply.
 * @throws Fault for an error status, an error in the reply, or anything that is no JSON object
 */
export async function contentOf(reply: Reply, assembly = new Assembly()): Promise<JsonObject | undefined> {
	if (reply.status < 200 || reply.status > 299) {
		throw statusFault(reply.status, reply.headers, await beginningOf(reply));
	}
	const content = new Content(reply.headers['content-type'] ?? '', assembly);
	const cut = await faultIn(readInto(content, reply));
	content.end();
	if (content.isStream) return streamed(content, reply, cut);
	if (cut) throw cut;
	return plain(content.text, reply);
}

/** A body as it comes: events go to the assembly at once, anything else is kept as text. */
class Content {
	/** Whether it is a stream of events; `undefined` while too little of it has come to tell */
	isStream?: boolean;

	readonly events = new EventParser();

	/** What came before it could be told, without the blank lines by which servers keep a connection alive */
	private head = '';

	private readonly pieces: string[] = [];

	constructor(
		private readonly label: string,
		readonly assembly: Assembly,
	) {}

	push(piece: string) {
		if (this.isStream !== undefined) return this.take(piece);
		this.head = (this.head + piece).trimStart();
		this.isStream = isStream(this.head, this.label);
		if (this.isStream !== undefined) this.take(this.head);
	}

	/** The body has ended, or broken off: an event that is whole by then counts. */
	end() {
		if (this.isStream) this.add(this.events.end());
	}

	/** What was not taken as events */
	get text(): string {
		return this.isStream === undefined ? this.head : this.pieces.join('');
	}

	private take(text: string) {
		if (this.isStream) this.add(this.events.push(text));
		else this.pieces.push(text);
	}

	private add(events: ReturnType<EventParser['push']>) {
		for (const event of events) {
			if (!this.assembly.add(event) && !isUnfinished(event.data)) this.events.keep(event.data);
		}
	}
}

/** Reads until the answer is there. */
async function readInto(content: Content, reply: Reply): Promise<void> {
	const { assembly } = content;
	let wait = Infinity;
	for await (const piece of textOf(reply.chunks)) {
		content.push(piece);
		if (assembly.finished) return;
		const next = assembly.troubled ? LAST_WORDS : assembly.ending ? LAST_COUNT : Infinity;
		if (next !== wait) reply.hurry(next);
		wait = next;
	}
}

/** The fault by which a body ended too early. Throws whatever else reading threw: it is no matter of the reply. */
async function faultIn(reading: Promise<void>): Promise<Fault | undefined> {
	const [outcome] = await Promise.allSettled([reading]);
	if (outcome.status === 'fulfilled') return undefined;
	if (outcome.reason instanceof Fault) return outcome.reason;
	throw outcome.reason;
}

/** A body's text; bytes that are no UTF-8 become U+FFFD, a byte order mark is left out. */
async function* textOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
	yield decoder.decode();
}

/** Whether a body is a stream of events, by its beginning (without blanks); `undefined` while that is too short. */
function isStream(start: string, label: string): boolean | undefined {
	if (start === '') return undefined;
	if (/^[[{<]/.test(start)) return false;
	if (label.includes('event-stream') || /^(event|data|id|retry)?\s*:/.test(start)) return true;
	return ['event:', 'data:', 'id:', 'retry:'].some((field) => field.startsWith(start)) ? undefined : false;
}

function plain(text: string, { status, headers }: Reply): JsonObject | undefined {
	if (text.trim() === '') return undefined;
	const value = parsedOrUndefined(withoutPrefix(text)) ?? parsedOrUndefined(text.replace(END, ''));
	const problem = isObject(value) ? problemInAnswer(value) : problemOf(value);
	const ended = isObject(value) && ['failed', ...CANCELLED].includes(String(value.status));
	if (problem) throw reportedFault(problem, status, headers).with({ ended });
	if (isObject(value)) return value;
	const facts = { status, requestId: requestIdOf(headers) };
	// n8n's helper takes the header away when it decompresses
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') throw compressedFault(encoding, facts);
	throw value === undefined && isUnfinished(text) ? cutFault(undefined).with(facts) : malformedFault(text, facts);
}

const withoutPrefix = (text: string) => (text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text);

/** Whether a JSON text ends before its brackets are closed. */
function isUnfinished(json: string): boolean {
	if (!/^[[{]/.test(json)) return false;
	const brackets = json.replace(/"(?:[^"\\]|\\.)*("|$)/g, '').match(/[[\]{}]/g) ?? [];
	return brackets.reduce((depth, bracket) => depth + ('[{'.includes(bracket) ? 1 : -1), 0) > 0;
}

function streamed({ assembly, events }: Content, { status, headers }: Reply, cut?: Fault): JsonObject {
	const outcome = assembly.outcome();
	if (outcome.kind === 'response') return outcome.response;
	const facts = { status, requestId: requestIdOf(headers), partialText: assembly.partialText };
	// a proxy writes its error into the stream as plain JSON, without `data:`
	const problem = outcome.kind === 'problem' ? outcome.problem : problemOf(parsedOrUndefined(events.stray));
	if (problem) throw reportedFault(problem, status, headers).with(facts);
	if (outcome.kind === 'empty') throw cut ?? malformedFault(events.stray, facts);
	throw interruptedFault(cut, events.stray, { ...facts, responseId: assembly.id });
}

/** The first megabyte of an error body; one that breaks off says what it says. */
async function beginningOf({ chunks, hurry }: Reply): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	hurry(LAST_WORDS);
	const read = async () => {
		for await (const chunk of chunks) {
			pieces.push(chunk);
			size += chunk.length;
			if (size >= ERROR_SIZE) return;
		}
	};
	await faultIn(read());
	return new TextDecoder().decode(Buffer.concat(pieces));
}
