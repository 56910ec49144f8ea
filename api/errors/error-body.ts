import { ISSUE_KEYS, MESSAGE_KEYS, REASON_KEYS } from '../decode/quirks';
import { definedKeys, isObject, objectIn, objectsIn, isFilled, nestedEntries, parseJson, textIn, type JsonObject } from '../json';
import { askedWaitMs } from './asked-wait';
import { isNonRetryableCode } from './error-codes';
import { htmlTitle, isHtml, withoutPage } from './html';

/** What an error body says, in the server's own words. */
export interface ErrorBody {
	message: string;
	code?: string;
	type?: string;
	/** The request parameter that the server complains of */
	param?: string;
	/** The server's id of the call */
	requestId?: string;
	/** Milliseconds after which the server takes a call again, by its own words */
	retryAfterMs?: number;
}

/** Longest message of a server that is shown, in characters. */
export const MAX_MESSAGE_LENGTH = 1000;
/** Where the stack trace of a program begins in a message */
const STACK_TRACE = /\n\s+at .*(:\d+|\))/;

/** Longest code, type or parameter that is shown, in characters */
const MAX_WORD_LENGTH = 200;
/** Keys under which a gateway puts the message of the server behind it; Portkey's is `html-message`: portkey-page.1.json */
const INNER_WORDS = /(^|[_-])(error|cause|message|msg|details?)$/i;
/** Keys of the request and of the scores of a content filter, which hold no reason */
const OTHER_KEYS = /^(input|request|headers|stack|ctx|content_filter_results?)$/;

/**
 * What an error body says, in any of the shapes that servers use; `undefined` if it holds neither a message nor an error object.
 * Where a gateway passes on the message of the server behind it, that message follows the gateway's own, which often says no more
 * than "Provider returned error". OpenAI's shape is `{error: {message, type, param, code}}`.
 * https://platform.openai.com/docs/guides/error-codes
 */
export function parseErrorBody(body: unknown): ErrorBody | undefined {
	// Gemini sends a list with one error: gemini-error.1.json
	if (Array.isArray(body)) return parseErrorBody(body[0]);
	if (!isObject(body)) return undefined;
	const own = ownError(body);
	const inner = own && parseErrorBody(parseJson(own.message));
	if (inner) return mergeErrors(own, inner, inner.message);
	const reason = reasonIn(body, own?.message ?? '');
	if (!own || !reason) return own ?? reason;
	return mergeErrors(own, reason, `${own.message.slice(0, MAX_MESSAGE_LENGTH / 2).replace(/[.:]$/, '')}: ${reason.message}`);
}

/** The error of the server behind a gateway replaces the gateway's; only a code after which no retry helps is kept. */
function mergeErrors(outer: ErrorBody, inner: ErrorBody, message: string): ErrorBody {
	const code = isNonRetryableCode(outer.code) && { code: outer.code };
	return { ...outer, ...inner, ...code, message: message.slice(0, MAX_MESSAGE_LENGTH) };
}

/** What the body says itself. */
function ownError(body: JsonObject): ErrorBody | undefined {
	const error = errorObjectIn(body) ?? objectIn(body.response, 'error');
	const message = withIssues(messageIn(body), body);
	if (message === undefined && Object.keys(error).length === 0) return undefined;
	const details = {
		code: wordOf(error.code) ?? wordOf(body.code),
		// OpenRouter: openrouter-error.1.json; Gemini has its code of gRPC in `status`: gemini-limit.1.json
		type: wordOf(error.type) ?? wordOf(body.error_type) ?? errorTypeIn(body) ?? statusTextIn(error),
		param: paramText(wordOf(error.param) ?? wordOf(body.param)) ?? fieldPathIn(body, error),
		requestId: wordOf(body.request_id) ?? wordOf(error.request_id),
		retryAfterMs: askedWaitMs(body, message),
	};
	return { message: shortened(message ?? JSON.stringify(error)), ...definedKeys(details) };
}

/**
 * The first message of another server in an error, at any depth, that the error's own message does not hold.
 * @param said the error's own message
 */
