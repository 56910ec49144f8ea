import type { IDataObject } from 'n8n-workflow';

import { ApiError } from '../../../api/errors/api-error';
import { textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import { statusOf } from '../../../api/decode/status';
import { parseStructuredOutput, type StructuredOutput } from './structured-output';
import type { ItemContext } from '../../shared/errors/parameter-error';
import { extractImages } from './images';
import { answerOnly, finalText, rawOutput, refusalOf, simplify, toolCallsOf, type Output } from './simplify';
import type { Settings } from '../../shared/request/settings';

/**
 * What comes out for a response.
 * @throws Fault for what the user wants treated as an error; its details hold the text that came
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
	// one that is not finished, or was cancelled, may have no answer: then its status is shown
	const isAnswer = ['completed', 'incomplete'].includes(response.status) || response.output.length > 0;
	const own =
		settings.answerOnly && isAnswer ? answerOnly(response, answer) : settings.simplify ? simplify(response, answer) : rawOutput(response);
	return settings.includeInputFields ? { ...inputFields(item), ...own } : own;
}

/** The fields of the input item; where that was a failed row of this node's, its error is no matter of the new answer. */
function inputFields({ context, index }: ItemContext): IDataObject {
	const { error, details, ...rest } = context.getInputData()[index].json;
	const isFailed = typeof error === 'string' && textIn(details, 'hint') !== undefined;
	return isFailed ? rest : context.getInputData()[index].json;
}

/** The JSON of an answer that is whole and an answer: a refusal or a tool call is none. */
function structuredOutputOf(response: ApiResponse, expected?: JsonObject): StructuredOutput | undefined {
	const { status, text } = response;
	// a server may have a word of its own for the end
	const isCompleted = statusOf(status) === 'completed' || (statusOf(status) === undefined && text !== '');
	const isOther = refusalOf(response) !== undefined || toolCallsOf(response).length > 0;
	return expected && isCompleted && !isOther ? parseStructuredOutput(finalText(response), expected) : undefined;
}

function throwIfRejected(response: ApiResponse, answer: StructuredOutput | undefined, errors: readonly string[]): void {
	const refusal = refusalOf(response);
	const known = { ...response.details, partialText: response.text };
	if (answer && 'jsonError' in answer && errors.includes('invalidJson')) {
		throw new ApiError('invalid_json', `The answer is not the JSON that was asked for: ${answer.jsonError}`, known);
	}
	if (refusal !== undefined && errors.includes('refusal')) throw new ApiError('refusal', refusal, known);
	if (response.status === 'incomplete' && errors.includes('incomplete')) throw incompleteError(response);
}

function incompleteError({ text, incompleteReason = 'no reason given', output, details }: ApiResponse): ApiError {
	return new ApiError('incomplete', `The answer is incomplete: ${incompleteReason}`, {
		incompleteReason,
		isReasoningOnly: text === '' && output.some(({ type }) => type === 'reasoning'),
		...details,
		partialText: text,
	});
}
