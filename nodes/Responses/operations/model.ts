import { listModels } from '../../../api/models';
import { requests } from '../../shared/description/fields/requests';
import { limit, returnAll } from '../description/fields/stored';
import { limitOf, toOutputs, requestContextOf, type Operation } from './operation';

/** What can be done with models. https://platform.openai.com/docs/api-reference/models */
export const modelOperations: Operation[] = [
	{
		resource: 'model',
		value: 'getAll',
		name: 'Get Many',
		action: 'Get many models',
		description: 'Get the models that the server lists for this key',
		fields: [returnAll, limit, requests],
		run: async (task) => {
			const models = await listModels(await requestContextOf(task), task.origin);
			return toOutputs(models.slice(0, limitOf(task)));
		},
	},
];
