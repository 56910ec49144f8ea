import type { IDataObject } from 'n8n-workflow';

import type { RequestContext } from './http/send';
import { objectsIn, textIn, type JsonObject } from './json';
import { httpStatusOf } from '../nodes/shared/errors/node-api-error';
import { requestJson } from './client';
import type { ErrorOrigin } from './http/retry';

/** Entries the API gives in one page at most */
const PAGE_SIZE = 100;
/** How a server refuses to be asked for a page if it knows none */
const UNKNOWN_QUERY_STATUSES = [400, 404, 405, 422];

/**
 * The entries of a list that comes in pages, in the server's order, `most` at most.
 * https://platform.openai.com/docs/api-reference/responses/input-items
 * @throws NodeApiError
 */
export async function listAll(road: RequestContext, path: string, most: number, caller: ErrorOrigin): Promise<JsonObject[]> {
	const entries: JsonObject[] = [];
	const known = new Set<unknown>();
	let after: string | undefined;
	let mayHaveMore = true;
	do {
		const limit = Math.min(PAGE_SIZE, most - entries.length);
		const query: IDataObject = { limit, ...(after && { after }) };
		const [asked] = await Promise.allSettled([requestJson(road, { method: 'GET', path, query }, caller)]);
		if (asked.status === 'rejected') {
			if (!mayHaveMore && UNKNOWN_QUERY_STATUSES.includes(httpStatusOf(asked.reason))) break;
			throw asked.reason;
		}
		const page = asked.value;
		const found = objectsIn(page, 'data');
		// a server that knows no pages gives the same entries again
		if (found.some(({ id }) => known.has(id))) break;
		found.forEach(({ id }) => id !== undefined && known.add(id));
		entries.push(...found);
		mayHaveMore = page.has_more === true || found.length >= limit;
		// as the official client: only `false` says that there is no more
		const isLast = page.has_more === false || found.length === 0;
		after = isLast ? undefined : (textIn(page, 'last_id') ?? textIn(found.at(-1), 'id'));
	} while (after !== undefined && entries.length < most);
	return entries.slice(0, most);
}
