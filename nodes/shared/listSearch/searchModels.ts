import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult, type NodeApiError } from 'n8n-workflow';

import { createClient } from '../../../api/client';
import { ApiError } from '../../../api/errors/api-error';
import type { JsonObject } from '../../../api/json';
import { byResponsesSupportThenId, modelId, otherPurpose } from '../../../api/models';
import type { FormLabels } from '../errors/form-labels';
import { hintFor } from '../errors/hints';
import { toNodeApiError } from '../errors/node-api-error';
import { readSettings } from '../request/settings';

const TYPE_MODEL_BY_ID = 'Choose By ID and type the model as the server names it';

/** The list has no settings of its own that a hint could name. */
const LABELS: FormLabels = {
	fieldOf: () => undefined,
	sentFieldOf: () => undefined,
	requestSettings: 'Requests',
	longAnswer: TYPE_MODEL_BY_ID,
	rateLimit: TYPE_MODEL_BY_ID,
	storedResponses: 'Options',
};

/**
 * The models for the form's list, those first that the server marks for the Responses API, those last that give no text
 * (their purpose stands behind the name); `filter` is what the user typed to search.
 * @throws NodeApiError or NodeOperationError with the reason why there is no list
 */
export async function searchModels(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const models = await listModels(this);
	if (models.length === 0) {
		throw new NodeOperationError(this.getNode(), 'The server lists no models for this key', { description: TYPE_MODEL_BY_ID });
	}
	const wanted = models.filter((model) => modelId(model).toLowerCase().includes(filter.trim().toLowerCase()));
	return { results: wanted.map((model) => ({ name: nameOf(model), value: modelId(model) })) };
}

function nameOf(model: JsonObject): string {
	const purpose = otherPurpose(model);
	return purpose ? `${modelId(model)} (${purpose})` : modelId(model);
}

async function listModels(context: ILoadOptionsFunctions): Promise<JsonObject[]> {
	const { limits } = readSettings({ requests: { timeout: 30, maxRetries: 1, maxRetryWait: 10 } });
	try {
		const client = await createClient(context);
		const models = await client.models.list({ limits });
		return models.sort(byResponsesSupportThenId);
	} catch (error) {
		throw toListError(error, context);
	}
}

/** The reason why there is no list; a server that has none takes the model by ID. */
function toListError(error: unknown, context: ILoadOptionsFunctions): NodeApiError | NodeOperationError {
	if (error instanceof ApiError && error.code === 'invalid_credential') {
		return new NodeOperationError(context.getNode(), error.message, { description: hintFor(error, LABELS) });
	}
	const nodeError = toNodeApiError(error, { node: context.getNode(), labels: LABELS });
	if (['404', '405', '501'].includes(nodeError.httpCode ?? '')) nodeError.description = TYPE_MODEL_BY_ID;
	return nodeError;
}
