import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { asObject, isObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import type { ItemContext } from '../errors/parameter-error';

/** The name of a parameter of the API; a dot leads into an object: `reasoning.effort`. */
export type Param = keyof Body | `reasoning.${keyof NonNullable<Body['reasoning']>}` | `text.${keyof NonNullable<Body['text']>}`;

/** The values of form fields by the names of the fields, converted to the types of the fields. A value that is not set has no key. */
export type ParameterValues = { [name: string]: unknown };

/**
 * A form field: what n8n shows, and in `sends` what its value adds to the request body. `sends` is the name of a
 * parameter, or a function from the value and the values of its siblings to a part of the body. A field that sends
 * nothing has no `sends`.
 */
export type Field = INodeProperties & {
	sends?: Param | ((value: never, siblings: ParameterValues, item: ItemContext) => Body | Promise<Body>);
	/** The parameter that a function in `sends` sends: an error about the parameter can then name this field */
	param?: Param;
	/** What an expression may give in place of a text: a list of texts, or any value, which is then sent as JSON text */
	accepts?: 'list' | 'json';
	/** The fields in a collection, or in each row of a list */
	fields?: readonly Field[];
};

/** Several optional fields behind one "Add" button. */
export function collection(
	field: Pick<Field, 'displayName' | 'name' | 'description' | 'placeholder' | 'sends' | 'param'> & Partial<Pick<Field, 'default'>>,
	fields: readonly Field[],
): Field {
	return { type: 'collection', default: {}, ...field, fields, options: fields.map(toNodeProperty) };
}

/** A list of rows. Each row has all the fields. */
export function fixedCollection(
	field: Pick<Field, 'displayName' | 'name' | 'description' | 'placeholder' | 'sends' | 'param' | 'typeOptions'> &
		Partial<Pick<Field, 'default'>>,
	rowName: string,
	fields: readonly Field[],
): Field {
	return {
		type: 'fixedCollection',
		default: {},
		...field,
		typeOptions: { multipleValues: true, sortable: true, ...field.typeOptions },
		fields,
		options: [{ displayName: rowName, name: 'values', values: fields.map(toNodeProperty) }],
	};
}

/** A field of text. */
export const textField = (displayName: string, name: string, placeholder: string, description: string): Field => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder,
	description,
});

/** A field of options; the first value is the default. */
export const optionsField = (displayName: string, name: string, [first, ...others]: string[], description: string): Field => ({
	displayName,
	name,
	type: 'options',
	default: first,
	options: optionsOf(first, ...others),
	description,
});

/** Shows a field for these values of the field `name`, which sends the values of both fields as `param`. */
export const showFor = (name: string, values: string[], param: Param): Pick<Field, 'displayOptions' | 'param'> => ({
	displayOptions: { show: { [name]: values } },
	param,
});

/** Options in the order of the values (from less to more), named by the values in title case. */
export function optionsOf(...values: string[]): INodePropertyOptions[] {
	return values.map((value) => ({ name: OPTION_NAMES[value] ?? value.charAt(0).toUpperCase() + value.slice(1), value }));
}

/** Names of the values that title case would spell wrong. */
const OPTION_NAMES: { [value: string]: string | undefined } = {
	gif: 'GIF',
	jpeg: 'JPEG',
	png: 'PNG',
	svg: 'SVG',
	webp: 'WebP',
	xhigh: 'Extra High',
};

/** The field without the members that n8n does not know. */
export function toNodeProperty(field: Field): INodeProperties {
	const property = { ...field };
	delete property.sends;
	delete property.param;
	delete property.accepts;
	delete property.fields;
	return property;
}

/**
 * The label of the field that sends a parameter, after the label of its collection: `Sampling > Temperature` for
 * `temperature`. With `values` only a field that has a value counts.
 */
export function labelOf(fields: readonly Field[], param: string, values?: ParameterValues): string | undefined {
	const used = fields.filter(({ name }) => !values || isSet(values[name]));
	const senders = used.filter((field) => sendsParam(field, param));
	// not a field that sends the values of others: Output Format sends the value of Schema, so Schema is the one to change
	const own = senders.find(({ sends }) => !sends) ?? senders.at(0);
	if (own) return own.displayName;
	for (const field of used) {
		const inner = field.fields && labelOf(field.fields, param, values && asObject(values[field.name]));
		if (inner) return `${field.displayName} > ${inner}`;
		// a collection whose fields together make the parameter: Reasoning for `reasoning`
		const isPart = ({ sends }: Field) => typeof sends === 'string' && sends.startsWith(`${param}.`);
		if (field.fields?.every(isPart)) return field.displayName;
	}
	return undefined;
}

/** An added collection without any option sends nothing. */
const isSet = (value: unknown) => value !== undefined && (!isObject(value) || Object.keys(value).length > 0);

function sendsParam({ sends, param: sent }: Field, param: string): boolean {
	const own = typeof sends === 'string' ? sends : sent;
	return own !== undefined && (param === own || param.startsWith(`${own}.`) || param.startsWith(`${own}[`));
}
