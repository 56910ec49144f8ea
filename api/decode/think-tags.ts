import { objectsIn, textIn, type JsonObject } from '../json';
import { THINK_TAGS } from './quirks';

/**
 * The output items with the reasoning in tags (`<think>...</think>`) in front of a text as an item of its own. Servers without a
 * reasoning parser leave it in the text.
 */
export const splitReasoning = (output: readonly JsonObject[]): JsonObject[] =>
	output.flatMap((item) => (item.type === 'message' ? splitMessage(item) : [item]));

/** A text without the reasoning in tags in front of it. */
export const withoutReasoning = (text: string): string => splitText(text).text;

function splitMessage(message: JsonObject): JsonObject[] {
	const parts = objectsIn(message, 'content').map((part) => ({
		part,
		...splitText(part.type === 'output_text' ? (textIn(part, 'text') ?? '') : ''),
	}));
	if (parts.every(({ reasoning }) => reasoning.length === 0)) return [message];
	const reasoning = parts.flatMap((part) => part.reasoning).filter((text) => text !== '');
	const reasoningItem = { type: 'reasoning', summary: [], content: reasoning.map((text) => ({ type: 'reasoning_text', text })) };
	const content = parts.map(({ part, reasoning: found, text }) => (found.length > 0 ? { ...part, text } : part));
	return [...(reasoning.length > 0 ? [reasoningItem] : []), { ...message, content }];
}

function splitText(given: string): { reasoning: string[]; text: string } {
	const reasoning: string[] = [];
	let text = given;
	for (let tagged = opened(text) ?? unopened(text); tagged; tagged = opened(text)) {
		reasoning.push(tagged.reasoning.trim());
		text = tagged.rest.trimStart();
	}
	return { reasoning, text };
}

/** The reasoning at the beginning of a text. If its closing tag is missing, the answer never began. */
function opened(text: string): { reasoning: string; rest: string } | undefined {
	const start = text.trimStart();
	const tags = THINK_TAGS.find(([opening]) => start.startsWith(opening));
	if (!tags) return undefined;
	const [opening, closing] = tags;
	const end = start.indexOf(closing);
	if (end === -1) return { reasoning: start.slice(opening.length), rest: '' };
	return { reasoning: start.slice(opening.length, end), rest: start.slice(end + closing.length) };
}

/** The reasoning before a closing tag. The opening tag of DeepSeek R1 is in the prompt that its server makes. */
function unopened(text: string): { reasoning: string; rest: string } | undefined {
	if (/^\s*[{[]/.test(text)) return undefined;
	for (const [opening, closing] of THINK_TAGS) {
		const end = text.indexOf(closing);
		if (end === -1) continue;
		const [reasoning, rest] = [text.slice(0, end), text.slice(end + closing.length)];
		// a sentence about the tag has it in quotes or between blanks
		const isMentioned = /[ \t`'"(]$/.test(reasoning) && !/^[ \t]*(?:\n|$)/.test(rest);
		if (!isMentioned && !reasoning.includes(opening)) return { reasoning, rest };
	}
	return undefined;
}

/** A listener for the pieces of a text that passes them on without the reasoning in tags in front of it. */
export function skipReasoning(onText: (piece: string) => void): (piece: string) => void {
	let held = '';
	let closing: string | undefined;
	let hasReasoning = false;
	let isAnswer = false;

	/** Drops the reasoning that `held` begins with, as far as it has come. Returns whether to go on with the rest. */
	const skipNext = (): boolean => {
		if (closing === undefined) {
			const start = held.trimStart();
			const tags = THINK_TAGS.find(([opening]) => start.startsWith(opening));
			isAnswer = !tags && !THINK_TAGS.some(([opening]) => opening.startsWith(start));
			if (!tags) return false;
			held = start.slice(tags[0].length);
			closing = tags[1];
			hasReasoning = true;
		}
		const end = held.indexOf(closing);
		// the last characters may be the beginning of the tag; the others would only fill the memory
		held = end === -1 ? held.slice(1 - closing.length) : held.slice(end + closing.length);
		if (end !== -1) closing = undefined;
		return end !== -1;
	};

	return (piece) => {
		if (isAnswer) return onText(piece);
		held += piece;
		while (skipNext());
		if (isAnswer) onText(hasReasoning ? held.trimStart() : held);
	};
}
