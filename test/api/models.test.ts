import { modelId, modelsIn } from '../../api/models';
import { searchList } from '../support/engine';
import { fixture, json } from '../support/replies';
import { startServer } from '../support/server';
import { credentialsOf, runOnce, testCases } from '../support/cases';

const listing = { parameters: { resource: 'model', operation: 'getAll', returnAll: true } };

describe('modelsIn', () => {
	test.each<[string, unknown, string[]]>([
		['a list of objects', [{ id: 'a' }, { id: 'b' }], ['a', 'b']],
		['a list of names', ['a', 'b'], ['a', 'b']],
		['data', { object: 'list', data: [{ id: 'a' }] }, ['a']],
		['data with names', { success: true, data: ['a', 'b'] }, ['a', 'b']],
		['models', { models: [{ name: 'a' }, { model: 'b' }] }, ['a', 'b']],
		['an empty data beside models', { data: [], models: [{ id: 'a' }] }, ['a']],
		['a list in data', { data: { object: 'list', data: [{ id: 'a' }] } }, ['a']],
		['models in data', { data: { models: ['a'] } }, ['a']],
		['a result', { success: true, result: [{ id: 'a' }] }, ['a']],
		['objects by their ids', { data: { a: { owned_by: 'x' }, b: { id: 'c' } } }, ['a', 'c']],
		['objects by their ids at the root', { a: { context: 1 }, b: {} }, ['a', 'b']],
		['names by their owners', { data: { x: ['a'], y: ['b', 'c'] } }, ['a', 'b', 'c']],
		['identifiers', { data: [{ identifier: 'a' }] }, ['a']],
		['a number as id beside a name', { data: [{ id: 7, name: 'a' }] }, ['a']],
		['nothing', { object: 'list', data: [] }, []],
		['null', { object: 'list', data: null }, []],
		['blanks', { data: [null, 7, '', {}, { id: '' }] }, []],
	])('reads %s', (_, reply, ids) => expect(modelsIn(reply).map(modelId)).toEqual(ids));
});

testCases('Get Many Models gives what the server says of each', [
	{
		title: 'together-models.1.json',
		why: 'Together',
		reply: fixture('together-models.1.json'),
		...listing,
		expectJson: { id: 'meta/llama-4' },
	},
	{
		title: 'llama-stack-models.1.json',
		why: 'Llama Stack',
		reply: fixture('llama-stack-models.1.json'),
		...listing,
		expectJson: { identifier: 'ollama/qwen3:4b', provider_id: 'ollama' },
	},
	{ title: 'names alone', reply: json({ data: ['a'] }), ...listing, expectJson: { id: 'a' } },
	{
		title: 'models with words of their own are no error',
		reply: json([{ id: 'a', title: 'Model A', message: 'New!' }]),
		...listing,
		expectJson: { id: 'a' },
	},
	{ title: 'a list with an error is the error', reply: json([{ error: { message: 'No' } }]), ...listing, expectError: { message: 'No' } },
]);

test.each([
	['together-models.1.json', ['meta/llama-4', 'qwen/qwen3']],
	['llama-stack-models.1.json', ['ollama/qwen3:4b', 'vllm/mistral']],
	['ollama-models.1.json', ['gemma3:4b', 'qwen3:8b']],
	['lm-studio-models.1.json', ['qwen/qwen3-4b']],
])('The list in the form shows the models of %s', async (name, ids) => {
	const server = await startServer(fixture(name));
	const { results } = await searchList('searchModels', { credentials: credentialsOf(server.url) });
	await server.close();
	expect(results.map(({ value }) => value)).toEqual(ids);
});

test('A list in reply to Create is shown as it came', async () => {
	expect((await runOnce(json([{ id: 'a' }]))).json.error).toBe('The server sent something that is not a response: [{"id":"a"}]');
});
