import type { IDataObject } from 'n8n-workflow';

import type { Road } from './http/send';
import { objectsIn, textIn, type JsonObject } from './json';
import { statusIn } from '../nodes/shared/errors/node-api-error';
import { request } from './client';
import type { Caller } from './http/retry';

/** Entries the API gives in one page at most */
const PAGE = 100;
/** How a server refuses to be asked for a page if it knows none */
const KNOWS_NO_PAGES = [400, 404, 405, 422];

/**
 * The entries of a list that comes in pages, in the server's order, `most` at most.
 * https://platform.openai.com/docs/api-reference/responses/input-items
 * @throws NodeApiError
 */
export async function listOf(road: Road, path: string, most: number, caller: Caller): Promise<JsonObject[]> {
	const entries: JsonObject[] = [];
	const known = new Set<unknown>();
	let after: string | undefined;
	let isSure = true;
	do {
		const limit = Math.min(PAGE, most - entries.length);
		const query: IDataObject = { limit, ...(after && { after }) };
		const [asked] = await Promise.allSettled([request(road, { method: 'GET', path, query }, caller)]);
		if (asked.status === 'rejected') {
			if (!isSure && KNOWS_NO_PAGES.includes(statusIn(asked.reason))) break;
			throw asked.reason;
		}
		const page = asked.value;
		const found = objectsIn(page, 'data');
		// a server that knows no pages gives the same entries again
		if (found.some(({ id }) => known.has(id))) break;
		found.forEach(({ id }) => id !== undefined && known.add(id));
		entries.push(...found);
		isSure = page.has_more === true || found.length >= limit;
		// as the official client: only `false` says that there is no more
		const isLast = page.has_more === false || found.length === 0;
		after = isLast ? undefined : (textIn(page, 'last_id') ?? textIn(found.at(-1), 'id'));
	} while (after !== undefined && entries.length < most);
	return entries.slice(0, most);
}
