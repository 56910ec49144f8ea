import { listAll } from '../../../api/pagination';
import { pathOf } from '../../../api/http/path';
import { requestJson } from '../../../api/client';
import type { JsonObject } from '../../../api/json';
import { buildBody } from '../../shared/description/field';
import { parameterError } from '../../shared/errors/parameter-error';
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
import { deleteResource, requireId, limitOf, toOutputs, requestContextOf, type Operation, type OperationContext } from './operation';

const resource = 'conversation' as const;
/** Items the API takes in one call */
const MAX_ITEMS = 20;

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
			const items = conversationItemsOf(task);
			if (items.length === 0) throw parameterError(task.item, '"Items" is empty', 'Give at least one item');
			const added = await requestConversation(task, 'POST', `${conversationPath(task)}/items`, { items });
			return toOutputs(Array.isArray(added.data) ? added.data : [added]);
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
			const items = conversationItemsOf(task);
			const body = { ...(items.length > 0 && { items }), ...(await metadataBody(task)) };
			return toOutputs([await requestConversation(task, 'POST', '/conversations', body)]);
		},
	},
	{
		resource,
		value: 'delete',
		name: 'Delete',
		action: 'Delete conversation',
		description: 'Delete a conversation',
		fields: [conversationsNotice, conversationId, requests],
		run: async (task) => await deleteResource(task, conversationPath(task), requireId(task, conversationId)),
	},
	{
		resource,
		value: 'deleteItem',
		name: 'Delete Item',
		action: 'Delete item of conversation',
		description: 'Delete one item of a conversation',
		fields: [conversationsNotice, conversationId, conversationItemId, requests],
		run: async (task) => {
			const id = requireId(task, conversationItemId);
			return await deleteResource(task, pathOf('conversations', requireId(task, conversationId), 'items', id), id);
		},
	},
	{
		resource,
		value: 'get',
		name: 'Get',
		action: 'Get conversation',
		description: 'Get a conversation and its metadata',
		fields: [conversationsNotice, conversationId, requests],
		run: async (task) => toOutputs([await requestConversation(task, 'GET', conversationPath(task))]),
	},
	{
		resource,
		value: 'getItems',
		name: 'Get Items',
		action: 'Get items of conversation',
		description: 'Get the items of a conversation, the newest first',
		fields: [conversationsNotice, conversationId, returnAll, limit, requests],
		run: async (task) =>
			toOutputs(await listAll(await requestContextOf(task), `${conversationPath(task)}/items`, limitOf(task), task.origin)),
	},
	{
		resource,
		value: 'update',
		name: 'Update',
		action: 'Update conversation',
		description: 'Replace the metadata of a conversation',
		fields: [conversationsNotice, conversationId, conversationMetadata, requests],
		run: async (task) => {
			const body = { metadata: {}, ...(await metadataBody(task)) };
			return toOutputs([await requestConversation(task, 'POST', conversationPath(task), body)]);
		},
	},
];

const conversationPath = (task: OperationContext) => pathOf('conversations', requireId(task, conversationId));

async function requestConversation(task: OperationContext, method: 'GET' | 'POST', path: string, body?: object): Promise<JsonObject> {
	return await requestJson(await requestContextOf(task), { method, path, body }, task.origin);
}

const metadataBody = async ({ values, item }: OperationContext) => await buildBody([conversationMetadata], values, item);

function conversationItemsOf({ values, item }: OperationContext): unknown[] {
	const items = values.conversationItems ?? [];
	const list: unknown[] = Array.isArray(items) ? items : [items];
	if (list.length <= MAX_ITEMS) return list;
	throw parameterError(item, `"Items" holds ${list.length} items, more than ${MAX_ITEMS}`, 'Add them in several steps');
}
