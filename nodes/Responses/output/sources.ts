import type { IDataObject } from 'n8n-workflow';

import type { ApiResponse } from '../../../api/decode/normalize';
import { definedKeys, isObject, objectsIn, textIn, type JsonObject } from '../../../api/json';

/** Annotations of files that the model made in a container, or elsewhere. The others are what it cites. */
const MADE_FILES = ['container_file_citation', 'file_path'];

/** The web pages and files that the answer cites, then those that the server lists beside it; each once. */
export function sourcesOf(response: ApiResponse): IDataObject[] {
	const cited = annotationsOf(response).filter(({ type }) => !MADE_FILES.includes(String(type)));
	const sources = new Map<string, IDataObject>();
	for (const entry of [...cited, ...response.citations]) {
		const { url, fileId, ...about } = sourceOf(entry);
		const key = url ?? fileId;
		// a title may stand only in the second of both lists
		if (key) sources.set(key, definedKeys({ url, fileId, ...about, ...sources.get(key) }) as IDataObject);
	}
	return [...sources.values()];
}

function sourceOf(entry: JsonObject): { url?: string; fileId?: string; title?: string; filename?: string } {
	// Z.ai names the address `link`; some servers give annotations in the shape of the chat API
	const page = isObject(entry.url_citation) ? entry.url_citation : entry;
	const url = textIn(page, 'url') ?? textIn(page, 'link');
	if (url) return { url, title: textIn(page, 'title') };
	return { fileId: textIn(entry, 'file_id'), filename: textIn(entry, 'filename') };
}

/** The files that the model made, each once. A file in a container is read at `/containers/{containerId}/files/{fileId}/content`. */
export function filesOf(response: ApiResponse): IDataObject[] {
	const files = new Map<string, IDataObject>();
	for (const annotation of annotationsOf(response).filter(({ type }) => MADE_FILES.includes(String(type)))) {
		const [fileId, containerId] = [textIn(annotation, 'file_id'), textIn(annotation, 'container_id')];
		const file = definedKeys({ fileId, containerId, filename: textIn(annotation, 'filename') });
		if (fileId) files.set(JSON.stringify([containerId, fileId]), file as IDataObject);
	}
	return [...files.values()];
}

const annotationsOf = ({ output }: ApiResponse): JsonObject[] =>
	output.flatMap((item) => objectsIn(item, 'content')).flatMap((part) => objectsIn(part, 'annotations'));
