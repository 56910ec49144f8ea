import type { Field } from '../field';
import { metadata } from './metadata';

/** The fields of the operations on what the server has stored; they lead into the path or the query. */

/** Said above the operations that most gateways lack; a field of its own for each resource, whose operations share names. */
const keptNotice = (what: string, server: string): Field => ({
	displayName: `This needs a server that keeps ${what}, such as ${server}. Most gateways (new-api sites, OpenRouter, Ollama) keep none.`,
	name: 'keptNotice',
	type: 'notice',
	default: '',
});

export const responsesNotice = keptNotice('responses', 'OpenAI, Azure or xAI');

export const conversationsNotice = keptNotice('conversations', 'OpenAI or Azure');

export const responseId: Field = {
	displayName: 'Response ID',
	name: 'responseId',
	type: 'string',
	default: '',
	placeholder: 'e.g. resp_123',
	description: 'The response that the server has stored, by the ID that Create gave',
};

export const conversationId: Field = {
	displayName: 'Conversation ID',
	name: 'conversationId',
	type: 'string',
	default: '',
	placeholder: 'e.g. conv_123',
	description: 'The conversation, by the ID that Create gave',
};

export const conversationItems: Field = {
	displayName: 'Items',
	name: 'conversationItems',
	type: 'json',
	typeOptions: { rows: 5 },
	default: '[]',
	placeholder: 'e.g. [{"type": "message", "role": "user", "content": "Hello"}]',
	description: 'Messages and other items to put into the conversation, at most 20 at once',
};

export const conversationItemId: Field = {
	displayName: 'Item ID',
	name: 'conversationItemId',
	type: 'string',
	default: '',
	placeholder: 'e.g. msg_123',
	description: 'ID of the item in the conversation',
};

export const conversationMetadata: Field = metadata('Metadata', 'conversationMetadata');

export const returnAll: Field = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limit: Field = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};
