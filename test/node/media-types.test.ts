import type { IBinaryData } from 'n8n-workflow';

import { isDocumentType, isImageType, mediaTypeOf } from '../../nodes/shared/request/media-types';

const file = (mimeType: string, fileName?: string, fileExtension?: string): IBinaryData => ({
	data: '',
	mimeType,
	fileName,
	fileExtension,
});

describe('mediaTypeOf', () => {
	test.each<[string, IBinaryData, string]>([
		['the stated one', file('application/pdf', 'a.txt'), 'application/pdf'],
		['in small letters, without its parameters', file('Text/Plain; charset=utf-8'), 'text/plain'],
		['in its usual spelling', file('image/jpg'), 'image/jpeg'],
		["the file name's where none is stated", file('', 'Report.PDF'), 'application/pdf'],
		["the file name's where the stated one says nothing", file('application/octet-stream', 'mail.eml'), 'message/rfc822'],
		["n8n's extension where the file has no name", file('application/octet-stream', undefined, 'csv'), 'text/csv'],
		[
			'a stated one that says nothing, where the file name says nothing either',
			file('application/x-download', 'a.xyz'),
			'application/x-download',
		],
		['unknown, where nothing is known', file(''), 'application/octet-stream'],
	])('is %s', (_, data, type) => expect(mediaTypeOf(data)).toBe(type));
});

test.each([
	['image/png', true, false],
	['image/webp', true, false],
	['image/svg+xml', false, false],
	['application/pdf', false, true],
	['text/x-anything', false, true],
	['message/rfc822', false, true],
	['application/ld+json', false, true],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.document', false, true],
	['application/zip', false, false],
	['audio/mpeg', false, false],
])('isImageType and isDocumentType of %s', (type, isImage, isDocument) => {
	expect([isImageType(type), isDocumentType(type)]).toEqual([isImage, isDocument]);
});
