import { NodeApiError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';

import { adviceOn, type LabelOf } from './hints';
import { Fault, Stopped } from '../../../api/errors/api-error';
import type { Mask } from '../../../api/credential/redact';

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
	mask: Mask;
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
export function nodeErrorOf(cause: unknown, context: ErrorContext): NodeApiError {
	const fault = cause instanceof Fault ? cause : unexpected(cause);
	const details = detailsOf(fault, context);
	const words = context.mask.text(fault.message);
	const message = cause instanceof Stopped ? words : withoutStopWord(words);
	const error = new NodeApiError(context.node, { message } as JsonObject, {
		message,
		description: `${details.hint}${factsOf(details)}`,
		httpCode: details.status === undefined ? (details.code ?? 'no_reply') : String(details.status),
		itemIndex: context.itemIndex,
	});
	// n8n puts its own phrase in place of a message that holds the name of a network fault, even in part
	error.message = message;
	error.context.details = details;
	return error;
}

function unexpected(cause: unknown): Fault {
	if (cause instanceof RangeError)
		return new Fault('The reply is nested too deeply to be read', { hint: 'Look at the server: no normal reply looks like this' });
	const message = cause instanceof Error ? cause.message : String(cause);
	return new Fault(message, cause instanceof Stopped ? { code: 'stopped', hint: 'The run was stopped' } : {});
}

function detailsOf(fault: Fault, { mask, labelOf, path, hint, attempts, waitedMs }: ErrorContext): ErrorDetails {
	const { status, code, type, param, requestId, partialText } = fault.facts;
	const tally = { attempts: attempts ?? fault.facts.attempts, waitedMs: waitedMs ?? fault.facts.waitedMs };
	const shown = { code, type, param, requestId, hint: (!fault.facts.ended && hint) || adviceOn(fault, labelOf, path), partialText };
	const masked = Object.entries(shown).map(([key, text]) => [key, text && mask.text(text)]);
	const details = { status, ...Object.fromEntries(masked), ...tally };
	// only what is known: an item must not be full of blanks
	return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== '')) as ErrorDetails;
}

/** A message as it may be shown: n8n takes an error whose message holds "canceled" for a run that was stopped. */
export const withoutStopWord = (message: string) => message.replace(/canceled/g, 'cancelled');

function factsOf({ status, code, type, param, requestId, attempts, waitedMs }: ErrorDetails): string {
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
export const statusIn = (error: unknown) => (error instanceof NodeApiError ? Number(error.httpCode) : NaN);
