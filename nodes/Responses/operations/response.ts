import { ApiError } from '../../../api/errors/api-error';
import { listAll } from '../../../api/pagination';
import { pathOf } from '../../../api/http/path';
import { requestJson, createResponse } from '../../../api/client';
import type { ApiResponse } from '../../../api/decode/normalize';
import { parseUsage } from '../../../api/decode/usage';
import { simplify, createFields } from '../description/fields/create';
import { requireModel } from '../../shared/description/fields/model';
import { requests } from '../../shared/description/fields/requests';
import { limit, responseId, responsesNotice, returnAll } from '../description/fields/stored';
import {
	deleteResource,
	requireId,
	limitOf,
	toOutputs,
	requestContextOf,
	responseOptionsOf,
	type Operation,
	type OperationContext,
} from './operation';
import { toItem } from '../output/response-item';
import { buildRequestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { create } from './create';

const storedFields = [responsesNotice, responseId, simplify, requests];

/** What can be done with responses. https://platform.openai.com/docs/api-reference/responses */
export const responseOperations: Operation[] = [
	{
		resource: 'response',
		value: 'cancel',
		name: 'Cancel',
		action: 'Cancel response',
		description: 'Stop a response that the server is working on in the background',
		fields: storedFields,
		run: async (task) => {
			const path = `${pathOf('responses', requireId(task, responseId))}/cancel`;
			return await storedResponseOutput(
				task,
				await createResponse(await requestContextOf(task), { method: 'POST', path }, { ...responseOptionsOf(task), mayBeCancelled: true }),
			);
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
		run: async (task) => await postForObject(task, '/responses/compact'),
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
		run: async (task) => {
			const [count] = await postForObject(task, '/responses/input_tokens');
			if (/^\d+$/.test(String(count.json.input_tokens))) return [count];
			throw new ApiError('The server gave no count of tokens', {
				code: 'not_counted',
				hint: 'It has no such endpoint. If it took the call for Create, an answer was made and may have been billed',
			});
		},
	},
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
		value: 'delete',
		name: 'Delete',
		action: 'Delete response',
		description: 'Delete a response that the server has stored',
		fields: [responsesNotice, responseId, requests],
		run: async (task) => {
			const id = requireId(task, responseId);
			return await deleteResource(task, pathOf('responses', id), id);
		},
	},
	{
		resource: 'response',
		value: 'get',
		name: 'Get',
		action: 'Get response',
		description: 'Get a response that the server has stored, or one in the background',
		fields: storedFields,
		run: async (task) => {
			const path = pathOf('responses', requireId(task, responseId));
			return await storedResponseOutput(
				task,
				await createResponse(await requestContextOf(task), { method: 'GET', path }, { ...responseOptionsOf(task), mayBeCancelled: true }),
			);
		},
	},
	{
		resource: 'response',
		value: 'getInputItems',
		name: 'Get Input Items',
		action: 'Get input items of response',
		description: 'Get the input items of a stored response',
		fields: [responsesNotice, responseId, returnAll, limit, requests],
		run: async (task) => {
			const path = `${pathOf('responses', requireId(task, responseId))}/input_items`;
			return toOutputs(await listAll(await requestContextOf(task), path, limitOf(task), task.origin));
		},
	},
];

async function postForObject(task: OperationContext, path: string): Promise<Output[]> {
	requireModel(task.values, task.item);
	const body = await buildRequestBody(task);
	const reply = await requestJson(await requestContextOf(task), { method: 'POST', path, body }, task.origin);
	task.execution.usage.add(parseUsage(reply.usage));
	return toOutputs([reply]);
}

/** The output for a stored response, whose own words say whether it was asked for as JSON. */
async function storedResponseOutput(task: OperationContext, response: ApiResponse): Promise<Output[]> {
	return [await toItem(response, response.body, { ...task.settings, treatAsErrors: [] }, task.item)];
}
