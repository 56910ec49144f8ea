import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';
import type { ResponseInputFile, ResponseInputImage } from 'openai/resources/responses/responses';

import { asObject, objectIn, textIn } from '../../../api/json';
import { longTask } from '../../../api/long-task';
import type { ParameterValues } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import { fileNameOf, isImageType, mediaTypeOf, statedTypeOf } from '../../shared/request/media-types';
import { splitNames } from '../../shared/request/parameters';

/** A part of a message: an image or a file. */
export type Part = ResponseInputImage | ResponseInputFile;

/** MB that one file may have, unless Max File Size is set */
const DEFAULT_MAX_FILE_SIZE = 20;

/**
 * The message parts for the named binary fields of an item; `*` names all of them, in their order, but for those that no model
 * takes: mails come with signatures and the like. A warning above the output names what was left out.
 * @throws NodeOperationError that names a field which is missing, empty, too large, or of a type that no model takes
 */
export async function readAttachments(names: unknown, item: ItemContext, values: ParameterValues): Promise<Part[]> {
	const binary = binaryIn(item);
	const named = splitNames(names);
	const fields = named.flatMap((name) => (name === '*' ? Object.keys(binary) : [name]));
	const parts: Part[] = [];
	for (const field of new Set(fields)) {
		if (!Object.hasOwn(binary, field)) throw missingFieldError(item, field, Object.keys(binary));
		const file = await readFile(field, binary[field], item, parts.length === 0);
		const problem = problemOf(file);
		if (problem && named.includes(field)) throw parameterError(item, `Binary field "${field}" ${problem.message}`, problem.hint);
		if (problem) item.warn?.(`Binary field "${nameWithFile(file)}" ${problem.message}: it was left out`);
		else parts.push(await toPart(file, item, values));
	}
	return parts;
}

/** A binary field with its content. */
interface BinaryFile {
	field: string;
	data: IBinaryData;
	/** `undefined` if models do not take such files */
	type?: string;
	content: Buffer;
}

/** The binary fields of an item. A workflow in n8n's combined mode keeps them in the JSON. */
function binaryIn({ context, index }: ItemContext): IBinaryKeyData {
	const { binary, json } = context.getInputData()[index];
	// n8n itself writes `_files`, in the shape of binary fields
	return { ...(objectIn(json, '_files') as IBinaryKeyData), ...binary };
}

/** How closely the model looks at images. */
export function imageDetail({ options }: ParameterValues): ResponseInputImage['detail'] {
	// a value from an expression may be any text: the server judges it
	return (textIn(options, 'imageDetail') ?? 'auto') as ResponseInputImage['detail'];
}

async function readFile(field: string, data: IBinaryData, { context, index }: ItemContext, isFirst: boolean): Promise<BinaryFile> {
	const type = mediaTypeOf(data);
	if (type === undefined) return { field, data, content: Buffer.alloc(0) };
	// older hosts read binary data by the name of the field only
	const isByName = context.getInputData()[index].binary?.[field] !== undefined;
	const content = await longTask(() => context.helpers.getBinaryDataBuffer(index, isByName ? field : data), isFirst);
	return { field, data, type, content };
}

/** Why no model takes a file. */
function problemOf({ data, type, content }: BinaryFile): { message: string; hint: string } | undefined {
	if (type === undefined) {
		return {
			message: `is of the type ${statedTypeOf(data)}, which models do not take`,
			hint: 'Send PNG, JPEG, WebP or GIF images, PDF, Office or text files; convert it before, or leave it out of Binary Fields',
		};
	}
	return content.length === 0 ? { message: 'is empty', hint: 'Look at the node that made the file' } : undefined;
}

/** The name of a field, with that of the file in it. */
const nameWithFile = ({ field, data }: BinaryFile) => (data.fileName ? `${field}: ${data.fileName}` : field);

/** MB that one file may have. */
export const maxFileSize = ({ options }: ParameterValues): number => Number(asObject(options).maxFileSize ?? DEFAULT_MAX_FILE_SIZE);

async function toPart({ field, data, type = '', content }: BinaryFile, item: ItemContext, values: ParameterValues): Promise<Part> {
	const maxMegabytes = maxFileSize(values);
	if (content.length > maxMegabytes * 1024 * 1024) {
		throw parameterError(
			item,
			`Binary field "${field}" has ${(content.length / 1024 / 1024).toFixed(1)} MB, more than ${maxMegabytes} MB`,
			'Make the file smaller, or raise Max File Size in Options if the server takes it',
		);
	}
	const url = `data:${type};base64,${await longTask(() => content.toString('base64'))}`;
	if (isImageType(type)) return { type: 'input_image', image_url: url, detail: imageDetail(values) };
	return { type: 'input_file', filename: fileNameOf(field, data, type), file_data: url };
}

function missingFieldError(item: ItemContext, field: string, present: string[]) {
	const hint =
		present.length > 0
			? `It has: ${present.join(', ')}. Correct the name in Binary Fields`
			: 'It has no binary data at all: let the node before give the file out as binary data, or clear Binary Fields';
	return parameterError(item, `This item has no binary field "${field}"`, hint);
}
