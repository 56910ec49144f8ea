import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';
import type { ResponseInputFile, ResponseInputImage } from 'openai/resources/responses/responses';

import { objectIn, textIn } from '../../../api/json';
import type { ParameterValues } from '../../shared/description/field';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';
import { splitNames } from '../../shared/request/parameters';

/** A part of a message that is no text. */
export type Part = ResponseInputImage | ResponseInputFile;

/** Images that models take */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
/** How the types begin of the files that models take: PDF, Office of both kinds, mails and anything that is text. */
const FILE_TYPE_PREFIXES = [
	'text/',
	'message/rfc822',
	...['csv', 'javascript', 'json', 'msword', 'pdf', 'rtf', 'sql', 'x-yaml', 'xml', 'yaml'].map((kind) => `application/${kind}`),
	...['ms-', 'oasis.opendocument', 'openxmlformats-officedocument'].map((maker) => `application/vnd.${maker}`),
];
const isFileType = (type: string) =>
	FILE_TYPE_PREFIXES.some((begin) => type.startsWith(begin)) || /^application\/.+\+(json|xml)$/.test(type);
/** Wrong names of types that mail programs use. */
const MEDIA_TYPE_ALIASES: { [type: string]: string } = {
	'application/x-pdf': 'application/pdf',
	'image/jpg': 'image/jpeg',
	'image/pjpeg': 'image/jpeg',
	'image/x-png': 'image/png',
};
/** Types that say nothing: the extension of the file name tells more. */
const GENERIC_MEDIA_TYPES = [
	'',
	...['download', 'force-download', 'octet-stream', 'octetstream', 'unknown', 'x-download'].map((kind) => `application/${kind}`),
	...['x-zip-compressed', 'zip'].map((kind) => `application/${kind}`),
	'binary/octet-stream',
];
const MEDIA_TYPE_BY_EXTENSION: { [extension: string]: string } = {
	csv: 'text/csv',
	doc: 'application/msword',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	eml: 'message/rfc822',
	gif: 'image/gif',
	htm: 'text/html',
	html: 'text/html',
	ics: 'text/calendar',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	json: 'application/json',
	md: 'text/markdown',
	pdf: 'application/pdf',
	png: 'image/png',
	ppt: 'application/vnd.ms-powerpoint',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	txt: 'text/plain',
	webp: 'image/webp',
	xls: 'application/vnd.ms-excel',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	xml: 'application/xml',
};
/** MB that one file may have unless the user says otherwise */
const MAX_FILE_SIZE = 20;

/**
 * The parts for the named binary fields of an item (`*`: all it has, in their order).
 * @throws NodeOperationError that names a field that is missing, empty, too large or of a type that no model takes
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

/** The binary fields of an item; a workflow in n8n's combined mode keeps them in the JSON. */
function binaryIn({ context, index }: ItemContext): IBinaryKeyData {
	const { binary, json } = context.getInputData()[index];
	// the name and the shape are n8n's own
	return { ...(objectIn(json, '_files') as IBinaryKeyData), ...binary };
}

/** How closely the model looks at images. */
export function imageDetail({ options }: ParameterValues): ResponseInputImage['detail'] {
	// one of the form's options, or what an expression gave: then the server judges it
	return (textIn(options, 'imageDetail') ?? 'auto') as ResponseInputImage['detail'];
}

async function attachmentPart(field: string, data: IBinaryData, item: ItemContext, values: ParameterValues): Promise<Part> {
	const type = mediaTypeOf(data);
	if (!IMAGE_TYPES.includes(type) && !isFileType(type)) {
		throw parameterError(
			item,
			`Binary field "${field}" is of the type ${type}, which models do not take`,
			'Send PNG, JPEG, WebP or GIF images, PDF, Office or text files; convert it before, or leave it out of Binary Fields',
		);
	}
	const url = `data:${type};base64,${await base64Of(field, data, item, values)}`;
	if (IMAGE_TYPES.includes(type)) return { type: 'input_image', image_url: url, detail: imageDetail(values) };
	return { type: 'input_file', filename: data.fileName || fileNameOf(field, data), file_data: url };
}

async function base64Of(field: string, data: IBinaryData, item: ItemContext, values: ParameterValues): Promise<string> {
	const { context, index } = item;
	// older hosts know binary fields by name only
	const isByName = context.getInputData()[index].binary?.[field] !== undefined;
	const buffer = await context.helpers.getBinaryDataBuffer(index, isByName ? field : data);
	const limit = Number(objectIn(values, 'options').maxFileSize ?? MAX_FILE_SIZE);
	if (buffer.length === 0) throw parameterError(item, `Binary field "${field}" is empty`, 'Look at the node that made the file');
	if (buffer.length > limit * 1024 * 1024) {
		throw parameterError(
			item,
			`Binary field "${field}" has ${(buffer.length / 1024 / 1024).toFixed(1)} MB, more than ${limit} MB`,
			'Make the file smaller, or raise Max File Size in Options if the server takes it',
		);
	}
	return buffer.toString('base64');
}

function mediaTypeOf({ mimeType, fileName, fileExtension }: IBinaryData): string {
	const stated = (mimeType ?? '').split(';')[0].trim().toLowerCase();
	const extension = /\.(\w+)$/.exec(fileName ?? '')?.[1] ?? fileExtension ?? '';
	if (GENERIC_MEDIA_TYPES.includes(stated))
		return MEDIA_TYPE_BY_EXTENSION[extension.toLowerCase()] ?? (stated || 'application/octet-stream');
	return MEDIA_TYPE_ALIASES[stated] ?? stated;
}

const fileNameOf = (field: string, { fileExtension }: IBinaryData) => (fileExtension ? `${field}.${fileExtension}` : field);

function missingFieldError(item: ItemContext, field: string, present: string[]) {
	const known = present.length > 0 ? `It has: ${present.join(', ')}` : 'It has no binary data at all';
	return parameterError(item, `This item has no binary field "${field}"`, `${known}. Correct the name in Binary Fields`);
}
