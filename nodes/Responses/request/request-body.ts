import type { FunctionTool } from 'openai/resources/responses/responses';

import type { JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { applyExtraBody, buildBody, readExtraBody, withFormat } from '../../shared/request/build-body';
import type { OperationContext } from '../operations/operation';
import { expectedSchema, withStrictSchema } from './json-schema';

/** A request body, and the schema for its answer. */
export interface BuiltRequest {
	body: Body;
	/** The schema that the answer has to satisfy; absent if the body does not ask for JSON */
	expected?: JsonObject;
}

/**
 * The request body of an operation: what its fields send, as far as its endpoint takes it, with Extra Body over it.
 * @param canvasTools what the model is told of the tools that are connected on the canvas
 * @throws NodeOperationError for a value that cannot be sent
 */
export async function buildRequestBody(
	{ operation, values, item }: OperationContext,
	canvasTools: readonly FunctionTool[] = [],
): Promise<BuiltRequest> {
	const sent = pickAccepted(await buildBody(operation.fields, values, item), operation.acceptedParams);
	const given = canvasTools.length > 0 ? { ...sent, tools: [...(sent.tools ?? []), ...canvasTools] } : sent;
	const extraBody = readExtraBody(values, item);
	return {
		body: withFormat(applyExtraBody(withStrictSchema(given), extraBody)),
		// strict mode adds to the schema that is sent; the answer is judged by the schema that the user gave
		expected: expectedSchema(applyExtraBody(given, extraBody)),
	};
}

function pickAccepted(body: Body, acceptedParams?: readonly string[]): Body {
	if (!acceptedParams) return body;
	return Object.fromEntries(Object.entries(body).filter(([param]) => acceptedParams.includes(param)));
}
