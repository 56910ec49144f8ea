import { classify } from './classify';
import { TRAILING_DONE } from './quirks';
import { ResponseAccumulator } from './response-accumulator';
import { SseParser, type ServerEvent } from './sse-parser';
import { isFinished } from './status';
import { ApiError } from '../errors/api-error';
import { parseErrorBody } from '../errors/error-body';
import { isHtml } from '../errors/html';
import {
	compressionError,
	endOf,
	errorInBody,
	httpError,
	incompleteStreamError,
	malformedEventError,
	malformedResponseError,
	requestIdOf,
	truncatedError,
} from '../errors/reply-errors';
import type { HttpResponse } from '../http/request';
import { asObjects, isObject, isTruncatedJson, parseJson, type JsonObject } from '../json';

/** Words in a plain text that say that something was not done */
const COMPLAINT = /\bnot?\b|n't|fail|error|invalid|unknown|denied|unauthori[sz]ed|forbidden|unable|cannot|不存在|失败|错误|无权/i;
/** Bytes of an error body that are read */
const MAX_ERROR_BODY_BYTES = 1024 * 1024;
/** Milliseconds to wait for the rest of an error body, or for the reason why a response failed */
const ERROR_BODY_TIMEOUT_MS = 2000;
/** Milliseconds to wait for the usage after a complete chat answer */
const TRAILING_USAGE_TIMEOUT_MS = 10_000;

/** What a reply may be besides a JSON object and a stream. */
interface Accepted {
	/** A list, which is given as `{data: list}` */
	list?: boolean;
	/** A plain text which says that something was done; given as `{}` */
	words?: boolean;
}

/**
 * The JSON object in the body of a reply: a plain one, or one that is put together from a stream of events. The content decides
 * which of both it is, not the `Content-Type` header. `undefined` for an empty body.
 * @throws ApiError for an HTTP error status, for an error in the body, and for a body that is not a JSON object
 */
export async function readBody(
	httpResponse: HttpResponse,
	accumulator = new ResponseAccumulator(),
	accepted: Accepted = {},
): Promise<JsonObject | undefined> {
	const { status, headers } = httpResponse;
	if (status < 200 || status > 299) throw httpError(status, headers, await readErrorBody(httpResponse));
	const reader = new BodyReader(headers['content-type'] ?? '', accumulator);
	const readError = await readUntilComplete(reader, httpResponse);
	reader.finish();
	if (readError && !reader.isEventStream) throw readError;
	const body = reader.isEventStream ? finishStream(reader, httpResponse, readError) : parseJsonBody(reader.text, httpResponse, accepted);
	if (body) throwIfError(body, httpResponse, accumulator.partialText, accepted);
	return body;
}

/**
 * The bytes of a body that is a file.
 * @throws ApiError for an HTTP error status, and for an error in a JSON body
 */
export async function readBytes(httpResponse: HttpResponse): Promise<Buffer> {
	const { status, headers, chunks } = httpResponse;
	if (status < 200 || status > 299) throw httpError(status, headers, await readErrorBody(httpResponse));
	const pieces: Uint8Array[] = [];
	for await (const chunk of chunks) pieces.push(chunk);
	const bytes = Buffer.concat(pieces);
	const isJson = headers['content-type']?.includes('application/json') && bytes.length < MAX_ERROR_BODY_BYTES;
	const body = isJson ? parseJson(bytes.toString()) : undefined;
	if (isObject(body)) throwIfError(body, httpResponse, '', {});
	return bytes;
}

/** Takes a body piece by piece: events go to the accumulator at once, other text is kept. */
class BodyReader {
	/** `undefined` until the first characters have come, which decide it */
	isEventStream?: boolean;

	readonly events = new SseParser();

	/** Text received before the format was known, without leading blank lines (keep-alive) */
	private undecided = '';

	private readonly plainText: string[] = [];

	constructor(
		private readonly contentType: string,
		readonly accumulator: ResponseAccumulator,
	) {}

	push(text: string) {
		if (this.isEventStream !== undefined) return this.append(text);
		this.undecided = (this.undecided + text).trimStart();
		this.isEventStream = isEventStream(this.undecided, this.contentType);
		if (this.isEventStream !== undefined) this.append(this.undecided);
	}

	/** To be called at the end of the body, also of one that broke off: a last event without its blank line counts. */
	finish() {
		if (this.isEventStream) this.addEvents(this.events.flush(), true);
	}

	/** The text of a body that is not a stream of events. */
	get text(): string {
		return this.isEventStream === undefined ? this.undecided : this.plainText.join('');
	}

	private append(text: string) {
		if (this.isEventStream) this.addEvents(this.events.feed(text));
		else this.plainText.push(text);
	}

	private addEvents(events: ServerEvent[], areLast = false) {
		for (const event of events) {
			if (!this.accumulator.add(event, areLast)) this.events.keepUnparsed(event.data);
		}
	}
}

