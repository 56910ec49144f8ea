import { NodeApiError, NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';

import { connect } from '../../../api/http/connection';
import { ApiError } from '../../../api/errors/api-error';
import { byResponsesSupportThenId, modelId, listModels } from '../../../api/models';
import { noRateLimit } from '../../../api/http/rate-limiter';
import { readSettings } from '../request/settings';

const TYPE_MODEL_BY_ID = 'Choose By ID and type the model as the server names it';

/**
 * The models for the form's list, those first that the server marks for the Responses API; `filter` is what the user
 * typed to search.
 * @throws NodeApiError or NodeOperationError with the reason why there is no list
 */
export async function searchModels(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const [listed] = await Promise.allSettled([listModelIds(this)]);
	if (listed.status === 'rejected') throw toListError(listed.reason, this);
	const ids = listed.value;
	if (ids.length === 0) {
		throw new NodeOperationError(this.getNode(), 'The server lists no models for this key', { description: TYPE_MODEL_BY_ID });
	}
	const wanted = ids.filter((id) => id.toLowerCase().includes(filter.trim().toLowerCase()));
	return { results: wanted.map((id) => ({ name: id, value: id })) };
}

async function listModelIds(context: ILoadOptionsFunctions): Promise<string[]> {
	const connection = await connect(context);
	const { limits } = readSettings({ requests: { timeout: 30, maxRetries: 1 } });
	const models = await listModels({ connection, limits, rateLimiter: noRateLimit });
	return models.sort(byResponsesSupportThenId).map(modelId);
}

/** The reason why there is no list; a server that has none takes the model by ID. */
function toListError(reason: unknown, context: ILoadOptionsFunctions): NodeApiError | NodeOperationError {
	if (!(reason instanceof NodeApiError)) {
		const { message, details: facts } = reason instanceof ApiError ? reason : new ApiError(String(reason));
		return new NodeOperationError(context.getNode(), message, { description: facts.hint });
	}
	if (['404', '405', '501'].includes(reason.httpCode ?? '')) reason.description = TYPE_MODEL_BY_ID;
	return reason;
}
