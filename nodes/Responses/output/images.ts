import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { isObject, objectsIn, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';
import type { ItemContext } from '../../shared/errors/parameter-error';

/** The formats of images, which also are the extensions of their files, with the first base64 characters of each. */
const FORMATS: Array<[format: string, type: string, signature: RegExp]> = [
	['png', 'image/png', /^iVBORw/],
	['jpeg', 'image/jpeg', /^\/9j\//],
	['webp', 'image/webp', /^UklGR/],
	['gif', 'image/gif', /^R0lGOD/],
	['svg', 'image/svg+xml', /^(PHN2Zy|PD94bWw)/],
];
/** What servers call them */
const FORMAT_ALIASES = new Map([
	['jpg', 'jpeg'],
	['svg+xml', 'svg'],
]);

/**
 * Moves the generated images of a response to binary fields: `image`, `image2` and so on. `result` in the output items
 * and in the raw reply then holds the name of the field: megabytes of base64 in JSON would slow down all following nodes.
 * An image that is given as an address is left where it is.
 */
export async function extractImages(response: ApiResponse, item: ItemContext): Promise<{ response: ApiResponse; binary?: IBinaryKeyData }> {
	const images = response.output.filter((entry) => {
		const result = resultOf(entry);
		return result !== undefined && !isAddress(result);
	});
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

/** The images that are given as addresses, by the image tool or by the code interpreter. */
export function imageUrlsOf({ output }: ApiResponse): IDataObject[] {
	const generated = output.map(resultOf);
	const drawn = output
		.flatMap((item) => (item.type === 'code_interpreter_call' ? objectsIn(item, 'outputs') : []))
		.map((entry) => textIn(entry, 'url'));
	const urls = [...generated, ...drawn].filter((text) => text !== undefined && isAddress(text));
	return [...new Set(urls)].map((url) => ({ url }));
}

/** What an image tool gave: base64, a data URL or an address. */
function resultOf(item: JsonObject): string | undefined {
	if (item.type !== 'image_generation_call') return undefined;
	const { result } = item;
	return textIn(item, 'result') ?? textIn(result, 'b64_json') ?? textIn(result, 'url') ?? textIn(item, 'url');
}

/** Whether a text is an address: it begins like one, or it is no base64. */
const isAddress = (text: string) => !text.startsWith('data:') && (/^(https?:|\/\/|\/(?!9j\/))/i.test(text) || /[^\w+/\s=-]/.test(text));

async function binaryOf(image: JsonObject, field: string, { context }: ItemContext) {
	const result = resultOf(image) ?? '';
	// a data URL names its type before the comma
	const comma = result.startsWith('data:') ? result.indexOf(',') : -1;
	const data = result.slice(comma + 1);
	const stated = textIn(image, 'output_format') ?? result.slice('data:image/'.length, Math.max(comma, 0)).split(';')[0];
	const [format, type] = formatNamed(stated.toLowerCase()) ?? FORMATS.find(([, , signature]) => signature.test(data)) ?? FORMATS[0];
	return await context.helpers.prepareBinaryData(Buffer.from(data, 'base64'), `${field}.${format}`, type);
}

/** Only these: the name becomes part of a file name, and servers have sent paths. */
const formatNamed = (name: string) => FORMATS.find(([format]) => format === (FORMAT_ALIASES.get(name) ?? name));

/** A copy of the value in which these objects are replaced, at every depth. */
function replaceEntries(value: unknown, replacements: ReadonlyMap<JsonObject, JsonObject>): unknown {
	if (Array.isArray(value)) return value.map((entry) => replaceEntries(entry, replacements));
	if (!isObject(value)) return value;
	const replacement = replacements.get(value);
	if (replacement) return replacement;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceEntries(entry, replacements)]));
}
