import { isObject, mapTexts } from '../json';

const HIDDEN = '[hidden]';
/** Shortest run of a secret's characters that is hidden in an error: servers echo keys cut short */
const PART = 8;
/** What many servers' keys look like, also where a server echoes one with asterisks in it */
const KEY_LIKE = /\bsk-[\w*-]{6,}/g;
/** Words that people type as the key of a local server (`ollama`, `lm-studio`) or in an extra header: models may well use them */
const WORD = /^(?!.*(sk-|secret|token|passw))[a-z_ -]{0,15}$/i;

/** Hides a credential's secrets in what is shown. */
export interface Mask {
	/** An error's text without any secret, nor a part of 8 characters or more of one, however it is encoded. */
	text(text: string): string;
	/** A reply without any secret; texts in which the model may well use the same words stay as they are. */
	reply<T>(value: T): T;
}

/** The mask for a credential's secrets: its key, if any, and other values that may be some. */
export function maskOf(key: string, others: readonly string[] = []): Mask {
	const values = others.map((value) => value.replace(/^(Bearer|Basic)\s+/i, ''));
	const secrets = [key, ...values].filter((secret) => secret.length >= 4);
	const forms = formsOf(secrets);
	const inReplies = formsOf(secrets.filter((secret) => secret.length >= PART && !WORD.test(secret)));
	const hide = (text: string) => without(text, inReplies);
	return {
		text: (text) => withoutParts(without(text, forms), secrets).replace(KEY_LIKE, HIDDEN),
		reply: <T>(value: T) =>
			inReplies.length > 0 && holdsAny(value, inReplies)
				? // texts are replaced by texts, so the shape stays what it was
					(mapTexts(value, hide) as T)
				: value,
	};
}

/** A secret as it may be echoed: plain, URL-encoded, in HTML, in JSON; longest first. */
function formsOf(secrets: readonly string[]): string[] {
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

const without = (text: string, forms: readonly string[]) => forms.reduce((shown, form) => shown.split(form).join(HIDDEN), text);

function withoutParts(text: string, secrets: readonly string[]): string {
	const pieces: string[] = [];
	let shownTo = 0;
	for (let at = 0; at <= text.length - PART; at++) {
		const length = Math.max(0, ...secrets.map((secret) => sharedAt(text, at, secret)));
		if (length === 0) continue;
		pieces.push(text.slice(shownTo, at), HIDDEN);
		shownTo = at + length;
		at = shownTo - 1;
	}
	return pieces.length === 0 ? text : [...pieces, text.slice(shownTo)].join('');
}

/** How many characters from `at` on stand in the secret too; 0 if fewer than count as a part of it. */
function sharedAt(text: string, at: number, secret: string): number {
	let length = PART;
	if (!secret.includes(text.slice(at, at + length))) return 0;
	while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
	return length;
}

/** Goes through the value with a list of what is still to be looked at: a reply may be nested deeper than the stack. */
function holdsAny(value: unknown, forms: readonly string[]): boolean {
	const left = [value];
	while (left.length > 0) {
		const next = left.pop();
		if (typeof next === 'string' && forms.some((form) => next.includes(form))) return true;
		if (isObject(next)) left.push(...Object.keys(next));
		if (isObject(next) || Array.isArray(next)) for (const entry of Object.values(next)) left.push(entry);
	}
	return false;
}
