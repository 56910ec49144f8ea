import { isObject, mapStrings } from '../json';

const HIDDEN = '[hidden]';
/** Shortest run of a secret's characters that is hidden in an error: servers echo keys cut short */
const MIN_PART_LENGTH = 8;
/** What many servers' keys look like, also where a server echoes one with asterisks in it */
const KEY_PATTERN = /\bsk-[\w*-]{6,}/g;
/** Words that people type as the key of a local server (`ollama`, `lm-studio`) or in an extra header: models may well use them */
const DUMMY_KEY = /^(?!.*(sk-|secret|token|passw))[a-z_ -]{0,15}$/i;

/** Hides a credential's secrets in what is shown. */
export interface Redactor {
	/** An error's text without any secret, nor a part of 8 characters or more of one, however it is encoded. */
	text(text: string): string;
	/** A reply without any secret; texts in which the model may well use the same words stay as they are. */
	reply<T>(value: T): T;
}

/** The mask for a credential's secrets: its key, if any, and other values that may be some. */
export function createRedactor(key: string, others: readonly string[] = []): Redactor {
	const values = others.map((value) => value.replace(/^(Bearer|Basic)\s+/i, ''));
	const secrets = [key, ...values].filter((secret) => secret.length >= 4);
	const forms = encodedForms(secrets);
	const inReplies = encodedForms(secrets.filter((secret) => secret.length >= MIN_PART_LENGTH && !DUMMY_KEY.test(secret)));
	const hide = (text: string) => removeAll(text, inReplies);
	return {
		text: (text) => removeParts(removeAll(text, forms), secrets).replace(KEY_PATTERN, HIDDEN),
		reply: <T>(value: T) =>
			inReplies.length > 0 && containsAny(value, inReplies)
				? // texts are replaced by texts, so the shape stays what it was
					(mapStrings(value, hide) as T)
				: value,
	};
}

/** A secret as it may be echoed: plain, URL-encoded, in HTML, in JSON; longest first. */
function encodedForms(secrets: readonly string[]): string[] {
	const forms = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
		htmlOf(secret),
		JSON.stringify(secret).slice(1, -1),
	]);
	return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function htmlOf(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const removeAll = (text: string, forms: readonly string[]) => forms.reduce((shown, form) => shown.split(form).join(HIDDEN), text);

function removeParts(text: string, secrets: readonly string[]): string {
	const pieces: string[] = [];
	let shownTo = 0;
	for (let at = 0; at <= text.length - MIN_PART_LENGTH; at++) {
		const length = Math.max(0, ...secrets.map((secret) => sharedLength(text, at, secret)));
		if (length === 0) continue;
		pieces.push(text.slice(shownTo, at), HIDDEN);
		shownTo = at + length;
		at = shownTo - 1;
	}
	return pieces.length === 0 ? text : [...pieces, text.slice(shownTo)].join('');
}

/** How many characters from `at` on stand in the secret too; 0 if fewer than count as a part of it. */
function sharedLength(text: string, at: number, secret: string): number {
	let length = MIN_PART_LENGTH;
	if (!secret.includes(text.slice(at, at + length))) return 0;
	while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
	return length;
}

/** Goes through the value with a list of what is still to be looked at: a reply may be nested deeper than the stack. */
function containsAny(value: unknown, forms: readonly string[]): boolean {
	const left = [value];
	while (left.length > 0) {
		const next = left.pop();
		if (typeof next === 'string' && forms.some((form) => next.includes(form))) return true;
		if (isObject(next)) left.push(...Object.keys(next));
		if (isObject(next) || Array.isArray(next)) for (const entry of Object.values(next)) left.push(entry);
	}
	return false;
}
