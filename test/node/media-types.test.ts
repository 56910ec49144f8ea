import type { IBinaryData } from 'n8n-workflow';

import { fileNameOf, isImageType, mediaTypeOf, statedTypeOf } from '../../nodes/shared/request/media-types';

const file = (mimeType: string, fileName?: string, fileExtension?: string): IBinaryData => ({
	data: '',
	mimeType,
	fileName,
	fileExtension,
});

describe('mediaTypeOf', () => {
	test.each<[string, IBinaryData, string | undefined]>([
		['the stated one', file('application/pdf', 'a.txt'), 'application/pdf'],
		['the stated one in small letters, without its parameters', file('Text/CSV; charset=utf-8'), 'text/csv'],
		['the stated one in its usual spelling', file('image/jpg'), 'image/jpeg'],
		['a stated one of a family', file('application/ld+json'), 'application/ld+json'],
		['a stated text, with or without x-', file('application/x-typescript'), 'application/x-typescript'],
		["that of the file's name where none is stated", file('', 'Report.PDF'), 'application/pdf'],
		["that of the file's name where models do not take the stated one", file('application/octet-stream', 'mail.eml'), 'message/rfc822'],
		["that of the file's name rather than text/plain", file('text/plain', 'a.csv'), 'text/csv'],
		["that of n8n's extension where the file has no name", file('application/octet-stream', undefined, 'CSV'), 'text/csv'],
		['none of a file that models do not take', file('application/zip', 'a.zip'), undefined],
		['none where nothing is known', file(''), undefined],
	])('is %s', (_, data, type) => expect(mediaTypeOf(data)).toBe(type));
});

describe('fileNameOf', () => {
	test.each<[string, IBinaryData, string, string]>([
		['as it is', file('application/pdf', 'Report.pdf'), 'application/pdf', 'Report.pdf'],
		['as it is, with an extension that models do not know', file('text/plain', 'a.xyz'), 'text/plain', 'a.xyz'],
		["the field's, with the extension of the type", file('application/pdf'), 'application/pdf', 'data.pdf'],
		['with the extension of the type where it has none', file('application/pdf', 'Report 3.4'), 'application/pdf', 'Report 3.4.pdf'],
		["with n8n's extension, if models know it", file('text/plain', 'notes', 'md'), 'text/plain', 'notes.md'],
		['with .txt where nothing is known', file('application/ld+json', 'notes'), 'application/ld+json', 'notes.txt'],
	])('is %s', (_, data, type, name) => expect(fileNameOf('data', data, type)).toBe(name));
});

test.each([
	['image/png', true],
	['image/gif', true],
	['image/svg+xml', false],
	['application/pdf', false],
])('isImageType of %s', (type, expected) => expect(isImageType(type)).toBe(expected));

test.each([
	['Text/Plain; charset=utf-8', 'text/plain'],
	['', 'application/octet-stream'],
])('statedTypeOf %j', (type, expected) => expect(statedTypeOf(file(type))).toBe(expected));
