import type { ApiError } from '../../../api/errors/api-error';
import { isConversationLocked, isOutOfBalance, isRateLimit } from '../../../api/errors/error-codes';
import { formatSeconds } from '../../../api/duration';
import { retryAfterMs } from '../../../api/http/retry-after';
import { isAboutFile } from './file-complaints';
import type { FormLabels } from './form-labels';
import { nameInApi, paramInMessage } from './named-params';
import { namesUnknownId, namesUnknownThing, withoutPaths } from './unknown-names';

/** The error of a server, prepared for the table below. */
interface HintInput {
	error: ApiError;
	labels: FormLabels;
	/** HTTP status, or what the server gives as one in its code; 0 where there is none */
	status: number;
	/** Code and type in lower case, with a blank between */
	codeAndType: string;
	/** The server's message in lower case */
	message: string;
	/** The parameter that the server complains of, and the field that sent it */
	param?: string;
	label?: string;
	/** Whether status and code say only that the server failed, which may hide a refusal */
	isVague: boolean;
	/** Whether a response was to be made */
	isCreate: boolean;
}

const CHECK_KEY = 'Check the API Key in the credential: copy it again, alone, from the page that issued it';
const CHOOSE_MODEL =
	'This model is not available for this key or its group: check its spelling, choose another in Model, or ask the server which it offers';
const NO_RESPONSES_ENDPOINT =
	'This server has no such endpoint at the Base URL of the credential. Check that it ends in /v1, once. If it does, ' +
	'the server speaks only chat completions (one-api, Ollama before 0.13.3, old gateways)';
const NO_ENDPOINT =
	'This server has no such endpoint: most gateways (new-api sites, OpenRouter, Ollama) keep no responses and have few others. ' +
	'If Create works, the Base URL is right';
const MODEL_OF_ANOTHER_KIND =
	'This model does not answer over the Responses API, as models for embeddings, images or speech do not: choose another in Model';
const NO_RESPONSES_OF_PROVIDER =
	'The gateway has no Responses API for this provider: choose a model of another provider, or another server';
const MISSING_KEY = 'This server asks for an API Key, and the credential has none: type it there';
const REMOVE_OPTIONS =
	'The server does not take this request. Where it says why, change that; else remove the options that this server or model may not know';
const SERVER_TROUBLE = 'The server is in trouble at the moment: run it again later, or choose another model';

const KEY_BEHIND =
	'A server behind this one refused a key: if that is the API Key of the credential, copy it there again; else the operator of this server has to correct it';

const MISSING_PERMISSION =
	'The key may not do this: give it the permission that the server names, on the page that issued it, or take another key';
const UNKNOWN_STORED_ID =
	'The server does not know this ID: it may be deleted, too old, stored with another key, or the server keeps nothing. ' +
	'If it was stored a moment ago, the server may need some seconds: run it again';

/** Codes and types that say no more than that something failed */
const VAGUE_CODES = /^(failed|error|unknown(_error)?|\d{3}|\w*(server|api|upstream|internal)_error)?$/i;

/**
 * What happened, and what to do about it; the first row that fits counts. Codes come before HTTP statuses, because gateways
 * change the statuses. Messages are used only where there is no code, because they come in any language.
 */
