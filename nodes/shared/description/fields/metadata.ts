import type { Body } from '../../../../api/params';
import { fixedCollection, type ParameterValues } from '../field';
import { parameterError, type ItemContext } from '../../errors/parameter-error';

const PAIR_FIELDS = [
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
		accepts: 'json' as const,
		type: 'string' as const,
		default: '',
		placeholder: 'e.g. 4711',
		description: 'Text of the pair',
	},
];

/** The pairs of a name and a text that the server keeps with a response or a conversation; `name` is the name of the field. */
export const metadata = (name: string) =>
	fixedCollection(
		{
			displayName: 'Metadata',
			name,
			placeholder: 'Add Pair',
			description: 'Up to 16 pairs kept with it at the server: names of at most 64 characters, values of at most 512',
			param: 'metadata',
			sends: metadataOf,
		},
		'Pair',
		PAIR_FIELDS,
	);

function metadataOf(rows: Array<{ name?: string; value?: string }>, _: ParameterValues, item: ItemContext): Body {
	const pairs = rows.filter((row) => row.name !== undefined || row.value !== undefined);
	if (pairs.some((pair) => pair.name === undefined)) {
		throw parameterError(item, 'A pair in "Metadata" has no name', 'Give it a name, or remove it');
	}
	if (pairs.length === 0) return {};
	return { metadata: Object.fromEntries(pairs.map((pair) => [pair.name, pair.value ?? ''])) };
}
