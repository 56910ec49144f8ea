import type { Body } from '../../../api/params';
import { asObject, isObject, type JsonObject } from '../../../api/json';
import { buildBody } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import { applyExtraBody } from './merge';
import type { OperationContext } from '../operations/operation';

/** Parameters that change how the reply comes, and the option that sets each. */
const RESERVED: { [param: string]: string } = { stream: 'Stream', background: 'Background' };

/**
 * The request body of a task: what the fields send, as far as the endpoint takes it, and the user's extra body over it.
 * @throws NodeOperationError for a value that cannot be sent
 */
export async function buildRequestBody({ operation, values, item }: OperationContext): Promise<Body> {
	const body = await buildBody(operation.fields, values, item);
	return applyExtraBody(pickAccepted(body, operation.acceptedParams), extraBody(values.options, item), item);
}

function pickAccepted(body: Body, takes?: readonly string[]): Body {
	if (!takes) return body;
	return Object.fromEntries(Object.entries(body).filter(([param]) => takes.includes(param)));
}

function extraBody(options: unknown, item: ItemContext): JsonObject {
	const extra = asObject(options).extraBody ?? {};
	if (!isObject(extra)) {
		throw parameterError(item, '"Extra Body" is not a JSON object', 'Give an object such as {"top_k": 40}, or remove the option');
	}
	const own = Object.keys(RESERVED).find((param) => param in extra);
	if (own === undefined) return extra;
	throw parameterError(
		item,
		`"${own}" cannot be set in "Extra Body"`,
		`Use the option ${RESERVED[own]} instead: it also changes how the reply is read`,
	);
}
