import { textOfItem } from '../../../api/decode/output-accumulator';
import type { ApiResponse } from '../../../api/decode/normalize';
import { objectsIn, textIn, type JsonObject } from '../../../api/json';

/** The text of the answer, without the commentary before it that some servers mark with `phase`. */
export function finalText({ output, text }: ApiResponse): string {
	const final = output.filter(({ phase }) => phase !== 'commentary');
	return final.map(textOfItem).join('') || text;
}

/** The words with which the model refused to answer; `undefined` if it did not refuse. */
export function refusalOf({ output }: ApiResponse): string | undefined {
	const parts = output.flatMap((item) => objectsIn(item, 'content')).filter(({ type }) => type === 'refusal');
	return parts.map((part) => textIn(part, 'refusal') ?? '').join('') || undefined;
}

/** The summary of the model's reasoning, or the reasoning itself where the server gives no summary. */
export function reasoningOf({ output }: ApiResponse): string {
	const items = output.filter(({ type }) => type === 'reasoning');
	return items
		.flatMap((item) => {
			const summary = objectsIn(item, 'summary');
			return summary.length > 0 ? summary : objectsIn(item, 'content');
		})
		.map((part) => textIn(part, 'text') ?? '')
		.filter((text) => text !== '')
		.join('\n\n');
}

/**
 * The output items without the calls that the server has answered itself, and without its answers: Mastra runs tools of its own and
 * gives each call with its output (mastra-tool.1.sse).
 */
export function openItemsOf({ output }: ApiResponse): JsonObject[] {
	const answers = output.filter(({ type }) => type === 'function_call_output');
	const answered = new Set(answers.map((item) => textIn(item, 'call_id')).filter((id) => id !== undefined));
	const isAnswered = (item: JsonObject) => item.type === 'function_call' && answered.has(textIn(item, 'call_id') ?? '');
	return output.filter((item) => !answers.includes(item) && !isAnswered(item));
}
