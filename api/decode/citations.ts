import { asObjects, isObject, listIn, objectIn, objectsIn, type JsonObject } from '../json';
import { CITATION_ITEMS, CITATION_KEYS } from './quirks';

/** The web pages that a server lists beside its answer instead of annotating the text: objects with `url`, some with `title`. */
export function citationsIn(body: JsonObject, output: readonly JsonObject[]): JsonObject[] {
	const [choice] = objectsIn(body, 'choices');
	const message = objectIn(choice, 'message');
	const holders = [body, choice, message, objectIn(message, 'context'), objectIn(message, 'provider_specific_fields')];
	const listed = holders.flatMap((holder) => CITATION_KEYS.flatMap((key) => listIn(holder, key)));
	const found = output.filter(({ type }) => CITATION_ITEMS.includes(String(type))).flatMap(({ results }) => asObjects(results));
	// what the search tool has read, where `include` asks for it
	const read = output.filter(({ type }) => type === 'web_search_call').flatMap(({ action }) => objectsIn(action, 'sources'));
	return [...listed, ...found, ...read].map((entry: unknown) => (typeof entry === 'string' ? { url: entry } : entry)).filter(isObject);
}
