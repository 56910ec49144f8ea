import { classify } from './classify';
import { TRAILING_DONE } from './quirks';
import { ResponseAccumulator } from './response-accumulator';
import { SseParser } from './sse-parser';
import { isFinished } from './status';
import { ApiError } from '../errors/api-error';
import { parseErrorBody } from '../errors/error-body';
import {
	compressionError,
	errorInBody,
	httpError,
	incompleteStreamError,
	malformedResponseError,
	requestIdOf,
	truncatedError,
} from '../errors/reply-errors';
import type { HttpResponse } from '../http/request';
import { isObject, parseJson, type JsonObject } from '../json';

/** Bytes of an error body that are read */
const MAX_ERROR_BODY_BYTES = 1024 * 1024;
/** Milliseconds to wait for the rest of an error body, or for a better reason after an error event */
const ERROR_BODY_TIMEOUT_MS = 2000;
/** Milliseconds to wait for the usage after a complete chat answer */
const TRAILING_USAGE_TIMEOUT_MS = 10_000;

/**
 * The JSON object in the body of a reply: a plain one, or one that is put together from a stream of events. The content decides
 * which of both it is, not the `Content-Type` header. `undefined` for an empty body.
 * @throws ApiError for an HTTP error status, for an error in the body, and for a body that is not a JSON object
 */
export async function readBody(httpResponse: HttpResponse, accumulator = new ResponseAccumulator()): Promise<JsonObject | undefined> {
	const { status, headers } = httpResponse;
	if (status < 200 || status > 299) throw httpError(status, headers, await readErrorBody(httpResponse));
	const reader = new BodyReader(headers['content-type'] ?? '', accumulator);
	const readError = await readUntilComplete(reader, httpResponse);
	reader.finish();
	if (readError && !reader.isEventStream) throw readError;
	const body = reader.isEventStream ? finishStream(reader, httpResponse, readError) : parseJsonBody(reader.text, httpResponse);
	if (body) throwIfError(body, httpResponse, accumulator.partialText);
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
	if (isObject(body)) throwIfError(body, httpResponse, '');
	return bytes;
}

/** Takes a body piece by piece: events go to the accumulator at once, other text is kept. */
class BodyReader {
	/** `undefined` until enough text came to tell */
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
		if (this.isEventStream) this.addEvents(this.events.flush());
	}

	/** The text of a body that is not a stream of events. */
	get text(): string {
		return this.isEventStream === undefined ? this.undecided : this.plainText.join('');
	}

	private append(text: string) {
		if (this.isEventStream) this.addEvents(this.events.feed(text));
		else this.plainText.push(text);
	}

	private addEvents(events: ReturnType<SseParser['feed']>) {
		for (const event of events) {
			if (!this.accumulator.add(event) && !isTruncatedJson(event.data)) this.events.keepUnparsed(event.data);
		}
	}
}

/** Reads until the answer is complete. Returns the error by which the body broke off, `undefined` if it did not. */
async function readUntilComplete(reader: BodyReader, { chunks, setDeadline }: HttpResponse): Promise<ApiError | undefined> {
	const { accumulator } = reader;
	let timeout = Infinity;
	try {
		for await (const text of decodeUtf8(chunks)) {
			reader.push(text);
			if (accumulator.isComplete) return undefined;
			const next = accumulator.hasError ? ERROR_BODY_TIMEOUT_MS : accumulator.isClosing ? TRAILING_USAGE_TIMEOUT_MS : Infinity;
			if (next !== timeout) setDeadline(next);
			timeout = next;
		}
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

/** The error, if it is about the reply. Other errors, such as that the run was stopped, are thrown again. */
function apiErrorOrThrow(error: unknown): ApiError {
	if (error instanceof ApiError) return error;
	throw error;
}

/** The text of a body; bytes that are not UTF-8 become U+FFFD, a byte order mark is left out. */
async function* decodeUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
	yield decoder.decode();
}

/** Whether a body is a stream of events, by its first characters; `undefined` while there are too few. */
function isEventStream(start: string, contentType: string): boolean | undefined {
	if (start === '') return undefined;
	if (/^[[{<]/.test(start)) return false;
	if (contentType.includes('event-stream') || /^(event|data|id|retry)?\s*:/.test(start)) return true;
	return ['event:', 'data:', 'id:', 'retry:'].some((field) => field.startsWith(start)) ? undefined : false;
}

function parseJsonBody(text: string, { status, headers }: HttpResponse): JsonObject | undefined {
	if (text.trim() === '') return undefined;
	const value = parseJson(text) ?? parseJson(text.replace(TRAILING_DONE, ''));
	if (isObject(value)) return value;
	// a list with an error in it
	const error = parseErrorBody(value);
	if (error) throw errorInBody(error, status, headers);
	const details = { status, requestId: requestIdOf(headers) };
	// n8n's helper removes the header when it has decompressed the body
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') throw compressionError(encoding, details);
	throw value === undefined && isTruncatedJson(text)
		? truncatedError(undefined).withDetails(details)
		: malformedResponseError(text, details);
}

/** Whether a JSON text ends before all of its brackets are closed. */
function isTruncatedJson(json: string): boolean {
	if (!/^[[{]/.test(json)) return false;
	const brackets = json.replace(/"(?:[^"\\]|\\.)*("|$)/g, '').match(/[[\]{}]/g) ?? [];
	return brackets.reduce((depth, bracket) => depth + ('[{'.includes(bracket) ? 1 : -1), 0) > 0;
}

/**
 * What a stream was put together to.
 * @param readError the error by which the stream broke off
 */
function finishStream({ accumulator, events }: BodyReader, { status, headers }: HttpResponse, readError?: ApiError): JsonObject {
	const result = accumulator.result();
	if (result.kind === 'response') return result.response;
	const details = { status, requestId: requestIdOf(headers), partialText: accumulator.partialText };
	// a proxy writes its error into the stream as plain JSON, without `data:`
	const error = result.kind === 'error' ? result.error : parseErrorBody(parseJson(events.unparsedText));
	if (error) throw errorInBody(error, status, headers).withDetails(details);
	if (result.kind === 'empty') throw readError ?? malformedResponseError(events.unparsedText, details);
	throw incompleteStreamError(readError, events.unparsedText, { ...details, responseId: accumulator.id });
}

/** Throws the error that a body with a good HTTP status reports. */
function throwIfError(body: JsonObject, { status, headers }: HttpResponse, partialText: string) {
	const found = classify(body);
	if (found.kind !== 'error') return;
	throw errorInBody(found.error, status, headers).withDetails({ hasEnded: isFinished(body.status), partialText });
}
