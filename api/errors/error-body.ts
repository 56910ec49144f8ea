import { isFilled, isObject, objectIn, objectsIn, parseJson, definedKeys, textIn, type JsonObject } from '../json';
import { isNonRetryableCode } from './error-codes';
import { statusOf } from '../decode/status';

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

/**
 * What a body with a good HTTP status says went wrong; `undefined` where it is an answer. Gateways send errors
 * with status 200 when the model had begun, or when the server behind them did.
 */
export function errorIn200Body(body: JsonObject): ErrorBody | undefined {
	const wrapped = WRAPPER_KEYS.map((key) => body[key]);
	const isAnswer = [body, ...wrapped].some(holdsAnswer) || (!isMarkedFailed(body) && wrapped.some(isFilled));
	const isSuccess = ['completed', 'incomplete'].includes(String(statusOf(body.status)));
	if (isFilled(body.error) && !(isSuccess && isAnswer)) return parseErrorBody(body) ?? { message: 'No reason given' };
	return isAnswer || isMarkedOk(body) ? undefined : parseErrorBody(body);
}

/** Keys under which an answer may be, and those under which a gateway may put the whole reply */
const ANSWER_KEYS = ['output', 'choices', 'output_text', 'content'];
const WRAPPER_KEYS = ['data', 'response', 'result'];

/** Whether a body says what it is, or that all went well: words in it are then no complaint. */
function isMarkedOk(body: JsonObject): boolean {
	if (isMarkedFailed(body)) return false;
	const isNamed = typeof body.object === 'string' && !/^(|error|response|chat\.completion.*)$/.test(body.object);
	const marks = [body.code, body.msg ?? body.message].filter((mark) => mark !== undefined && mark !== null);
	const isWell = body.success === true || body.deleted === true || (marks.length > 0 && marks.every(isOkWord));
	return isNamed || isWell || statusOf(body.status) !== undefined;
}

const holdsAnswer = (value: unknown) => isObject(value) && ANSWER_KEYS.some((key) => isFilled(value[key]));

const isOkWord = (word: unknown) => /^(|0|200|ok|success)$/i.test(String(word));

/** Whether a body says by a mark, not by words alone, that the call failed. */
export function isMarkedFailed({ error, success, code, msg, message, response }: JsonObject): boolean {
	const isGood = [code ?? '', msg ?? message].some(isOkWord);
	return isFilled(error) || success === false || !isGood || isFilled(objectIn(response, 'error'));
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
