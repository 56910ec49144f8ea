import type { Field } from '../description/field';
import type { ItemContext } from '../errors/parameter-error';

/** The parameters of an execution that have the same value for all items. */
interface ConstantParameters {
	/** Names of the parameters that are not constant, because there is an expression in them */
	withExpression: ReadonlySet<string>;
	/** The values of the others that have been read; nothing may change them */
	constants: Map<Field, unknown>;
}

/** By the context of the execution */
const known = new WeakMap<ItemContext['context'], ConstantParameters>();

/** The constant parameters of an execution, so that each is read once and not for each item: n8n takes long to read one. */
export function constantParameters(context: ItemContext['context']): ConstantParameters {
	const before = known.get(context);
	if (before) return before;
	const withExpression = Object.entries(context.getNode().parameters).filter(([, value]) => hasExpression(value));
	const parameters = { withExpression: new Set(withExpression.map(([name]) => name)), constants: new Map<Field, unknown>() };
	known.set(context, parameters);
	return parameters;
}

/** Whether a value, or any value in it, begins as n8n's expressions do. */
function hasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}
