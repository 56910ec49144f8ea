import { ResponseAccumulator } from './response-accumulator';
import type { HttpResponse } from '../http/request';
import { SseParser } from './sse-parser';
import { ApiError } from '../errors/api-error';
import {
	compressionError,
	truncatedError,
	incompleteStreamError,
	malformedResponseError,
	errorInBody,
	requestIdOf,
	httpError,
} from '../errors/reply-errors';
import { isObject, parseJson, type JsonObject } from '../json';
import { errorIn200Body, parseErrorBody } from '../errors/error-body';
import { statusOf } from './status';

/** Bytes of an error body that are read */
const MAX_ERROR_BODY_BYTES = 1024 * 1024;
/** Milliseconds that a server has to say more of an error */
const ERROR_BODY_TIMEOUT_MS = 2000;
/** Milliseconds that it has to count the tokens of an answer that is whole */
const TRAILING_USAGE_TIMEOUT_MS = 10_000;
/** Put after JSON by gateways that asked for a stream and got none */
const TRAILING_DONE = /data:\s*\[DONE\]\s*$/;
/** Put before JSON by some servers, against its use as a script */
const JSON_PREFIX = ")]}'";

/**
 * The JSON object that a reply brings: plain, or put together from a stream of events; its content tells which, not
 * its label. `undefined` for an empty reply.
 * @throws Fault for an error status, an error in the reply, or anything that is no JSON object
 */
export async function readBody(reply: HttpResponse, assembly = new ResponseAccumulator()): Promise<JsonObject | undefined> {
	if (reply.status < 200 || reply.status > 299) {
		throw httpError(reply.status, reply.headers, await readErrorBody(reply));
	}
	const content = new BodyReader(reply.headers['content-type'] ?? '', assembly);
	const cut = await apiErrorOf(readUntilComplete(content, reply));
	content.finish();
	if (content.isEventStream) return finishStream(content, reply, cut);
	if (cut) throw cut;
	return parseJsonBody(content.text, reply);
}

/** A body as it comes: events go to the assembly at once, anything else is kept as text. */
class BodyReader {
	/** Whether it is a stream of events; `undefined` while too little of it has come to tell */
	isEventStream?: boolean;

	readonly events = new SseParser();

	/** What came before it could be told, without the blank lines by which servers keep a connection alive */
	private head = '';

	private readonly pieces: string[] = [];

	constructor(
		private readonly label: string,
		readonly assembly: ResponseAccumulator,
	) {}

	push(piece: string) {
		if (this.isEventStream !== undefined) return this.append(piece);
		this.head = (this.head + piece).trimStart();
		this.isEventStream = isStream(this.head, this.label);
		if (this.isEventStream !== undefined) this.append(this.head);
	}

	/** The body has ended, or broken off: an event that is whole by then counts. */
	finish() {
		if (this.isEventStream) this.add(this.events.flush());
	}

	/** What was not taken as events */
	get text(): string {
		return this.isEventStream === undefined ? this.head : this.pieces.join('');
	}

	private append(text: string) {
		if (this.isEventStream) this.add(this.events.feed(text));
		else this.pieces.push(text);
	}

	private add(events: ReturnType<SseParser['feed']>) {
		for (const event of events) {
			if (!this.assembly.add(event) && !isTruncatedJson(event.data)) this.events.keepUnparsed(event.data);
		}
	}
}

/** Reads until the answer is there. */
async function readUntilComplete(content: BodyReader, reply: HttpResponse): Promise<void> {
	const { assembly } = content;
	let wait = Infinity;
	for await (const piece of decodeUtf8(reply.chunks)) {
		content.push(piece);
		if (assembly.isComplete) return;
		const next = assembly.hasError ? ERROR_BODY_TIMEOUT_MS : assembly.isClosing ? TRAILING_USAGE_TIMEOUT_MS : Infinity;
		if (next !== wait) reply.setDeadline(next);
		wait = next;
	}
}

/** The fault by which a body ended too early. Throws whatever else reading threw: it is no matter of the reply. */
async function apiErrorOf(reading: Promise<void>): Promise<ApiError | undefined> {
	const [outcome] = await Promise.allSettled([reading]);
	if (outcome.status === 'fulfilled') return undefined;
	if (outcome.reason instanceof ApiError) return outcome.reason;
	throw outcome.reason;
}

/** A body's text; bytes that are no UTF-8 become U+FFFD, a byte order mark is left out. */
async function* decodeUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
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

function parseJsonBody(text: string, { status, headers }: HttpResponse): JsonObject | undefined {
	if (text.trim() === '') return undefined;
	const value = parseJson(withoutJsonPrefix(text)) ?? parseJson(text.replace(TRAILING_DONE, ''));
	const problem = isObject(value) ? errorIn200Body(value) : parseErrorBody(value);
	const hasEnded = isObject(value) && ['failed', 'cancelled'].includes(String(statusOf(value.status)));
	if (problem) throw errorInBody(problem, status, headers).withDetails({ hasEnded });
	if (isObject(value)) return value;
	const facts = { status, requestId: requestIdOf(headers) };
	// n8n's helper takes the header away when it decompresses
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') throw compressionError(encoding, facts);
	throw value === undefined && isTruncatedJson(text) ? truncatedError(undefined).withDetails(facts) : malformedResponseError(text, facts);
}

const withoutJsonPrefix = (text: string) => (text.startsWith(JSON_PREFIX) ? text.slice(JSON_PREFIX.length) : text);

/** Whether a JSON text ends before its brackets are closed. */
function isTruncatedJson(json: string): boolean {
	if (!/^[[{]/.test(json)) return false;
	const brackets = json.replace(/"(?:[^"\\]|\\.)*("|$)/g, '').match(/[[\]{}]/g) ?? [];
	return brackets.reduce((depth, bracket) => depth + ('[{'.includes(bracket) ? 1 : -1), 0) > 0;
}

function finishStream({ assembly, events }: BodyReader, { status, headers }: HttpResponse, cut?: ApiError): JsonObject {
	const outcome = assembly.result();
	if (outcome.kind === 'response') return outcome.response;
	const facts = { status, requestId: requestIdOf(headers), partialText: assembly.partialText };
	// a proxy writes its error into the stream as plain JSON, without `data:`
	const problem = outcome.kind === 'problem' ? outcome.problem : parseErrorBody(parseJson(events.unparsedText));
	if (problem) throw errorInBody(problem, status, headers).withDetails(facts);
	if (outcome.kind === 'empty') throw cut ?? malformedResponseError(events.unparsedText, facts);
	throw incompleteStreamError(cut, events.unparsedText, { ...facts, responseId: assembly.id });
}

/** The first megabyte of an error body; one that breaks off says what it says. */
async function readErrorBody({ chunks, setDeadline: hurry }: HttpResponse): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	hurry(ERROR_BODY_TIMEOUT_MS);
	const read = async () => {
		for await (const chunk of chunks) {
			pieces.push(chunk);
			size += chunk.length;
			if (size >= MAX_ERROR_BODY_BYTES) return;
		}
	};
	await apiErrorOf(read());
	return new TextDecoder().decode(Buffer.concat(pieces));
}