/** Reads until the answer is complete. Returns the error by which the body broke off, `undefined` if it did not. */
async function readUntilComplete(reader: BodyReader, { chunks, setDeadline }: HttpResponse): Promise<ApiError | undefined> {
	const { accumulator } = reader;
	// bytes that are not UTF-8 become U+FFFD, a byte order mark is left out
	const decoder = new TextDecoder();
	let timeout = Infinity;
	try {
		for await (const chunk of chunks) {
			reader.push(decoder.decode(chunk, { stream: true }));
			if (accumulator.isComplete) return undefined;
			const next = accumulator.awaitsReason ? ERROR_BODY_TIMEOUT_MS : accumulator.isClosing ? TRAILING_USAGE_TIMEOUT_MS : Infinity;
			if (next !== timeout) setDeadline(next);
			timeout = next;
		}
		reader.push(decoder.decode());
	} catch (error) {
		return apiErrorOrThrow(error);
	}
	return undefined;
}

/** The first megabyte of an error body, or less if it breaks off before. */
async function readErrorBody({ chunks, setDeadline }: HttpResponse): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	setDeadline(ERROR_BODY_TIMEOUT_MS);
	try {
		for await (const chunk of chunks) {
			pieces.push(chunk);
			size += chunk.length;
			if (size >= MAX_ERROR_BODY_BYTES) break;
		}
	} catch (error) {
		apiErrorOrThrow(error);
	}
	return new TextDecoder().decode(Buffer.concat(pieces));
}

/** The error, if it is about the reply. Other errors, such as that of Stop, are thrown again. */
function apiErrorOrThrow(error: unknown): ApiError {
	if (error instanceof ApiError) return error;
	throw error;
}

/** Whether a body is a stream of events, by its first characters; `undefined` while there are too few. */
function isEventStream(start: string, contentType: string): boolean | undefined {
	if (start === '') return undefined;
	if (/^[[{<]/.test(start)) return false;
	if (contentType.includes('event-stream') || /^(event|data|id|retry)?\s*:/.test(start)) return true;
	return ['event:', 'data:', 'id:', 'retry:'].some((field) => field.startsWith(start)) ? undefined : false;
}

function parseJsonBody(text: string, { status, headers }: HttpResponse, accepted: Accepted): JsonObject | undefined {
	if (text.trim() === '') return undefined;
	const value = parseJson(text) ?? parseJson(text.replace(TRAILING_DONE, ''));
	if (isObject(value)) return value;
	if (Array.isArray(value)) {
		const first = classify(asObjects(value)[0] ?? {});
		if (first.kind === 'error' && (first.isMarked || !accepted.list)) throw errorInBody(first.error, status, headers);
		if (accepted.list || first.kind === 'response') return { data: value };
	}
	const details = { status, requestId: requestIdOf(headers) };
	// n8n's helper removes the header when it has decompressed the body
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') throw compressionError(encoding, details);
	if (value === undefined && isTruncatedJson(text)) throw truncatedError(undefined).withDetails(details);
	if (accepted.words && !isHtml(text) && !COMPLAINT.test(text)) return {};
	throw malformedResponseError(text, details);
}

/**
 * The response that the events of a stream make.
 * @param readError the error by which the stream broke off
 */
function finishStream({ accumulator, events }: BodyReader, { status, headers }: HttpResponse, readError?: ApiError): JsonObject {
	const result = accumulator.result();
	if (result.kind === 'response') return result.response;
	const details = { status, requestId: requestIdOf(headers), partialText: accumulator.partialText };
	// a proxy writes its error into the stream as plain JSON, without `data:`
	const error = result.kind === 'error' ? result.error : parseErrorBody(parseJson(events.unparsedText));
	if (error) throw errorInBody(error, status, headers).withDetails({ ...details, hasEnded: accumulator.isTerminal });
	if (result.kind === 'unreadable') throw malformedEventError(result.data, { ...details, responseId: accumulator.id });
	if (result.kind === 'empty') throw readError ?? malformedResponseError(events.unparsedText, details);
	throw incompleteStreamError(readError, events.unparsedText || accumulator.unknownEvent, { ...details, responseId: accumulator.id });
}

/** Throws the error that a body with a good HTTP status reports. A message alone is no error where plain text is accepted. */
function throwIfError(body: JsonObject, { status, headers }: HttpResponse, partialText: string, accepted: Accepted) {
	const found = classify(body);
	if (found.kind !== 'error') return;
	const isDone = accepted.words && !found.isMarked && !COMPLAINT.test(found.error.message);
	if (isDone) return;
	const details = { hasEnded: isFinished(body.status), responseStatus: endOf(body), partialText };
	throw errorInBody(found.error, status, headers).withDetails(details);
}
