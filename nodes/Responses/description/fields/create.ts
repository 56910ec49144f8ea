import type { Field } from '../../../shared/description/field';
import { format } from './output-format';
import { input } from './input';
import { model } from '../../../shared/description/fields/model';
import { options } from './options';
import { requests } from '../../../shared/description/fields/requests';
import { reasoning, sampling } from '../../../shared/description/fields/sampling';
import { tools } from './tools';

/** Whether the response comes out flattened or as the server sent it. */
export const simplify: Field = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Every field of Create, in the order of the form. */
export const createFields: Field[] = [model, ...input, ...format, simplify, reasoning, sampling, tools, options, requests];
