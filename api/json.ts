/** A JSON object as a server sent it: nothing in it has been checked. */
export type JsonObject = { [key: string]: unknown };

/** Whether a value is a JSON object: not `null` and not a list. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON object or a list. */
export const isContainer = (value: unknown): value is JsonObject | unknown[] => typeof value === 'object' && value !== null;

/** The value if it is an object, else an empty object. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The objects in a list, in order, without its other entries; an empty list if the value is no list. */
export const asObjects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The object under a key, else an empty object. */
export const objectIn = (holder: unknown, key: string): JsonObject => asObject(asObject(holder)[key]);

/** The list under a key, else an empty list. */
export function listIn(holder: unknown, key: string): unknown[] {
	const value = asObject(holder)[key];
	return Array.isArray(value) ? value : [];
}

/** The objects in the list under a key, in order, without its other entries; an empty list if there is none. */
export const objectsIn = (holder: unknown, key: string): JsonObject[] => asObjects(asObject(holder)[key]);

/** The text under a key; `undefined` if it is empty or no text. */
export function textIn(holder: unknown, key: string): string | undefined {
	const value = asObject(holder)[key];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether a value says something: `null`, `undefined`, `false`, 0, "", `[]` and `{}` do not. */
export const isFilled = (value: unknown): boolean =>
	Array.isArray(value) ? value.length > 0 : isObject(value) ? Object.keys(value).length > 0 : Boolean(value);

/** How many objects and lists `nestedEntries` looks into */
const MAX_NESTED = 200;

/**
 * The entries of a value and of the objects and lists in it, those of the outer ones first; of a large value only the first ones.
 * @param skipped keys that are left out, with all that is in them
 */
export function* nestedEntries(value: unknown, skipped?: RegExp): Generator<[key: string, value: unknown]> {
	const pending = [value];
	for (let at = 0; at < pending.length; at++) {
		for (const entry of Object.entries(pending[at] ?? {})) {
			if (skipped?.test(entry[0])) continue;
			yield entry;
			if (typeof entry[1] === 'object' && pending.length < MAX_NESTED) pending.push(entry[1]);
		}
	}
}

/** The value of a JSON text, or `undefined` if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// "not JSON" is one of the two answers that the caller asks for
		return undefined;
	}
}

/** Whether a text begins as a JSON object or list and ends before it does. Takes time linear in its length: it may be long. */
export function isTruncatedJson(text: string): boolean {
	if (!/^[[{]/.test(text)) return false;
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"') {
			at = endOfString(text, at);
			if (at === -1) return true;
		} else if (character === '{' || character === '[') depth++;
		else if (character === '}' || character === ']') depth--;
	}
	return depth > 0;
}

/** The index at which the JSON string that begins at `begin` ends; -1 if it does not end. */
export function endOfString(text: string, begin: number): number {
	for (let at = begin + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at;
	}
	return -1;
}

/** The same object without the keys whose value is `undefined`. */
export function definedKeys<T extends object>(holder: T): Partial<T> {
	// leaving out keys of a T gives a part of it
	return Object.fromEntries(Object.entries(holder).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/**
 * Takes over a newer version of a response, an item or a part. What is blank in it keeps the older value. Nothing is copied: a
 * server may send thousands of versions of a large object.
 */
export function mergeSnapshot(target: JsonObject, newer: JsonObject): JsonObject {
	for (const [key, value] of Object.entries(newer)) {
		// assigned to an object, this key would replace its prototype
		if (key !== '__proto__' && (!isBlank(value) || isBlank(target[key]))) target[key] = value;
	}
	return target;
}

/** Sets the keys of the target that are blank or missing. */
export function fillBlanks(target: JsonObject, source: JsonObject): void {
	for (const [key, value] of Object.entries(source)) {
		if (key !== '__proto__' && isBlank(target[key])) target[key] = value;
	}
}

/** Whether a value is empty: no text, or a list of parts without text. */
export function isBlank(value: unknown): boolean {
	if (!Array.isArray(value)) return value === undefined || value === null || value === '';
	return value.every((part) => isObject(part) && (part.text === '' || part.refusal === ''));
}

/** A copy of a value in which `change` was applied to every text at every depth, keys included. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [change(key), mapStrings(entry, change)]));
}
