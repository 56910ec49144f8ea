import { isObject, mapStrings } from '../json';
import { isCommon, isPlaceholder } from './secrets';

/** Stands in place of a secret */
const REDACTED = '[hidden]';
/** Shortest part of a secret, in characters, that is hidden in an error: servers echo keys cut short */
const MIN_PART_LENGTH = 8;
/** A key as most servers issue them, also with asterisks in the middle as some echo it */
const KEY_PATTERN = /\bsk-[\w*-]{6,}/g;

/** Hides the secrets of a credential in texts that are shown. Placeholders such as `sk-no-key-required` are not secrets. */
export interface Redactor {
	/** An error's text without any secret and without parts of 8 characters or more of one, plain or encoded. */
	text(text: string): string;
	/** A reply without any secret. Secrets that are common words stay: the model may have meant the word. */
	reply<T>(value: T): T;
	/** A listener for the pieces of an answer's text that passes them on without secrets; the last characters may be held back. */
	pieces(onText: (piece: string) => void): (piece: string) => void;
}

/**
 * The redactor for a credential.
 * @param key the API key, "" if there is none
 * @param others further secrets
 */
export function createRedactor(key: string, others: readonly string[] = []): Redactor {
	const values = others.flatMap((value) => [value.replace(/^(Bearer|Basic)\s+/i, ''), passwordIn(value)]);
	const secrets = [key, ...values].filter((secret) => secret.length >= 4 && !isPlaceholder(secret));
	const isWord = isCommon(key);
	const hidden = isWord ? secrets.filter((secret) => secret !== key) : secrets;
	const forms = encodedForms(hidden);
	const formsInReplies = encodedForms(hidden.filter((secret) => secret.length >= MIN_PART_LENGTH && !isCommon(secret)));
	const redactReplyText = (text: string) => removeAll(text, formsInReplies);
	const redactEcho =
		isWord && secrets.includes(key) ? (text: string) => text.replace(echoOf(key), `$1${REDACTED}`) : (text: string) => text;
	return {
		text: (text) =>
			redactEcho(removeParts(removeAll(text, forms), hidden)).replace(KEY_PATTERN, (found) => (isPlaceholder(found) ? found : REDACTED)),
		reply: <T>(value: T) =>
			containsAny(value, formsInReplies)
				? // texts are replaced by texts, so the shape stays what it was
					(mapStrings(value, redactReplyText) as T)
				: value,
		pieces: (onText) => (formsInReplies.length === 0 ? onText : redactPieces(onText, formsInReplies)),
	};
}

/** The password in a header of HTTP's basic authentication, "" if it is none. */
function passwordIn(value: string): string {
	const encoded = /^Basic\s+(\S+)$/i.exec(value)?.[1] ?? '';
	const [, password = ''] = /^[^:]*:([\x20-\x7e]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
	return password;
}

/** Finds a key that is an ordinary word where a server calls it the key. Elsewhere the word may mean something else. */
const echoOf = (key: string) => new RegExp(`((?:key|token|bearer|credentials?)\\b[^.\\n]{0,20}?[^\\w-])${key}(?![\\w-])`, 'gi');

/** Shortest base64 of a secret that is looked for, in characters: a shorter one may be a word */
const MIN_BASE64_LENGTH = 12;

/**
 * A secret in base64, be it alone or behind other text (`Bearer `, `user:`): three forms, as base64 makes groups of three bytes, each
 * without the characters at its ends that hold bits of what stands beside the secret.
 */
function base64Forms(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const inner = [0, 1, 2].map((before) => {
		const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
		const begin = Math.ceil((before * 8) / 6);
		const end = Math.floor(((before + bytes.length) * 8) / 6);
		return encoded.slice(begin, end);
	});
	const forms = [
		bytes.toString('base64'),
		bytes.toString('hex'),
		...inner,
		...inner.map((form) => form.replace(/-/g, '+').replace(/_/g, '/')),
	];
	return forms.filter((form) => form.length >= MIN_BASE64_LENGTH);
}

/** Each secret as a server may echo it: plain, URL-encoded, in HTML, in JSON, in base64; longest first. */
function encodedForms(secrets: readonly string[]): string[] {
	const forms = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
		escapeHtml(secret),
		JSON.stringify(secret).slice(1, -1),
		...base64Forms(secret),
	]);
	return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const removeAll = (text: string, forms: readonly string[]) => forms.reduce((shown, form) => shown.split(form).join(REDACTED), text);

/** The text without parts of secrets that are at least `MIN_PART_LENGTH` characters long and more than a word. */
function removeParts(text: string, secrets: readonly string[]): string {
	const beginnings = new Set(secrets.flatMap(beginningsIn));
	const pieces: string[] = [];
	let end = 0;
	for (let at = 0; at <= text.length - MIN_PART_LENGTH; at++) {
		if (!beginnings.has(text.slice(at, at + MIN_PART_LENGTH))) continue;
		const length = Math.max(...secrets.map((secret) => sharedLength(text, at, secret)));
		if (isWords(text.slice(at, at + length))) continue;
		pieces.push(text.slice(end, at), REDACTED);
		end = at + length;
		at = end - 1;
	}
	return [...pieces, text.slice(end)].join('');
}

/** Every part of `MIN_PART_LENGTH` characters in a secret. */
const beginningsIn = (secret: string) =>
	Array.from({ length: Math.max(0, secret.length - MIN_PART_LENGTH + 1) }, (_, at) => secret.slice(at, at + MIN_PART_LENGTH));

/** How many characters of the text from `at` on are a part of the secret; 0 if fewer than `MIN_PART_LENGTH`. */
function sharedLength(text: string, at: number, secret: string): number {
	let length = MIN_PART_LENGTH;
	if (!secret.includes(text.slice(at, at + length))) return 0;
	while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
	return length;
}

/** Whether a part of a secret consists of ordinary words alone, which may stand in any text. */
const isWords = (part: string) => part.split(/[\s._-]+/).every((word) => /^[A-Za-z]?[a-z]*$/.test(word));

/** Whether any text in a value, at any depth, holds one of the forms. No recursion: a reply may be nested deeper than the stack. */
function containsAny(value: unknown, forms: readonly string[]): boolean {
	const pending = forms.length > 0 ? [value] : [];
	const shortest = Math.min(...forms.map(({ length }) => length));
	while (pending.length > 0) {
		const next = pending.pop();
		if (typeof next === 'string' && next.length >= shortest && forms.some((form) => next.includes(form))) return true;
		if (!isObject(next) && !Array.isArray(next)) continue;
		// one by one: there may be more than the arguments of a call
		if (isObject(next)) for (const key of Object.keys(next)) pending.push(key);
		for (const entry of Object.values(next)) pending.push(entry);
	}
	return false;
}

/** Holds back what may be the beginning of one of the forms until the next piece shows whether it is. */
function redactPieces(onText: (piece: string) => void, forms: readonly string[]): (piece: string) => void {
	let held = '';
	return (piece) => {
		const text = removeAll(held + piece, forms);
		const heldLength = Math.max(...forms.map((form) => overlapOf(text, form)));
		held = text.slice(text.length - heldLength);
		if (heldLength < text.length) onText(text.slice(0, text.length - heldLength));
	};
}

/** How many characters at the end of a text are the beginning of a form. */
function overlapOf(text: string, form: string): number {
	let length = Math.min(text.length, form.length - 1);
	while (length > 0 && !text.endsWith(form.slice(0, length))) length--;
	return length;
}
