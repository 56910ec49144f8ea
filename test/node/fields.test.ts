import type { INodeParameters } from 'n8n-workflow';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';

import type { GatewayParams } from '../../api/params';
import type { Field } from '../../nodes/shared/description/field';
import { createFields } from '../../nodes/Responses/description/fields/create';
import { gateway } from '../support/one-item';

/** A request body by OpenAI's own types, with the four fields that only gateways document. */
type Sent = Partial<ResponseCreateParams> & Partial<GatewayParams>;

const { run } = gateway();
const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
const asked = { model, prompt: 'Hi' };
const plain = { model: 'gpt-5.4', input: [{ type: 'message', role: 'user', content: 'Hi' }] } satisfies Sent;

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const formatOf = (more: object = {}) => ({ type: 'json_schema' as const, name: 'result', schema, strict: true, ...more });

/** What is set in the form beside model and prompt, and what the body then holds beside them. */
const FIELDS: Array<[string, INodeParameters, Sent]> = [
	['nothing', {}, {}],
	['instructions', { instructions: 'Be brief' }, { instructions: 'Be brief' }],

	['output format text', { outputFormat: 'text' }, {}],
	['output format JSON object', { outputFormat: 'jsonObject' }, { text: { format: { type: 'json_object' } } }],
	['output format JSON schema', { outputFormat: 'jsonSchema', schema }, { text: { format: formatOf() } }],
	[
		'schema name, description, and strict off',
		{ outputFormat: 'jsonSchema', schema, schemaName: 'place', schemaDescription: 'Where it is', strict: false },
		{ text: { format: formatOf({ name: 'place', strict: false, description: 'Where it is' }) } },
	],
	[
		'output fields',
		{ outputFormat: 'fields', outputFields: { values: [{ name: 'city', type: 'string', description: '', options: '' }] } },
		{ text: { format: formatOf() } },
	],
	['an example', { outputFormat: 'example', schemaExample: { city: 'Bonn' } }, { text: { format: formatOf() } }],
	[
		'verbosity beside a format',
		{ outputFormat: 'jsonObject', options: { verbosity: 'low' } },
		{ text: { format: { type: 'json_object' }, verbosity: 'low' } },
	],

	['reasoning effort', { reasoning: { effort: 'xhigh' } }, { reasoning: { effort: 'xhigh' } }],
	['reasoning summary', { reasoning: { summary: 'auto' } }, { reasoning: { summary: 'auto' } }],
	['both of them', { reasoning: { effort: 'low', summary: 'detailed' } }, { reasoning: { effort: 'low', summary: 'detailed' } }],

	['temperature 0', { sampling: { temperature: 0 } }, { temperature: 0 }],
	['top P', { sampling: { topP: 0.5 } }, { top_p: 0.5 }],
	['frequency penalty', { sampling: { frequencyPenalty: -2 } }, { frequency_penalty: -2 }],
	['presence penalty 0', { sampling: { presencePenalty: 0 } }, { presence_penalty: 0 }],
	['max output tokens', { sampling: { maxOutputTokens: 16 } }, { max_output_tokens: 16 }],
	['stop', { sampling: { stop: 'END' } }, { stop: 'END' }],
	['number of answers', { sampling: { n: 2 } }, { n: 2 }],
	['top logprobs, without an include of its own', { sampling: { topLogprobs: 3 } }, { top_logprobs: 3 }],

	['web search with nothing set', { tools: { webSearch: {} } }, { tools: [{ type: 'web_search' }] }],
	[
		'web search with all of it',
		{
			tools: {
				webSearch: {
					searchContextSize: 'high',
					allowedDomains: 'example.com, example.org ,',
					country: 'DE',
					region: 'Bavaria',
					city: 'Munich',
					timezone: 'Europe/Berlin',
				},
			},
		},
		{
			tools: [
				{
					type: 'web_search',
					search_context_size: 'high',
					filters: { allowed_domains: ['example.com', 'example.org'] },
					user_location: { type: 'approximate', country: 'DE', region: 'Bavaria', city: 'Munich', timezone: 'Europe/Berlin' },
				},
			],
		},
	],
	[
		'file search',
		{ tools: { fileSearch: { vectorStoreIds: 'vs_1, vs_2', maxResults: 3, filters: '{"type": "eq", "key": "year", "value": 2026}' } } },
		{
			tools: [
				{
					type: 'file_search',
					vector_store_ids: ['vs_1', 'vs_2'],
					max_num_results: 3,
					filters: { type: 'eq', key: 'year', value: 2026 },
				},
			],
		},
	],
	['code interpreter', { tools: { codeInterpreter: {} } }, { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }],
	[
		'code interpreter with files',
		{ tools: { codeInterpreter: { fileIds: 'file-1,file-2' } } },
		{ tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1', 'file-2'] } }] },
	],
	[
		'code interpreter in a container',
		{ tools: { codeInterpreter: { containerId: 'cntr_1' } } },
		{ tools: [{ type: 'code_interpreter', container: 'cntr_1' }] },
	],
	['image generation', { tools: { imageGeneration: {} } }, { tools: [{ type: 'image_generation' }] }],
	[
		'image generation with all of it',
		{ tools: { imageGeneration: { size: '1024x1024', quality: 'low', imageFormat: 'webp', imageBackground: 'opaque' } } },
		{ tools: [{ type: 'image_generation', size: '1024x1024', quality: 'low', output_format: 'webp', background: 'opaque' }] },
	],
	[
		'MCP servers',
		{
			tools: {
				mcp: {
					values: [
						{
							serverLabel: 'shop',
							serverUrl: 'https://mcp.example.com',
							authorization: '',
							headers: '',
							allowedTools: '',
							requireApproval: '',
						},
						{
							serverLabel: 'docs',
							serverUrl: 'https://docs.example.com',
							authorization: 'token',
							headers: '{"X-Project": "42"}',
							allowedTools: 'search, read',
							requireApproval: 'never',
						},
						{
							serverLabel: 'mails',
							serverUrl: '',
							connectorId: 'connector_gmail',
							serverDescription: 'Mails of the support team',
							authorization: 'ya29.token',
							headers: '{}',
							allowedTools: '',
							requireApproval: '',
						},
					],
				},
			},
		},
		{
			tools: [
				{ type: 'mcp', server_label: 'shop', server_url: 'https://mcp.example.com' },
				{
					type: 'mcp',
					server_label: 'docs',
					server_url: 'https://docs.example.com',
					authorization: 'token',
					headers: { 'X-Project': '42' },
					allowed_tools: ['search', 'read'],
					require_approval: 'never',
				},
				{
					type: 'mcp',
					server_label: 'mails',
					connector_id: 'connector_gmail',
					server_description: 'Mails of the support team',
					authorization: 'ya29.token',
				},
			],
		},
	],
	[
		'functions',
		{
			tools: {
				functions: {
					values: [
						{ name: 'weather', description: 'The weather in a city', parameters: JSON.stringify(schema), strict: true },
						{ name: 'loose', description: '', parameters: schema, strict: false },
					],
				},
			},
		},
		{
			tools: [
				{ type: 'function', name: 'weather', description: 'The weather in a city', parameters: schema, strict: true },
				{ type: 'function', name: 'loose', parameters: schema, strict: false },
			],
		},
	],
	[
		'JSON fields of tools that nobody touched',
		{
			tools: {
				mcp: { values: [{ serverLabel: 'shop', serverUrl: 'https://shop.example.com', headers: '{}' }] },
				functions: { values: [{ name: 'now', parameters: '{}' }] },
				toolsJson: '[]',
			},
		},
		{
			tools: [
				{ type: 'mcp', server_label: 'shop', server_url: 'https://shop.example.com' },
				{
					type: 'function',
					name: 'now',
					parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
					strict: true,
				},
			],
		},
	],
	['tools as JSON', { tools: { toolsJson: '[{"type": "local_shell"}]' } }, { tools: [{ type: 'local_shell' }] }],
	[
		'tools of several kinds, those as JSON last',
		{ tools: { toolsJson: [{ type: 'local_shell' }], codeInterpreter: { containerId: 'c' }, webSearch: {} } },
		{ tools: [{ type: 'web_search' }, { type: 'code_interpreter', container: 'c' }, { type: 'local_shell' }] },
	],
	['lists of tools without a row', { tools: { mcp: {}, functions: {} } }, {}],
	['tool choice: a word', { tools: { toolChoice: 'required' } }, { tool_choice: 'required' }],
	['tool choice: the name of a function', { tools: { toolChoice: ' weather ' } }, { tool_choice: { type: 'function', name: 'weather' } }],
	[
		'tool choice: JSON',
		{ tools: { toolChoice: '{"type": "mcp", "server_label": "shop"}' } },
		{ tool_choice: { type: 'mcp', server_label: 'shop' } },
	],
	['tool choice: blank', { tools: { toolChoice: '  ' } }, {}],
	['parallel tool calls off', { tools: { parallelToolCalls: false } }, { parallel_tool_calls: false }],
	['max tool calls', { tools: { maxToolCalls: 5 } }, { max_tool_calls: 5 }],

	['background off', { options: { background: false } }, { background: false }],
	[
		'completion window, without waiting',
		{ options: { background: true, completionWindow: '8h', waitForCompletion: false } },
		{ background: true, background_options: { completion_window: '8h' } },
	],
	['completion window without background', { options: { completionWindow: '2h' } }, {}],
	['completion window with background off', { options: { background: false, completionWindow: '2h' } }, { background: false }],
	['conversation', { options: { conversation: 'conv_1' } }, { conversation: 'conv_1' }],
	['include', { options: { include: ['reasoning.encrypted_content'] } }, { include: ['reasoning.encrypted_content'] }],
	['include, none of it', { options: { include: [] } }, { include: [] }],
	[
		'metadata',
		{
			options: {
				metadata: {
					values: [
						{ name: 'order', value: '4711' },
						{ name: 'note', value: '' },
						{ name: '', value: '' },
					],
				},
			},
		},
		{ metadata: { order: '4711', note: '' } },
	],
	['metadata without a pair', { options: { metadata: { values: [{ name: '', value: '' }] } } }, {}],
	['previous response', { options: { previousResponseId: 'resp_1' } }, { previous_response_id: 'resp_1' }],
	['prompt cache key', { options: { promptCacheKey: 'news' } }, { prompt_cache_key: 'news' }],
	[
		'prompt template',
		{ options: { promptTemplate: { id: 'pmpt_1', version: '2', variables: '{"city": "Bonn"}' } } },
		{ prompt: { id: 'pmpt_1', version: '2', variables: { city: 'Bonn' } } },
	],
	['prompt template by its ID alone', { options: { promptTemplate: { id: 'pmpt_1' } } }, { prompt: { id: 'pmpt_1' } }],
	['safety identifier', { options: { safetyIdentifier: 'u1' } }, { safety_identifier: 'u1' }],
	['service tier', { options: { serviceTier: 'flex' } }, { service_tier: 'flex' }],
	['store off', { options: { store: false } }, { store: false }],
	['store on', { options: { store: true } }, { store: true }],
	['stream', { options: { stream: true } }, { stream: true }],
	['truncation', { options: { truncation: 'auto' } }, { truncation: 'auto' }],
	['user', { options: { user: 'customer-42' } }, { user: 'customer-42' }],
	[
		'verbosity, with the default format for servers that want one',
		{ options: { verbosity: 'high' } },
		{ text: { format: { type: 'text' }, verbosity: 'high' } },
	],
	[
		'verbosity from Extra Body',
		{ options: { extraBody: '{"text": {"verbosity": "low"}}' } },
		{ text: { format: { type: 'text' }, verbosity: 'low' } },
	],
	[
		'verbosity beside a format from Extra Body',
		{ options: { verbosity: 'low', extraBody: '{"text": {"format": {"type": "json_object"}}}' } },
		{ text: { format: { type: 'json_object' }, verbosity: 'low' } },
	],
	[
		'what is for the node alone',
		{
			output: 'inputAndAnswer',
			answerField: 'summary',
			options: {
				imageDetail: 'high',
				maxFileSize: 1,
				downloadFiles: true,
				maxToolRounds: 3,
				prices: { input: 0.25, cachedInput: 0.025, output: 2 },
				treatAsErrors: ['refusal'],
				waitForCompletion: false,
			},
			requests: {
				concurrency: 2,
				requestsPerMinute: 6000,
				maxRetries: 0,
				maxRetryWait: 1,
				timeout: 30,
				pollTimeout: 1,
				maxReplySize: 1,
				reuseIdentical: true,
			},
		},
		{},
	],
];

test.each(FIELDS)('%s', async (_, parameters, body) => {
	const { requests } = await run({ ...asked, ...parameters });
	expect(requests.map((request) => request.body)).toEqual([{ ...plain, ...body }]);
});

test('every field has a row here; those of the input have theirs in input.test.ts', () => {
	const namesIn = (value: unknown): string[] => {
		if (Array.isArray(value)) return value.flatMap(namesIn);
		if (typeof value !== 'object' || value === null) return [];
		return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
	};
	const listed = (fields: readonly Field[]): string[] =>
		fields.filter(({ type }) => type !== 'notice').flatMap(({ name, fields: inner = [] }) => [name, ...listed(inner)]);
	const ofInput = [
		'model',
		'inputType',
		'prompt',
		'messages',
		'role',
		'content',
		'binaryFields',
		'imageUrls',
		'fileUrls',
		'inputItems',
		'extraBody',
	];
	const tested = new Set([...ofInput, ...namesIn(FIELDS.map(([, parameters]) => parameters))]);
	expect(listed(createFields).filter((name) => !tested.has(name))).toEqual([]);
});

describe('Extra Body', () => {
	test.each<[string, INodeParameters, object]>([
		['adds what the form does not know', { options: { extraBody: '{"top_k": 40}' } }, { top_k: 40 }],
		['is taken as an object too', { options: { extraBody: { top_k: 40 } } }, { top_k: 40 }],
		['wins over a field', { sampling: { temperature: 1 }, options: { extraBody: '{"temperature": 0}' } }, { temperature: 0 }],
		["can take a field away from the server's eyes", { options: { store: true, extraBody: '{"store": null}' } }, { store: null }],
		[
			'combines with objects at every level',
			{
				outputFormat: 'jsonObject',
				reasoning: { effort: 'low' },
				options: { extraBody: '{"text": {"format": {"name": "x"}}, "reasoning": {"mode": "pro"}}' },
			},
			{ text: { format: { type: 'json_object', name: 'x' } }, reasoning: { effort: 'low', mode: 'pro' } },
		],
		['replaces a list', { tools: { webSearch: {} }, options: { extraBody: '{"tools": [{"type": "x"}]}' } }, { tools: [{ type: 'x' }] }],
		['that is empty adds nothing', { options: { extraBody: '{}' } }, {}],
	])('%s', async (_, parameters, body) => {
		const { requests } = await run({ ...asked, ...parameters });
		expect(requests[0].body).toEqual({ ...plain, ...body });
	});
});

describe('A template kept at the server', () => {
	const options = { promptTemplate: { id: 'pmpt_1' } };
	test.each<[string, INodeParameters, Sent]>([
		['may bring the model and the prompt', { model: { ...model, value: '' }, prompt: '' }, {}],
		['may bring the messages', { model, inputType: 'messages', messages: {} }, { model: 'gpt-5.4' }],
		['may bring the input items', { model, inputType: 'json', inputItems: '' }, { model: 'gpt-5.4' }],
	])('%s', async (_, parameters, body) => {
		const { requests } = await run({ ...parameters, options });
		expect(requests[0].body).toEqual({ ...body, prompt: { id: 'pmpt_1' } });
	});
});
