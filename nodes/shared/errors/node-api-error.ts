import { NodeApiError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';

import { AbortedError, toApiError, type ApiError, type ApiErrorCode } from '../../../api/errors/api-error';
import type { FormLabels } from './form-labels';
import { hintFor } from './hints';

/** What is known of an error, for machines and the operator of the server; what is not known is left out. */
export interface ErrorFacts extends IDataObject {
	/** HTTP status */
	status?: number;
	code?: string;
	type?: string;
	param?: string;
	requestId?: string;
	/** `failed` or `cancelled`, where the call itself succeeded and gave a response that ended so */
	responseStatus?: string;
	/** Calls made in all */
	attempts?: number;
	/** Milliseconds waited between the calls */
	waitedMs?: number;
	/** The part of an answer that came before it was cut */
	partialText?: string;
	/** The calls of tools that were made before */
	toolRuns?: IDataObject[];
}

/** What an error item and `error.context.details` hold. */
export interface ErrorDetails extends ErrorFacts {
	/** What to do */
	hint: string;
}

/** The node, and the item if any, that an error belongs to. */
export interface ErrorContext {
	node: INode;
	labels: FormLabels;
	itemIndex?: number;
}

/** Codes that say nothing more than the HTTP status or the server's own code. */
const HIDDEN_CODES: ApiErrorCode[] = [
	'http_status',
	'error_in_body',
	'cloudflare_challenge',
	'retry_wait_too_long',
	'nested_too_deeply',
	'unexpected',
];

/**
 * The error that n8n shows for whatever `api/` threw: message = the server's own words, description = what to do,
 * `context.details` = the hint and the facts, for workflows; `context.data` = the facts, which n8n's editor shows as "Error data".
 */
export function toNodeApiError(thrown: unknown, { node, labels, itemIndex }: ErrorContext): NodeApiError {
	const error = toApiError(thrown);
	const isAborted = error instanceof AbortedError;
	const facts: ErrorFacts = isAborted ? { code: 'stopped' } : factsOf(error);
	const hint = isAborted ? 'The run was stopped' : hintFor(error, labels);
	const message = isAborted ? error.message : withoutCanceledWord(error.message);
	const nodeError = new NodeApiError(node, { message } as JsonObject, {
		message,
		description: hint,
		httpCode: facts.status === undefined ? (facts.code ?? 'no_reply') : String(facts.status),
		itemIndex,
	});
	// n8n puts its own phrase in place of a message that holds the name of a network error, even in part
	nodeError.message = message;
	nodeError.context.details = { ...facts, hint } satisfies ErrorDetails;
	nodeError.context.data = facts;
	return nodeError;
}

function factsOf(error: ApiError): ErrorFacts {
	const { status, type, param, requestId, responseStatus, partialText, toolRuns, attempts, waitedMs } = error.details;
	const code = error.details.code ?? (HIDDEN_CODES.includes(error.code) ? undefined : error.code);
	const facts = { status, code, type, param, requestId, responseStatus, partialText, attempts, waitedMs, toolRuns };
	// only what is known: an item must not be full of blanks
	const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== '');
	return Object.fromEntries(known) as ErrorFacts;
}

/** A message as it may be shown: n8n takes an error whose message holds "canceled" for an execution that was stopped. */
export const withoutCanceledWord = (message: string) => message.replace(/canceled/g, 'cancelled');

/** The facts of an error in one sentence, "" if there are none. */
export function factsSentence({ status, code, type, param, requestId, attempts, waitedMs }: ErrorFacts): string {
	const facts = [
		status !== undefined && `HTTP ${status}`,
		code && `code ${code}`,
		type && type !== code && `type ${type}`,
		param && `parameter ${param}`,
		requestId && `request ID ${requestId}`,
		attempts !== undefined && `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
		waitedMs !== undefined && `waited ${(waitedMs / 1000).toFixed(1)} s`,
	].filter(Boolean);
	return facts.length > 0 ? `(${facts.join(', ')})` : '';
}
