import { objectIn } from '../../../../api/json';
import type { Field, ParameterValues } from '../../../shared/description/field';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';

const JSON_FORMATS = ['example', 'fields', 'jsonObject', 'jsonSchema'];
/** The values of Output, the default first. */
const OUTPUTS = ['details', 'answer', 'inputAndAnswer', 'raw'] as const;
const DEFAULT_ANSWER_FIELD = 'answer';

/** Shown where several values were asked for and Output is still at its default, under which they are no columns. */
export const columnsNotice: Field = {
	displayName: 'These values come out together in one column, json. For a column each choose Input and Answer below.',
	name: 'columnsNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { outputFormat: JSON_FORMATS, output: ['details'] }, hide: { '@tool': [true] } },
};

/** In which form a response comes out. */
export interface OutputSettings {
	output: (typeof OUTPUTS)[number];
	/** The name of the field for the text of an answer that is not JSON */
	answerField: string;
	/** Which of `incomplete`, `refusal`, `invalidJson` fail the item; absent: what fails it unless the user says otherwise */
	treatAsErrors?: string[];
}

/** The fields of the form that say in which form a response comes out; nothing of them is sent. */
export const outputChoiceFields: Field[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'details',
		options: [
			{ name: 'Answer and Details', value: 'details', description: 'The answer, then its tokens, ID, model and what else came with it' },
			{ name: 'Answer Only', value: 'answer', description: 'The answer alone: its fields as columns, else its text' },
			{
				name: 'Input and Answer',
				value: 'inputAndAnswer',
				description: 'The fields and files of the input item, and the answer beside them',
			},
			{ name: 'Raw Response', value: 'raw', description: 'What the server sent, as it came' },
		],
		description: 'What comes out for each item',
		// an agent is given the answer alone
		displayOptions: { hide: { '@tool': [true] } },
		hint: 'For the columns of a table choose Fields in Output Format, and here Answer Only, or Input and Answer',
	},
	{
		displayName: 'Answer Field',
		name: 'answerField',
		type: 'string',
		default: DEFAULT_ANSWER_FIELD,
		placeholder: 'e.g. summary',
		description: 'Name of the field, or column, that holds the text of the answer',
		displayOptions: { show: { output: ['answer', 'inputAndAnswer'] }, hide: { outputFormat: JSON_FORMATS } },
	},
];

/**
 * The form in which the response of an item comes out. An agent reads the answer alone, whatever the form says.
 * @throws NodeOperationError for a choice that there is not, and for an answer field by which n8n takes the item for a failed one
 */
export function readOutputSettings(values: ParameterValues, isTool: boolean, item: ItemContext): OutputSettings {
	const output = isTool ? 'answer' : OUTPUTS.find((choice) => choice === (values.output ?? 'details'));
	if (!output)
		throw parameterError(item, `"Output" takes ${OUTPUTS.join(', ')}, not "${String(values.output)}"`, 'Choose one from the list');
	const answerField = String(values.answerField ?? '').trim() || DEFAULT_ANSWER_FIELD;
	if (answerField === 'error') {
		throw parameterError(
			item,
			'"Answer Field" may not be "error": n8n takes such an item for a failed one',
			'Type another name, such as answer',
		);
	}
	const { treatAsErrors } = objectIn(values, 'options');
	return { output, answerField, ...(Array.isArray(treatAsErrors) && { treatAsErrors }) };
}
