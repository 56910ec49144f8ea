import { isObject, objectIn, objectsIn, parseJson, definedKeys, textIn, type JsonObject } from '../json';
import { isNonRetryableCode } from './error-codes';

/** What an error body says, in the server's own words. */
export interface ErrorBody {
	message: string;
	code?: string;
	type?: string;
	param?: string;
	requestId?: string;
}

/** Where a program's own trace begins in a message */
const STACK_TRACE = /\n\s+at .*(:\d+|\))/;
/** Longest message of a server that is shown, in characters */
export const MAX_MESSAGE_LENGTH = 1000;

/**
 * What a body says went wrong, in whichever of the shapes that servers use; `undefined` where it says nothing.
 * The order is that of the likeliest words first; OpenAI's own shape is `{error: {message, type, param, code}}`.
 */
export function parseErrorBody(body: unknown): ErrorBody | undefined {
	if (Array.isArray(body)) return parseErrorBody(body[0]);
	if (!isObject(body)) return undefined;
	const error = firstObject(body.error) ?? objectIn(body.response, 'error');
	const message = withValidationIssues(messageOf(body), body);
	if (message === undefined && Object.keys(error).length === 0) return undefined;
	const facts = definedKeys({
		code: codeText(error.code) ?? codeText(body.code),
		type: textIn(error, 'type') ?? textIn(body, 'error_type') ?? errorTypeOf(body),
		param: paramOf(textIn(error, 'param') ?? textIn(body, 'param') ?? fieldPathIn(body, error)),
		requestId: textIn(body, 'request_id') ?? textIn(error, 'request_id'),
	});
	// a gateway may pass on the whole error of the server behind it as text
	const inner = message === undefined ? undefined : parseErrorBody(parseJson(message));
	const words = (message ?? JSON.stringify(error))
		.slice(0, 2 * MAX_MESSAGE_LENGTH)
		.split(STACK_TRACE)[0]
		.slice(0, MAX_MESSAGE_LENGTH);
	return { message: words, ...facts, ...inner, ...(isNonRetryableCode(facts.code) && { code: facts.code }) };
}

/** An error object, or the first of a list of them. */
function firstObject(error: unknown): JsonObject | undefined {
	const first: unknown = Array.isArray(error) ? error[0] : error;
	return isObject(first) ? first : undefined;
}

function messageOf(body: JsonObject): string | undefined {
	return (
		trimmedText(firstObject(body.error)?.message) ??
		trimmedText(Array.isArray(body.error) ? body.error[0] : body.error) ??
		['message', 'msg', 'err', 'error_msg'].map((key) => trimmedText(body[key])).find(Boolean) ??
		trimmedText(body.detail) ??
		(objectsIn(body, 'detail')
			.map((entry) => textIn(entry, 'msg') ?? JSON.stringify(entry))
			.join('; ') ||
			undefined) ??
		trimmedText(objectIn(body, 'detail').message) ??
		trimmedText(body.title) ??
		trimmedText(objectIn(body, 'header').message) ??
		trimmedText(objectIn(body.response, 'error').message)
	);
}

/** The words with what a server that checks by a schema found, field by field. */
function withValidationIssues(message: string | undefined, body: JsonObject): string | undefined {
	const issues = [...objectsIn(body, 'issues'), ...objectsIn(body, 'errors')].map((issue) => {
		const place = Array.isArray(issue.path) ? issue.path.join('.') : (textIn(issue, 'field') ?? textIn(issue, 'path'));
		return [place, textIn(issue, 'message')].filter(Boolean).join(': ');
	});
	const found = issues.filter((issue) => issue !== '' && issue !== message).join('; ');
	return [message, found].filter(Boolean).join(': ') || undefined;
}

/** one-api puts the status of the server behind it under `param`. */
const paramOf = (param?: string) => (param && /\D/.test(param) ? param : undefined);

/** The field that a server complains of by its place: FastAPI's `loc: ["body", "temperature"]`, zod's `path`. */
function fieldPathIn(body: JsonObject, { path }: JsonObject): string | undefined {
	const place = objectsIn(body, 'detail')[0]?.loc ?? path;
	return Array.isArray(place) ? place.filter((step) => step !== 'body').join('.') : undefined;
}

const trimmedText = (value: unknown) => (typeof value === 'string' ? value.trim() || undefined : undefined);

/** A code: text, or a number as text. "" is none. */
function codeText(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : typeof value === 'string' && value ? value : undefined;
}

/** A type of its own that a body names; in a stream `type` names the event. */
const errorTypeOf = (body: JsonObject) => (/^(error$|response\.)/.test(String(body.type)) ? undefined : textIn(body, 'type'));

/** Whether a text is a web page (or XML) and not what an API sends. */
export const isHtml = (text: string) => /^\s*</.test(text);

/**
 * What a web page says: its title, and the first other title or heading. Express titles every error "Error" and has the reason in
 * a `<pre>`; Next.js (9Router) titles its page for 404 with the name of the program and then with the error.
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
