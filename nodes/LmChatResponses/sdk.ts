import { NodeOperationError } from 'n8n-workflow';

import { isObject } from '../../api/json';
import { parameterError, type ItemContext } from '../shared/errors/parameter-error';

/** n8n's SDK for AI nodes, as the host has it. */
export type Sdk = typeof import('@n8n/ai-node-sdk');

/**
 * n8n's SDK for AI nodes. It is loaded only when the node is used, because n8n before 2.16 lacks that package but loads this one.
 * @throws NodeOperationError if the SDK is missing
 */
export async function loadSdk(item: ItemContext): Promise<Sdk> {
	try {
		return await import('@n8n/ai-node-sdk');
	} catch (error) {
		throw toSdkError(error, item);
	}
}

function toSdkError(error: unknown, item: ItemContext): NodeOperationError {
	const isMissing = isObject(error) && ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(String(error.code));
	const words = error instanceof Error ? error.message : String(error);
	const message = isMissing ? 'The Responses Chat Model needs n8n 2.16 or newer' : `The SDK of n8n for AI nodes cannot be loaded: ${words}`;
	return parameterError(item, message, 'Update n8n. The node Responses API works in this version too');
}
