import * as n8nWorkflow from 'n8n-workflow';
import { ExpressionError, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ApiError } from '../../../api/errors/api-error';
import type { FormLabels } from './form-labels';
import { hintFor } from './hints';
import { toNodeApiError } from './node-api-error';
import { parameterError, type ItemContext } from './parameter-error';

/** Whether n8n sends an error item with the key `details` to the error output: from 2.36 on, which exports this name too. */
export const KNOWS_DETAILS = 'redactedHeaders' in n8nWorkflow;

/** The errors that n8n shows for a node. */
export type NodeError = NodeApiError | NodeOperationError;

/** Whatever was thrown, as the error that n8n shows: made once, at the edge of a node. */
export function toNodeError(error: unknown, item: ItemContext, labels: FormLabels): NodeError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof ExpressionError) {
		return parameterError(item, error.message, error.description ?? 'Correct the expression in the field');
	}
	const isOfForm = error instanceof ApiError && (error.code === 'invalid_credential' || error.code === 'invalid_id');
	if (isOfForm) return parameterError(item, error.message, hintFor(error, labels));
	return toNodeApiError(error, { node: item.context.getNode(), labels, itemIndex: item.index });
}
