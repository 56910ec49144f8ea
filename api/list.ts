import type { IDataObject } from 'n8n-workflow';

import type { Road } from './exchange';
import { objectsIn, textIn, type JsonObject } from './json';
import { statusIn } from './node-error';
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
	let isSure = true;
	do {
		const query: IDataObject = { limit: Math.min(PAGE, most - entries.length), ...(after && { after }) };
		const [asked] = await Promise.allSettled([request(road, { method: 'GET', path, query }, caller)]);
		if (asked.status === 'rejected') {
			if (!isSure && Math.floor(statusIn(asked.reason) / 100) === 4) break;
			throw asked.reason;
		}
		const page = asked.value;
		const found = objectsIn(page, 'data');
		const last = textIn(page, 'last_id') ?? textIn(found.at(-1), 'id');
		// a server that knows no pages gives the same one again, or refuses to be asked for another
		if (after !== undefined && last === after) break;
		entries.push(...found);
		isSure = page.has_more === true;
		// as the official client: only `false` says that there is no more
		after = page.has_more !== false && found.length > 0 ? last : undefined;
	} while (after !== undefined && entries.length < most);
	return entries.slice(0, most);
}
