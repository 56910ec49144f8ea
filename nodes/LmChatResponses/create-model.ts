import type { ISupplyDataFunctions } from 'n8n-workflow';

import { createClient } from '../../api/client';
import { CREDENTIAL } from '../../api/http/connection';
import { objectIn } from '../../api/json';
import { parametersOf, type Sdk } from '../shared/ai-sdk';
import { requireModel } from '../shared/description/fields/model';
import type { ItemContext } from '../shared/errors/parameter-error';
import { OutputItemCache } from '../shared/output-items';
import { buildBody, readExtraBody, withFormat } from '../shared/request/build-body';
import { readParameters } from '../shared/request/parameters';
import { readLimits } from '../shared/request/settings';
import { ResponsesChatModel } from './model';
import { DEFAULT_MAX_RETRY_WAIT, fields } from './options';

/** For the whole process: an agent asks for its model anew in each round */
const cache = new OutputItemCache();

/**
 * The model as the form describes it. n8n reads the form of a sub-node for the first item alone.
 * @throws ApiError, or NodeOperationError for a wrong value in the form
 */
export async function createModel(item: ItemContext & { context: ISupplyDataFunctions }, sdk: Sdk): Promise<ResponsesChatModel> {
	const { context } = item;
	const values = readParameters(fields, item);
	requireModel(values, item);
	const body = await buildBody(fields, values, item);
	const { credentials, id } = context.getNode();
	return new ResponsesChatModel({
		client: await createClient(context),
		body: withFormat(body),
		extraBody: readExtraBody(values, item, 'Remove it: the agent or chain decides how the answer comes'),
		limits: readLimits(objectIn(values, 'options'), DEFAULT_MAX_RETRY_WAIT),
		cache,
		scope: JSON.stringify([context.getWorkflow().id, id, credentials?.[CREDENTIAL]?.id, body.model]),
		executionId: context.getExecutionId(),
		item,
		parametersOf: (tool) => parametersOf(tool, sdk),
	});
}
