import { NodeApiError, NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';

import { connect } from '../../../api/http/connection';
import { Fault } from '../../../api/errors/api-error';
import { byServiceThenName, modelIdOf, modelsOf } from '../../../api/models';
import { unpaced } from '../../../api/http/rate-limiter';
import { settingsOf } from '../request/settings';

const WAY_OUT = 'Choose By ID and type the model as the server names it';

/**
 * The models for the form's list, those first that the server marks for the Responses API; `filter` is what the user
 * typed to search.
 * @throws NodeApiError or NodeOperationError with the reason why there is no list
 */
export async function searchModels(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const [listed] = await Promise.allSettled([listedIds(this)]);
	if (listed.status === 'rejected') throw shownError(listed.reason, this);
	const ids = listed.value;
	if (ids.length === 0) {
		throw new NodeOperationError(this.getNode(), 'The server lists no models for this key', { description: WAY_OUT });
	}
	const wanted = ids.filter((id) => id.toLowerCase().includes(filter.trim().toLowerCase()));
	return { results: wanted.map((id) => ({ name: id, value: id })) };
}

async function listedIds(context: ILoadOptionsFunctions): Promise<string[]> {
	const connection = await connect(context);
	const { limits } = settingsOf({ requests: { timeout: 30, maxRetries: 1 } });
	const models = await modelsOf({ connection, limits, pace: unpaced });
	return models.sort(byServiceThenName).map(modelIdOf);
}

/** The reason why there is no list; a server that has none takes the model by ID. */
function shownError(reason: unknown, context: ILoadOptionsFunctions): NodeApiError | NodeOperationError {
	if (!(reason instanceof NodeApiError)) {
		const { message, facts } = reason instanceof Fault ? reason : new Fault(String(reason));
		return new NodeOperationError(context.getNode(), message, { description: facts.hint });
	}
	if (['404', '405', '501'].includes(reason.httpCode ?? '')) reason.description = WAY_OUT;
	return reason;
}
