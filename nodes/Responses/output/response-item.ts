import type { IDataObject } from 'n8n-workflow';

import type { Body } from '../../../api/params';
import { Fault } from '../../../api/errors/api-error';
import { textIn } from '../../../api/json';
import { CANCELLED, isFinished, isPending, type ApiResponse } from '../../../api/decode/normalize';
import { answerJson, asksForJson, type AnswerJson } from './structured-output';
import type { Item } from '../../shared/errors/parameter-error';
import { withImagesMoved } from './images';
import { answerOf, finalTextOf, rawOf, refusalIn, simplified, toolCallsIn, type Output } from './simplify';
import type { Settings } from '../../shared/request/settings';

/**
 * What comes out for a response.
 * @throws Fault for what the user wants treated as an error; its details hold the text that came
 */
export async function outputOf(received: ApiResponse, asked: Pick<Body, 'text'>, settings: Settings, item: Item): Promise<Output> {
	const { response, binary } = await withImagesMoved(received, item);
	const answer = judgedJson(response, asked);
	refuse(response, answer, settings.treatAsErrors);
	return { json: jsonOf(response, answer, settings, item), ...(binary && { binary }) };
}

function jsonOf(response: ApiResponse, answer: AnswerJson | undefined, settings: Settings, item: Item): IDataObject {
	// one that is not finished, or was cancelled, may have no answer: then its status is shown
	const isAnswer = ['completed', 'incomplete'].includes(response.status) || response.output.length > 0;
	const own =
		settings.answerOnly && isAnswer ? answerOf(response, answer) : settings.simplify ? simplified(response, answer) : rawOf(response);
	return settings.includeInputFields ? { ...inputOf(item), ...own } : own;
}

/** The fields of the input item; where that was a failed row of this node's, its error is no matter of the new answer. */
function inputOf({ context, index }: Item): IDataObject {
	const { error, details, ...rest } = context.getInputData()[index].json;
	const isFailed = typeof error === 'string' && textIn(details, 'hint') !== undefined;
	return isFailed ? rest : context.getInputData()[index].json;
}

/** The JSON of an answer that is whole and an answer: a refusal or a tool call is none. */
function judgedJson(response: ApiResponse, asked: Pick<Body, 'text'>): AnswerJson | undefined {
	const { status, text } = response;
	const isOver = isFinished(status) ? ![...CANCELLED, 'incomplete'].includes(status) : !isPending(status) && text !== '';
	const isOther = refusalIn(response) !== undefined || toolCallsIn(response).length > 0;
	return asksForJson(asked) && isOver && !isOther ? answerJson(finalTextOf(response), asked) : undefined;
}

function refuse(response: ApiResponse, answer: AnswerJson | undefined, errors: readonly string[]): void {
	const refusal = refusalIn(response);
	const known = { ...response.facts, partialText: response.text };
	if (answer && 'jsonError' in answer && errors.includes('invalidJson')) {
		throw new Fault(`The answer is not the JSON that was asked for: ${answer.jsonError}`, {
			code: 'invalid_json',
			hint: 'Ask more clearly, choose a model that knows JSON schemas, or take Invalid JSON out of Treat as Errors in Options to get the text',
			...known,
		});
	}
	if (refusal !== undefined && errors.includes('refusal')) {
		throw new Fault(refusal, { code: 'refusal', hint: 'The model refused to answer: change the prompt', ...known });
	}
	if (response.status === 'incomplete' && errors.includes('incomplete')) throw incompleteFault(response);
}

function incompleteFault({ text, incompleteReason = 'no reason given', output, facts }: ApiResponse): Fault {
	const isThoughtOnly = text === '' && output.some(({ type }) => type === 'reasoning');
	const hint = isThoughtOnly
		? 'All tokens went into reasoning: raise Sampling > Max Output Tokens, or lower Reasoning > Effort'
		: 'The answer was cut off: raise Sampling > Max Output Tokens, or ask for a shorter one';
	const isFiltered = incompleteReason === 'content_filter';
	return new Fault(`The answer is incomplete: ${incompleteReason}`, {
		code: 'incomplete',
		hint: isFiltered ? 'The content filter of the server stopped the answer: change the prompt' : hint,
		...facts,
		partialText: text,
	});
}
