import { asObject, objectIn, objectsIn, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';

/** Keys under which servers give an image */
const IMAGE_KEYS = ['b64_json', 'url', 'image_url'];

/** An image that a server made. */
export interface GeneratedImage {
	/** Also the extension of its file */
	format: string;
	mediaType: string;
	/** Base64 */
	data: string;
	/** The text in the reply that holds it: base64 or a data URL */
	text: string;
}

/** The formats of images, which also are the extensions of their files, with the first base64 characters of each. */
const FORMATS: Array<[format: string, type: string, signature: RegExp]> = [
	['png', 'image/png', /^iVBORw/],
	['jpeg', 'image/jpeg', /^\/9j\//],
	['webp', 'image/webp', /^UklGR/],
	['gif', 'image/gif', /^R0lGOD/],
	['svg', 'image/svg+xml', /^(PHN2Zy|PD94bWw)/],
];
/** Other names that servers use for these formats */
const FORMAT_ALIASES = new Map([
	['jpg', 'jpeg'],
	['svg+xml', 'svg'],
]);

/** The images in an output item that are given as data. */
export function generatedImages(item: JsonObject): GeneratedImage[] {
	const format = textIn(item, 'output_format');
	const texts = textsOf(item).filter((text) => !isAddress(text));
	return texts.map((text) => imageIn(text, format));
}

function imageIn(text: string, outputFormat?: string): GeneratedImage {
	// a data URL names its type before the comma
	const comma = text.startsWith('data:') ? text.indexOf(',') : -1;
	const data = text.slice(comma + 1);
	const stated = outputFormat ?? text.slice('data:image/'.length, Math.max(comma, 0)).split(';')[0];
	const [format, mediaType] = formatNamed(stated.toLowerCase()) ?? FORMATS.find(([, , signature]) => signature.test(data)) ?? FORMATS[0];
	return { format, mediaType, data, text };
}

/** No other format is taken: its name becomes part of a file name, and servers have sent paths. */
const formatNamed = (name: string) => FORMATS.find(([format]) => format === (FORMAT_ALIASES.get(name) ?? name));

/** The addresses of images, each once. */
export function imageAddresses({ output }: ApiResponse): string[] {
	return [...new Set(output.flatMap(textsOf).filter(isAddress))];
}

/** What the image tool, the code interpreter or a message gave as images: base64, data URLs and addresses. */
function textsOf(item: JsonObject): string[] {
	if (item.type === 'image_generation_call') {
		const results = [item.result].flat().flatMap(textsIn);
		return results.length > 0 ? results : textsIn(item);
	}
	const outputs = item.type === 'code_interpreter_call' ? objectsIn(item, 'outputs') : [];
	const parts = item.type === 'message' ? objectsIn(item, 'content').filter(({ type }) => type === 'output_image') : [];
	return [...outputs, ...parts].flatMap(textsIn);
}

/** The image that a value holds: a text, or an object with one under a key that servers use. */
function textsIn(value: unknown): string[] {
	const places = [value, ...IMAGE_KEYS.map((key) => asObject(value)[key]), objectIn(value, 'image_url').url];
	const text = places.find((place) => typeof place === 'string' && place !== '');
	return typeof text === 'string' ? [text] : [];
}

/** Whether a text is an address: it begins like one, or it is no base64. */
const isAddress = (text: string) => !text.startsWith('data:') && (/^(https?:|\/\/|\/(?!9j\/))/i.test(text) || /[^\w+/\s=-]/.test(text));
