import type { IDataObject } from 'n8n-workflow';

import type { RequestContext } from '../../../api/http/send';
import { ApiError } from '../../../api/errors/api-error';
import { requestJson, type ResponseOptions } from '../../../api/client';
import type { ErrorOrigin } from '../../../api/http/retry';
import { labelOf, type Field, type Param, type ParameterValues } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import type { Place } from '../../../api/scheduling/scheduler';
import type { Output } from '../output/simplify';
import type { Execution } from '../execution';
import { readSettings, type Settings } from '../../shared/request/settings';

/** What n8n calls the things that operations are done to. */
export type Resource = 'response' | 'conversation' | 'model';

/** An operation: what the form shows of it, and what it does for one item. */
export interface Operation {
	resource: Resource;
	/** Value in saved workflows */
	value: string;
	name: string;
	/** What n8n shows in its list of actions */
	action: string;
	description: string;
	fields: readonly Field[];
	/** The parameters that its endpoint takes, where the fields send more; absent: all */
	acceptedParams?: readonly Param[];
	/** Gives the items that come out for one item. */
	run(task: OperationContext): Promise<Output[]>;
}

/** One item at work in an operation. */
export interface OperationContext {
	item: ItemContext;
	values: ParameterValues;
	settings: Settings;
	execution: Execution;
	/** The row's place, and the pace of its calls */
	slot: Place;
	operation: Operation;
	/** For errors */
	origin: ErrorOrigin;
}

/** The task that an operation has with an item whose values were read. */
export function createContext(
	operation: Operation,
	values: ParameterValues,
	item: ItemContext,
	run: Execution,
	place: Place,
): OperationContext {
	const settings = readSettings(values);
	return {
		item,
		values,
		// an agent reads the answer alone, and knows what it asked
		settings: run.isTool ? { ...settings, answerOnly: true, includeInputFields: false } : settings,
		execution: run,
		slot: place,
		operation,
		origin: { itemIndex: item.index, labelOf: (param) => labelOf(operation.fields, param) },
	};
}

/** The way to the server for a task. */
export async function requestContextOf({ execution: run, settings, slot: place }: OperationContext): Promise<RequestContext> {
	return { connection: await run.connection(), limits: settings.limits, rateLimiter: place };
}

/** What a task asks for when it asks for a response. */
export function responseOptionsOf({ values, origin: caller }: OperationContext): ResponseOptions {
	return { ...caller, model: String(values.model ?? '') };
}

/** The items that a list of objects makes, one each. */
export const toOutputs = (objects: readonly object[]): Output[] => objects.map((json) => ({ json: json as IDataObject }));

/**
 * What comes out for a deletion.
 * @throws NodeApiError; Fault if the server says that it did not delete
 */
export async function deleteResource(task: OperationContext, path: string, id: string): Promise<Output[]> {
	const reply = await requestJson(await requestContextOf(task), { method: 'DELETE', path }, task.origin);
	if (reply.deleted !== false) return [{ json: { deleted: true, id } }];
	throw new ApiError(`The server did not delete "${id}"`, { code: 'not_deleted', hint: 'It gave no reason: look at the server for it' });
}

/**
 * An ID that the form gives.
 * @throws NodeOperationError if it is blank, as from an expression that finds nothing
 */
export function requireId({ values, item }: OperationContext, { name, displayName, placeholder }: Field): string {
	const id = String(values[name] ?? '').trim();
	if (id.includes('{{'))
		throw parameterError(
			item,
			`"${displayName}" holds {{ }} as plain text`,
			'Click Expression above the field, or drag the ID into it from the left',
		);
	if (id !== '') return id;
	throw parameterError(
		item,
		`"${displayName}" is blank`,
		`Give the ID as the server returned it, ${placeholder}, or an expression that finds it`,
	);
}

/**
 * How many entries of a list are wanted.
 * @throws NodeOperationError for fewer than one
 */
export function limitOf({ values, item }: OperationContext): number {
	if (values.returnAll === true) return Infinity;
	const limit = Math.floor(Number(values.limit ?? 50));
	if (limit < 1) throw parameterError(item, `"Limit" takes 1 or more, not ${limit}`, 'Type a number of 1 or more, or turn on Return All');
	return limit;
}
