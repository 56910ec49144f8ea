import type { INodeParameters } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { startStatefulServer } from '../support/stateful-server';

type Server = Awaited<ReturnType<typeof startStatefulServer>>;
type Parameters = INodeParameters;

const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };

let server: Server;
beforeEach(async () => {
	server = await startStatefulServer({ states: ['in_progress'] });
});
afterEach(async () => await server.close());

const credentials = () => ({ responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } });

/** The items that a run gives, or the message of its error. */
async function resultOf(parameters: Parameters) {
	const { items, error } = await runNode(parameters, { credentials: credentials() });
	return error ? error.message : items.map(({ json }) => json);
}

const create = async (more: Parameters = {}) => await resultOf({ model, prompt: 'Hello', ...more });

describe('Responses at the server', () => {
	test('go on from the one before', async () => {
		await create();
		await expect(create({ prompt: 'And then?', options: { previousResponseId: 'resp_1' } })).resolves.toMatchObject([
			{ id: 'resp_2', text: 'Turn 2' },
		]);
	});

	test('can be got again', async () => {
		const made = await create();
		await expect(resultOf({ operation: 'get', responseId: 'resp_1' })).resolves.toEqual(made);
	});

	test.each([
		['all of three pages', { returnAll: true }, 250],
		['as many as the limit says, over pages', { limit: 120 }, 120],
		['fifty unless it is said otherwise', {}, 50],
	])('give their input items: %s', async (_, many, count) => {
		const inputItems = Array.from({ length: 250 }, (__, index) => ({ role: 'user', content: `Line ${index}` }));
		await create({ inputType: 'json', inputItems });
		const items = await resultOf({ operation: 'getInputItems', responseId: 'resp_1', ...many });
		const distinct = new Set(Array.isArray(items) ? items.map((item) => JSON.stringify(item)) : []);
		expect([items.length, distinct.size]).toEqual([count, count]);
	});

	test('are cancelled while the server works on them', async () => {
		await create({ options: { background: true, waitForCompletion: false } });
		await expect(resultOf({ operation: 'cancel', responseId: 'resp_1' })).resolves.toMatchObject([
			{ id: 'resp_1', status: 'cancelled', text: '' },
		]);
	});

	test('are not cancelled once they are finished, and the error says so', async () => {
		await create();
		const { error } = await runNode({ operation: 'cancel', responseId: 'resp_1' }, { credentials: credentials() });
		expect([error?.message, error?.description]).toEqual([
			'Cannot cancel a completed response.',
			expect.stringContaining('Only a response that was begun with Background and is not finished can be cancelled'),
		]);
	});

	test('are gone once they are deleted', async () => {
		await create();
		await expect(resultOf({ operation: 'delete', responseId: 'resp_1' })).resolves.toEqual([{ deleted: true, id: 'resp_1' }]);
		await expect(resultOf({ operation: 'get', responseId: 'resp_1' })).resolves.toBe("Response with id 'resp_1' not found.");
	});
});

test('A conversation goes through all its operations', async () => {
	const conversation = (operation: string, more: Parameters = {}) =>
		resultOf({ resource: 'conversation', operation, conversationId: 'conv_1', ...more });
	const message = (content: string) => ({ type: 'message', role: 'user', content });
	const results = [
		await conversation('create', {
			conversationItems: [message('Hello')],
			conversationMetadata: { values: [{ name: 'order', value: '4711' }] },
		}),
		await conversation('addItems', { conversationItems: JSON.stringify([message('One'), message('Two')]) }),
		await conversation('getItems', { returnAll: true }),
		await conversation('deleteItem', { conversationItemId: 'item_2' }),
		await conversation('getItems'),
		await conversation('update', { conversationMetadata: { values: [{ name: 'order', value: '4712' }] } }),
		await conversation('get'),
		await conversation('delete'),
		await conversation('get'),
	];
	const made = { id: 'conv_1', object: 'conversation', created_at: 1795000000, metadata: { order: '4712' } };
	expect(results).toEqual([
		[{ ...made, metadata: { order: '4711' } }],
		[
			{ id: 'item_2', ...message('One') },
			{ id: 'item_3', ...message('Two') },
		],
		[
			{ id: 'item_3', ...message('Two') },
			{ id: 'item_2', ...message('One') },
			{ id: 'item_0', ...message('Hello') },
		],
		[{ deleted: true, id: 'item_2' }],
		[
			{ id: 'item_3', ...message('Two') },
			{ id: 'item_0', ...message('Hello') },
		],
		[made],
		[made],
		[{ deleted: true, id: 'conv_1' }],
		"Conversation with id 'conv_1' not found.",
	]);
});
