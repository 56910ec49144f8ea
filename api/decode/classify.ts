import { parseErrorBody, type ErrorBody } from '../errors/error-body';
import { asObject, isFilled, isObject, objectIn, type JsonObject } from '../json';
import { REPLY_WRAPPERS } from './quirks';
import { statusOf } from './status';

/** What a JSON object from a server is. */
export type Classification =
	/** A response or chat completion, without the wrapper around it */
	| { kind: 'response'; response: JsonObject }
	/** `isMarked`: a field such as `error`, `success` or `code` says so, not the message alone */
	| { kind: 'error'; error: ErrorBody; isMarked: boolean }
	/** Another object: a list, a conversation, a deletion, or what no endpoint of this API gives */
	| { kind: 'other' };

/** Keys under which a reply has its answer: the Responses API's, a chat completion's, the official client's, Anthropic's. */
const ANSWER_KEYS = ['output', 'choices', 'output_text', 'content'];
/** Values of `code` that do not say that the request failed; its `message` still may */
const OK_CODES = ['', '0', '200'];

/**
 * Says whether a reply, a failed response or an event without a type is a response, an error or neither. The HTTP status is not
 * asked: gateways report errors with status 200 when the model had begun, or when the server behind them did so.
 */
export function classify(body: JsonObject): Classification {
	const response = responseIn(body);
	const isAnswer = hasAnswer(response);
	const status = statusOf(body.status);
	const isSuccess = status === 'completed' || status === 'incomplete';
	if (isErrorObject(body) && !(isAnswer && isSuccess)) {
		return { kind: 'error', error: parseErrorBody(body) ?? { message: 'No reason given' }, isMarked: true };
	}
	if (response && isAnswer) return { kind: 'response', response };
	const mark = successMark(body);
	const isFailed = status === 'failed' && body.object === undefined;
	const error = (mark ?? isNamed(body)) && !isFailed ? undefined : parseErrorBody(body);
	if (error) return { kind: 'error', error, isMarked: mark === false || isFailed };
	return response ? { kind: 'response', response } : { kind: 'other' };
}

/** Whether a body calls itself an error or has one. A blank value, `{}` and `[]` under `error` are no error. */
export const isErrorObject = ({ type, object, error }: JsonObject): boolean =>
	type === 'error' || type === 'response.error' || object === 'error' || isFilled(error);

/** The body itself, or what a gateway wrapped: first one that holds an answer, else one that looks like a response. */
function responseIn(body: JsonObject): JsonObject | undefined {
	const candidates = [body, ...REPLY_WRAPPERS.map((key) => objectIn(body, key))];
	return candidates.find(hasAnswer) ?? candidates.find(isResponse);
}

const hasAnswer = (value: unknown): boolean => isObject(value) && ANSWER_KEYS.some((key) => isFilled(value[key]));

const isResponse = (body: JsonObject): boolean =>
	body.object === 'response' || statusOf(body.status) !== undefined || ANSWER_KEYS.some((key) => body[key] !== undefined);

/** Whether a body says by a field that the request succeeded (`true`) or failed (`false`); `undefined` if no field says so. */
function successMark({ success, code, response }: JsonObject): boolean | undefined {
	if (isFilled(objectIn(response, 'error'))) return false;
	if (typeof success === 'boolean') return success;
	return OK_CODES.includes(String(code ?? '')) ? undefined : false;
}

/** Whether a body says what it is, so that its `message` is not an error. */
const isNamed = (body: JsonObject): boolean =>
	(typeof body.object === 'string' && !/^(|response|chat\.completion.*)$/.test(body.object)) ||
	statusOf(body.status) !== undefined ||
	REPLY_WRAPPERS.some((key) => isFilled(body[key]));

/** Fields of a response that some servers put beside it: bifrost (bifrost-failed.1.sse). */
const FIELDS_BESIDE = ['id', 'model', 'error', 'message', 'detail', 'code', 'incomplete_details', 'usage'];

/** The response that an event carries. Its fields may stand in `response`, beside it or both. */
export function responseInEvent({ response, ...rest }: JsonObject): JsonObject {
	const keys = isObject(response) ? FIELDS_BESIDE : Object.keys(rest).filter((key) => key !== 'type' && key !== 'sequence_number');
	const missing = keys.filter((key) => isFilled(rest[key]) && !isFilled(asObject(response)[key]));
	return { ...asObject(response), ...Object.fromEntries(missing.map((key) => [key, rest[key]])) };
}
