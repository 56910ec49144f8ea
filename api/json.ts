/** A JSON object whose content nobody has checked yet: what servers send. */
export type JsonObject = { [key: string]: unknown };

/** Whether a value is a JSON object (not a list, not null). */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; an empty one where there is none. */
export function objectIn(holder: unknown, key: string): JsonObject {
	const value = isObject(holder) ? holder[key] : undefined;
	return isObject(value) ? value : {};
}

/** The objects in the list under a key, in order; whatever else the list holds is passed over. */
export function objectsIn(holder: unknown, key: string): JsonObject[] {
	const value = isObject(holder) ? holder[key] : undefined;
	return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The non-empty text under a key. */
export function textIn(holder: unknown, key: string): string | undefined {
	const value = isObject(holder) ? holder[key] : undefined;
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A value's JSON, or `undefined` where the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// the caller asks whether it is JSON: "no" is an answer here, not a fault
		return undefined;
	}
}

/** The keys of an object that hold something. */
export function definedKeys<T extends object>(holder: T): Partial<T> {
	// leaving out keys of a T gives a part of it
	return Object.fromEntries(Object.entries(holder).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** A value with every text changed by `change`, at every depth, keys too; objects and lists are copied. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [change(key), mapStrings(entry, change)]));
}
