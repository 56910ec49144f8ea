import type { Field } from '../../../shared/description/field';
import { model } from '../../../shared/description/fields/model';
import { requests } from '../../../shared/description/fields/requests';
import { reasoning, sampling } from '../../../shared/description/fields/sampling';
import { inputFields } from './input';
import { options } from './options';
import { columnsNotice, outputChoiceFields } from './output';
import { outputFormatFields } from './output-format';
import { tools } from './tools';

/** All fields of Create, in the order of the form. */
export const createFields: Field[] = [
	model,
	...inputFields,
	...outputFormatFields,
	columnsNotice,
	...outputChoiceFields,
	reasoning,
	sampling,
	tools,
	options,
	requests,
];
