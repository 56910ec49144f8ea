import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Body } from '../../../api/params';
import type { ItemContext } from '../errors/parameter-error';
import { mergeParts } from '../../Responses/request/merge';

/** A parameter of the API by its own words; `.` leads into an object. */
export type Param = keyof Body | `reasoning.${keyof NonNullable<Body['reasoning']>}` | `text.${keyof NonNullable<Body['text']>}`;

/** Values as the form gives them, converted by the type of their field; what is not set is not there. */
export type ParameterValues = { [name: string]: unknown };

/**
 * A form field: what n8n shows, and what its value adds to the request body: the parameter it is, or a function from
 * the value (and its neighbours' values) to a part of the body. A field that sends nothing has no `sends`.
 */
export type Field = INodeProperties & {
	sends?: Param | ((value: never, neighbours: ParameterValues, item: ItemContext) => Body | Promise<Body>);
	/** The parameter that a function sends, so that an error can name this field */
	param?: Param;
	/** The fields in a collection, or in each row of a list */
	fields?: readonly Field[];
};

/** Several optional fields behind one "Add" button. A collection is a field of fields. */
export function collection(
	field: Pick<Field, 'displayName' | 'name' | 'description' | 'placeholder' | 'sends' | 'param'>,
	fields: readonly Field[],
): Field {
	return { type: 'collection', default: {}, ...field, fields, options: fields.map(toNodeProperty) };
}

/** A list whose rows hold the same fields; a row always has them all. */
export function fixedCollection(
	field: Pick<Field, 'displayName' | 'name' | 'description' | 'placeholder' | 'sends' | 'param' | 'typeOptions'>,
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

/** Options whose order means something (from less to more), named by their values in title case. */
export function optionsOf(...values: string[]): INodePropertyOptions[] {
	return values.map((value) => ({ name: OPTION_NAMES[value] ?? value.charAt(0).toUpperCase() + value.slice(1), value }));
}

/** Values whose names are no mere capitals. */
const OPTION_NAMES: { [value: string]: string | undefined } = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', xhigh: 'Extra High' };

/** The field as n8n knows it. */
export function toNodeProperty(field: Field): INodeProperties {
	const property = { ...field };
	delete property.sends;
	delete property.param;
	delete property.fields;
	return property;
}

/** The part of the request body that the values of these fields add up to. */
export async function buildBody(fields: readonly Field[], values: ParameterValues, item: ItemContext): Promise<Body> {
	let body: Body = {};
	for (const field of fields) {
		const value = values[field.name];
		if (value !== undefined) body = mergeParts(body, await buildPart(field, value, values, item));
	}
	return body;
}

async function buildPart(field: Field, value: unknown, neighbours: ParameterValues, item: ItemContext): Promise<Body> {
	const { sends, fields } = field;
	// the value was converted by the type of the field, which is the type that its function states
	if (typeof sends === 'function') return await sends(value as never, neighbours, item);
	if (sends) return sends.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Body;
	return fields && field.type === 'collection' ? await buildBody(fields, value as ParameterValues, item) : {};
}

/** The label of the field that sends a parameter, with its group: `Sampling > Temperature` for `temperature`. */
export function labelOf(fields: readonly Field[], param: string): string | undefined {
	for (const field of fields) {
		const own = typeof field.sends === 'string' ? field.sends : field.param;
		if (own !== undefined && (param === own || param.startsWith(`${own}.`) || param.startsWith(`${own}[`))) {
			return field.displayName;
		}
		const inner = field.fields && labelOf(field.fields, param);
		if (inner) return `${field.displayName} > ${inner}`;
		// a group whose fields together are the parameter
		const isPart = ({ sends }: Field) => typeof sends === 'string' && sends.startsWith(`${param}.`);
		if (field.fields?.every(isPart)) return field.displayName;
	}
	return undefined;
}
