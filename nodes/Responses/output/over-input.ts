import type { IDataObject } from 'n8n-workflow';

import { textIn } from '../../../api/json';
import type { ItemContext } from '../../shared/errors/parameter-error';
import type { Output } from './simplify';

/**
 * The JSON and binary data of the input item, with those of an output over them. The names of the input's fields that
 * the output replaces are added to `replaced`.
 */
export function overInput(output: Output, { context, index }: ItemContext, replaced: Set<string>): Output {
	const input = context.getInputData()[index];
	const json = withoutOldError(input.json);
	for (const name of Object.keys(output.json)) if (Object.hasOwn(json, name)) replaced.add(`"${name}"`);
	for (const name of Object.keys(output.binary ?? {})) if (input.binary?.[name]) replaced.add(`"${name}" (binary)`);
	const binary = { ...input.binary, ...output.binary };
	return { json: { ...json, ...output.json }, ...(Object.keys(binary).length > 0 && { binary }) };
}

/** The fields of an item, without the `error` and `details` that this node left there when the item failed before. */
function withoutOldError(json: IDataObject): IDataObject {
	const { error, details, ...rest } = json;
	return typeof error === 'string' && textIn(details, 'hint') !== undefined ? rest : json;
}
