import type { EasyInputMessage } from 'openai/resources/responses/responses';

import { asObjects, isObject, objectIn } from '../../../../api/json';
import type { Body } from '../../../../api/params';
import { fixedCollection, showFor, type Field, type ParameterValues } from '../../../shared/description/field';
import { hasTemplate } from '../../../shared/description/fields/model';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';
import { splitNames, splitUrls } from '../../../shared/request/parameters';
import { imageDetail, readAttachments, type Part } from '../../request/attachments';

const binaryFields: Field = {
	displayName: 'Binary Fields',
	name: 'binaryFields',
	accepts: 'list',
	type: 'string',
	default: '',
	placeholder: 'e.g. data, attachment_0',
	description:
		'Names of the binary fields of the item to send along, separated by commas, or * for all: PNG, JPEG, WebP and GIF images, PDF, Office and text files',
};

const messages = fixedCollection(
	{
		displayName: 'Messages',
		name: 'messages',
		placeholder: 'Add Message',
		description: 'The conversation so far, oldest message first',
	},
	'Message',
	[
		{
			displayName: 'Role',
			name: 'role',
			type: 'options',
			default: 'user',
			options: [
				{ name: 'Assistant', value: 'assistant', description: 'An answer that the model gave before' },
				{ name: 'Developer', value: 'developer', description: 'A rule that takes priority over what the user says' },
				{ name: 'System', value: 'system', description: 'The same, for servers without a developer role' },
				{ name: 'User', value: 'user', description: 'What the model is asked' },
			],
			description: 'Who is speaking',
		},
		{
			displayName: 'Content',
			name: 'content',
			accepts: 'json',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			placeholder: 'e.g. Summarise this e-mail in one sentence',
			description: 'The text of the message',
		},
		binaryFields,
		{
			displayName: 'Image URLs',
			name: 'imageUrls',
			accepts: 'list',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: 'Addresses of images that the server is to fetch, separated by commas',
		},
		{
			displayName: 'File URLs',
			name: 'fileUrls',
			accepts: 'list',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/invoice.pdf',
			description: 'Addresses of files that the server is to fetch, separated by commas',
		},
	],
);

const showForType = (inputType: string) => showFor('inputType', [inputType], 'input');

/** The fields of the parameter `input`, and `instructions`. Input Type sends the values of the fields that it shows. */
export const inputFields: Field[] = [
	{
		displayName: 'Input Type',
		name: 'inputType',
		type: 'options',
		default: 'prompt',
		options: [
			{ name: 'Prompt', value: 'prompt', description: 'One text, with files if you like' },
			{ name: 'Messages', value: 'messages', description: 'A conversation of several messages' },
			{ name: 'JSON', value: 'json', description: 'Input items as the API takes them' },
		],
		description: 'How the input is given',
		param: 'input',
		sends: async (type: string, values, item): Promise<Body> => {
			if (type === 'json') return jsonInput(values, item);
			return type === 'messages' ? await messagesInput(values, item) : await promptInput(values, item);
		},
	},
	{
		displayName: 'Prompt',
		name: 'prompt',
		accepts: 'json',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. Summarise this e-mail in one sentence',
		description: 'What to ask the model, once for each item; drag fields of the input into it, or click Expression before you type {{ }}',
		...showForType('prompt'),
	},
	{ ...messages, ...showForType('messages') },
	{
		displayName: 'Input Items',
		name: 'inputItems',
		type: 'json',
		typeOptions: { rows: 6 },
		default: '[]',
		placeholder: 'e.g. [{"type": "message", "role": "user", "content": "Hello"}]',
		description: 'The input as the API takes it: a list of messages, function call outputs, references and so on',
		...showForType('json'),
	},
	{ ...binaryFields, ...showForType('prompt') },
	{
		displayName: 'Instructions',
		name: 'instructions',
		accepts: 'json',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Answer in German, in at most 20 words',
		description: 'Rules for the answer that take priority over the input, such as role, tone and language',
		sends: 'instructions',
	},
];

