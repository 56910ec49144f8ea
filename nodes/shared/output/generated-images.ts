import { objectsIn, textIn, type JsonObject } from '../../../api/json';
import type { ApiResponse } from '../../../api/decode/normalize';

/** An image that a server made. */
export interface GeneratedImage {
	/** Also the extension of its file */
	format: string;
	mediaType: string;
	/** Base64 */
	data: string;
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

/** The image in an output item; `undefined` for any other item, and for an image that is given as an address. */
export function generatedImage(item: JsonObject): GeneratedImage | undefined {
	const result = resultOf(item);
	if (result === undefined || isAddress(result)) return undefined;
	// a data URL names its type before the comma
	const comma = result.startsWith('data:') ? result.indexOf(',') : -1;
	const data = result.slice(comma + 1);
	const stated = textIn(item, 'output_format') ?? result.slice('data:image/'.length, Math.max(comma, 0)).split(';')[0];
	const [format, mediaType] = formatNamed(stated.toLowerCase()) ?? FORMATS.find(([, , signature]) => signature.test(data)) ?? FORMATS[0];
	return { format, mediaType, data };
}

/** No other format is taken: its name becomes part of a file name, and servers have sent paths. */
const formatNamed = (name: string) => FORMATS.find(([format]) => format === (FORMAT_ALIASES.get(name) ?? name));

/** The addresses of images, given by the image tool or by the code interpreter, each once. */
export function imageAddresses({ output }: ApiResponse): string[] {
	const generated = output.map(resultOf);
	const drawn = output.filter(({ type }) => type === 'code_interpreter_call').flatMap((item) => objectsIn(item, 'outputs'));
	const texts = [...generated, ...drawn.map((entry) => textIn(entry, 'url'))];
	return [...new Set(texts.filter((text) => text !== undefined).filter(isAddress))];
}

/** What an image tool gave: base64, a data URL or an address. */
function resultOf(item: JsonObject): string | undefined {
	if (item.type !== 'image_generation_call') return undefined;
	const { result } = item;
	return textIn(item, 'result') ?? textIn(result, 'b64_json') ?? textIn(result, 'url') ?? textIn(item, 'url');
}

/** Whether a text is an address: it begins like one, or it is no base64. */
const isAddress = (text: string) => !text.startsWith('data:') && (/^(https?:|\/\/|\/(?!9j\/))/i.test(text) || /[^\w+/\s=-]/.test(text));
