import type { IDataObject } from 'n8n-workflow';

import { ApiError } from '../../../api/errors/api-error';
import { incompleteError } from '../../../api/errors/reply-errors';
import type { JsonObject } from '../../../api/json';
import { isIncomplete, type ApiResponse } from '../../../api/decode/normalize';
import { statusOf } from '../../../api/decode/status';
import type { ItemContext } from '../../shared/errors/parameter-error';
import { openItemsOf, refusalOf } from '../../shared/output/answer';
import type { OutputSettings } from '../description/fields/output';
import { extractImages } from './images';
import { answerOnly, approvalRequestsOf, rawOutput, simplify, toolCallsOf, type Output } from './simplify';
import { parseStructuredOutput, type StructuredOutput } from './structured-output';

/**
 * The output of a response. `expected` is the schema that its JSON has to satisfy, if it was asked for JSON.
 * @throws ApiError for what Treat as Errors names; its details hold the text of the response
 */
export async function toItem(
	received: ApiResponse,
	expected: JsonObject | undefined,
	settings: OutputSettings,
	item: ItemContext,
): Promise<Output> {
	const { response, binary } = await extractImages(received, item);
	const answer = structuredOutputOf(response, expected);
	// an incomplete document fails by default: rows of a table would hold parts of values
	throwIfRejected(response, answer, settings.treatAsErrors ?? (expected ? ['incomplete', 'invalidJson'] : []));
	return { json: outputJson(response, answer, settings), ...(binary && { binary }) };
}

function outputJson(response: ApiResponse, answer: StructuredOutput | undefined, { output, answerField }: OutputSettings): IDataObject {
	if (output === 'raw') return rawOutput(response);
	return output === 'details' ? simplify(response, answer) : answerOnly(response, answer, answerField);
}

/** The parsed JSON of a completed answer; `undefined` for a refusal, a tool call, and an answer that was not asked for as JSON. */
function structuredOutputOf(response: ApiResponse, expected?: JsonObject): StructuredOutput | undefined {
	if (!expected) return undefined;
	const { status, text } = response;
	// a status that is not known may be a server's own word for completed
	const isCompleted = statusOf(status) === 'completed' || (statusOf(status) === undefined && text !== '');
	const calls = toolCallsOf({ ...response, output: openItemsOf(response) });
	const isOther = refusalOf(response) !== undefined || calls.length > 0 || approvalRequestsOf(response).length > 0;
	return isCompleted && !isIncomplete(response) && !isOther ? parseStructuredOutput(response, expected) : undefined;
}

function throwIfRejected(response: ApiResponse, answer: StructuredOutput | undefined, errors: readonly string[]): void {
	if (errors.length === 0) return;
	const refusal = refusalOf(response);
	const details = { ...response.details, partialText: response.text };
	if (answer && 'jsonError' in answer && errors.includes('invalidJson')) {
		throw new ApiError('invalid_json', `The answer is not the JSON that was asked for: ${answer.jsonError}`, details);
	}
	if (refusal !== undefined && errors.includes('refusal')) throw new ApiError('refusal', refusal, details);
	if (isIncomplete(response) && errors.includes('incomplete')) throw incompleteError(response);
}
