import type { IBinaryKeyData } from 'n8n-workflow';

import { isObject, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { ItemContext } from '../../shared/errors/parameter-error';

/** The first base64 characters of an image, and the format that they show; other images are taken as PNG. */
const FORMAT_SIGNATURES = [
	['/9j/', 'jpeg'],
	['UklGR', 'webp'],
];

/**
 * Moves the generated images of a response to binary fields: `image`, `image2` and so on. `result` in the output items
 * and in the raw reply then holds the name of the field: megabytes of base64 in JSON would slow down all following nodes.
 */
export async function extractImages(response: ApiResponse, item: ItemContext): Promise<{ response: ApiResponse; binary?: IBinaryKeyData }> {
	const images = response.output.filter((entry) => entry.type === 'image_generation_call' && textIn(entry, 'result'));
	if (images.length === 0) return { response };
	const binary: IBinaryKeyData = {};
	const replacements = new Map<JsonObject, JsonObject>();
	for (const [index, image] of images.entries()) {
		const field = index === 0 ? 'image' : `image${index + 1}`;
		binary[field] = await binaryOf(image, field, item);
		replacements.set(image, { ...image, result: field });
	}
	const output = response.output.map((entry) => replacements.get(entry) ?? entry);
	return { response: { ...response, output, raw: replaceEntries(response.raw, replacements) as JsonObject }, binary };
}

async function binaryOf(image: JsonObject, field: string, { context }: ItemContext) {
	const data = String(image.result).replace(/^data:[^,]*,/, '');
	const format = textIn(image, 'output_format') ?? FORMAT_SIGNATURES.find(([signature]) => data.startsWith(signature))?.[1] ?? 'png';
	const type = format === 'svg' ? 'image/svg+xml' : `image/${format === 'jpg' ? 'jpeg' : format}`;
	return await context.helpers.prepareBinaryData(Buffer.from(data, 'base64'), `${field}.${format}`, type);
}

/** A copy of the value in which these objects are replaced, at every depth. */
function replaceEntries(value: unknown, replacements: ReadonlyMap<JsonObject, JsonObject>): unknown {
	if (Array.isArray(value)) return value.map((entry) => replaceEntries(entry, replacements));
	if (!isObject(value)) return value;
	const replacement = replacements.get(value);
	if (replacement) return replacement;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceEntries(entry, replacements)]));
}
