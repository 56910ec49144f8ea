import { ApiError, toApiError } from './errors/api-error';
import { objectsIn, textIn, type JsonObject } from './json';

/** Entries that the API gives in one page at most */
const PAGE_SIZE = 100;
/** HTTP statuses of servers that have no pages and refuse the query */
const UNKNOWN_QUERY_STATUSES = [400, 404, 405, 422];

/** The query that asks for one page. */
export type PageQuery = { limit: number; after?: string };

/**
 * The entries of a list that comes in pages, in the server's order, `limit` at most.
 * https://platform.openai.com/docs/api-reference/responses/input-items
 * @throws ApiError, AbortedError
 */
export async function listAll(fetchPage: (query: PageQuery) => Promise<JsonObject>, limit: number): Promise<JsonObject[]> {
	const entries: JsonObject[] = [];
	const knownIds = new Set<unknown>();
	let after: string | undefined;
	let mayHaveMore = true;
	do {
		const pageLimit = Math.min(PAGE_SIZE, limit - entries.length);
		const page = await fetchPageOrNone(fetchPage, { limit: pageLimit, ...(after && { after }) }, mayHaveMore);
		if (!page) break;
		const found = objectsIn(page, 'data');
		// a server without pages gives the same entries again
		if (found.some(({ id }) => knownIds.has(id))) break;
		found.forEach(({ id }) => id !== undefined && knownIds.add(id));
		// one by one: a page may be longer than the arguments of a call
		for (const entry of found) entries.push(entry);
		mayHaveMore = page.has_more === true || found.length >= pageLimit;
		// as the official client: only `false` says that there is no more
		const isLast = page.has_more === false || found.length === 0;
		after = isLast ? undefined : (textIn(page, 'last_id') ?? textIn(found.at(-1), 'id'));
	} while (after !== undefined && entries.length < limit);
	return entries.slice(0, limit);
}

/** A page; `undefined` if the list seemed to be at its end and the server refuses the query. */
async function fetchPageOrNone(fetchPage: (query: PageQuery) => Promise<JsonObject>, query: PageQuery, isRequired: boolean) {
	try {
		return await fetchPage(query);
	} catch (thrown) {
		const error = toApiError(thrown);
		const isRefused = error instanceof ApiError && UNKNOWN_QUERY_STATUSES.includes(error.details.status ?? 0);
		if (!isRequired && isRefused) return undefined;
		throw error;
	}
}
