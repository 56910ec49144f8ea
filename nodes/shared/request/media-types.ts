import type { IBinaryData } from 'n8n-workflow';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
/** Beginnings of the media types of files that models take: PDF, both Office families, mails, everything that is text */
const FILE_TYPE_PREFIXES = [
	'text/',
	'message/rfc822',
	...['csv', 'javascript', 'json', 'msword', 'pdf', 'rtf', 'sql', 'x-yaml', 'xml', 'yaml'].map((kind) => `application/${kind}`),
	...['ms-', 'oasis.opendocument', 'openxmlformats-officedocument'].map((maker) => `application/vnd.${maker}`),
];
/** Wrong media types that mail programs use */
const MEDIA_TYPE_ALIASES: { [type: string]: string } = {
	'application/x-pdf': 'application/pdf',
	'image/jpg': 'image/jpeg',
	'image/pjpeg': 'image/jpeg',
	'image/x-png': 'image/png',
};
/** Media types that do not say what a file is: the extension of its name does */
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

/** Whether models take files of this media type as images. */
export const isImageType = (type: string) => IMAGE_TYPES.includes(type);

/** Whether models take files of this media type as documents. */
export const isDocumentType = (type: string) =>
	FILE_TYPE_PREFIXES.some((prefix) => type.startsWith(prefix)) || /^application\/.+\+(json|xml)$/.test(type);

/** The media type of a binary field: the stated one in its usual spelling, or that of the file's extension. */
export function mediaTypeOf({ mimeType, fileName, fileExtension }: IBinaryData): string {
	const stated = (mimeType ?? '').split(';')[0].trim().toLowerCase();
	if (!GENERIC_MEDIA_TYPES.includes(stated)) return MEDIA_TYPE_ALIASES[stated] ?? stated;
	const extension = /\.(\w+)$/.exec(fileName ?? '')?.[1] ?? fileExtension ?? '';
	return MEDIA_TYPE_BY_EXTENSION[extension.toLowerCase()] ?? (stated || 'application/octet-stream');
}
