import { Fault } from '../../../api/errors/api-error';
import { listOf } from '../../../api/pagination';
import { pathOf } from '../../../api/http/path';
import { request, respond } from '../../../api/client';
import type { ApiResponse } from '../../../api/decode/normalize';
import { usageOf } from '../../../api/decode/usage';
import { simplify, createFields } from '../description/fields/create';
import { requireModel } from '../../shared/description/fields/model';
import { requests } from '../../shared/description/fields/requests';
import { limit, responseId, responsesNotice, returnAll } from '../description/fields/stored';
import { deleted, idOf, mostOf, outputsOf, roadOf, wishOf, type Operation, type Task } from './operation';
import { outputOf } from '../output/response-item';
import { requestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { create } from './create';

const stored = [responsesNotice, responseId, simplify, requests];

/** What can be done with responses. https://platform.openai.com/docs/api-reference/responses */
export const responseOperations: Operation[] = [
	{
		resource: 'response',
		value: 'cancel',
		name: 'Cancel',
		action: 'Cancel response',
		description: 'Stop a response that the server is working on in the background',
		fields: stored,
		run: async (task) => {
			const path = `${pathOf('responses', idOf(task, responseId))}/cancel`;
			return await storedOutput(
				task,
				await respond(await roadOf(task), { method: 'POST', path }, { ...wishOf(task), mayBeCancelled: true }),
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
		takes: ['model', 'input', 'instructions', 'previous_response_id', 'prompt_cache_key', 'service_tier'],
		run: async (task) => await posted(task, '/responses/compact'),
	},
	{
		resource: 'response',
		value: 'countTokens',
		name: 'Count Input Tokens',
		action: 'Count response input tokens',
		description: 'Count the tokens of an input without asking a model',
		fields: createFields,
		takes: [
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
			const [count] = await posted(task, '/responses/input_tokens');
			if (/^\d+$/.test(String(count.json.input_tokens))) return [count];
			throw new Fault('The server gave no count of tokens', {
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
			const id = idOf(task, responseId);
			return await deleted(task, pathOf('responses', id), id);
		},
	},
	{
		resource: 'response',
		value: 'get',
		name: 'Get',
		action: 'Get response',
		description: 'Get a response that the server has stored, or one in the background',
		fields: stored,
		run: async (task) => {
			const path = pathOf('responses', idOf(task, responseId));
			return await storedOutput(
				task,
				await respond(await roadOf(task), { method: 'GET', path }, { ...wishOf(task), mayBeCancelled: true }),
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
			const path = `${pathOf('responses', idOf(task, responseId))}/input_items`;
			return outputsOf(await listOf(await roadOf(task), path, mostOf(task), task.caller));
		},
	},
];

async function posted(task: Task, path: string): Promise<Output[]> {
	requireModel(task.values, task.item);
	const body = await requestBody(task);
	const reply = await request(await roadOf(task), { method: 'POST', path, body }, task.caller);
	task.run.bill.add(usageOf(reply.usage));
	return outputsOf([reply]);
}

/** The output for a stored response, whose own words say whether it was asked for as JSON. */
async function storedOutput(task: Task, response: ApiResponse): Promise<Output[]> {
	return [await outputOf(response, response.body, { ...task.settings, treatAsErrors: [] }, task.item)];
}
