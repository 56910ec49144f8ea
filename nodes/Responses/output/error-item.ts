import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { factsSentence, type ErrorFacts } from '../../shared/errors/node-api-error';
import { KNOWS_DETAILS, type NodeError } from '../../shared/errors/node-error';
import { itemContext, type Execution } from '../execution';
import { overInput } from './over-input';

/**
 * The item that stands for a failed one. With Input and Answer the item keeps its input. An item for the error output has no
 * other keys than these: n8n sends no other item there, and adds the fields of the input itself.
 */
export function toErrorItem(error: NodeError, execution: Execution, index: number): INodeExecutionData {
	const json = { error: error.message, details: (error.context.details ?? {}) as IDataObject };
	const pairedItem = { item: index };
	if (keepsInput(execution, index)) {
		return { ...overInput({ json }, itemContext(execution, index), execution.failures.replacedFields), pairedItem };
	}
	return { json: KNOWS_DETAILS ? json : { error: error.message, message: messageWithFacts(error) }, pairedItem };
}

/** What to do, and the facts of the error, for n8n versions whose error items have no place for details. */
const messageWithFacts = ({ description, context }: NodeError) =>
	[description, factsSentence((context.data ?? {}) as ErrorFacts)].filter(Boolean).join('. ');

/** Whether a failed item comes out with its input; `false` where the parameter Output itself cannot be read. */
function keepsInput({ context, isTool }: Execution, index: number): boolean {
	if (isTool || context.getNode().onError === 'continueErrorOutput') return false;
	try {
		return context.getNodeParameter('output', index, null) === 'inputAndAnswer';
	} catch {
		// the item failed with this very error
		return false;
	}
}
