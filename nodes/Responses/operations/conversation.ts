import { parameterError } from '../../shared/errors/parameter-error';
import { requests } from '../../shared/description/fields/requests';
import { buildBody } from '../../shared/request/build-body';
import {
	conversationId,
	conversationItemId,
	conversationItems,
	conversationMetadata,
	conversationsNotice,
	limit,
	returnAll,
} from '../description/fields/stored';
import { limitOf, requestOptionsOf, requireId, toOutputs, type Operation, type OperationContext } from './operation';

const resource = 'conversation' as const;
/** Items the API takes in one call */
const MAX_ITEMS = 20;

/** What can be done with conversations. https://platform.openai.com/docs/api-reference/conversations */
export const conversationOperations: Operation[] = [
	{
		resource,
		value: 'create',
		name: 'Create',
		action: 'Create conversation',
		description: 'Begin a conversation that responses can belong to',
		fields: [conversationsNotice, conversationItems, conversationMetadata, requests],
		run: async (context) => {
			const items = conversationItemsOf(context);
			const body = { ...(items.length > 0 && { items }), ...(await metadataBody(context)) };
			const { conversations } = await context.execution.client();
			return toOutputs([await conversations.create(body, requestOptionsOf(context))]);
		},
	},
	{
		resource,
		value: 'get',
		name: 'Get',
		action: 'Get conversation',
		description: 'Get a conversation and its metadata',
		fields: [conversationsNotice, conversationId, requests],
		run: async (context) => {
			const { conversations } = await context.execution.client();
			return toOutputs([await conversations.retrieve(requireId(context, conversationId), requestOptionsOf(context))]);
		},
	},
	{
		resource,
		value: 'update',
		name: 'Update',
		action: 'Update conversation',
		description: 'Replace the metadata of a conversation',
		fields: [conversationsNotice, conversationId, conversationMetadata, requests],
		run: async (context) => {
			const body = { metadata: {}, ...(await metadataBody(context)) };
			const { conversations } = await context.execution.client();
			return toOutputs([await conversations.update(requireId(context, conversationId), body, requestOptionsOf(context))]);
		},
	},
	{
		resource,
		value: 'delete',
		name: 'Delete',
		action: 'Delete conversation',
		description: 'Delete a conversation',
		fields: [conversationsNotice, conversationId, requests],
		run: async (context) => {
			const id = requireId(context, conversationId);
			const { conversations } = await context.execution.client();
			await conversations.delete(id, requestOptionsOf(context));
			return toOutputs([{ deleted: true, id }]);
		},
	},
	{
		resource,
		value: 'addItems',
		name: 'Add Items',
		action: 'Add items to conversation',
		description: 'Add messages and other items to a conversation',
		fields: [conversationsNotice, conversationId, conversationItems, requests],
		run: async (context) => {
			const items = conversationItemsOf(context);
			if (items.length === 0) throw parameterError(context.item, '"Items" is empty', 'Give at least one item');
			const id = requireId(context, conversationId);
			const { conversations } = await context.execution.client();
			const added = await conversations.items.create(id, items, requestOptionsOf(context));
			return toOutputs(Array.isArray(added.data) ? added.data : [added]);
		},
	},
	{
		resource,
		value: 'getItems',
		name: 'Get Items',
		action: 'Get items of conversation',
		description: 'Get the items of a conversation, the newest first',
		fields: [conversationsNotice, conversationId, returnAll, limit, requests],
		run: async (context) => {
			const id = requireId(context, conversationId);
			const { conversations } = await context.execution.client();
			return toOutputs(await conversations.items.list(id, { ...requestOptionsOf(context), limit: limitOf(context) }));
		},
	},
	{
		resource,
		value: 'deleteItem',
		name: 'Delete Item',
		action: 'Delete item of conversation',
		description: 'Delete one item of a conversation',
		fields: [conversationsNotice, conversationId, conversationItemId, requests],
		run: async (context) => {
			const id = requireId(context, conversationItemId);
			const { conversations } = await context.execution.client();
			await conversations.items.delete(requireId(context, conversationId), id, requestOptionsOf(context));
			return toOutputs([{ deleted: true, id }]);
		},
	},
];

const metadataBody = async ({ values, item }: OperationContext) => await buildBody([conversationMetadata], values, item);

function conversationItemsOf({ values, item }: OperationContext): unknown[] {
	const items = values.conversationItems ?? [];
	const list: unknown[] = Array.isArray(items) ? items : [items];
	if (list.length <= MAX_ITEMS) return list;
	throw parameterError(item, `"Items" holds ${list.length} items, more than ${MAX_ITEMS}`, 'Add them in several steps');
}
