import type { IDataObject } from 'n8n-workflow';

import type { RequestOptions } from '../../../api/client';
import type { Field, Param, ParameterValues } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import type { Slot } from '../../../api/scheduling/slot';
import type { Output } from '../output/simplify';
import type { Execution } from '../execution';
import type { Settings } from '../../shared/request/settings';
import type { OutputSettings } from '../description/fields/output';

/** The kinds of objects that operations are about, in n8n's term. */
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
	/** The parameters that the endpoint takes, if the fields send more than these; absent: all */
	acceptedParams?: readonly Param[];
	/** Runs the operation for one input item and gives its output items. */
	run(context: OperationContext): Promise<Output[]>;
}

/** One item that an operation processes. */
export interface OperationContext {
	operation: Operation;
	item: ItemContext;
	values: ParameterValues;
	settings: Settings & OutputSettings;
	execution: Execution;
	/** The row's slot in the scheduler */
	slot: Slot;
}

/** How the requests of an item are made. */
export function requestOptionsOf({ settings, slot }: OperationContext): RequestOptions {
	return { limits: settings.limits, rateLimiter: slot };
}

/** One output item for each object. */
export const toOutputs = (objects: readonly object[]): Output[] => objects.map((json) => ({ json: json as IDataObject }));

/**
 * The ID in a field of the form.
 * @throws NodeOperationError if it is blank, as from an expression that finds nothing, or holds an expression as plain text
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
 * How many entries of a list are to come out; `Infinity` with Return All.
 * @throws NodeOperationError for fewer than one
 */
export function limitOf({ values, item }: OperationContext): number {
	if (values.returnAll === true) return Infinity;
	const limit = Math.floor(Number(values.limit ?? 50));
	if (limit < 1) throw parameterError(item, `"Limit" takes 1 or more, not ${limit}`, 'Type a number of 1 or more, or turn on Return All');
	return limit;
}
