import { isObject, mapStrings } from '../json';

/** Stands in place of a secret */
const REDACTED = '[hidden]';
/** Shortest part of a secret, in characters, that is hidden in an error: servers echo keys cut short */
const MIN_PART_LENGTH = 8;
/** A key as most servers issue them, also with asterisks in the middle as some echo it */
const KEY_PATTERN = /\bsk-[\w*-]{6,}/g;

/** Words in the name of a header or query parameter, or in a typed key, that tell of a secret */
const SECRET_WORDS = new Set(
	(
		'sk key keys apikey accesskey secretkey token tokens apitoken accesstoken authtoken secret secrets auth oauth authorization bearer ' +
		'jwt password passwd passphrase credential credentials cookie cookies session sessionid signature'
	).split(' '),
);
/** Words in the name of a header or query parameter whose value anybody may see */
const PUBLIC_WORDS = new Set(
	'accept agent apiversion beta language organisation organization origin project referer region title type version'.split(' '),
);

/** The words of `X-Api-Key`, `apiKey` or `api_key`, in lower case. */
const wordsOf = (name: string) => name.split(/[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());

const hasSecretWord = (text: string) => wordsOf(text).some((word) => SECRET_WORDS.has(word));

/** Whether a value may well stand in a text by chance: the key of a local server (`ollama`, `lm-studio`), a word, a small number. */
const isCommon = (value: string) => /^([a-z_ -]{0,15}|\d{1,5})$/i.test(value) && !hasSecretWord(value);

/** Whether the value of a header or query parameter is to be hidden. In doubt it is. */
export function isSecret(name: string, value: string): boolean {
	if (/^(true|false)$/i.test(value)) return false;
	return hasSecretWord(name) || !(wordsOf(name).some((word) => PUBLIC_WORDS.has(word)) || isCommon(value));
}

/** Hides the secrets of a credential in what is shown. */
export interface Redactor {
	/** An error's text without any secret and without parts of 8 characters or more of one, plain or encoded. */
	text(text: string): string;
	/** A reply without any secret. Secrets that are common words stay: the model may have meant the word. */
	reply<T>(value: T): T;
}

/**
 * The redactor for a credential.
 * @param key the API key, "" if there is none
 * @param others further secrets
 */
export function createRedactor(key: string, others: readonly string[] = []): Redactor {
	const values = others.map((value) => value.replace(/^(Bearer|Basic)\s+/i, ''));
	const secrets = [key, ...values].filter((secret) => secret.length >= 4);
	const forms = encodedForms(secrets);
	const formsInReplies = encodedForms(secrets.filter((secret) => secret.length >= MIN_PART_LENGTH && !isCommon(secret)));
	const redactReplyText = (text: string) => removeAll(text, formsInReplies);
	return {
		text: (text) => removeParts(removeAll(text, forms), secrets).replace(KEY_PATTERN, REDACTED),
		reply: <T>(value: T) =>
			containsAny(value, formsInReplies)
				? // texts are replaced by texts, so the shape stays what it was
					(mapStrings(value, redactReplyText) as T)
				: value,
	};
}

/** Each secret as a server may echo it: plain, URL-encoded, in HTML, in JSON; longest first. */
function encodedForms(secrets: readonly string[]): string[] {
	const forms = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
		escapeHtml(secret),
		JSON.stringify(secret).slice(1, -1),
	]);
	return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const removeAll = (text: string, forms: readonly string[]) => forms.reduce((shown, form) => shown.split(form).join(REDACTED), text);

/** The text without parts of secrets that are at least `MIN_PART_LENGTH` characters long. */
function removeParts(text: string, secrets: readonly string[]): string {
	const pieces: string[] = [];
	let end = 0;
	for (let at = 0; at <= text.length - MIN_PART_LENGTH; at++) {
		const length = Math.max(0, ...secrets.map((secret) => sharedLength(text, at, secret)));
		if (length === 0) continue;
		pieces.push(text.slice(end, at), REDACTED);
		end = at + length;
		at = end - 1;
	}
	return [...pieces, text.slice(end)].join('');
}

/** How many characters of the text from `at` on are a part of the secret; 0 if fewer than `MIN_PART_LENGTH`. */
function sharedLength(text: string, at: number, secret: string): number {
	let length = MIN_PART_LENGTH;
	if (!secret.includes(text.slice(at, at + length))) return 0;
	while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
	return length;
}

/** Whether any text in a value, at any depth, holds one of the forms. No recursion: a reply may be nested deeper than the stack. */
function containsAny(value: unknown, forms: readonly string[]): boolean {
	const pending = forms.length > 0 ? [value] : [];
	while (pending.length > 0) {
		const next = pending.pop();
		if (typeof next === 'string' && forms.some((form) => next.includes(form))) return true;
		if (isObject(next)) pending.push(...Object.keys(next));
		if (isObject(next) || Array.isArray(next)) for (const entry of Object.values(next)) pending.push(entry);
	}
	return false;
}
