import type { IDataObject } from 'n8n-workflow';

import type { Road } from './exchange';
import { objectsIn, textIn, type JsonObject } from './json';
import { request } from './respond';
import type { Caller } from './retry';

/** Entries the API gives in one page at most */
const PAGE = 100;

/**
 * The entries of a list that comes in pages, in the server's order, `most` at most.
 * https://platform.openai.com/docs/api-reference/responses/input-items
 * @throws NodeApiError
 */
export async function listOf(road: Road, path: string, most: number, caller: Caller): Promise<JsonObject[]> {
	const entries: JsonObject[] = [];
	let after: string | undefined;
	do {
		const limit = Math.min(PAGE, most - entries.length);
		const query: IDataObject = { limit, ...(after && { after }) };
		const page = await request(road, { method: 'GET', path, query }, caller);
		const found = objectsIn(page, 'data');
		const last = textIn(page, 'last_id') ?? textIn(found.at(-1), 'id');
		// a server that knows no pages gives the same one again
		if (after !== undefined && last === after) break;
		entries.push(...found);
		// a server that does not say whether there is more may have more where the page is full
		const isMore = page.has_more ?? found.length >= limit;
		after = isMore === true && found.length > 0 ? last : undefined;
	} while (after !== undefined && entries.length < most);
	return entries.slice(0, most);
}
