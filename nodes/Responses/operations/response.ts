import type { ApiResponse } from '../../../api/decode/normalize';
import { parseUsage } from '../../../api/decode/usage';
import { createFields } from '../description/fields/create';
import { outputChoiceFields } from '../description/fields/output';
import { requireModel } from '../../shared/description/fields/model';
import { requests } from '../../shared/description/fields/requests';
import { limit, responseId, responsesNotice, returnAll } from '../description/fields/stored';
import { limitOf, requestOptionsOf, requireId, toOutputs, type Operation, type OperationContext } from './operation';
import { toItem } from '../output/response-item';
import { expectedSchema } from '../request/json-schema';
import { buildRequestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { create } from './create';

const fieldsOfStored = [responsesNotice, responseId, ...outputChoiceFields, requests];

/**
 * What can be done with responses, in the order of the form: what most users come for is first.
 * https://platform.openai.com/docs/api-reference/responses
 */
export const responseOperations: Operation[] = [
	{
		resource: 'response',
		value: 'create',
		name: 'Create',
		action: 'Create response',
		description: 'Ask a model and get its answer',
		fields: createFields,
		run: create,
	},
	{
		resource: 'response',
		value: 'get',
		name: 'Get',
		action: 'Get response',
		description: 'Get a response that the server has stored, or one in the background',
		fields: fieldsOfStored,
		run: async (context) => {
			const { responses } = await context.execution.client();
			return await storedResponseOutput(context, await responses.retrieve(requireId(context, responseId), requestOptionsOf(context)));
		},
	},
	{
		resource: 'response',
		value: 'getInputItems',
		name: 'Get Input Items',
		action: 'Get input items of response',
		description: 'Get the input items of a stored response',
		fields: [responsesNotice, responseId, returnAll, limit, requests],
		run: async (context) => {
			const id = requireId(context, responseId);
			const { responses } = await context.execution.client();
			return toOutputs(await responses.inputItems(id, { ...requestOptionsOf(context), limit: limitOf(context) }));
		},
	},
	{
		resource: 'response',
		value: 'cancel',
		name: 'Cancel',
		action: 'Cancel response',
		description: 'Stop a response that the server is working on in the background',
		fields: fieldsOfStored,
		run: async (context) => {
			const { responses } = await context.execution.client();
			return await storedResponseOutput(context, await responses.cancel(requireId(context, responseId), requestOptionsOf(context)));
		},
	},
	{
		resource: 'response',
		value: 'delete',
		name: 'Delete',
		action: 'Delete response',
		description: 'Delete a response that the server has stored',
		fields: [responsesNotice, responseId, requests],
		run: async (context) => {
			const id = requireId(context, responseId);
			const { responses } = await context.execution.client();
			await responses.delete(id, requestOptionsOf(context));
			return toOutputs([{ deleted: true, id }]);
		},
	},
	{
		resource: 'response',
		value: 'compact',
		name: 'Compact',
		action: 'Compact response input',
		description: 'Shorten a long conversation to items that a later call can continue from',
		fields: createFields,
		acceptedParams: ['model', 'input', 'instructions', 'previous_response_id', 'prompt_cache_key', 'service_tier'],
		run: async (context) => await postForObject(context, 'compact'),
	},
	{
		resource: 'response',
		value: 'countTokens',
		name: 'Count Input Tokens',
		action: 'Count response input tokens',
		description: 'Count the tokens of an input without asking a model',
		fields: createFields,
		acceptedParams: [
			'model',
			'input',
			'instructions',
			'previous_response_id',
			'conversation',
			'tools',
			'tool_choice',
			'text',
			'reasoning',
			'parallel_tool_calls',
			'truncation',
		],
		run: async (context) => await postForObject(context, 'countTokens'),
	},
];

async function postForObject(context: OperationContext, method: 'compact' | 'countTokens'): Promise<Output[]> {
	requireModel(context.values, context.item);
	const { body } = await buildRequestBody(context);
	const { responses } = await context.execution.client();
	const reply = await responses[method](body, requestOptionsOf(context));
	context.execution.usage.add(parseUsage(reply.usage));
	return toOutputs([reply]);
}

/** The output of a stored response; its own `text.format` says whether it was asked for as JSON. */
async function storedResponseOutput({ settings, item }: OperationContext, response: ApiResponse): Promise<Output[]> {
	return [await toItem(response, expectedSchema(response.body), { ...settings, treatAsErrors: [] }, item)];
}
