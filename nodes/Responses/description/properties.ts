import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { toNodeProperty, type Field } from '../../shared/description/field';
import { operations } from '../operations';
import type { Operation, Resource } from '../operations/operation';
import { filledInByAgent, toolDescriptions } from './agent-tool';
import { createFields } from './fields/create';
import { storedFields } from './fields/stored';

/** The resources in the order of the form. */
const RESOURCES: Array<{ name: string; value: Resource }> = [
	{ name: 'Response', value: 'response' },
	{ name: 'Conversation', value: 'conversation' },
	{ name: 'Model', value: 'model' },
];

/** Fields that are shown for every endpoint: they stand for no single parameter, so no endpoint refuses them. */
const ALWAYS_SHOWN = ['requests', 'extraBody', 'imageDetail', 'maxFileSize'];

/** The form: the resource, the operation, then every field, which is shown for the operations that have it. */
export const properties: INodeProperties[] = [
	...toolDescriptions,
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'response',
		options: RESOURCES,
	},
	...RESOURCES.map(operationProperty),
	...[...storedFields, ...createFields]
		.map(toProperty)
		.flatMap((property) => (property.name === 'prompt' ? filledInByAgent(property) : property)),
];

/** The list of a resource's operations; the first is preselected. */
function operationProperty({ value: resource }: (typeof RESOURCES)[number]): INodeProperties {
	const own = operations.filter((operation) => operation.resource === resource);
	const [{ value: first }] = own;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: first,
		displayOptions: { show: { resource: [resource] } },
		options: own.map(({ name, value, action, description }) => ({ name, value, action, description })),
	};
}

/** A field as n8n shows it, for the operations that have the field and whose endpoint takes its parameter. */
function toProperty(field: Field): INodeProperties {
	const users = operations.filter(({ fields, acceptedParams }) => fields.includes(field) && isAccepted(field, acceptedParams));
	const show: IDisplayOptions['show'] = {
		...field.displayOptions?.show,
		resource: [...new Set(users.map(({ resource }) => resource))],
		operation: [...new Set(users.map(({ value }) => value))],
	};
	return { ...toNodeProperty({ ...field, ...optionsByOperation(field, users) }), displayOptions: { ...field.displayOptions, show } };
}

/** The options of a collection, where endpoints differ in them: each option is shown for the operations that take it. */
function optionsByOperation(field: Field, users: readonly Operation[]): Partial<INodeProperties> {
	const isWhole = field.type !== 'collection' || ALWAYS_SHOWN.includes(field.name);
	if (isWhole || users.every(({ acceptedParams }) => !acceptedParams)) return {};
	const inner = field.fields ?? [];
	return {
		options: inner.map((option) => {
			const operation = users.filter(({ acceptedParams }) => isAccepted(option, acceptedParams)).map(({ value }) => value);
			const show = operation.length === users.length ? undefined : { '/operation': operation };
			return { ...toNodeProperty(option), ...(show && { displayOptions: { show } }) };
		}),
	};
}

/** Whether an endpoint takes the parameter that a field sends, or that a field of this collection sends. */
function isAccepted(field: Field, acceptedParams: Operation['acceptedParams']): boolean {
	if (!acceptedParams || ALWAYS_SHOWN.includes(field.name)) return true;
	const param = typeof field.sends === 'string' ? field.sends : field.param;
	if (param !== undefined) return acceptedParams.some((accepted) => accepted === param.split('.')[0]);
	return field.type === 'collection' && (field.fields ?? []).some((inner) => isAccepted(inner, acceptedParams));
}
