import { listOf } from '../../../api/pagination';
import { pathOf } from '../../../api/http/path';
import { request } from '../../../api/client';
import type { JsonObject } from '../../../api/json';
import { bodyOf } from '../../shared/description/field';
import { formError } from '../../shared/errors/parameter-error';
import { requests } from '../../shared/description/fields/requests';
import {
	conversationId,
	conversationItemId,
	conversationItems,
	conversationMetadata,
	conversationsNotice,
	limit,
	returnAll,
} from '../description/fields/stored';
import { deleted, idOf, mostOf, outputsOf, roadOf, type Operation, type Task } from './operation';

const resource = 'conversation' as const;
/** Items the API takes in one call */
const MOST_ITEMS = 20;

/** What can be done with conversations. https://platform.openai.com/docs/api-reference/conversations */
export const conversationOperations: Operation[] = [
	{
		resource,
		value: 'addItems',
		name: 'Add Items',
		action: 'Add items to conversation',
		description: 'Add messages and other items to a conversation',
		fields: [conversationsNotice, conversationId, conversationItems, requests],
		run: async (task) => {
			const items = itemsOf(task);
			if (items.length === 0) throw formError(task.item, '"Items" is empty', 'Give at least one item');
			const added = await sent(task, 'POST', `${conversationPath(task)}/items`, { items });
			return outputsOf(Array.isArray(added.data) ? added.data : [added]);
		},
	},
	{
		resource,
		value: 'create',
		name: 'Create',
		action: 'Create conversation',
		description: 'Begin a conversation that responses can belong to',
		fields: [conversationsNotice, conversationItems, conversationMetadata, requests],
		run: async (task) => {
			const items = itemsOf(task);
			const body = { ...(items.length > 0 && { items }), ...(await metadataOf(task)) };
			return outputsOf([await sent(task, 'POST', '/conversations', body)]);
		},
	},
	{
		resource,
		value: 'delete',
		name: 'Delete',
		action: 'Delete conversation',
		description: 'Delete a conversation',
		fields: [conversationsNotice, conversationId, requests],
		run: async (task) => await deleted(task, conversationPath(task), idOf(task, conversationId)),
	},
	{
		resource,
		value: 'deleteItem',
		name: 'Delete Item',
		action: 'Delete item of conversation',
		description: 'Delete one item of a conversation',
		fields: [conversationsNotice, conversationId, conversationItemId, requests],
		run: async (task) => {
			const id = idOf(task, conversationItemId);
			return await deleted(task, pathOf('conversations', idOf(task, conversationId), 'items', id), id);
		},
	},
	{
		resource,
		value: 'get',
		name: 'Get',
		action: 'Get conversation',
		description: 'Get a conversation and its metadata',
		fields: [conversationsNotice, conversationId, requests],
		run: async (task) => outputsOf([await sent(task, 'GET', conversationPath(task))]),
	},
	{
		resource,
		value: 'getItems',
		name: 'Get Items',
		action: 'Get items of conversation',
		description: 'Get the items of a conversation, the newest first',
		fields: [conversationsNotice, conversationId, returnAll, limit, requests],
		run: async (task) => outputsOf(await listOf(await roadOf(task), `${conversationPath(task)}/items`, mostOf(task), task.caller)),
	},
	{
		resource,
		value: 'update',
		name: 'Update',
		action: 'Update conversation',
		description: 'Replace the metadata of a conversation',
		fields: [conversationsNotice, conversationId, conversationMetadata, requests],
		run: async (task) => {
			const body = { metadata: {}, ...(await metadataOf(task)) };
			return outputsOf([await sent(task, 'POST', conversationPath(task), body)]);
		},
	},
];

const conversationPath = (task: Task) => pathOf('conversations', idOf(task, conversationId));

async function sent(task: Task, method: 'GET' | 'POST', path: string, body?: object): Promise<JsonObject> {
	return await request(await roadOf(task), { method, path, body }, task.caller);
}

const metadataOf = async ({ values, item }: Task) => await bodyOf([conversationMetadata], values, item);

function itemsOf({ values, item }: Task): unknown[] {
	const items = values.conversationItems ?? [];
	const list: unknown[] = Array.isArray(items) ? items : [items];
	if (list.length <= MOST_ITEMS) return list;
	throw formError(item, `"Items" holds ${list.length} items, more than ${MOST_ITEMS}`, 'Add them in several steps');
}
