/** What a server complains of. */
interface Complaint {
	/** Code and type in lower case */
	codeAndType: string;
	/** The server's words in lower case */
	message: string;
	/** The parameter that the server names */
	param?: string;
}

/** Codes, parameters and words of a complaint about an image or another file */
const FILE_CODES = /image|file_|_file|base64|download/;
const FILE_PARAM = /image|file|(^|[._\]])url$/;
const FILE_WORDS = /download|\b(image|file|pdf|attachment|media type|mime type)s?\b|input_(image|file)|(image|file)_(url|data|id)\b/;

/** Whether a server complains of an image or another file. */
export const isAboutFile = ({ codeAndType, message, param = '' }: Complaint): boolean =>
	FILE_CODES.test(codeAndType) || FILE_PARAM.test(param) || (/^(input)?$/.test(param) && FILE_WORDS.test(message));
