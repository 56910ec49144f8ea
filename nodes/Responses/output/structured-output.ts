import { jsonParse } from 'n8n-workflow';

import { isObject, objectIn, parseJson } from '../../../api/json';
import type { Body } from '../../../api/params';
import { expectedSchema } from '../request/json-schema';
import { validate } from './validate-schema';

/** The document in an answer, or why there is none. */
export type StructuredOutput = { json: unknown } | { jsonError: string };

/** Whether the answer is asked for as JSON. */
export const asksForJson = (body: Body) => ['json_object', 'json_schema'].includes(String(body.text?.format?.type));

/**
 * The JSON document in an answer's text: the text itself, else one fenced block in it, else n8n's repair of it if that
 * is what was asked for. A document that is not what was asked for is none.
 */
export function parseStructuredOutput(text: string, body: Body): StructuredOutput {
	// a gateway may get any schema through Extra Body: it is read as what it is
	const format = objectIn(body.text, 'format');
	const schema = format.type === 'json_schema' ? expectedSchema(format.schema) : { type: 'object' };
	if (text.trim() === '') return { jsonError: 'it is empty' };
	const document = parseJson(text) ?? parseJson(codeBlockIn(text) ?? '');
	if (document === undefined) {
		const repaired = repairJson(text);
		const isRight = isContainer(repaired) && validate(repaired, schema) === undefined;
		return isRight ? { json: repaired } : { jsonError: `it is not valid JSON: ${text.trim().slice(0, 80)}` };
	}
	const fault = validate(document, schema);
	return fault === undefined ? { json: document } : { jsonError: fault };
}

/** What stands in the only fenced block (```json ... ```) of a text. */
function codeBlockIn(text: string): string | undefined {
	const blocks = [...text.matchAll(/```\w*\s*\n([\s\S]*?)```/g)];
	return blocks.length === 1 ? blocks[0][1] : undefined;
}

/** n8n's repair of a text; `null` if it finds none. */
function repairJson(text: string): unknown {
	return jsonParse<unknown>(text, { repairJSON: true, fallbackValue: null });
}

/** The repair makes a text of plain prose: only an object or a list is a document. */
const isContainer = (value: unknown) => isObject(value) || Array.isArray(value);
