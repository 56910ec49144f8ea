import type { IBinaryKeyData } from 'n8n-workflow';

import { isObject, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { ItemContext } from '../../shared/errors/parameter-error';
import { generatedImage } from '../../shared/output/generated-images';

/**
 * Moves the generated images of a response to binary fields: `image`, `image2` and so on. `result` in the output items
 * and in the raw reply then holds the name of the field: megabytes of base64 in JSON would slow down all following nodes.
 * An image that is given as an address is left where it is.
 */
export async function extractImages(response: ApiResponse, item: ItemContext): Promise<{ response: ApiResponse; binary?: IBinaryKeyData }> {
	const binary: IBinaryKeyData = {};
	const replacements = new Map<JsonObject, JsonObject>();
	for (const entry of response.output) {
		const image = generatedImage(entry);
		if (!image) continue;
		const field = replacements.size === 0 ? 'image' : `image${replacements.size + 1}`;
		const bytes = Buffer.from(image.data, 'base64');
		binary[field] = await item.context.helpers.prepareBinaryData(bytes, `${field}.${image.format}`, image.mediaType);
		replacements.set(entry, { ...entry, result: field });
	}
	if (replacements.size === 0) return { response };
	const output = response.output.map((entry) => replacements.get(entry) ?? entry);
	return { response: { ...response, output, raw: replaceEntries(response.raw, replacements) as JsonObject }, binary };
}

/** A copy of the value in which these objects are replaced, at every depth. */
function replaceEntries(value: unknown, replacements: ReadonlyMap<JsonObject, JsonObject>): unknown {
	if (Array.isArray(value)) return value.map((entry) => replaceEntries(entry, replacements));
	if (!isObject(value)) return value;
	const replacement = replacements.get(value);
	if (replacement) return replacement;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceEntries(entry, replacements)]));
}
