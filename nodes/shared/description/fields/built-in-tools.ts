import type { Tool } from 'openai/resources/responses/responses';

import { definedKeys } from '../../../../api/json';
import type { Body } from '../../../../api/params';
import { parameterError, type ItemContext } from '../../errors/parameter-error';
import { optionalNames, splitNames, unlessEmpty } from '../../request/parameters';
import { collection, optionsField, textField, type Field, type ParameterValues } from '../field';

/** A tool of the request body; parameters that are `undefined` are left out. */
export function toolOf(tool: { type: string; [param: string]: unknown }): Tool {
	// the parameters are those of the tool that `type` names; their values are what the form or an expression gave
	return definedKeys(tool) as unknown as Tool;
}

/** The text in a tool that was just added: n8n's own, "No properties", makes the tool look unfinished. */
const onNotice = (text: string): Field => ({ displayName: text, name: 'on', type: 'notice', default: '' });
const ON = { on: '' };

/** The tool `web_search`. https://platform.openai.com/docs/guides/tools-web-search */
export const webSearch = collection(
	{
		displayName: 'Web Search',
		name: 'webSearch',
		placeholder: 'Add Setting',
		description: 'Lets the model look things up on the web, where each search is billed',
		default: ON,
		param: 'tools',
		sends: ({ searchContextSize, allowedDomains, ...location }: ParameterValues): Body => {
			const domains = optionalNames(allowedDomains);
			const webSearchTool = toolOf({
				type: 'web_search',
				search_context_size: searchContextSize,
				filters: domains && { allowed_domains: domains },
				user_location: Object.keys(location).length > 0 ? { type: 'approximate', ...location } : undefined,
			});
			return { tools: [webSearchTool] };
		},
	},
	[
		onNotice('Web search is on: the pages that the answer cites come out in <code>sources</code>.'),
		{
			...textField(
				'Allowed Domains',
				'allowedDomains',
				'e.g. example.com, example.org',
				'Only pages of these domains, separated by commas',
			),
			accepts: 'list',
		},
		textField('City', 'city', 'e.g. Munich', 'City that the results are for'),
		textField('Country', 'country', 'e.g. DE', 'Two-letter code of the country that the results are for'),
		textField('Region', 'region', 'e.g. Bavaria', 'Region that the results are for'),
		optionsField(
			'Search Context Size',
			'searchContextSize',
			['low', 'medium', 'high'],
			'How much of the pages found the model reads (default medium); more costs more tokens',
		),
		textField('Time Zone', 'timezone', 'e.g. Europe/Berlin', 'Time zone that the results are for'),
	],
);

/** The tool `file_search`. https://platform.openai.com/docs/guides/tools-file-search */
export const fileSearch = collection(
	{
		displayName: 'File Search',
		name: 'fileSearch',
		placeholder: 'Add Setting',
		description: 'Lets the model search files that you keep in vector stores at the server, where each search is billed',
		default: { vectorStoreIds: '' },
		param: 'tools',
		sends: ({ vectorStoreIds, maxResults, filters }: ParameterValues, _: ParameterValues, item: ItemContext): Body => {
			const ids = splitNames(vectorStoreIds);
			if (ids.length === 0) {
				throw parameterError(item, '"Vector Store IDs" of File Search is blank', 'Give the ID of at least one vector store, e.g. vs_123');
			}
			const fileSearchTool = toolOf({
				type: 'file_search',
				vector_store_ids: ids,
				max_num_results: maxResults,
				filters: unlessEmpty(filters),
			});
			return { tools: [fileSearchTool] };
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
		{ ...textField('Vector Store IDs', 'vectorStoreIds', 'e.g. vs_123', 'IDs of the vector stores, separated by commas'), accepts: 'list' },
	],
);

/** The tool `code_interpreter`. https://platform.openai.com/docs/guides/tools-code-interpreter */
export const codeInterpreter = collection(
	{
		displayName: 'Code Interpreter',
		name: 'codeInterpreter',
		placeholder: 'Add Setting',
		description: 'Lets the model run Python code at the server, where each new container is billed',
		default: ON,
		param: 'tools',
		sends: ({ containerId, fileIds }: ParameterValues): Body => {
			const newContainer = definedKeys({ type: 'auto', file_ids: optionalNames(fileIds) });
			return { tools: [toolOf({ type: 'code_interpreter', container: containerId ?? newContainer })] };
		},
	},
	[
		onNotice('The code interpreter is on: the model may run Python code at the server.'),
		textField('Container ID', 'containerId', 'e.g. cntr_123', 'An existing container to run in; blank makes a new one'),
		{
			...textField(
				'File IDs',
				'fileIds',
				'e.g. file-123',
				'IDs of uploaded files that the code may read, separated by commas; for a new container only',
			),
			accepts: 'list',
		},
	],
);

/** The tool `image_generation`. https://platform.openai.com/docs/guides/tools-image-generation */
export const imageGeneration = collection(
	{
		displayName: 'Image Generation',
		name: 'imageGeneration',
		placeholder: 'Add Setting',
		description: 'Lets the model make images, each of which can cost as much as thousands of words',
		default: ON,
		param: 'tools',
		sends: ({ size, quality, imageFormat, imageBackground }: ParameterValues): Body => ({
			tools: [toolOf({ type: 'image_generation', size, quality, output_format: imageFormat, background: imageBackground })],
		}),
	},
	[
		onNotice('Image generation is on: images come out as binary data in <code>image</code>, <code>image2</code> and so on.'),
		optionsField('Background', 'imageBackground', ['auto', 'opaque', 'transparent'], 'What is behind the picture that is made'),
		optionsField('Format', 'imageFormat', ['png', 'webp', 'jpeg', 'gif', 'svg'], 'File format of the image; few models make GIF and SVG'),
		textField('Quality', 'quality', 'e.g. high', "Quality in the server's own words, such as low, medium or high; higher costs more"),
		textField('Size', 'size', 'e.g. 1024x1024', 'Width x height in pixels, or auto'),
	],
);

/** Whether the model may ask for several tools at once. */
export const parallelToolCalls: Field = {
	displayName: 'Parallel Tool Calls',
	name: 'parallelToolCalls',
	type: 'boolean',
	default: true,
	description: 'Whether the model may ask for several tools at once (default on)',
	sends: 'parallel_tool_calls',
};
