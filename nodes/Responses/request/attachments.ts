import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';
import type { ResponseInputFile, ResponseInputImage } from 'openai/resources/responses/responses';

import { objectIn, textIn } from '../../../api/json';
import type { ParameterValues } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import { isDocumentType, isImageType, mediaTypeOf } from '../../shared/request/media-types';
import { splitNames } from '../../shared/request/parameters';

/** A part of a message: an image or a file. */
export type Part = ResponseInputImage | ResponseInputFile;

/** MB that one file may have, unless Max File Size is set */
const DEFAULT_MAX_FILE_SIZE = 20;

/**
 * The message parts for the named binary fields of an item; `*` names all of them, in their order.
 * @throws NodeOperationError that names a field which is missing, empty, too large, or of a type that no model takes
 */
export async function readAttachments(names: unknown, item: ItemContext, values: ParameterValues): Promise<Part[]> {
	const binary = binaryIn(item);
	const fields = splitNames(names).flatMap((name) => (name === '*' ? Object.keys(binary) : [name]));
	const parts: Part[] = [];
	for (const field of new Set(fields)) {
		if (!binary[field]) throw missingFieldError(item, field, Object.keys(binary));
		parts.push(await attachmentPart(field, binary[field], item, values));
	}
	return parts;
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

async function attachmentPart(field: string, data: IBinaryData, item: ItemContext, values: ParameterValues): Promise<Part> {
	const type = mediaTypeOf(data);
	if (!isImageType(type) && !isDocumentType(type)) {
		throw parameterError(
			item,
			`Binary field "${field}" is of the type ${type}, which models do not take`,
			'Send PNG, JPEG, WebP or GIF images, PDF, Office or text files; convert it before, or leave it out of Binary Fields',
		);
	}
	const url = `data:${type};base64,${await base64Of(field, data, item, values)}`;
	if (isImageType(type)) return { type: 'input_image', image_url: url, detail: imageDetail(values) };
	return { type: 'input_file', filename: data.fileName || fileNameOf(field, data), file_data: url };
}

async function base64Of(field: string, data: IBinaryData, item: ItemContext, values: ParameterValues): Promise<string> {
	const { context, index } = item;
	// older hosts read binary data by the name of the field only
	const isByName = context.getInputData()[index].binary?.[field] !== undefined;
	const buffer = await context.helpers.getBinaryDataBuffer(index, isByName ? field : data);
	const maxMegabytes = Number(objectIn(values, 'options').maxFileSize ?? DEFAULT_MAX_FILE_SIZE);
	if (buffer.length === 0) throw parameterError(item, `Binary field "${field}" is empty`, 'Look at the node that made the file');
	if (buffer.length > maxMegabytes * 1024 * 1024) {
		throw parameterError(
			item,
			`Binary field "${field}" has ${(buffer.length / 1024 / 1024).toFixed(1)} MB, more than ${maxMegabytes} MB`,
			'Make the file smaller, or raise Max File Size in Options if the server takes it',
		);
	}
	return buffer.toString('base64');
}

const fileNameOf = (field: string, { fileExtension }: IBinaryData) => (fileExtension ? `${field}.${fileExtension}` : field);

function missingFieldError(item: ItemContext, field: string, present: string[]) {
	const known = present.length > 0 ? `It has: ${present.join(', ')}` : 'It has no binary data at all';
	return parameterError(item, `This item has no binary field "${field}"`, `${known}. Correct the name in Binary Fields`);
}
