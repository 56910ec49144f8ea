import { requests } from '../../shared/description/fields/requests';
import { limit, returnAll } from '../description/fields/stored';
import { limitOf, requestOptionsOf, toOutputs, type Operation } from './operation';

/** What can be done with models. https://platform.openai.com/docs/api-reference/models */
export const modelOperations: Operation[] = [
	{
		resource: 'model',
		value: 'getAll',
		name: 'Get Many',
		action: 'Get many models',
		description: 'Get the models that the server lists for this key',
		fields: [returnAll, limit, requests],
		run: async (context) => {
			const { models } = await context.execution.client();
			return toOutputs((await models.list(requestOptionsOf(context))).slice(0, limitOf(context)));
		},
	},
];
