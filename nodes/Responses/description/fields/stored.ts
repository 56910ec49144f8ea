import type { Field } from '../../../shared/description/field';
import { metadata } from '../../../shared/description/fields/metadata';

/**
 * A notice above operations that most gateways lack. Each resource has a notice of its own: a notice for both would also be
 * shown for Create of a response, because both resources have a Create.
 */
const keptNotice = (what: string, server: string): Field => ({
	displayName: `This needs a server that keeps ${what}, such as ${server}. Most gateways (new-api sites, OpenRouter, Ollama) keep none.`,
	name: 'keptNotice',
	type: 'notice',
	default: '',
});

/** Shown above the operations on stored responses. */
export const responsesNotice = keptNotice('responses', 'OpenAI or Azure (xAI, vLLM and LM Studio in part)');

/** Shown above the operations on conversations. */
export const conversationsNotice = keptNotice('conversations', 'OpenAI or Azure');

/** Part of the path. */
export const responseId: Field = {
	displayName: 'Response ID',
	name: 'responseId',
	type: 'string',
	default: '',
	placeholder: 'e.g. resp_123',
	description: 'The response that the server has stored, by the ID that Create gave',
};

/** Part of the path. */
export const conversationId: Field = {
	displayName: 'Conversation ID',
	name: 'conversationId',
	type: 'string',
	default: '',
	placeholder: 'e.g. conv_123',
	description: 'The conversation, by the ID that Create gave',
};

/** Sent as `items`, at most 20 in one call. */
export const conversationItems: Field = {
	displayName: 'Items',
	name: 'conversationItems',
	type: 'json',
	typeOptions: { rows: 5 },
	default: '[]',
	placeholder: 'e.g. [{"type": "message", "role": "user", "content": "Hello"}]',
	description: 'Messages and other items to put into the conversation, at most 20 at once',
};

/** Part of the path. */
export const conversationItemId: Field = {
	displayName: 'Item ID',
	name: 'conversationItemId',
	type: 'string',
	default: '',
	placeholder: 'e.g. msg_123',
	description: 'ID of the item in the conversation',
};

/** Sent as `metadata`. */
export const conversationMetadata: Field = metadata('conversationMetadata');

/** Whether all pages of a list are read. */
export const returnAll: Field = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

/** Most entries of a list that come out, unless all are wanted. */
export const limit: Field = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

/** All fields that Create lacks, in the order of the form. */
export const storedFields: Field[] = [
	responsesNotice,
	conversationsNotice,
	responseId,
	conversationId,
	conversationItemId,
	conversationItems,
	conversationMetadata,
	returnAll,
	limit,
];
