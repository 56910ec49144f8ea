import { textOfItem } from '../../../api/decode/output-accumulator';
import type { ApiResponse } from '../../../api/decode/normalize';
import { objectsIn, textIn } from '../../../api/json';

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
