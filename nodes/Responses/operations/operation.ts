import type { IDataObject } from 'n8n-workflow';

import type { Road } from '../../../api/http/send';
import { Fault } from '../../../api/errors/api-error';
import { request, type Wish } from '../../../api/client';
import type { Caller } from '../../../api/http/retry';
import { labelOf, type Field, type Param, type Values } from '../../shared/description/field';
import { formError, type Item } from '../../shared/errors/parameter-error';
import type { Place } from '../../../api/scheduling/scheduler';
import type { Output } from '../output/simplify';
import type { Run } from '../execution';
import { settingsOf, type Settings } from '../../shared/request/settings';

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
	takes?: readonly Param[];
	/** Gives the items that come out for one item. */
	run(task: Task): Promise<Output[]>;
}

/** One item at work in an operation. */
export interface Task {
	item: Item;
	values: Values;
	settings: Settings;
	run: Run;
	/** The row's place, and the pace of its calls */
	place: Place;
	operation: Operation;
	/** For errors */
	caller: Caller;
}

/** The task that an operation has with an item whose values were read. */
export function taskOf(operation: Operation, values: Values, item: Item, run: Run, place: Place): Task {
	const settings = settingsOf(values);
	return {
		item,
		values,
		// an agent reads the answer alone, and knows what it asked
		settings: run.isTool ? { ...settings, answerOnly: true, includeInputFields: false } : settings,
		run,
		place,
		operation,
		caller: { itemIndex: item.index, labelOf: (param) => labelOf(operation.fields, param) },
	};
}

/** The way to the server for a task. */
export async function roadOf({ run, settings, place }: Task): Promise<Road> {
	return { connection: await run.connection(), limits: settings.limits, pace: place };
}

/** What a task asks for when it asks for a response. */
export function wishOf({ values, caller }: Task): Wish {
	return { ...caller, model: String(values.model ?? '') };
}

/** The items that a list of objects makes, one each. */
export const outputsOf = (objects: readonly object[]): Output[] => objects.map((json) => ({ json: json as IDataObject }));

/**
 * What comes out for a deletion.
 * @throws NodeApiError; Fault if the server says that it did not delete
 */
export async function deleted(task: Task, path: string, id: string): Promise<Output[]> {
	const reply = await request(await roadOf(task), { method: 'DELETE', path }, task.caller);
	if (reply.deleted !== false) return [{ json: { deleted: true, id } }];
	throw new Fault(`The server did not delete "${id}"`, { code: 'not_deleted', hint: 'It gave no reason: look at the server for it' });
}

/**
 * An ID that the form gives.
 * @throws NodeOperationError if it is blank, as from an expression that finds nothing
 */
export function idOf({ values, item }: Task, { name, displayName, placeholder }: Field): string {
	const id = String(values[name] ?? '').trim();
	if (id.includes('{{'))
		throw formError(
			item,
			`"${displayName}" holds {{ }} as plain text`,
			'Click Expression above the field, or drag the ID into it from the left',
		);
	if (id !== '') return id;
	throw formError(
		item,
		`"${displayName}" is blank`,
		`Give the ID as the server returned it, ${placeholder}, or an expression that finds it`,
	);
}

/**
 * How many entries of a list are wanted.
 * @throws NodeOperationError for fewer than one
 */
export function mostOf({ values, item }: Task): number {
	if (values.returnAll === true) return Infinity;
	const limit = Math.floor(Number(values.limit ?? 50));
	if (limit < 1) throw formError(item, `"Limit" takes 1 or more, not ${limit}`, 'Type a number of 1 or more, or turn on Return All');
	return limit;
}
