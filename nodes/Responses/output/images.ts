import type { IBinaryKeyData } from 'n8n-workflow';

import { mapStrings, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { ItemContext } from '../../shared/errors/parameter-error';
import { generatedImages } from '../../shared/output/generated-images';

/**
 * Moves the generated images of a response to binary fields: `image`, `image2` and so on. Where the output items and the raw reply
 * held an image, they then hold the name of its field: megabytes of base64 in JSON would slow down all following nodes.
 * An image that is given as an address is left where it is.
 */
export async function extractImages(response: ApiResponse, item: ItemContext): Promise<{ response: ApiResponse; binary?: IBinaryKeyData }> {
	const binary: IBinaryKeyData = {};
	const fields = new Map<string, string>();
	for (const { format, mediaType, data, text } of response.output.flatMap(generatedImages)) {
		const number = Object.keys(binary).length + 1;
		const field = number === 1 ? 'image' : `image${number}`;
		binary[field] = await item.context.helpers.prepareBinaryData(Buffer.from(data, 'base64'), `${field}.${format}`, mediaType);
		fields.set(text, field);
	}
	if (fields.size === 0) return { response };
	// texts are replaced by texts, so the shape stays what it was
	const replaced = <T>(value: T) => mapStrings(value, (text) => fields.get(text) ?? text) as T;
	return { response: { ...response, output: replaced<JsonObject[]>(response.output), raw: replaced(response.raw) }, binary };
}
