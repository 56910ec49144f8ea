import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { isObject, objectsIn, parsedOrUndefined, present, textIn, type JsonObject } from '../../../api/json';
import { textOfItem } from '../../../api/decode/output-accumulator';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { AnswerJson } from './structured-output';

/** What an operation gives for an item. */
export interface Output {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** The response flattened for the next nodes; what it does not have is not there. */
export function simplified(response: ApiResponse, answer?: AnswerJson): IDataObject {
	const { id, model, status, text, usage, incompleteReason, alternatives } = response;
	const optional = {
		...answer,
		refusal: refusalIn(response),
		incompleteReason,
		reasoning: reasoningIn(response) || undefined,
		toolCalls: filled(toolCallsIn(response)),
		sources: filled(sourcesIn(response)),
		alternatives: filled(alternatives),
	};
	return { id, model, status, text, usage, ...present(optional) } as IDataObject;
}

/** The reply as it came; without `error: null`, in whose presence older n8n sees a failed run and pays again. */
export function rawOf({ raw }: ApiResponse): IDataObject {
	const { error, ...rest } = raw;
	return (error === null ? rest : raw) as IDataObject;
}

/**
 * The answer alone, for the columns of a table: the fields of its JSON, else `text`. Where there is no text, what came
 * instead of it: the refusal, the tools that the model asks for, or why it came to nothing.
 */
export function answerOf(response: ApiResponse, answer?: AnswerJson): IDataObject {
	if (answer && 'json' in answer) {
		if (Array.isArray(answer.json)) return { items: answer.json };
		if (isObject(answer.json)) return answer.json as IDataObject;
	}
	if (response.text !== '') return { text: response.text };
	const { incompleteReason } = response;
	const instead = present({ refusal: refusalIn(response), toolCalls: filled(toolCallsIn(response)), incompleteReason });
	return { text: '', ...instead } as IDataObject;
}

/** The text that counts as the answer: without what a model says on its way to it, which some servers mark so. */
export function finalTextOf({ output, text }: ApiResponse): string {
	const final = output.filter(({ phase }) => phase !== 'commentary');
	return final.map(textOfItem).join('') || text;
}

/** What the model said instead of an answer. */
export function refusalIn({ output }: ApiResponse): string | undefined {
	const parts = output.flatMap((item) => objectsIn(item, 'content')).filter(({ type }) => type === 'refusal');
	return parts.map((part) => textIn(part, 'refusal') ?? '').join('') || undefined;
}

/** The tools of the user's that the model asks for; every call has an id of its own. */
export function toolCallsIn({ output }: ApiResponse): IDataObject[] {
	const calls = output.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call');
	const used = new Set<string>();
	return calls.map((call, index) => {
		const stated = textIn(call, 'call_id') ?? textIn(call, 'id') ?? '';
		const callId = stated === '' || used.has(stated) ? `call_${index + 1}` : stated;
		used.add(callId);
		return { callId, name: call.name, arguments: argumentsOf(call) } as IDataObject;
	});
}

function argumentsOf(call: JsonObject): unknown {
	const given = call.type === 'custom_tool_call' ? call.input : call.arguments;
	const parsed = typeof given === 'string' && call.type === 'function_call' ? parsedOrUndefined(given) : undefined;
	return parsed === undefined ? given : parsed;
}

/** The summary of the model's thoughts; where a server gives the thoughts themselves, those. */
function reasoningIn({ output }: ApiResponse): string {
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

/** What the answer cites, each once, in the order of citing. */
function sourcesIn({ output }: ApiResponse): IDataObject[] {
	const parts = output.flatMap((item) => objectsIn(item, 'content'));
	const cited = parts.flatMap((part) => objectsIn(part, 'annotations')).map(sourceOf);
	const keys = cited.map((source) => source?.url ?? source?.fileId);
	return cited.filter((source, index): source is IDataObject => source !== undefined && keys.indexOf(keys[index]) === index);
}

function sourceOf(annotation: JsonObject): IDataObject | undefined {
	const url = textIn(annotation, 'url');
	if (url) return present({ url, title: textIn(annotation, 'title') }) as IDataObject;
	const fileId = textIn(annotation, 'file_id');
	return fileId ? (present({ fileId, filename: textIn(annotation, 'filename') }) as IDataObject) : undefined;
}

const filled = <T>(list: T[]) => (list.length > 0 ? list : undefined);
