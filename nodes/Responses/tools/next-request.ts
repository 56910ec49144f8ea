import type { ResponseInput } from 'openai/resources/responses/responses';

import type { ApiResponse } from '../../../api/decode/normalize';
import { textIn, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { toInputItem } from '../../shared/output-items';

/** What was answered to a call. */
export interface CallOutput {
	/** The output item that calls */
	call: JsonObject;
	/** What the model is told */
	output: string;
}

/**
 * The request that goes on from a response with what its calls gave. Where the server keeps what was said, only what is new is sent;
 * else all of it, with the response's output items as they came.
 * https://platform.openai.com/docs/guides/function-calling
 */
export function nextRequest(body: Body, response: ApiResponse, outputs: readonly CallOutput[]): Body {
	const next = { ...body, ...toolChoiceAfterCalls(body) };
	if (body.conversation) return { ...next, input: itemsOf(outputs) };
	if (isKept(body, response)) return { ...next, previous_response_id: response.id, input: itemsOf(outputs) };
	const before = inputItems(body.input);
	const known = new Set(before.map((item) => textIn(item, 'call_id')));
	const identified = withOwnIds(response.output, known);
	const sent = response.output.map((item) => toInputItem(identified.get(item) ?? item, body.store !== false));
	const told = outputs.map((entry) => ({ ...entry, call: identified.get(entry.call) ?? entry.call }));
	// the server's own items
	const items = sent.filter((item) => item !== undefined) as unknown as ResponseInput;
	return { ...next, input: [...before, ...items, ...itemsOf(told)] };
}

/** Whether the server can go on from the response by its ID: not where it says that it keeps nothing, or speaks chat completions. */
function isKept({ previous_response_id, store }: Body, { id, body }: ApiResponse): boolean {
	const isAsked = store === true || (typeof previous_response_id === 'string' && store !== false);
	return isAsked && id !== null && body.store !== false && !Array.isArray(body.choices);
}

/** A choice that forces a call would force one in each round, and never come to an end: after the first round the model is free. */
function toolChoiceAfterCalls({ tool_choice: choice }: Body): Pick<Body, 'tool_choice'> {
	if (choice === undefined || choice === 'auto' || choice === 'none') return {};
	return { tool_choice: typeof choice === 'object' && choice.type === 'allowed_tools' ? { ...choice, mode: 'auto' } : 'auto' };
}

function inputItems(input: Body['input']): ResponseInput {
	if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
	return input ?? [];
}

/** Copies of the calls whose ID is missing or was used before, with IDs of their own: some servers number them anew in each answer. */
function withOwnIds(output: readonly JsonObject[], used: Set<string | undefined>): Map<JsonObject, JsonObject> {
	const copies = new Map<JsonObject, JsonObject>();
	for (const item of output.filter(({ type }) => type === 'function_call')) {
		const own = textIn(item, 'call_id');
		let callId = own;
		for (let number = used.size; !callId || used.has(callId); number++) callId = `call_${number}`;
		used.add(callId);
		if (callId !== own) copies.set(item, { ...item, call_id: callId });
	}
	return copies;
}

const itemsOf = (outputs: readonly CallOutput[]): ResponseInput =>
	outputs.map(({ call, output }) => ({
		type: 'function_call_output',
		call_id: textIn(call, 'call_id') ?? textIn(call, 'id') ?? '',
		output,
	}));
