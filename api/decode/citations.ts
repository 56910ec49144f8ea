import { asObjects, isObject, type JsonObject } from '../json';
import { CITATION_ITEM, CITATION_KEYS } from './quirks';

/** The web pages that a server lists beside its answer instead of annotating the text: objects with `url`, some with `title`. */
export function citationsIn(body: JsonObject, output: readonly JsonObject[]): JsonObject[] {
	const listed = CITATION_KEYS.flatMap((key) => (Array.isArray(body[key]) ? body[key] : []));
	const found = output.filter(({ type }) => type === CITATION_ITEM).flatMap(({ results }) => asObjects(results));
	return [...listed, ...found].map((entry: unknown) => (typeof entry === 'string' ? { url: entry } : entry)).filter(isObject);
}
