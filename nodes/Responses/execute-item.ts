import { ExpressionError, NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { ApiError } from '../../api/errors/api-error';
import { toNodeApiError } from '../shared/errors/node-api-error';
import { createRedactor } from '../../api/credential/redact';
import { operations } from './description/properties';
import { parameterError, type ItemContext } from '../shared/errors/parameter-error';
import type { Place } from '../../api/scheduling/scheduler';
import { createContext, type Operation } from './operations/operation';
import type { Execution } from './execution';
import { readParameters } from '../shared/request/parameters';

/** The errors that a row can end with. */
export type ItemError = NodeApiError | NodeOperationError;

/**
 * What comes out for one input item, paired with it.
 * @throws NodeApiError or NodeOperationError
 */
export async function executeItem(run: Execution, index: number, place: Place): Promise<INodeExecutionData[]> {
	const item = { context: run.context, index };
	try {
		const operation = operationFor(item);
		const outputs = await operation.run(createContext(operation, readParameters(operation.fields, item), item, run, place));
		return outputs.map((output) => ({ ...output, pairedItem: { item: index } }));
	} catch (error) {
		throw toNodeError(error, item);
	}
}

/** The item that stands for a failed one; n8n routes it to the error output by these very keys. */
export function toErrorItem(error: ItemError, index: number): INodeExecutionData {
	const details = error.context.details ?? {};
	return { json: { error: error.message, details }, pairedItem: { item: index } };
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

function toNodeError(error: unknown, item: ItemContext): ItemError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof ExpressionError)
		return parameterError(item, error.message, error.description ?? 'Correct the expression in the field');
	// without a code it is something in the form or the credential that kept the call from being made
	if (error instanceof ApiError && error.details.code === undefined) return parameterError(item, error.message, error.details.hint ?? '');
	return toNodeApiError(error, { node: item.context.getNode(), redactor: createRedactor(''), itemIndex: item.index });
}
