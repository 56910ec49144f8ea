import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { ResponsesClient } from '../../../api/client';
import type { ApiResponse } from '../../../api/decode/normalize';
import { ApiError, toApiError } from '../../../api/errors/api-error';
import { objectIn, textIn } from '../../../api/json';
import type { Downloads } from '../execution';
import { requestOptionsOf, type OperationContext } from '../operations/operation';
import { maxFileSize } from '../request/attachments';
import type { Output } from './simplify';
import { filesOf } from './sources';

/** HTTP statuses of servers that have no such address, or no longer the file. */
const MISSING_STATUSES = [404, 405, 501];

/**
 * Downloads the files that the model made for a response, if the user wants them. A file that cannot be downloaded does not fail
 * the row: a warning above the output and its entry in `files` say why.
 * @throws AbortedError after Stop
 */
export async function downloadFiles(response: ApiResponse, context: OperationContext): Promise<void> {
	const files = filesOf(response);
	if (objectIn(context.values, 'options').downloadFiles !== true || files.length === 0) return;
	const client = await context.execution.client();
	const downloads: Downloads = { binary: {}, entries: [] };
	for (const file of files) {
		const count = Object.keys(downloads.binary).length;
		const field = count === 0 ? 'file' : `file${count + 1}`;
		try {
			downloads.binary[field] = await download(file, field, client, context);
			downloads.entries.push(file);
		} catch (thrown) {
			downloads.entries.push({ ...file, error: reasonOf(toApiError(thrown), file, context) });
		}
	}
	context.execution.downloads.set(response, downloads);
}

/** The output with the files that were downloaded for its response. */
export function addDownloads(output: Output, response: ApiResponse, { execution, settings }: OperationContext): Output {
	const downloads = execution.downloads.get(response);
	if (!downloads) return output;
	// elsewhere `files` may be a field of the answer
	const json = settings.output === 'details' ? { ...output.json, files: downloads.entries } : output.json;
	const binary = { ...output.binary, ...downloads.binary };
	return { json, ...(Object.keys(binary).length > 0 && { binary }) };
}

async function download(file: IDataObject, field: string, client: ResponsesClient, context: OperationContext): Promise<IBinaryData> {
	const { containerId, fileId } = file;
	if (typeof containerId !== 'string') throw new ApiError('no_id', 'The server named no container for it');
	const { limits, ...options } = requestOptionsOf(context);
	const fileLimits = { ...limits, maxReplySize: maxFileSize(context.values) };
	const { bytes, type } = await client.containers.files.content(containerId, String(fileId), { ...options, limits: fileLimits });
	const name = textIn(file, 'filename') ?? field;
	// n8n finds the type by the extension; the servers' own type is mostly the general one for bytes
	const extension = /\.(\w+)$/.exec(name)?.[1];
	if (type.includes('text/html') && !/^html?$/i.test(extension ?? '')) {
		throw new ApiError('web_page', 'The server sent a web page in place of the file');
	}
	return await context.item.context.helpers.prepareBinaryData(bytes, name, extension ? undefined : type || 'application/octet-stream');
}

/** Why a file could not be downloaded; a warning says it too. Throws after Stop. */
function reasonOf(error: ReturnType<typeof toApiError>, file: IDataObject, { item }: OperationContext): string {
	if (!(error instanceof ApiError)) throw error;
	const { message, details, code } = error;
	const hint = MISSING_STATUSES.includes(details.status ?? 0)
		? '. The server has no address for such files, or keeps the file no longer'
		: code === 'reply_too_large'
			? '. Raise Max File Size in Options'
			: '';
	item.warn?.(`The file "${String(file.filename ?? file.fileId)}" was not downloaded: ${message}${hint}`);
	return message;
}
