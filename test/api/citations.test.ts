import { citationsIn } from '../../api/decode/citations';

describe('citationsIn', () => {
	test.each<[string, object, Array<{ type: string; [key: string]: unknown }>, object[]]>([
		['addresses beside the answer', { citations: ['a', 'b'] }, [], [{ url: 'a' }, { url: 'b' }]],
		['objects beside the answer', { search_results: [{ url: 'a', title: 'A' }] }, [], [{ url: 'a', title: 'A' }]],
		['both, in their order', { citations: ['a'], search_results: [{ url: 'b' }] }, [], [{ url: 'a' }, { url: 'b' }]],
		['the results of an output item', {}, [{ type: 'message' }, { type: 'search_results', results: [{ url: 'a' }, null] }], [{ url: 'a' }]],
		['nothing where there is none', { citations: null, search_results: {} }, [{ type: 'search_results' }], []],
		['nothing of what is no address', { citations: [1, null, ['a']] }, [], []],
	])('reads %s', (_, body, output, citations) => {
		expect(citationsIn({ ...body }, output)).toEqual(citations);
	});
});
