import { jsonParse } from 'n8n-workflow';

import type { ApiResponse } from '../../../api/decode/normalize';
import { textOfItem } from '../../../api/decode/output-accumulator';
import { isContainer, objectsIn, textIn, type JsonObject } from '../../../api/json';
import { finalText } from '../../shared/output/answer';
import { validate } from './validate-schema';
import { wholenessOf } from './whole-json';

/** The JSON document in an answer, or why the answer has none that fits. */
export type StructuredOutput = { json: unknown } | { jsonError: string };

/** Characters of an answer that is no JSON that are shown */
const EXCERPT_LENGTH = 80;

/** The JSON document in an answer. It has to satisfy the schema. */
export function parseStructuredOutput(response: ApiResponse, expected: JsonObject): StructuredOutput {
	const text = finalText(response).trim();
	if (text === '') return { jsonError: 'it is empty' };
	// the last part of a document that was cut off may look like one
	const candidates = isCut(text) ? [text] : [text, ...lastTextsOf(response)];
	for (const candidate of candidates) {
		const document = documentIn(candidate, expected);
		if (document) return document;
	}
	return { jsonError: `it is not valid JSON: ${excerptWithEnd(text)}` };
}

/** The last message, and the last part of that. OpenAI sometimes sends the same message twice (openai/openai-agents-python#1531). */
function lastTextsOf({ output }: ApiResponse): string[] {
	const message = output.findLast((item) => item.phase !== 'commentary' && textOfItem(item) !== '');
	const part = objectsIn(message, 'content').findLast(({ type }) => type === 'output_text');
	return [message && textOfItem(message), textIn(part, 'text')].filter((text) => text !== undefined);
}

/**
 * The document in a text: the text itself, else its only code block, each also after n8n's repair. `undefined` if there is none.
 * A repair counts only for a whole object or list: of a text that was cut off it would make a smaller document.
 */
function documentIn(text: string, expected: JsonObject): StructuredOutput | undefined {
	const candidates = [text, codeBlockIn(text)].filter((candidate) => candidate !== undefined);
	for (const candidate of candidates) {
		const parsed = parse(candidate);
		const jsonError = parsed && validate(parsed.value, expected);
		if (parsed) return jsonError === undefined ? { json: parsed.value } : { jsonError };
	}
	for (const candidate of candidates.map((entry) => entry.trim())) {
		const repaired = wholenessOf(candidate) === 'whole' ? repairJson(candidate) : undefined;
		if (isContainer(repaired) && validate(repaired, expected) === undefined) return { json: repaired };
	}
	return undefined;
}

/** The value of a JSON text, in an object: it may be `null`. */
function parse(text: string): { value: unknown } | undefined {
	try {
		return { value: JSON.parse(text) };
	} catch {
		// "not JSON" is one of the two answers that the caller asks for
		return undefined;
	}
}

/** The content of the only code block (```json ... ```) in a text, from its first fence to its last; without a last one, to the end. */
function codeBlockIn(text: string): string | undefined {
	const begin = text.indexOf('```');
	if (begin === -1) return undefined;
	const end = text.lastIndexOf('```');
	return text.slice(begin + 3, end > begin ? end : undefined).replace(/^\w*/, '');
}

/** What n8n's repair makes of a text that is not valid JSON; `null` if it fails. */
function repairJson(text: string): unknown {
	return jsonParse<unknown>(text, { repairJSON: true, fallbackValue: null });
}

/** Whether a text begins as a JSON object or list, or as a code block with one, and ends before it does. */
const isCut = (text: string) => wholenessOf((codeBlockIn(text) ?? text).trim()) === 'cut';

/** The beginning of a text; where it was cut off also its end, which shows that. */
function excerptWithEnd(text: string): string {
	const beginning = text.slice(0, EXCERPT_LENGTH);
	const isLong = text.length > EXCERPT_LENGTH;
	if (!isCut(text)) return isLong ? `${beginning} ...` : beginning;
	const end = isLong ? ` ... ${text.slice(EXCERPT_LENGTH).slice(-EXCERPT_LENGTH / 2)}` : '';
	return `${beginning}${end} (it was cut off)`;
}
