import { ISSUE_KEYS, MESSAGE_KEYS } from '../decode/quirks';
import { definedKeys, isObject, objectIn, objectsIn, parseJson, textIn, type JsonObject } from '../json';
import { isNonRetryableCode } from './error-codes';

/** What an error body says, in the server's own words. */
export interface ErrorBody {
	message: string;
	code?: string;
	type?: string;
	/** The request parameter that the server complains of */
	param?: string;
	/** The server's id of the call */
	requestId?: string;
}

/** Longest message of a server that is shown, in characters. */
export const MAX_MESSAGE_LENGTH = 1000;
/** Where the stack trace of a program begins in a message */
const STACK_TRACE = /\n\s+at .*(:\d+|\))/;

/**
 * What an error body says, in any of the shapes that servers use; `undefined` if it holds neither a message nor an error object.
 * OpenAI's shape is `{error: {message, type, param, code}}`. https://platform.openai.com/docs/guides/error-codes
 */
export function parseErrorBody(body: unknown): ErrorBody | undefined {
	// Gemini sends a list with one error: gemini-error.1.json
	if (Array.isArray(body)) return parseErrorBody(body[0]);
	if (!isObject(body)) return undefined;
	const error = errorObjectIn(body) ?? objectIn(body.response, 'error');
	const message = withIssues(messageIn(body), body);
	if (message === undefined && Object.keys(error).length === 0) return undefined;
	const details = definedKeys({
		code: codeText(error.code) ?? codeText(body.code),
		// OpenRouter: openrouter-error.1.json
		type: textIn(error, 'type') ?? textIn(body, 'error_type') ?? errorTypeIn(body),
		param: paramText(textIn(error, 'param') ?? textIn(body, 'param')) ?? fieldPathIn(body, error),
		requestId: textIn(body, 'request_id') ?? textIn(error, 'request_id'),
	});
	// a gateway may pass on the whole error of the server behind it as text
	const inner = message === undefined ? undefined : parseErrorBody(parseJson(message));
	// after these codes no retry helps, whatever code the inner error has
	const outerCode = isNonRetryableCode(details.code) && { code: details.code };
	return { message: shortened(message ?? JSON.stringify(error)), ...details, ...inner, ...outerCode };
}

/** A message without the stack trace in it (musistudio-stack.1.json), cut to the length that is shown. */
function shortened(message: string): string {
	return message
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
	const issues = ISSUE_KEYS.flatMap((key) => objectsIn(body, key)).map((issue) =>
		[textIn(issue, 'field'), textIn(issue, 'message')].filter(Boolean).join(': '),
	);
	const others = issues.filter((issue) => issue !== '' && issue !== message).join('; ');
	return [message, others].filter(Boolean).join(': ') || undefined;
}

/** A parameter's name. one-api puts the HTTP status of the server behind it there: one-api-upstream.1.json */
const paramText = (param?: string) => (param && /\D/.test(param) ? param : undefined);

/** The parameter by its path: FastAPI's `loc` (vllm-validation.1.json), zod's `path` (responses.js-validation.1.json). */
function fieldPathIn(body: JsonObject, { path }: JsonObject): string | undefined {
	const steps = objectsIn(body, 'detail')[0]?.loc ?? path;
	return Array.isArray(steps) ? steps.filter((step) => step !== 'body').join('.') : undefined;
}

const trimmedText = (value: unknown) => (typeof value === 'string' ? value.trim() || undefined : undefined);

/** A code: text, or a number as text (vllm-model-not-found.1.json). */
const codeText = (value: unknown) => (typeof value === 'number' ? String(value) : trimmedText(value));

/** The type of the error; in an event `type` is the event's. */
const errorTypeIn = (body: JsonObject) => (/^(error$|response\.)/.test(String(body.type)) ? undefined : textIn(body, 'type'));

/** Whether a text is a web page (or XML) and not what an API sends. */
export const isHtml = (text: string): boolean => /^\s*</.test(text);

/**
 * What a web page says: its title, and the first other title or heading. Express titles every error "Error" and has the reason in
 * a `<pre>`; Next.js (9router) titles its page for 404 with the name of the program and then with the error.
 */
export function htmlTitle(html: string): string | undefined {
	const texts = [...html.matchAll(/<(?:title|h1|pre)\b[^>]*>([^<]*)/gi)].map(([, text]) => text.replace(/\s+/g, ' ').trim());
	return (
		[...new Set(texts)]
			.filter((text) => text !== '')
			.slice(0, 2)
			.join(': ') || undefined
	);
}
