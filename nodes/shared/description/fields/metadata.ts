import type { Body } from '../../../../api/params';
import { fixedCollection, type ParameterValues } from '../field';
import { parameterError, type ItemContext } from '../../errors/parameter-error';

/** Pairs of a name and a text, kept with a response or a conversation at the server. */
const ABOUT = {
	placeholder: 'Add Pair',
	description: 'Up to 16 pairs kept with it at the server: names of at most 64 characters, values of at most 512',
};

const PAIR = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string' as const,
		default: '',
		placeholder: 'e.g. order',
		description: 'Name of the pair',
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string' as const,
		default: '',
		placeholder: 'e.g. 4711',
		description: 'Text of the pair',
	},
];

/** A list of such pairs under that parameter name. */
export const metadata = (displayName: string, name: string) =>
	fixedCollection({ ...ABOUT, displayName, name, param: 'metadata', sends: metadataOf }, 'Pair', PAIR);

function metadataOf(pairs: Array<{ name?: string; value?: string }>, _: ParameterValues, item: ItemContext): Body {
	const named = pairs.filter((pair) => pair.name !== undefined || pair.value !== undefined);
	if (named.some((pair) => pair.name === undefined)) {
		throw parameterError(item, 'A pair in "Metadata" has no name', 'Give it a name, or remove it');
	}
	if (named.length === 0) return {};
	return { metadata: Object.fromEntries(named.map((pair) => [pair.name, pair.value ?? ''])) };
}
