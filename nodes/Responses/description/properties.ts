import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { toNodeProperty, type Field } from '../../shared/description/field';
import { createFields } from './fields/create';
import type { Operation, Resource } from '../operations/operation';
import { conversationOperations } from '../operations/conversation';
import { modelOperations } from '../operations/model';
import { responseOperations } from '../operations/response';

/** Every operation; one entry is all there is to one. */
export const operations: readonly Operation[] = [...responseOperations, ...conversationOperations, ...modelOperations];

const RESOURCES: Array<{ name: string; value: Resource; first: string }> = [
	{ name: 'Response', value: 'response', first: 'create' },
	{ name: 'Conversation', value: 'conversation', first: 'create' },
	{ name: 'Model', value: 'model', first: modelOperations[0].value },
];

/** Fields that concern the call itself, whatever its endpoint takes. */
const ALWAYS = ['requests', 'extraBody', 'imageDetail', 'maxFileSize'];

/** The form: resource, operation, then every field once, shown for the operations that have it. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'response',
		options: RESOURCES.map(({ name, value }) => ({ name, value })),
	},
	...RESOURCES.map(operationProperty),
	...inFormOrder(operations.flatMap(({ fields }) => fields)).map(toProperty),
];

/** Each field once: what an operation works on first, then the fields of Create in their order. */
function inFormOrder(fields: readonly Field[]): Field[] {
	const isOfCreate = (field: Field) => createFields.includes(field);
	return [...new Set([...fields.filter((field) => !isOfCreate(field)), ...createFields])];
}

function operationProperty({ value, first }: (typeof RESOURCES)[number]): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: first,
		displayOptions: { show: { resource: [value] } },
		options: operations
			.filter(({ resource }) => resource === value)
			.map(({ value: operation, name, action, description }) => ({ name, value: operation, action, description })),
	};
}

function toProperty(field: Field): INodeProperties {
	const users = operations.filter(({ fields, acceptedParams: takes }) => fields.includes(field) && isAccepted(field, takes));
	const show: IDisplayOptions['show'] = {
		...field.displayOptions?.show,
		resource: [...new Set(users.map(({ resource }) => resource))],
		operation: [...new Set(users.map(({ value }) => value))],
	};
	return { ...toNodeProperty({ ...field, ...partialOptions(field, users) }), displayOptions: { show } };
}

/** In a group that several operations share, each option shows where its endpoint takes it. */
function partialOptions(field: Field, users: readonly Operation[]): Partial<INodeProperties> {
	const isWhole = field.type !== 'collection' || ALWAYS.includes(field.name);
	if (isWhole || users.every(({ acceptedParams: takes }) => !takes)) return {};
	const inner = field.fields ?? [];
	return {
		options: inner.map((option) => {
			const operation = users.filter(({ acceptedParams: takes }) => isAccepted(option, takes)).map(({ value }) => value);
			const show = operation.length === users.length ? undefined : { '/operation': operation };
			return { ...toNodeProperty(option), ...(show && { displayOptions: { show } }) };
		}),
	};
}

/** Whether an endpoint takes what a field (or one of its group) sends. */
function isAccepted(field: Field, takes: Operation['acceptedParams']): boolean {
	if (!takes || ALWAYS.includes(field.name)) return true;
	const param = typeof field.sends === 'string' ? field.sends : field.param;
	if (param !== undefined) return takes.some((taken) => taken === param.split('.')[0]);
	return field.type === 'collection' && (field.fields ?? []).some((inner) => isAccepted(inner, takes));
}
