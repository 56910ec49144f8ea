import { isContainer } from '../../../api/json';
import type { Field } from '../description/field';
import { parameterError, type ItemContext } from '../errors/parameter-error';

/** Most levels of a value. No API takes as many, and a value with thousands of them overflows the stack. */
const MAX_LEVELS = 200;

/**
 * The value of a JSON field, which may hold JSON text or the parsed value.
 * @throws NodeOperationError that names the field
 */
export function coerceJson(field: Field, raw: unknown, item: ItemContext): unknown {
	if (typeof raw === 'string' && raw.trim() === '') return undefined;
	try {
		const value: unknown = JSON.parse(typeof raw === 'string' ? raw : JSON.stringify(raw, refuseNaN));
		if (!hasMoreLevels(value, MAX_LEVELS)) return value ?? undefined;
	} catch (error) {
		throw jsonError(field, error, item);
	}
	throw jsonError(field, new RangeError(), item);
}

function jsonError({ displayName }: Field, error: unknown, item: ItemContext) {
	if (error instanceof RangeError) {
		return parameterError(
			item,
			`"${displayName}" is nested too deeply: more than ${MAX_LEVELS} levels`,
			'Give the part of it that is needed',
		);
	}
	const isCircular = error instanceof TypeError && error.message.includes('circular');
	const reason = isCircular ? 'it contains itself' : error instanceof Error ? error.message : 'it cannot be read';
	return parameterError(
		item,
		`"${displayName}" is not valid JSON: ${reason}`,
		'Correct the JSON; an expression must give an object, a list or the text of one',
	);
}

/** JSON has no word for NaN and Infinity, and `null` would be another value. */
function refuseNaN(key: string, value: unknown): unknown {
	if (typeof value !== 'number' || Number.isFinite(value)) return value;
	throw new TypeError(`"${key}" is ${value}`);
}

function hasMoreLevels(value: unknown, levels: number): boolean {
	if (!isContainer(value)) return false;
	return levels === 0 || Object.values(value).some((entry) => hasMoreLevels(entry, levels - 1));
}
