import { NodeApiError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';

import { hintFor, type LabelOf } from './hints';
import { ApiError, AbortedError } from '../../../api/errors/api-error';
import type { Redactor } from '../../../api/credential/redact';

/** What an error item and `error.context.details` hold; what is not known is left out. */
export interface ErrorDetails extends IDataObject {
	/** HTTP status */
	status?: number;
	code?: string;
	type?: string;
	param?: string;
	requestId?: string;
	/** Calls made in all */
	attempts?: number;
	/** What to do */
	hint: string;
	/** Milliseconds waited between the calls */
	waitedMs?: number;
	/** What came of an answer before it was cut */
	partialText?: string;
}

/** Where an error stands and how its words are made fit to be shown. */
export interface ErrorContext {
	node: INode;
	redactor: Redactor;
	itemIndex?: number;
	labelOf?: LabelOf;
	/** Of the call */
	path?: string;
	/** What to do, in place of the usual advice, as long as the server has not ended the response */
	hint?: string;
	attempts?: number;
	waitedMs?: number;
}

/**
 * The one error that n8n shows of whatever went wrong in `api/`: message = the server's own words, description = what
 * to do and the facts, `context.details` = both for workflows.
 */
export function toNodeApiError(cause: unknown, context: ErrorContext): NodeApiError {
	const fault = cause instanceof ApiError ? cause : unexpectedError(cause);
	const details = errorDetails(fault, context);
	const words = context.redactor.text(fault.message);
	const message = cause instanceof AbortedError ? words : withoutCanceledWord(words);
	const error = new NodeApiError(context.node, { message } as JsonObject, {
		message,
		description: `${details.hint}${detailsSentence(details)}`,
		httpCode: details.status === undefined ? (details.code ?? 'no_reply') : String(details.status),
		itemIndex: context.itemIndex,
	});
	// n8n puts its own phrase in place of a message that holds the name of a network fault, even in part
	error.message = message;
	error.context.details = details;
	return error;
}

function unexpectedError(cause: unknown): ApiError {
	if (cause instanceof RangeError)
		return new ApiError('The reply is nested too deeply to be read', { hint: 'Look at the server: no normal reply looks like this' });
	const message = cause instanceof Error ? cause.message : String(cause);
	return new ApiError(message, cause instanceof AbortedError ? { code: 'stopped', hint: 'The run was stopped' } : {});
}

function errorDetails(fault: ApiError, { redactor: mask, labelOf, path, hint, attempts, waitedMs }: ErrorContext): ErrorDetails {
	const { status, code, type, param, requestId, partialText } = fault.details;
	const tally = { attempts: attempts ?? fault.details.attempts, waitedMs: waitedMs ?? fault.details.waitedMs };
	const shown = { code, type, param, requestId, hint: (!fault.details.ended && hint) || hintFor(fault, labelOf, path), partialText };
	const masked = Object.entries(shown).map(([key, text]) => [key, text && mask.text(text)]);
	const details = { status, ...Object.fromEntries(masked), ...tally };
	// only what is known: an item must not be full of blanks
	return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== '')) as ErrorDetails;
}

/** A message as it may be shown: n8n takes an error whose message holds "canceled" for a run that was stopped. */
export const withoutCanceledWord = (message: string) => message.replace(/canceled/g, 'cancelled');

function detailsSentence({ status, code, type, param, requestId, attempts, waitedMs }: ErrorDetails): string {
	const facts = [
		status !== undefined && `HTTP ${status}`,
		code && `code ${code}`,
		type && type !== code && `type ${type}`,
		param && `parameter ${param}`,
		requestId && `request ID ${requestId}`,
		attempts !== undefined && `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
		waitedMs !== undefined && `waited ${(waitedMs / 1000).toFixed(1)} s`,
	].filter(Boolean);
	return facts.length > 0 ? `. (${facts.join(', ')})` : '';
}

/** The HTTP status with which the server answered, where an error that was made here is its answer; else `NaN`. */
export const httpStatusOf = (error: unknown) => (error instanceof NodeApiError ? Number(error.httpCode) : NaN);
