import { pathOf } from '../../api/http/path';
import { byResponsesSupportThenId, modelId, modelsIn } from '../../api/models';

describe('pathOf', () => {
	test.each<[string[], string]>([
		[['responses', 'resp_1'], '/responses/resp_1'],
		[['responses', ' resp_1\n'], '/responses/resp_1'],
		[['responses', 'a/b?c#d'], '/responses/a%2Fb%3Fc%23d'],
		[['conversations', 'conv_1', 'items', 'ä'], '/conversations/conv_1/items/%C3%A4'],
		[['responses', 'a\ud83d'], '/responses/a%EF%BF%BD'],
	])('of %j is %s', (parts, path) => expect(pathOf(...parts)).toBe(path));

	test.each(['', ' ', '.', '..', '../models', 'a/../b', 'a\\..\\b', ' .. '])('refuses %j', (part) => {
		expect(() => pathOf('responses', part)).toThrow(expect.objectContaining({ code: 'invalid_id' }));
	});
});

describe('The list of models', () => {
	test.each<[string, object, string[]]>([
		['in data', { data: [{ id: 'b' }, { id: 'a' }] }, ['b', 'a']],
		['in models, by name', { models: [{ name: 'a' }] }, ['a']],
		['without entries that are none', { data: [{ id: '' }, null, 'x', { id: 'a' }] }, ['a']],
		['that is missing', {}, []],
	])('modelsIn reads one %s', (_, reply, ids) => expect(modelsIn({ ...reply }).map(modelId)).toEqual(ids));

	test('byResponsesSupportThenId puts those first that are marked for this API', () => {
		const models = [
			{ id: 'c' },
			{ id: 'b', supported_endpoint_types: ['openai'] },
			{ id: 'z', supported_endpoint_types: ['openai-response'] },
		];
		expect(models.sort(byResponsesSupportThenId).map(modelId)).toEqual(['z', 'b', 'c']);
	});
});
