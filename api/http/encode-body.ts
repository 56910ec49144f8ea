import { randomUUID } from 'node:crypto';

import { toApiError } from '../errors/api-error';
import { isObject } from '../json';
import { longTask } from '../long-task';

/** Characters from which on a text is large */
const LARGE = 256 * 1024;
/** ASCII texts that need no escaping in JSON, such as base64 and data URLs */
const PLAIN = /^[\w+/=:;,.-]*$/;

/**
 * The bytes of a request's body. They are made once, before the call waits for its turn, so that the body, which may hold large
 * files, can be freed. Bytes and not an object, because n8n does not send an empty object (some servers refuse a POST without a
 * body) and drops keys such as `constructor` from others.
 */
export async function encodeBody(body: object): Promise<Buffer> {
	try {
		if (textLength(body) < LARGE) return Buffer.from(encodeSmall(body));
		return await longTask(() => encodeLarge(body));
	} catch (error) {
		throw toApiError(error);
	}
}

/** `JSON.stringify` escapes half a surrogate pair: only then the body is gone through once more, for each of its values. */
function encodeSmall(body: object): string {
	const json = JSON.stringify(body);
	return /\\ud[89a-f]/.test(json) ? JSON.stringify(body, wellFormed) : json;
}

/** Large texts without anything to escape are copied into the bytes: in JSON there would be one more copy of each. */
function encodeLarge(body: object): Buffer {
	const texts: string[] = [];
	const boundary = randomUUID();
	const json = JSON.stringify(body, (key, value: unknown) => {
		if (typeof value !== 'string' || value.length < LARGE || !PLAIN.test(value)) return wellFormed(key, value);
		texts.push(value);
		return boundary;
	});
	const between = json.split(boundary);
	const size = [...between.map((text) => Buffer.byteLength(text)), ...texts.map(({ length }) => length)].reduce(
		(sum, length) => sum + length,
		0,
	);
	const bytes = Buffer.allocUnsafe(size);
	let end = bytes.write(between[0]);
	texts.forEach((text, index) => {
		end += bytes.write(text, end, 'latin1');
		end += bytes.write(between[index + 1], end);
	});
	return bytes;
}

/** For `JSON.stringify`: half a surrogate pair (a text cut in the middle of an emoji) is no UTF-8, and becomes U+FFFD. */
function wellFormed(_: string, value: unknown): unknown {
	if (typeof value === 'string') return value.toWellFormed();
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.toWellFormed(), entry]));
}

/** How many characters all texts in a value have. */
function textLength(value: unknown): number {
	if (typeof value === 'string') return value.length;
	if (typeof value !== 'object' || value === null) return 0;
	return Object.values(value).reduce<number>((sum, entry) => sum + textLength(entry), 0);
}
