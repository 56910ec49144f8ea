import { ApiError } from '../../api/errors/api-error';
import type { JsonObject } from '../../api/json';
import { listAll, type PageQuery } from '../../api/pagination';

const entries = (first: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: `i${first + index}` }));
const refusal = (status: number) => new ApiError('http_status', 'Unknown query', { status });

/** The entries that these pages give, and what each was asked for by. */
async function listed(pages: Array<JsonObject | Error>, limit = Infinity) {
	const queries: PageQuery[] = [];
	const list = await listAll(async (query) => {
		queries.push(query);
		const page = pages[queries.length - 1];
		return page instanceof Error ? await Promise.reject(page) : page;
	}, limit);
	return { ids: list.map(({ id }) => id), queries };
}

describe('listAll', () => {
	test('goes on after the last id until the server says that there is no more', async () => {
		const pages = [
			{ data: entries(0, 2), last_id: 'cursor', has_more: true },
			{ data: entries(2, 2), has_more: true },
			{ data: entries(4, 1), has_more: false },
		];
		const { ids, queries } = await listed(pages);
		expect(ids).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
		expect(queries).toEqual([{ limit: 100 }, { limit: 100, after: 'cursor' }, { limit: 100, after: 'i3' }]);
	});

	test('asks for no more than the limit', async () => {
		const pages = [
			{ data: entries(0, 100), has_more: true },
			{ data: entries(100, 30), has_more: true },
		];
		const { ids, queries } = await listed(pages, 120);
		expect(ids).toHaveLength(120);
		expect(queries.map(({ limit }) => limit)).toEqual([100, 20]);
	});

	test.each<[string, JsonObject[], number]>([
		['at an empty page', [{ data: entries(0, 2) }, { data: [] }], 2],
		['where a server without pages gives the same again', [{ data: entries(0, 2) }, { data: entries(0, 2) }], 2],
		['where entries have no id', [{ data: [{}, {}] }], 2],
	])('ends %s', async (_, pages, count) => expect((await listed(pages)).ids).toHaveLength(count));

	test.each([400, 404, 405, 422])('ends where a server refuses (%i) to be asked for more than a page that was not full', async (status) => {
		expect((await listed([{ data: entries(0, 2) }, refusal(status)])).ids).toEqual(['i0', 'i1']);
	});

	test.each<[string, Array<JsonObject | Error>]>([
		['the first page', [refusal(404)]],
		['a page that the server said there is', [{ data: entries(0, 2), has_more: true }, refusal(404)]],
		['a page after a full one', [{ data: entries(0, 100) }, refusal(404)]],
		['a page with another status', [{ data: entries(0, 2) }, refusal(500)]],
	])('fails with %s', async (_, pages) => await expect(listed(pages)).rejects.toThrow('Unknown query'));
});
