import type { Field, ParameterValues } from '../field';
import { parameterError, type ItemContext } from '../../errors/parameter-error';

/** The model, chosen from the server's list or typed by ID. */
export const model: Field = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: "The model that answers; the list is the server's own, and a model that it does not list can be typed by ID",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a model...',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. gpt-5.4',
		},
	],
	sends: 'model',
};

/**
 * Checks that a model is set, unless a prompt template brings one.
 * @throws NodeOperationError if it is blank
 */
export function requireModel(values: ParameterValues, item: ItemContext): void {
	if (String(values.model ?? '').trim() !== '' || hasTemplate(values)) return;
	throw parameterError(item, '"Model" is blank', 'Choose a model from the list, or type its ID as the server names it');
}

/** Whether Prompt Template is set: a prompt kept at the server, which may bring the model and the input. */
export function hasTemplate({ options }: ParameterValues): boolean {
	return typeof options === 'object' && options !== null && 'promptTemplate' in options;
}
