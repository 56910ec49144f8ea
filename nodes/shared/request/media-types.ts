import type { IBinaryData } from 'n8n-workflow';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

const OFFICE = 'application/vnd.openxmlformats-officedocument.';
/**
 * The files that models take: their media types, each with the extensions of its files, the usual one first.
 * https://platform.openai.com/docs/guides/file-inputs
 */
const FILE_TYPES: Array<[type: string, extensions: string]> = [
	['image/png', 'png'],
	['image/jpeg', 'jpg jpeg jpe jfif'],
	['image/webp', 'webp'],
	['image/gif', 'gif'],
	['application/pdf', 'pdf'],
	['application/msword', 'doc dot'],
	[`${OFFICE}wordprocessingml.document`, 'docx'],
	['application/rtf', 'rtf'],
	['application/vnd.oasis.opendocument.text', 'odt'],
	['application/vnd.apple.pages', 'pages'],
	['application/vnd.apple.iwork', 'iwork'],
	['application/vnd.ms-powerpoint', 'ppt pot ppa pps pwz wiz'],
	[`${OFFICE}presentationml.presentation`, 'pptx'],
	['application/vnd.oasis.opendocument.presentation', 'odp'],
	['application/vnd.apple.keynote', 'key'],
	['application/vnd.ms-excel', 'xls xla xlb xlc xlm xlt xlw'],
	[`${OFFICE}spreadsheetml.sheet`, 'xlsx'],
	['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
	['text/csv', 'csv'],
	['text/tab-separated-values', 'tsv tab'],
	['text/x-iif', 'iif'],
	['message/rfc822', 'eml mht mhtml mime nws'],
	['text/calendar', 'ics ifb'],
	['text/x-vcard', 'vcf vcard'],
	['text/html', 'html htm'],
	['text/markdown', 'md markdown'],
	['text/css', 'css'],
	['text/javascript', 'js mjs cjs'],
	['text/x-python', 'py'],
	['text/vtt', 'vtt'],
	['application/json', 'json'],
	['application/x-ndjson', 'ndjson jsonl'],
	['application/json5', 'json5'],
	['application/xml', 'xml xsd xsl xslt'],
	['application/yaml', 'yaml yml'],
	['application/toml', 'toml'],
	['application/x-sql', 'sql'],
	['application/x-subrip', 'srt'],
	['application/graphql', 'graphql gql'],
	[
		'text/plain',
		'txt text log list conf cfg ini env properties in def dic diff patch tex rst asm s bat c cc cpp cxx h hh hpp cs go java kt swift ' +
			'rs scala lua r pl rb php ts tsx jsx sh bash ksh zsh awk ps1 vbs gradle cmake proto tf hcl sass scss less astro vue svelte dart',
	],
];
const TYPE_BY_EXTENSION = new Map(FILE_TYPES.flatMap(([type, extensions]) => extensions.split(' ').map((extension) => [extension, type])));
const EXTENSION_BY_TYPE = new Map(FILE_TYPES.map(([type, extensions]) => [type, extensions.split(' ')[0]]));

/** Further `application/` types of texts, without a leading `x-`, which some mail programs add. */
const TEXT_TYPES = new Set(
	(
		'csv iif javascript ecmascript typescript json json5 sql scala rust powershell patch php httpd-php httpd-php-source bash sh awk ' +
		'protobuf terraform toml graphql ndjson yaml subrip xml tex latex'
	).split(' '),
);
/** Families of types with many members */
const TYPE_FAMILY =
	/^text\/|^application\/(vnd\.(ms-(excel|powerpoint|word)|oasis\.opendocument|openxmlformats-officedocument)|.+\+(json|xml)$)/;
/** Wrong types that mail programs use for files without a telling name */
const TYPE_ALIASES = new Map([
	['application/acrobat', 'application/pdf'],
	['application/vnd.pdf', 'application/pdf'],
	['application/x-pdf', 'application/pdf'],
	['image/pdf', 'application/pdf'],
	['text/pdf', 'application/pdf'],
	['text/x-pdf', 'application/pdf'],
	['application/x-rtf', 'application/rtf'],
	['image/jpg', 'image/jpeg'],
	['image/pjpeg', 'image/jpeg'],
	['image/x-png', 'image/png'],
]);

/** Whether models take files of this media type as images. */
export const isImageType = (type: string) => IMAGE_TYPES.includes(type);

/**
 * The media type of a binary field, as models know it: the stated one, or that of the file's extension. `undefined` if models take
 * neither. The extension counts more than `text/plain`, which some programs state for every type that they do not know.
 */
export function mediaTypeOf(data: IBinaryData): string | undefined {
	const stated = statedTypeOf(data);
	const type = TYPE_ALIASES.get(stated) ?? stated;
	const byExtension = TYPE_BY_EXTENSION.get(extensionOf(data.fileName ?? '') || (data.fileExtension ?? '').toLowerCase());
	return isKnownType(type) && !(type === 'text/plain' && byExtension) ? type : byExtension;
}

/** The media type that a binary field states, without its parameters. */
export const statedTypeOf = ({ mimeType }: IBinaryData) =>
	(mimeType ?? '').split(';')[0].trim().toLowerCase() || 'application/octet-stream';

const isKnownType = (type: string) =>
	EXTENSION_BY_TYPE.has(type) || TYPE_FAMILY.test(type) || TEXT_TYPES.has(/^application\/(?:x-)?(.*)$/.exec(type)?.[1] ?? '');

/**
 * The file name of a binary field. One without an extension gets that of its type, by which servers tell what the file is.
 * @param field the name of the field, for files without a name
 */
export function fileNameOf(field: string, { fileName, fileExtension }: IBinaryData, type: string): string {
	const name = fileName || field;
	const extension = extensionOf(name);
	// the end of "Report 3.4", "Report.2026" or "Report.Definitive" is no extension
	if (TYPE_BY_EXTENSION.has(extension) || /^[a-z]\w{0,5}$/.test(extension)) return name;
	const own = (fileExtension ?? '').toLowerCase();
	return `${name}.${TYPE_BY_EXTENSION.has(own) ? own : (EXTENSION_BY_TYPE.get(type) ?? (own || 'txt'))}`;
}

/** The part of a file name after its last dot, in lower case; "" if there is no dot. */
const extensionOf = (name: string) => /\.(\w+)$/.exec(name.trim())?.[1].toLowerCase() ?? '';
