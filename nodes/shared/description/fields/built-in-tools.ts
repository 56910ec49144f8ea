import type { Body } from '../../../../api/params';
import { collection, type ParameterValues } from '../field';
import { parameterError, type ItemContext } from '../../errors/parameter-error';
import { splitNames } from '../../request/parameters';
import { filledOrNothing, listOrNothing, option, text, toolOf } from './tool';

/** Pages of the web. https://platform.openai.com/docs/guides/tools-web-search */
export const webSearch = collection(
	{
		displayName: 'Web Search',
		name: 'webSearch',
		placeholder: 'Add Setting',
		description:
			'Lets the model look things up on the web, where each search is billed; the pages it cites come out in <code>sources</code>',
		param: 'tools',
		sends: ({ searchContextSize, allowedDomains, ...place }: ParameterValues): Body =>
			toolOf({
				type: 'web_search',
				search_context_size: searchContextSize,
				filters: listOrNothing(allowedDomains) && { allowed_domains: splitNames(allowedDomains) },
				user_location: Object.keys(place).length > 0 ? { type: 'approximate', ...place } : undefined,
			}),
	},
	[
		text('Allowed Domains', 'allowedDomains', 'e.g. example.com, example.org', 'Only pages of these domains, separated by commas'),
		text('City', 'city', 'e.g. Munich', 'City that the results are for'),
		text('Country', 'country', 'e.g. DE', 'Two-letter code of the country that the results are for'),
		text('Region', 'region', 'e.g. Bavaria', 'Region that the results are for'),
		option(
			'Search Context Size',
			'searchContextSize',
			['low', 'medium', 'high'],
			'How much of the pages found the model reads (default medium); more costs more tokens',
		),
		text('Time Zone', 'timezone', 'e.g. Europe/Berlin', 'Time zone that the results are for'),
	],
);

/** Files in vector stores at the server. https://platform.openai.com/docs/guides/tools-file-search */
export const fileSearch = collection(
	{
		displayName: 'File Search',
		name: 'fileSearch',
		placeholder: 'Add Setting',
		description: 'Lets the model search files that you keep in vector stores at the server, where each search is billed',
		param: 'tools',
		sends: ({ vectorStoreIds, maxResults, filters }: ParameterValues, _: ParameterValues, item: ItemContext): Body => {
			if (splitNames(vectorStoreIds).length === 0) {
				throw parameterError(item, '"Vector Store IDs" of File Search is blank', 'Give the ID of at least one vector store, e.g. vs_123');
			}
			return toolOf({
				type: 'file_search',
				vector_store_ids: splitNames(vectorStoreIds),
				max_num_results: maxResults,
				filters: filledOrNothing(filters),
			});
		},
	},
	[
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'json',
			default: '{}',
			placeholder: 'e.g. {"type": "eq", "key": "year", "value": 2026}',
			description: 'Which files to look in, by their attributes',
		},
		{
			displayName: 'Max Results',
			name: 'maxResults',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 10,
			description: 'Maximum number of passages to find, 1 to 50; the server decides unless set',
		},
		text('Vector Store IDs', 'vectorStoreIds', 'e.g. vs_123', 'IDs of the vector stores, separated by commas'),
	],
);

/** Python in a container at the server. https://platform.openai.com/docs/guides/tools-code-interpreter */
export const codeInterpreter = collection(
	{
		displayName: 'Code Interpreter',
		name: 'codeInterpreter',
		placeholder: 'Add Setting',
		description: 'Lets the model run Python code at the server, where each new container is billed',
		param: 'tools',
		sends: ({ containerId, fileIds }: ParameterValues): Body =>
			toolOf({
				type: 'code_interpreter',
				container: containerId ?? { type: 'auto', ...(listOrNothing(fileIds) && { file_ids: splitNames(fileIds) }) },
			}),
	},
	[
		text('Container ID', 'containerId', 'e.g. cntr_123', 'An existing container to run in; blank makes a new one'),
		text(
			'File IDs',
			'fileIds',
			'e.g. file-123',
			'IDs of uploaded files that the code may read, separated by commas; for a new container only',
		),
	],
);

/** Images, which come out as binary data. https://platform.openai.com/docs/guides/tools-image-generation */
export const imageGeneration = collection(
	{
		displayName: 'Image Generation',
		name: 'imageGeneration',
		placeholder: 'Add Setting',
		description:
			'Lets the model make images, each of which can cost as much as thousands of words; they come out as binary data in <code>image</code>, <code>image2</code> and so on',
		param: 'tools',
		sends: ({ size, quality, imageFormat, imageBackground }: ParameterValues): Body =>
			toolOf({ type: 'image_generation', size, quality, output_format: imageFormat, background: imageBackground }),
	},
	[
		option('Background', 'imageBackground', ['auto', 'opaque', 'transparent'], 'What is behind the picture that is made'),
		option('Format', 'imageFormat', ['png', 'webp', 'jpeg'], 'File format of the image'),
		text('Quality', 'quality', 'e.g. high', "Quality in the server's own words, such as low, medium or high; higher costs more"),
		text('Size', 'size', 'e.g. 1024x1024', 'Width x height in pixels, or auto'),
	],
);
