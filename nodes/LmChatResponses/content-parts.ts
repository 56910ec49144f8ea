import type { ContentFile, MessageContent } from '@n8n/ai-node-sdk';
import type { ResponseInputContent } from 'openai/resources/responses/responses';

import { textIn } from '../../api/json';

/** The media type of a file for which n8n gives none */
const UNNAMED_FILE_TYPE = 'application/pdf';

/** The parts of a message, or of what a tool gave. https://platform.openai.com/docs/guides/images-vision */
export function toContentParts(content: readonly MessageContent[]): ResponseInputContent[] {
	return content.flatMap((part): ResponseInputContent[] => {
		if (part.type === 'text') return [{ type: 'input_text', text: part.text }];
		if (part.type === 'file') return [filePart(part)];
		// a part in the API's own words, see `adapter.ts`
		return part.type === 'provider' ? [part.value as unknown as ResponseInputContent] : [];
	});
}

function filePart({ mediaType = UNNAMED_FILE_TYPE, data, providerMetadata }: ContentFile): ResponseInputContent {
	const [url, fileId] = [textIn(providerMetadata, 'url'), textIn(providerMetadata, 'fileId')];
	const dataUrl = data === undefined ? undefined : dataUrlOf(mediaType, data);
	if (mediaType.startsWith('image/')) {
		// one of the API's words, or what the user wrote: the server judges it
		const detail = (textIn(providerMetadata, 'detail') ?? 'auto') as 'auto';
		return { type: 'input_image', detail, ...(fileId ? { file_id: fileId } : { image_url: url ?? dataUrl }) };
	}
	if (fileId) return { type: 'input_file', file_id: fileId };
	if (url && !url.startsWith('data:')) return { type: 'input_file', file_url: url };
	const filename = textIn(providerMetadata, 'filename') ?? textIn(providerMetadata, 'name') ?? `file.${mediaType.split('/')[1]}`;
	return { type: 'input_file', filename, file_data: url ?? dataUrl };
}

function dataUrlOf(mediaType: string, data: string | Uint8Array): string {
	if (typeof data === 'string' && data.startsWith('data:')) return data;
	return `data:${mediaType};base64,${typeof data === 'string' ? data : Buffer.from(data).toString('base64')}`;
}
