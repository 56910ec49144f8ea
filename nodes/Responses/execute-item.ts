import type { INodeExecutionData } from 'n8n-workflow';

import type { Slot } from '../../api/scheduling/slot';
import { objectIn } from '../../api/json';
import { labelOf, type Field, type ParameterValues } from '../shared/description/field';
import type { FormLabels } from '../shared/errors/form-labels';
import { toNodeError } from '../shared/errors/node-error';
import { parameterError, type ItemContext } from '../shared/errors/parameter-error';
import { readParameters } from '../shared/request/parameters';
import { readSettings } from '../shared/request/settings';
import { itemContext, type Execution } from './execution';
import { operations } from './operations';
import { attachmentLabels } from './description/fields/input';
import { readOutputSettings } from './description/fields/output';
import { overInput } from './output/over-input';
import type { Operation } from './operations/operation';

/**
 * The output items of one input item, paired with it.
 * @throws NodeApiError or NodeOperationError
 */
export async function executeItem(execution: Execution, index: number, slot: Slot): Promise<INodeExecutionData[]> {
	const item = itemContext(execution, index);
	let operation: Operation | undefined;
	let values: ParameterValues = {};
	try {
		operation = operationFor(item);
		values = readParameters(operation.fields, item);
		const settings = { ...readSettings(values), ...readOutputSettings(values, execution.isTool, item) };
		const outputs = await operation.run({ operation, item, values, settings, execution, slot });
		const isOverInput = settings.output === 'inputAndAnswer';
		return outputs.map((output) => ({
			...(isOverInput ? overInput(output, item, execution.failures.replacedFields) : output),
			pairedItem: { item: index },
		}));
	} catch (error) {
		throw toNodeError(error, item, formLabels(operation?.fields ?? [], values));
	}
}

function operationFor(item: ItemContext): Operation {
	const read = (name: string) => item.context.getNodeParameter(name, item.index, null);
	const [resource, value] = [read('resource'), read('operation')];
	const operation = operations.find((entry) => entry.resource === resource && entry.value === value);
	if (operation) return operation;
	throw parameterError(
		item,
		`This node has no operation "${String(value)}" for "${String(resource)}"`,
		'Choose an operation from the list. For a call of your own take the HTTP Request node with this credential',
	);
}

/** The options that a server without stored responses does not take, those that the item has set. */
function storedLabels(fields: readonly Field[], values: ParameterValues): string {
	const sent = ['previous_response_id', 'conversation', 'store', 'background'].map((param) => labelOf(fields, param, values));
	return sent.filter((label) => label !== undefined).join(' and ') || 'the options that need stored responses';
}

/** What this node's form calls the fields that hints name. */
const formLabels = (fields: readonly Field[], values: ParameterValues): FormLabels => ({
	fieldOf: (param) => labelOf(fields, param),
	sentFieldOf: (param) => {
		if (param.split(/[.[]/)[0] in objectIn(objectIn(values, 'options'), 'extraBody')) return 'Options > Extra Body';
		// the format Text sends nothing, unless Verbosity does
		const isText = param.startsWith('text.format') && values.outputFormat === 'text';
		return labelOf(fields, isText ? 'text.verbosity' : param, values);
	},
	attachments: attachmentLabels(values).join(' and ') || undefined,
	requestSettings: 'Requests',
	longAnswer: 'turn on Stream or Background',
	rateLimit: 'Set Requests per Minute in Requests to what the server allows, or run it again later',
	storedResponses: storedLabels(fields, values),
});
