import * as n8nWorkflow from 'n8n-workflow';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Place } from '../../api/scheduling/scheduler';
import { labelOf } from '../shared/description/field';
import type { FormLabels } from '../shared/errors/form-labels';
import { toNodeError, type NodeError } from '../shared/errors/node-error';
import { parameterError, type ItemContext } from '../shared/errors/parameter-error';
import { readParameters } from '../shared/request/parameters';
import { readSettings } from '../shared/request/settings';
import type { Execution } from './execution';
import { operations } from './operations';
import type { Operation } from './operations/operation';

/** Whether n8n sends an error item with the key `details` to the error output: from 2.36 on, which exports this name too. */
const KNOWS_DETAILS = 'redactedHeaders' in n8nWorkflow;

/**
 * The output items of one input item, paired with it.
 * @throws NodeApiError or NodeOperationError
 */
export async function executeItem(execution: Execution, index: number, slot: Place): Promise<INodeExecutionData[]> {
	const item = { context: execution.context, index };
	let operation: Operation | undefined;
	try {
		operation = operationFor(item);
		const values = readParameters(operation.fields, item);
		const settings = readSettings(values, execution.isTool);
		const outputs = await operation.run({ operation, item, values, settings, execution, slot });
		return outputs.map((output) => ({ ...output, pairedItem: { item: index } }));
	} catch (error) {
		throw toNodeError(error, item, formLabels(operation));
	}
}

/** The item that stands for a failed one; n8n sends it to the error output by these very keys. */
export function toErrorItem(error: NodeError, index: number): INodeExecutionData {
	const details = (error.context.details ?? {}) as IDataObject;
	const json = KNOWS_DETAILS ? { error: error.message, details } : { error: error.message, message: error.description ?? '' };
	return { json, pairedItem: { item: index } };
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

/** What this node's form calls the fields that hints name. */
const formLabels = (operation?: Operation): FormLabels => ({
	fieldOf: (param) => operation && labelOf(operation.fields, param),
	requestSettings: 'Requests',
	longAnswer: 'turn on Stream or Background',
	rateLimit: 'Lower Concurrency or Requests per Minute in Requests, or run it again later',
	storedResponses: 'Previous Response ID, Conversation ID, Store and Background from Options',
});
