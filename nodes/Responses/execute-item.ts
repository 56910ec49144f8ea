import { ExpressionError, NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { Fault } from '../../api/errors/api-error';
import { nodeErrorOf } from '../shared/errors/node-api-error';
import { maskOf } from '../../api/credential/redact';
import { operations } from './description/properties';
import { formError, type Item } from '../shared/errors/parameter-error';
import type { Place } from '../../api/scheduling/scheduler';
import { taskOf, type Operation } from './operations/operation';
import type { Run } from './execution';
import { valuesOf } from '../shared/request/parameters';

/** The errors that a row can end with. */
export type RowError = NodeApiError | NodeOperationError;

/**
 * What comes out for one input item, paired with it.
 * @throws NodeApiError or NodeOperationError
 */
export async function rowOf(run: Run, index: number, place: Place): Promise<INodeExecutionData[]> {
	const item = { context: run.context, index };
	try {
		const operation = operationOf(item);
		const outputs = await operation.run(taskOf(operation, valuesOf(operation.fields, item), item, run, place));
		return outputs.map((output) => ({ ...output, pairedItem: { item: index } }));
	} catch (error) {
		throw shownError(error, item);
	}
}

/** The item that stands for a failed one; n8n routes it to the error output by these very keys. */
export function errorItem(error: RowError, index: number): INodeExecutionData {
	const details = error.context.details ?? {};
	return { json: { error: error.message, details }, pairedItem: { item: index } };
}

function operationOf(item: Item): Operation {
	const read = (name: string) => item.context.getNodeParameter(name, item.index, null);
	const [resource, value] = [read('resource'), read('operation')];
	const operation = operations.find((entry) => entry.resource === resource && entry.value === value);
	if (operation) return operation;
	throw formError(
		item,
		`This node has no operation "${String(value)}" for "${String(resource)}"`,
		'Choose an operation from the list. For a call of your own take the HTTP Request node with this credential',
	);
}

function shownError(error: unknown, item: Item): RowError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof ExpressionError) return formError(item, error.message, error.description ?? 'Correct the expression in the field');
	// without a code it is something in the form or the credential that kept the call from being made
	if (error instanceof Fault && error.facts.code === undefined) return formError(item, error.message, error.facts.hint ?? '');
	return nodeErrorOf(error, { node: item.context.getNode(), mask: maskOf(''), itemIndex: item.index });
}
