/** A JSON object as a server sent it: nothing in it has been checked. */
export type JsonObject = { [key: string]: unknown };

/** Whether a value is a JSON object: not `null` and not a list. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty object. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The objects in a list, in order, without its other entries; an empty list if the value is no list. */
export const asObjects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The object under a key, else an empty object. */
export const objectIn = (holder: unknown, key: string): JsonObject => asObject(asObject(holder)[key]);

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

/** The value of a JSON text, or `undefined` if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// "not JSON" is one of the two answers that the caller asks for
		return undefined;
	}
}

/** The same object without the keys whose value is `undefined`. */
export function definedKeys<T extends object>(holder: T): Partial<T> {
	// leaving out keys of a T gives a part of it
	return Object.fromEntries(Object.entries(holder).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The same object without the keys whose value says nothing: `undefined`, `null` or a blank text. */
export const statedKeys = (holder: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(holder).filter(
			([, value]) => value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== ''),
		),
	);

/** A copy of a value in which `change` was applied to every text at every depth, keys included. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [change(key), mapStrings(entry, change)]));
}