/** Whether the input may be blank: a template may bring it, and a stored response or conversation can be counted or compacted alone. */
function mayBeBlank(values: ParameterValues, { context, index }: ItemContext): boolean {
	if (hasTemplate(values)) return true;
	const { previousResponseId, conversation } = objectIn(values, 'options');
	const isKept = previousResponseId !== undefined || conversation !== undefined;
	return isKept && context.getNodeParameter('operation', index) !== 'create';
}

async function promptInput(values: ParameterValues, item: ItemContext): Promise<Body> {
	const text = String(values.prompt ?? '');
	const parts = await readAttachments(values.binaryFields, item, values);
	if (text.trim() !== '' || parts.length > 0) return { input: [toMessage('user', text, parts)] };
	if (mayBeBlank(values, item)) return {};
	const skip = item.context.continueOnFail() ? '' : '. To skip blank rows, set On Error to Continue in the Settings of this node';
	const hint = `Type what the model is asked; if it is an expression, look at what it gives for this item${skip}`;
	throw parameterError(item, '"Prompt" is blank for this item', hint);
}

async function messagesInput(values: ParameterValues, item: ItemContext): Promise<Body> {
	// a fixed collection is converted to a list of rows
	const rows = (values.messages ?? []) as ParameterValues[];
	if (rows.length === 0 && mayBeBlank(values, item)) return {};
	if (rows.length === 0) throw parameterError(item, '"Messages" is empty', 'Add a message');
	const input: EasyInputMessage[] = [];
	for (const [index, row] of rows.entries()) {
		const text = String(row.content ?? '');
		const parts = [...(await readAttachments(row.binaryFields, item, values)), ...partsOfUrls(row, values)];
		if (text.trim() === '' && parts.length === 0) {
			throw parameterError(item, `Message ${index + 1} has neither text nor a file`, 'Fill in its Content, or remove it');
		}
		input.push(toMessage(row.role, text, parts));
	}
	return { input };
}

function partsOfUrls(row: ParameterValues, values: ParameterValues): Part[] {
	return [
		...splitUrls(row.imageUrls).map((url): Part => ({ type: 'input_image', image_url: url, detail: imageDetail(values) })),
		...splitUrls(row.fileUrls).map((url): Part => ({ type: 'input_file', file_url: url })),
	];
}

function toMessage(role: unknown, text: string, parts: Part[]): EasyInputMessage {
	const content = parts.length === 0 ? text : [...(text.trim() ? [{ type: 'input_text' as const, text }] : []), ...parts];
	// strict servers (OpenClaw, llama.cpp, Azure AI Foundry) refuse messages without a type
	// a role from an expression may be any text: the server judges it
	return { type: 'message', role: (role ?? 'user') as EasyInputMessage['role'], content };
}

function jsonInput({ inputItems, ...values }: ParameterValues, item: ItemContext): Body {
	const isEmpty = inputItems === undefined || (Array.isArray(inputItems) && inputItems.length === 0);
	if (isEmpty && mayBeBlank(values, item)) return {};
	if (isEmpty) throw parameterError(item, '"Input Items" is empty', 'Give a list with at least one item');
	// sent as the user wrote it: the server judges it
	return { input: (isObject(inputItems) ? [inputItems] : inputItems) as Body['input'] };
}

/** The labels of the fields that send images or other files, in their order. */
export function attachmentLabels({ inputType, inputItems, messages: rows, ...values }: ParameterValues): string[] {
	if (inputType === 'json') return /"(input_)?(image|file)(_url)?"/.test(JSON.stringify(inputItems ?? '')) ? ['Input Items'] : [];
	if (inputType !== 'messages') return splitNames(values.binaryFields).length > 0 ? [binaryFields.displayName] : [];
	const senders = (messages.fields ?? []).filter(({ name }) => ['binaryFields', 'imageUrls', 'fileUrls'].includes(name));
	const used = senders.filter(({ name }) => asObjects(rows).some((row) => splitNames(row[name]).length > 0));
	return used.map(({ displayName }) => `${messages.displayName} > ${displayName}`);
}
