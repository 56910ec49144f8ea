import { jsonParse } from 'n8n-workflow';

import { isObject, parseJson, type JsonObject } from '../../../api/json';
import { validate } from './validate-schema';

/** The JSON document in an answer, or why the answer has none that fits. */
export type StructuredOutput = { json: unknown } | { jsonError: string };

/**
 * The JSON document in the text of an answer: the text itself, else its only code block, else what n8n's repair makes of
 * the text, if that satisfies the schema.
 */
export function parseStructuredOutput(text: string, expected: JsonObject): StructuredOutput {
	if (text.trim() === '') return { jsonError: 'it is empty' };
	const document = parseJson(text) ?? parseJson(codeBlockIn(text) ?? '');
	if (document === undefined) {
		const repaired = repairJson(text);
		const isValid = isContainer(repaired) && validate(repaired, expected) === undefined;
		return isValid ? { json: repaired } : { jsonError: `it is not valid JSON: ${text.trim().slice(0, 80)}` };
	}
	const jsonError = validate(document, expected);
	return jsonError === undefined ? { json: document } : { jsonError };
}

/** The content of the only code block (```json ... ```) in a text. */
function codeBlockIn(text: string): string | undefined {
	const blocks = [...text.matchAll(/```\w*\s*\n([\s\S]*?)```/g)];
	return blocks.length === 1 ? blocks[0][1] : undefined;
}

/** What n8n's repair makes of a text that is not valid JSON; `null` if it fails. */
function repairJson(text: string): unknown {
	return jsonParse<unknown>(text, { repairJSON: true, fallbackValue: null });
}

/** Only an object or a list counts as a repaired document: plain prose is repaired to a JSON text. */
const isContainer = (value: unknown) => isObject(value) || Array.isArray(value);
