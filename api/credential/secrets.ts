/** Words in the name of a header or query parameter, or in a typed key, that tell of a secret */
const SECRET_WORDS = new Set(
	(
		'sk key keys apikey accesskey secretkey token tokens apitoken accesstoken authtoken secret secrets auth oauth authorization bearer ' +
		'jwt password passwd passphrase credential credentials cookie cookies session sessionid sig signature'
	).split(' '),
);
/** Words in the name of a header or query parameter whose value anybody may see */
const PUBLIC_WORDS = new Set(
	'accept agent apiversion beta language organisation organization origin project referer region title type version'.split(' '),
);
/** Words that people type as the key of a server that asks for none, such as `sk-no-key-required` or `lm-studio` */
const PLACEHOLDER_WORDS = new Set(
	(
		'sk no not none needed need required require api key keys apikey token dummy test tests testing fake local localhost placeholder ' +
		'example sample anything any empty blank null default undefined unused ignored change changeme me your my here xxx model models ' +
		'openai ollama password lm studio lmstudio llama llamacpp cpp vllm litellm server'
	).split(' '),
);

/** The words of `X-Api-Key`, `apiKey` or `api_key`, in lower case. */
const wordsOf = (name: string) =>
	name
		.split(/[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])/)
		.filter((word) => word !== '')
		.map((word) => word.toLowerCase());

const hasSecretWord = (text: string) => wordsOf(text).some((word) => SECRET_WORDS.has(word));

/** Whether a key is a placeholder for no key. Its words are not hidden, because they stand in many texts. */
export const isPlaceholder = (key: string): boolean =>
	/^[a-z_. -]+$/i.test(key) && wordsOf(key).every((word) => PLACEHOLDER_WORDS.has(word));

/** Whether a value often stands in texts by chance: a placeholder, another word, a small number. */
export const isCommon = (value: string): boolean =>
	isPlaceholder(value) || (/^([a-z_ -]{0,15}|\d{1,5})$/i.test(value) && !hasSecretWord(value));

/** Whether the value of a header or query parameter is to be hidden: by its name, else by what it looks like. */
export function isSecret(name: string, value: string): boolean {
	if (/^(true|false)$/i.test(value) || isPlaceholder(value)) return false;
	if (hasSecretWord(name)) return true;
	return !wordsOf(name).some((word) => PUBLIC_WORDS.has(word)) && looksSecret(value);
}

/** Whether a value looks like a generated secret or a password, and not like a word, name, sentence, version or address. */
function looksSecret(value: string): boolean {
	const isOneWord = !/\s/.test(value);
	if (isOneWord && (hasSecretWord(value) || /[!#$%^*~|\\<>{}]/.test(value))) return true;
	return value.split(/[^A-Za-z0-9]+/).some(looksRandom);
}

/** Whether letters and digits, or small and capital letters, alternate more often than in a word, or the text is longer than a word. */
function looksRandom(piece: string): boolean {
	if (/^\d+$/.test(piece)) return piece.length > 5;
	const changes = (piece.match(/[a-z](?=\d)|\d(?=[a-z])/gi) ?? []).length;
	const capitals = (piece.match(/[a-z\d](?=[A-Z])/g) ?? []).length;
	return piece.length >= 20 || (piece.length >= 8 && (changes >= 2 || capitals > piece.length / 4));
}