const SERVER_HINTS: ReadonlyArray<readonly [(input: HintInput) => boolean, string | ((input: HintInput) => string)]> = [
	[
		({ error }) => isOutOfBalance(error),
		'The balance or quota of this key is used up: top it up at the server. Trying again does not help',
	],
	[({ error, status }) => error.details.isKeyMissing === true && (status === 401 || status === 403), MISSING_KEY],
	[
		({ message }) =>
			/not (supported|available|usable) (with|in|for|by|on) (the )?\S*(responses|chat|completions)|not a chat model/.test(message),
		MODEL_OF_ANOTHER_KIND,
	],
	[({ message }) => /createmodelresponse is not supported/.test(message), NO_RESPONSES_OF_PROVIDER],
	[
		({ codeAndType, message }) => /invalid_json_schema|invalid_function_parameters/.test(codeAndType) || /invalid schema for/.test(message),
		hintForSchema,
	],
	[
		({ message }) => /word ['"`]?json/.test(message),
		'Write the word JSON into Prompt or Instructions, as this server asks for it, or choose Fields in Output Format',
	],
	[({ codeAndType }) => /model_not_(found|available)|no_available_channel|deploymentnotfound/.test(codeAndType), CHOOSE_MODEL],
	[
		({ status, message, param }) =>
			(status >= 400 && status < 500 && param === 'model') ||
			(status === 404 && /\bmodels?\b|no endpoints found/.test(withoutPaths(message))),
		CHOOSE_MODEL,
	],
	[
		({ codeAndType, message, param }) =>
			/max_output_tokens/.test(`${message} ${param}`) && (/below_min/.test(codeAndType) || /\b16\b/.test(message)),
		({ label }) => `This server wants 16 or more in ${label ?? 'Sampling > Max Output Tokens'}`,
	],
	[
		({ codeAndType, message }) =>
			/context_length_exceeded|string_above_max_length/.test(codeAndType) ||
			/context (length|window|size)|prompt is too long/.test(message),
		'The input is longer than the model takes: shorten it, or split it into several items',
	],
	[
		({ codeAndType }) => /content_filter|content_policy|sensitive_words|prompt_blocked|invalid_prompt|moderation_blocked/.test(codeAndType),
		'The content filter of the server refused this input: change the text',
	],
	[
		({ status, codeAndType, message }) =>
			/(response|conversation|item|prompt)_not_found/.test(codeAndType) || (status === 404 && namesUnknownId(message)),
		UNKNOWN_STORED_ID,
	],
	[
		({ status, message }) => status >= 400 && status < 500 && namesUnknownThing(message),
		'The server does not know what its words name: check the spelling where you gave it, such as in Model or Extra Body',
	],
	[
		({ error }) => isConversationLocked(error),
		({ labels }) =>
			`This conversation takes one call at a time: set Concurrency to 1 in ${labels.requestSettings}, or give each item a conversation of its own`,
	],
	[
		({ message }) => /can(not| not|'t)? be cancel|cannot cancel/.test(message),
		'Only a response that was begun with Background and is not finished can be cancelled: Get shows what has become of it',
	],
	[
		({ codeAndType, message }) =>
			/missing_?scope|insufficient_?(permission|scope)/.test(codeAndType) || /missing scopes?\b|insufficient permissions?\b/.test(message),
		MISSING_PERMISSION,
	],
	[
		({ status, codeAndType, message }) =>
			status === 401 || /invalid_api_key|authentication/.test(codeAndType) || /api key not valid/.test(message),
		CHECK_KEY,
	],
	[
		({ status }) => status === 403,
		'The server refuses this key: it may be blocked, limited to other models, or not allowed from this address',
	],
	[
		({ status, message }) => [404, 405, 501].includes(status) || /^(invalid url|unexpected endpoint)/.test(message),
		({ isCreate }) => (isCreate ? NO_RESPONSES_ENDPOINT : NO_ENDPOINT),
	],
	[
		({ status, codeAndType }) => status === 413 || /request_too_large|request_entity_too_large/.test(codeAndType),
		'The request is too large for the server: send a shorter text, or fewer or smaller files',
	],
	[({ error, status }) => isRateLimit(error) || status === 429, hintForRateLimit],
	[
		({ status }) => [408, 504, 524].includes(status),
		({ labels }) =>
			`The answer took longer than the server or its proxy waits, and may have been billed: ${labels.longAnswer}, or ask for less`,
	],
	[
		({ message }) => /stateful (field|response|conversation)/.test(message),
		({ labels }) => `This server keeps no responses for this model: remove ${labels.storedResponses}`,
	],
	[(input) => input.labels.attachments !== undefined && isAboutFile(input), hintForFile],
	[
		({ status, codeAndType }) => status >= 500 && /convert_request_failed|invalid_request|bad_request_body/.test(codeAndType),
		(input) => (input.label ? hintForField(input) : REMOVE_OPTIONS),
	],
	[
		hidesRefusal(/\bmodel\b.*\b(does not exist|not found)|unknown model|(config|configuration) for (the )?provider|resolve model/),
		CHOOSE_MODEL,
	],
	[hidesRefusal(/(incorrect|invalid|wrong) api key/), KEY_BEHIND],
	[
		hidesRefusal(/(un|not )supported (parameter|value)|unrecognized|unknown parameter|not implemented/),
		(input) => (input.param === undefined ? REMOVE_OPTIONS : hintForField(input)),
	],
	[
		hidesRefusal(/reason "?length|truncated because/),
		({ labels }) => `The answer was cut off: raise ${labels.fieldOf('max_output_tokens') ?? 'Max Output Tokens'}, or ask for a shorter one`,
	],
	[({ status, codeAndType }) => status >= 500 || /server_error|api_error|overloaded/.test(codeAndType), SERVER_TROUBLE],
	[
		({ status, message, param, labels }) =>
			status >= 400 && labels.attachments !== undefined && (param === 'input' || /\binput: invalid\b/.test(message)),
		({ labels }) => `This server or model may take no images or files, or not as ${labels.attachments} sends them: try without`,
	],
	[
		({ status, message }) => status >= 400 && /^input: invalid\b/.test(message),
		'Some servers want a type in each message: choose JSON in Input Type and give items such as {"type": "message", "role": "user", "content": "..."}',
	],
	[({ param }) => param !== undefined, hintForField],
	[({ status }) => status >= 400, REMOVE_OPTIONS],
];

/**
 * A gateway may tell whatever the server behind it refused as a fault of its own, with the words alone: Mastra with status 500,
 * responses.js in a response that failed.
 */
function hidesRefusal(words: RegExp): (input: HintInput) => boolean {
	return ({ isVague, message }) => isVague && words.test(message);
}

function hintForField({ param, label }: HintInput): string {
	if (label) return `Change or remove ${label} (it sends "${param}"): this server or model does not accept it like this`;
	return `This server or model does not accept "${param}", which no field of this node sent: choose another model, or ask the operator of the server`;
}

function hintForFile({ labels }: HintInput): string {
	return `The server cannot read what ${labels.attachments} sends: it has to be of a type that this model takes, and an address has to be one that the server reaches`;
}

function hintForSchema(input: HintInput): string {
	const { error, labels, param = '' } = input;
	const functionName = /for function ['"`]?([\w-]+)/i.exec(error.message)?.[1];
	const isOfFunction = functionName !== undefined || param.startsWith('tools');
	const field = isOfFunction
		? `Parameters of the function ${functionName ? `"${functionName}" ` : ''}in Tools`
		: labels.sentFieldOf('text.format.schema');
	if (field === undefined) return hintForField({ ...input, param: input.param ?? 'text.format' });
	const sample = field === 'Schema' ? '. If it is a sample of the answer, choose JSON Like an Example in Output Format' : '';
	return `Correct ${field} where the server's words say. Types are string, number, integer, boolean, object, array and null${sample}`;
}

function hintForRateLimit({ error, labels }: HintInput): string {
	const asked = retryAfterMs(error.details.headers);
	const wait = asked ? `It asks to wait ${formatSeconds(asked)}. ` : '';
	return `The server limits how often it may be called. ${wait}${labels.rateLimit}`;
}

/** What to do about an error that the server reported. */
export function hintForServerError(error: ApiError, labels: FormLabels): string {
	const { code = '', type = '', status = 0, path = '/responses' } = error.details;
	const param = error.details.param ?? paramInMessage(error.message, labels);
	const isVague = !(status >= 400 && status < 500) && [code, type].every((word) => VAGUE_CODES.test(word));
	const input: HintInput = {
		error,
		labels,
		status: (isVague && statusIn(error.message)) || (status >= 400 ? status : statusIn(code)),
		codeAndType: `${code} ${type}`.toLowerCase(),
		message: error.message.toLowerCase(),
		param,
		label: param && labels.sentFieldOf(nameInApi(param)),
		isVague,
		isCreate: path === '/responses',
	};
	const hint = SERVER_HINTS.find(([fits]) => fits(input))?.[1];
	if (hint === undefined) return 'Look at the message of the server; its operator can tell more of it';
	return typeof hint === 'string' ? hint : hint(input);
}

/**
 * The HTTP status that a gateway gives as the code of an error, or at the beginning of its words as the official client does: of an
 * error in a reply with a good status. 0 for another code and other words.
 */
const statusIn = (words: string) => Number(/^([45]\d\d)(\s|$)/.exec(words)?.[1] ?? 0);
