import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { isObject, parseJson, definedKeys, textIn, type JsonObject } from '../../../api/json';
import { isIncomplete, type ApiResponse } from '../../../api/decode/normalize';
import { statusOf } from '../../../api/decode/status';
import { reasoningOf, refusalOf } from '../../shared/output/answer';
import { imageAddresses } from '../../shared/output/generated-images';
import { filesOf, sourcesOf } from './sources';
import type { StructuredOutput } from './structured-output';

/** What an operation gives out for an item. */
export interface Output {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** The response in flat form, for the next nodes, the answer first; keys for what the response lacks are left out. */
export function simplify(response: ApiResponse, answer?: StructuredOutput): IDataObject {
	const { id, model, status, text, usage, alternatives, details } = response;
	const { json, jsonError } = { json: undefined, jsonError: undefined, ...answer };
	const keys = {
		json,
		text,
		usage,
		id,
		model,
		status,
		refusal: refusalOf(response),
		incompleteReason: incompleteReasonOf(response),
		reasoning: reasoningOf(response) || undefined,
		toolCalls: nonEmpty(toolCallsOf(response)),
		toolRuns: nonEmpty(details?.toolRuns ?? []),
		sources: nonEmpty(sourcesOf(response)),
		alternatives: nonEmpty(alternatives),
		approvalRequests: nonEmpty(approvalRequestsOf(response)),
		files: nonEmpty(filesOf(response)),
		images: nonEmpty(imageAddresses(response).map((url) => ({ url }))),
		jsonError,
	};
	return definedKeys(keys) as IDataObject;
}

/** The server's reply as it came, without `error: null`: older hosts take the key for a failure, and run the node again. */
export function rawOutput({ raw }: ApiResponse): IDataObject {
	const { error, ...rest } = raw;
	return (error === null ? rest : raw) as IDataObject;
}

/**
 * The answer alone, for the columns of a table: the fields of its JSON, else its text under `answerField`. Further keys say why the
 * answer is not whole; without a text, also what came in its place.
 */
export function answerOnly(response: ApiResponse, answer: StructuredOutput | undefined, answerField: string): IDataObject {
	const { json, jsonError } = { json: undefined, jsonError: undefined, ...answer };
	const document = Array.isArray(json) ? { items: json } : isObject(json) ? json : undefined;
	const { text, output } = response;
	const inItsPlace = {
		refusal: refusalOf(response),
		toolCalls: nonEmpty(toolCallsOf(response)),
		approvalRequests: nonEmpty(approvalRequestsOf(response)),
		files: nonEmpty(filesOf(response)),
		images: nonEmpty(imageAddresses(response).map((url) => ({ url }))),
	};
	const beside = definedKeys({ jsonError, ...unfinishedKeys(response), ...(!document && text === '' && inItsPlace) });
	// a response that goes on, or was cancelled, may have no answer
	const isBlank = text === '' && output.length === 0 && 'status' in beside;
	return { ...(document ?? (isBlank ? {} : { [answerField]: text })), ...beside } as IDataObject;
}

/** Keys that say that a response is not a whole answer: why it is incomplete; ID and status if it goes on or was cancelled. */
function unfinishedKeys(response: ApiResponse): JsonObject {
	const { id, status, output } = response;
	const state = statusOf(status);
	const incompleteReason = incompleteReasonOf(response);
	if (state === 'incomplete') return { incompleteReason };
	// a status that is not known may be a server's own word for completed
	return state === 'completed' || (state === undefined && output.length > 0) ? { incompleteReason } : { id, status };
}

/** Why the answer is not whole. A server may say only that it is not: Mastra, mastra-incomplete.2.sse */
const incompleteReasonOf = (response: ApiResponse) => response.incompleteReason ?? (isIncomplete(response) ? 'no reason given' : undefined);

/** The calls of the user's own functions that the model asks for. Each call gets an ID of its own. */
export function toolCallsOf({ output }: ApiResponse): IDataObject[] {
	const calls = output.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call');
	const used = new Set<string>();
	return calls.map((call, index) => {
		let callId = textIn(call, 'call_id') ?? textIn(call, 'id') ?? '';
		for (let number = index + 1; callId.trim() === '' || used.has(callId); number++) callId = `call_${number}`;
		used.add(callId);
		return { callId, name: call.name, arguments: parsedArguments(call) } as IDataObject;
	});
}

function parsedArguments(call: JsonObject): unknown {
	const given = call.type === 'custom_tool_call' ? call.input : call.arguments;
	const parsed = typeof given === 'string' && call.type !== 'custom_tool_call' ? parseJson(given) : undefined;
	return parsed === undefined ? given : parsed;
}

/** The calls of MCP servers' tools that the model may make only once they are approved. */
export function approvalRequestsOf({ output }: ApiResponse): IDataObject[] {
	const requests = output.filter(({ type }) => type === 'mcp_approval_request');
	return requests.map((request) => {
		const { id, server_label: serverLabel, name } = request;
		return definedKeys({ id, serverLabel, name, arguments: parsedArguments(request) }) as IDataObject;
	});
}

const nonEmpty = <T>(list: T[]) => (list.length > 0 ? list : undefined);
