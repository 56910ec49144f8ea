import { isObject, objectIn } from '../../../../api/json';
import { collection, type Field, type ParameterValues } from '../../../shared/description/field';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';

/** Money for a million tokens, in whatever currency the user thinks in. */
export interface Prices {
	input: number;
	/** For input tokens that the server read from its cache */
	cachedInput: number;
	output: number;
}

const price = (displayName: string, name: keyof Prices, placeholder: string, description: string): Field => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 6 },
	default: '',
	placeholder,
	description,
});

/** What tokens cost; nothing of it is sent. */
export const prices = collection(
	{
		displayName: 'Prices',
		name: 'prices',
		placeholder: 'Add Price',
		description:
			'What a million tokens cost at your server: <code>usage.cost</code> then says what each answer cost, unless the server says it itself',
	},
	[
		price('Cached Input Price', 'cachedInput', 'e.g. 0.025', 'Price of 1,000,000 cached input tokens; blank takes the Input Price'),
		price('Input Price', 'input', 'e.g. 0.25', 'Price of 1,000,000 input tokens, a number with a point; 0 if they are free'),
		price('Output Price', 'output', 'e.g. 2', 'Price of 1,000,000 output tokens, those for reasoning included; 0 if they are free'),
	],
);

/**
 * The prices of an item; `undefined` where the user set none.
 * @throws NodeOperationError for a price that is missing or below 0
 */
export function readPrices(values: ParameterValues, item: ItemContext): Prices | undefined {
	const given = objectIn(values, 'options').prices;
	if (!isObject(given)) return undefined;
	const read = (label: string, value: unknown): number => {
		if (typeof value === 'number' && value >= 0) return value;
		const problem = value === undefined ? 'is blank' : `takes 0 or more, not ${String(value)}`;
		throw parameterError(item, `"${label}" in Prices ${problem}`, 'Type the price of a million tokens, such as 0.25, or remove Prices');
	};
	const input = read('Input Price', given.input);
	return {
		input,
		cachedInput: read('Cached Input Price', given.cachedInput ?? input),
		output: read('Output Price', given.output),
	};
}
