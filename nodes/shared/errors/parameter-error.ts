import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { withoutCanceledWord } from './node-api-error';

/** The input item that is being processed: the context of its node, and its index. */
export interface ItemContext {
	context: Pick<IExecuteFunctions, 'continueOnFail' | 'getInputData' | 'getNode' | 'getNodeParameter' | 'helpers'>;
	index: number;
	/** Shows a sentence above the output, once however many items it is about */
	warn?(message: string): void;
}

/** The error for a wrong value in a field of the form: the message names the field, the hint says what to do. */
export function parameterError({ context, index }: ItemContext, message: string, hint: string): NodeOperationError {
	const error = new NodeOperationError(context.getNode(), message, { itemIndex: index, description: hint });
	// n8n puts its own phrase in place of a message that holds the name of a network error, even in part
	error.message = withoutCanceledWord(message);
	error.context.details = { hint };
	return error;
}
