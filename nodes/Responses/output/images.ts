import type { IBinaryKeyData } from 'n8n-workflow';

import { isObject, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { ItemContext } from '../../shared/errors/parameter-error';

/** How the base64 of an image begins, by its format. */
const FORMATS = [
	['/9j/', 'jpeg'],
	['UklGR', 'webp'],
];

/**
 * Moves the images of a response to binary data: `image`, `image2` and so on. In the output items (and so in the raw
 * reply) `result` then holds the name of the field: megabytes of base64 would slow down every node that follows.
 */
export async function extractImages(response: ApiResponse, item: ItemContext): Promise<{ response: ApiResponse; binary?: IBinaryKeyData }> {
	const images = response.output.filter((entry) => entry.type === 'image_generation_call' && textIn(entry, 'result'));
	if (images.length === 0) return { response };
	const binary: IBinaryKeyData = {};
	const moved = new Map<JsonObject, JsonObject>();
	for (const [index, image] of images.entries()) {
		const field = index === 0 ? 'image' : `image${index + 1}`;
		binary[field] = await binaryOf(image, field, item);
		moved.set(image, { ...image, result: field });
	}
	const output = response.output.map((entry) => moved.get(entry) ?? entry);
	return { response: { ...response, output, raw: replaceEntries(response.raw, moved) as JsonObject }, binary };
}

async function binaryOf(image: JsonObject, field: string, { context }: ItemContext) {
	const data = String(image.result).replace(/^data:[^,]*,/, '');
	const format = textIn(image, 'output_format') ?? FORMATS.find(([begin]) => data.startsWith(begin))?.[1] ?? 'png';
	const type = format === 'svg' ? 'image/svg+xml' : `image/${format === 'jpg' ? 'jpeg' : format}`;
	return await context.helpers.prepareBinaryData(Buffer.from(data, 'base64'), `${field}.${format}`, type);
}

/** The reply with these entries replaced, wherever in it they are. */
function replaceEntries(value: unknown, moved: ReadonlyMap<JsonObject, JsonObject>): unknown {
	if (Array.isArray(value)) return value.map((entry) => replaceEntries(entry, moved));
	if (!isObject(value)) return value;
	const instead = moved.get(value);
	if (instead) return instead;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceEntries(entry, moved)]));
}
