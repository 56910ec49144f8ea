import type { Body } from '../../../api/params';
import { isObject, objectIn, type JsonObject } from '../../../api/json';
import { bodyOf } from '../../shared/description/field';
import { formError, type Item } from '../../shared/errors/parameter-error';
import { overridden } from './merge';
import type { Task } from '../operations/operation';

/** Parameters that change how the reply comes, and the option that sets each. */
const OWN: { [param: string]: string } = { stream: 'Stream', background: 'Background' };

/**
 * The request body of a task: what the fields send, as far as the endpoint takes it, and the user's extra body over it.
 * @throws NodeOperationError for a value that cannot be sent
 */
export async function requestBody({ operation, values, item }: Task): Promise<Body> {
	const body = await bodyOf(operation.fields, values, item);
	return overridden(taken(body, operation.takes), extraBody(values.options, item), item);
}

function taken(body: Body, takes?: readonly string[]): Body {
	if (!takes) return body;
	return Object.fromEntries(Object.entries(body).filter(([param]) => takes.includes(param)));
}

function extraBody(options: unknown, item: Item): JsonObject {
	const extra = objectIn({ options }, 'options').extraBody ?? {};
	if (!isObject(extra)) {
		throw formError(item, '"Extra Body" is not a JSON object', 'Give an object such as {"top_k": 40}, or remove the option');
	}
	const own = Object.keys(OWN).find((param) => param in extra);
	if (own === undefined) return extra;
	throw formError(
		item,
		`"${own}" cannot be set in "Extra Body"`,
		`Use the option ${OWN[own]} instead: it also changes how the reply is read`,
	);
}
