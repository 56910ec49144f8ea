import type { Tool } from '@n8n/ai-node-sdk';
import { NodeOperationError } from 'n8n-workflow';

import { definedKeys, isObject, type JsonObject } from '../../api/json';
import { parameterError, type ItemContext } from './errors/parameter-error';

/** n8n's SDK for AI nodes, as the host has it. */
export type Sdk = typeof import('@n8n/ai-node-sdk');

type FunctionTool = Extract<Tool, { type: 'function' }>;

/** The text of the error where the SDK is missing: its sentence begins with `needed`, `advice` says what to do. */
export interface SdkNeed {
	needed: string;
	advice: string;
}

/**
 * n8n's SDK for AI nodes. It is loaded only when it is used, because n8n before 2.16 lacks that package but loads this one.
 * @throws NodeOperationError if the SDK is missing
 */
export async function loadSdk(item: ItemContext, need: SdkNeed): Promise<Sdk> {
	try {
		return await import('@n8n/ai-node-sdk');
	} catch (error) {
		throw toSdkError(error, item, need);
	}
}

function toSdkError(error: unknown, item: ItemContext, { needed, advice }: SdkNeed): NodeOperationError {
	const isMissing = isObject(error) && ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(String(error.code));
	const words = error instanceof Error ? error.message : String(error);
	const message = isMissing ? `${needed} n8n 2.16 or newer` : `The SDK of n8n for AI nodes cannot be loaded: ${words}`;
	return parameterError(item, message, advice);
}

/** The JSON Schema of a tool's parameters. A schema made with another copy of zod is no JSON, so the tool is sent without parameters. */
export function parametersOf(tool: FunctionTool, sdk: Sdk): JsonObject {
	const schema: unknown = sdk.getParametersJsonSchema(tool);
	if (!isObject(schema) || 'safeParse' in schema) return { type: 'object', properties: {} };
	// some servers refuse keys that they do not know
	const parameters: JsonObject = definedKeys({ ...schema, $schema: undefined });
	return parameters.type === undefined ? { type: 'object', properties: {}, ...parameters } : parameters;
}
