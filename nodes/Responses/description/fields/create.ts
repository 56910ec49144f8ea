import type { Field } from '../../../shared/description/field';
import { model } from '../../../shared/description/fields/model';
import { requests } from '../../../shared/description/fields/requests';
import { reasoning, sampling } from '../../../shared/description/fields/sampling';
import { inputFields } from './input';
import { options } from './options';
import { outputFormatFields } from './output-format';
import { tools } from './tools';

/** Whether the response comes out simplified or as the server sent it. */
export const simplifyField: Field = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** All fields of Create, in the order of the form. */
export const createFields: Field[] = [
	model,
	...inputFields,
	...outputFormatFields,
	simplifyField,
	reasoning,
	sampling,
	tools,
	options,
	requests,
];