function reasonIn(body: JsonObject, said: string): ErrorBody | undefined {
	// the answer of a failed response holds no reason
	const isResponse = 'output' in body || 'choices' in body || 'response' in body;
	const holder = isResponse ? [reasonsOf(body), reasonsOf(objectIn(body, 'response'))] : body;
	for (const [key, value] of nestedEntries(holder, OTHER_KEYS)) {
		const isWords = INNER_WORDS.test(key) && typeof value === 'string';
		const isText = typeof value === 'string' && /^\s*\{/.test(value);
		const isBody = isText ? parseErrorBody(parseJson(value)) !== undefined : said === '' && /error$/.test(key) && isObject(value);
		const reason = isWords || isBody || REASON_KEYS.includes(key) ? passedOnError(value) : undefined;
		if (reason && !said.includes(reason.message)) return reason;
	}
	return undefined;
}

/** What in a response that failed may hold the reason, such as `last_error` or `status_details`. */
const reasonsOf = (response: JsonObject) => Object.fromEntries(Object.entries(response).filter(([key]) => /error|detail/.test(key)));

/** What a gateway passed on: an error body, as an object or as text, a web page or plain words. */
function passedOnError(value: unknown): ErrorBody | undefined {
	const text = trimmedText(value);
	const body = text === undefined ? value : parseJson(text);
	const error = parseErrorBody(body);
	if (error) return error;
	const words = text === undefined ? isObject(body) && isFilled(body) && JSON.stringify(body) : isHtml(text) ? htmlTitle(text) : text;
	return words ? { message: shortened(words) } : undefined;
}

/** A message without the web page or the stack trace in it (musistudio-stack.1.json), cut to the length that is shown. */
function shortened(message: string): string {
	return withoutPage(message)
		.slice(0, 2 * MAX_MESSAGE_LENGTH)
		.split(STACK_TRACE)[0]
		.slice(0, MAX_MESSAGE_LENGTH);
}

/** The error object, or the first of a list of them (responses.js-validation.1.json). */
function errorObjectIn({ error }: JsonObject): JsonObject | undefined {
	const first: unknown = Array.isArray(error) ? error[0] : error;
	return isObject(first) ? first : undefined;
}

/** The message, wherever it stands; likeliest place first. */
function messageIn(body: JsonObject): string | undefined {
	const places = [
		errorObjectIn(body)?.message,
		Array.isArray(body.error) ? body.error[0] : body.error,
		...MESSAGE_KEYS.map((key) => body[key]),
		// a relay of Codex: codex-relay-detail.1.json
		body.detail,
		// FastAPI's validation, as in vLLM: vllm-validation.1.json
		objectsIn(body, 'detail')
			.map((entry) => textIn(entry, 'msg') ?? JSON.stringify(entry))
			.join('; '),
		// RFC 7807: nvidia-nim-problem.1.json
		body.title,
		// new-api: new-api-stream-error.1.sse
		objectIn(body.response, 'error').message,
	];
	return places.map(trimmedText).find((text) => text !== undefined);
}

/** The message with what a server that checks by a schema found wrong with each field. */
function withIssues(message: string | undefined, body: JsonObject): string | undefined {
	const issues = ISSUE_KEYS.flatMap((key) => issuesIn(body[key]));
	const others = issues.filter((issue) => issue !== '' && issue !== message).join('; ');
	return others === '' ? message : [message?.replace(/[.:]$/, ''), others].filter(Boolean).join(': ');
}

/** What is wrong, one text for each: in a list (portkey-config.1.json) or in lists by field (aspnet-problem.1.json). */
function issuesIn(value: unknown): string[] {
	if (!isObject(value)) return issueTexts(value);
	const byField = Object.entries(value).map(([field, issues]) => [field, issueTexts(issues).join(', ')]);
	return byField.filter(([, words]) => words !== '').map((entry) => entry.join(': '));
}

function issueTexts(value: unknown): string[] {
	const issues: unknown[] = Array.isArray(value) ? value : [value];
	return issues.map((issue) => trimmedText(issue) ?? [textIn(issue, 'field'), textIn(issue, 'message')].filter(Boolean).join(': '));
}

/** A code, type or name: text, or a number as text (vllm-model-not-found.1.json). LiteLLM says "None" for none: litellm-budget.1.json */
function wordOf(value: unknown): string | undefined {
	const word = typeof value === 'number' ? String(value) : trimmedText(value);
	return word === undefined || /^(none|null|undefined)$/i.test(word) ? undefined : word.slice(0, MAX_WORD_LENGTH);
}

/** A parameter's name. one-api puts the HTTP status of the server behind it there: one-api-upstream.1.json */
const paramText = (param?: string) => (param && /\D/.test(param) ? param : undefined);

/** The parameter by its path: FastAPI's `loc` (vllm-validation.1.json), zod's `path` (responses.js-validation.1.json). */
function fieldPathIn(body: JsonObject, { path }: JsonObject): string | undefined {
	const steps = objectsIn(body, 'detail')[0]?.loc ?? path;
	return Array.isArray(steps) ? steps.filter((step) => step !== 'body').join('.') : undefined;
}

const trimmedText = (value: unknown) => (typeof value === 'string' ? value.trim() || undefined : undefined);

/** The type of the error; in an event `type` is the event's. */
const errorTypeIn = ({ type }: JsonObject) => (/^(error$|response\.)/.test(String(type)) ? undefined : wordOf(type));

const statusTextIn = ({ status }: JsonObject) => (typeof status === 'string' ? wordOf(status) : undefined);

/** The error of a failed response, which is the better reason, with the message of the error event before it. */
export function errorAfter(before: ErrorBody, error: unknown): ErrorBody {
	const after = parseErrorBody({ error });
	if (!after || after.message === before.message) return { ...before, ...after };
	if (textIn(error, 'message') === undefined) return { ...after, ...before };
	return { ...before, ...after, message: `${after.message} (before: ${before.message})` };
}
