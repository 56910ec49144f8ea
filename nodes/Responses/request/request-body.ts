import type { Body } from '../../../api/params';
import { applyExtraBody, buildBody, readExtraBody } from '../../shared/request/build-body';
import type { OperationContext } from '../operations/operation';

/**
 * The request body of an operation: what its fields send, as far as its endpoint takes it, with Extra Body over it.
 * @throws NodeOperationError for a value that cannot be sent
 */
export async function buildRequestBody({ operation, values, item }: OperationContext): Promise<Body> {
	const body = pickAccepted(await buildBody(operation.fields, values, item), operation.acceptedParams);
	return applyExtraBody(body, readExtraBody(values, item));
}

function pickAccepted(body: Body, acceptedParams?: readonly string[]): Body {
	if (!acceptedParams) return body;
	return Object.fromEntries(Object.entries(body).filter(([param]) => acceptedParams.includes(param)));
}
