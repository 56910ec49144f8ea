import type { IDataObject } from 'n8n-workflow';

import { ApiError } from '../../../api/errors/api-error';
import { incompleteError } from '../../../api/errors/reply-errors';
import { textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import { statusOf } from '../../../api/decode/status';
import type { ItemContext } from '../../shared/errors/parameter-error';
import { finalText, refusalOf } from '../../shared/output/answer';
import type { Settings } from '../../shared/request/settings';
import { extractImages } from './images';
import { answerOnly, rawOutput, simplify, toolCallsOf, type Output } from './simplify';
import { parseStructuredOutput, type StructuredOutput } from './structured-output';

/**
 * The output of a response. `expected` is the schema that its JSON has to satisfy, if it was asked for JSON.
 * @throws ApiError for what Treat as Errors names; its details hold the text of the response
 */
export async function toItem(
	received: ApiResponse,
	expected: JsonObject | undefined,
	settings: Settings,
	item: ItemContext,
): Promise<Output> {
	const { response, binary } = await extractImages(received, item);
	const answer = structuredOutputOf(response, expected);
	throwIfRejected(response, answer, settings.treatAsErrors);
	return { json: toJson(response, answer, settings, item), ...(binary && { binary }) };
}

function toJson(response: ApiResponse, answer: StructuredOutput | undefined, settings: Settings, item: ItemContext): IDataObject {
	// a response that was not completed may have no answer: then the simplified output shows its status
	const hasAnswer = ['completed', 'incomplete'].includes(response.status) || response.output.length > 0;
	const own =
		settings.answerOnly && hasAnswer ? answerOnly(response, answer) : settings.simplify ? simplify(response, answer) : rawOutput(response);
	return settings.includeInputFields ? { ...inputJson(item), ...own } : own;
}

/** The JSON of the input item, without the `error` and `details` that a previous Responses node left in it. */
function inputJson({ context, index }: ItemContext): IDataObject {
	const { error, details, ...rest } = context.getInputData()[index].json;
	const isFailed = typeof error === 'string' && textIn(details, 'hint') !== undefined;
	return isFailed ? rest : context.getInputData()[index].json;
}

/** The parsed JSON of a completed answer; `undefined` for a refusal, a tool call, and an answer that was not asked for as JSON. */
function structuredOutputOf(response: ApiResponse, expected?: JsonObject): StructuredOutput | undefined {
	const { status, text } = response;
	// a status that is not known may be a server's own word for completed
	const isCompleted = statusOf(status) === 'completed' || (statusOf(status) === undefined && text !== '');
	const isOther = refusalOf(response) !== undefined || toolCallsOf(response).length > 0;
	return expected && isCompleted && !isOther ? parseStructuredOutput(finalText(response), expected) : undefined;
}

function throwIfRejected(response: ApiResponse, answer: StructuredOutput | undefined, errors: readonly string[]): void {
	const refusal = refusalOf(response);
	const details = { ...response.details, partialText: response.text };
	if (answer && 'jsonError' in answer && errors.includes('invalidJson')) {
		throw new ApiError('invalid_json', `The answer is not the JSON that was asked for: ${answer.jsonError}`, details);
	}
	if (refusal !== undefined && errors.includes('refusal')) throw new ApiError('refusal', refusal, details);
	if (response.status === 'incomplete' && errors.includes('incomplete')) throw incompleteError(response);
}
