import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { isObject, objectsIn, parseJson, definedKeys, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import { reasoningOf, refusalOf } from '../../shared/output/answer';
import type { StructuredOutput } from './structured-output';

/** What an operation gives out for an item. */
export interface Output {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** The response in flat form, for the next nodes; keys for what the response lacks are left out. */
export function simplify(response: ApiResponse, answer?: StructuredOutput): IDataObject {
	const { id, model, status, text, usage, incompleteReason, alternatives } = response;
	const optional = {
		...answer,
		refusal: refusalOf(response),
		incompleteReason,
		reasoning: reasoningOf(response) || undefined,
		toolCalls: nonEmpty(toolCallsOf(response)),
		sources: nonEmpty(sourcesOf(response)),
		alternatives: nonEmpty(alternatives),
	};
	return { id, model, status, text, usage, ...definedKeys(optional) } as IDataObject;
}

/** The server's reply as it came, without `error: null`: older hosts take the key for a failure, and run the node again. */
export function rawOutput({ raw }: ApiResponse): IDataObject {
	const { error, ...rest } = raw;
	return (error === null ? rest : raw) as IDataObject;
}

/**
 * The answer alone, for the columns of a table: the fields of its JSON, else `text`. Without a text also what came in its
 * place: the refusal, the tool calls, or why the answer is incomplete.
 */
export function answerOnly(response: ApiResponse, answer?: StructuredOutput): IDataObject {
	if (answer && 'json' in answer) {
		if (Array.isArray(answer.json)) return { items: answer.json };
		if (isObject(answer.json)) return answer.json as IDataObject;
	}
	if (response.text !== '') return { text: response.text };
	const { incompleteReason } = response;
	const inItsPlace = definedKeys({ refusal: refusalOf(response), toolCalls: nonEmpty(toolCallsOf(response)), incompleteReason });
	return { text: '', ...inItsPlace } as IDataObject;
}

/** The calls of the user's own functions that the model asks for. Each call gets an ID of its own. */
export function toolCallsOf({ output }: ApiResponse): IDataObject[] {
	const calls = output.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call');
	const used = new Set<string>();
	return calls.map((call, index) => {
		const stated = textIn(call, 'call_id') ?? textIn(call, 'id') ?? '';
		const callId = stated === '' || used.has(stated) ? `call_${index + 1}` : stated;
		used.add(callId);
		return { callId, name: call.name, arguments: parsedArguments(call) } as IDataObject;
	});
}

function parsedArguments(call: JsonObject): unknown {
	const given = call.type === 'custom_tool_call' ? call.input : call.arguments;
	const parsed = typeof given === 'string' && call.type === 'function_call' ? parseJson(given) : undefined;
	return parsed === undefined ? given : parsed;
}

/** The web pages and files that the answer cites, each once, in the order of the citations. */
function sourcesOf({ output }: ApiResponse): IDataObject[] {
	const parts = output.flatMap((item) => objectsIn(item, 'content'));
	const cited = parts.flatMap((part) => objectsIn(part, 'annotations')).map(toSource);
	const keys = cited.map((source) => source?.url ?? source?.fileId);
	return cited.filter((source, index): source is IDataObject => source !== undefined && keys.indexOf(keys[index]) === index);
}

function toSource(annotation: JsonObject): IDataObject | undefined {
	const url = textIn(annotation, 'url');
	if (url) return definedKeys({ url, title: textIn(annotation, 'title') }) as IDataObject;
	const fileId = textIn(annotation, 'file_id');
	return fileId ? (definedKeys({ fileId, filename: textIn(annotation, 'filename') }) as IDataObject) : undefined;
}

const nonEmpty = <T>(list: T[]) => (list.length > 0 ? list : undefined);
