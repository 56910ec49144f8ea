import { pathOf } from '../../api/http/path';
import { byResponsesSupportThenId, modelId, modelsIn, otherPurpose } from '../../api/models';

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
		['without entries that are none, a text as an id', { data: [{ id: '' }, null, 'x', { id: 'a' }] }, ['x', 'a']],
		['that is missing', {}, []],
	])('modelsIn reads one %s', (_, reply, ids) => expect(modelsIn({ ...reply }).map(modelId)).toEqual(ids));

	test('byResponsesSupportThenId puts those first that are marked for this API, and those last that give no text', () => {
		const models = [
			{ id: 'a', supported_endpoint_types: ['embeddings'] },
			{ id: 'c' },
			{ id: 'b', supported_endpoint_types: ['openai'] },
			{ id: 'z', supported_endpoint_types: ['openai-response'] },
		];
		expect(models.sort(byResponsesSupportThenId).map(modelId)).toEqual(['z', 'b', 'c', 'a']);
	});

	test.each<[string, object, string | undefined]>([
		['of new-api for embeddings', { supported_endpoint_types: ['embeddings'] }, 'embeddings'],
		[
			'of new-api for images and videos',
			{ supported_endpoint_types: ['image-generation', 'openai-video'] },
			'image-generation, openai-video',
		],
		['of new-api for reranking', { supported_endpoint_types: ['jina-rerank'] }, 'jina-rerank'],
		['of new-api that gives images in a chat', { supported_endpoint_types: ['image-generation', 'openai'] }, undefined],
		['of OpenRouter for images alone', { architecture: { output_modalities: ['image'] } }, 'image'],
		['of OpenRouter for texts and images', { architecture: { output_modalities: ['image', 'text'] } }, undefined],
		['of Together for speech', { type: 'audio' }, 'audio'],
		['of LM Studio for embeddings', { type: 'embeddings' }, 'embeddings'],
		['of LM Studio for texts and images', { type: 'vlm' }, undefined],
		['with an empty list of endpoints', { supported_endpoint_types: [], object: 'model' }, undefined],
		['without any mark', { object: 'model' }, undefined],
	])('otherPurpose of a model %s', (_, model, purpose) => expect(otherPurpose({ id: 'a', ...model })).toBe(purpose));
});
