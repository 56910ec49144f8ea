import type { INodeParameters } from 'n8n-workflow';
import type {
	EasyInputMessage,
	ResponseIncludable,
	ResponseInputContent,
	ResponseInputFile,
	ResponseInputImage,
	Tool,
} from 'openai/resources/responses/responses';

import { objectIn } from '../../api/json';
import type { Body } from '../../api/params';
import { createFields } from '../../nodes/Responses/description/fields/create';
import type { Field } from '../../nodes/shared/description/field';
import { gateway } from '../support/one-item';
import { typeErrors } from '../support/type-errors';

/** What the form offers of something, or why not. */
type Offer = 'field' | { notOffered: string };

/** Every parameter of `POST /responses`: a field of the form, or why it is none. A new one of OpenAI's stops the build here. */
const PARAMETERS: Record<keyof Body, Offer> = {
	access_programs: { notOffered: 'only for accounts that OpenAI has admitted; Extra Body takes it' },
	background: 'field',
	background_options: 'field',
	context_management: { notOffered: 'only compaction, which has an operation of its own; Extra Body takes it' },
	conversation: 'field',
	frequency_penalty: 'field',
	image: { notOffered: 'only how OpenAI compresses the images of long conversations; Extra Body takes it' },
	include: 'field',
	input: 'field',
	instructions: 'field',
	max_output_tokens: 'field',
	max_tool_calls: 'field',
	metadata: 'field',
	model: 'field',
	moderation: { notOffered: 'its result comes with the raw reply, and only at OpenAI; Extra Body takes it' },
	n: 'field',
	parallel_tool_calls: 'field',
	presence_penalty: 'field',
	previous_response_id: 'field',
	prompt: 'field',
	prompt_cache_key: 'field',
	prompt_cache_options: { notOffered: 'only for the newest models of OpenAI; Extra Body takes it' },
	prompt_cache_retention: { notOffered: 'deprecated by OpenAI' },
	reasoning: 'field',
	safety_identifier: 'field',
	service_tier: 'field',
	stop: 'field',
	store: 'field',
	stream: 'field',
	stream_options: { notOffered: 'pads the events of a stream, which are not shown; Extra Body takes it' },
	temperature: 'field',
	text: 'field',
	tool_choice: 'field',
	tools: 'field',
	top_logprobs: 'field',
	top_p: 'field',
	truncation: 'field',
	user: 'field',
};

const toolsJson = { notOffered: 'for few; Tools (JSON) takes it' };
const inputItems = { notOffered: 'Input Type JSON takes it' };

type Reasoning = NonNullable<Body['reasoning']>;
type Text = NonNullable<Body['text']>;
type SchemaFormat = Extract<Text['format'], { type: 'json_schema' }>;
/** The tool of a type; one of them goes by two types. */
type ToolOf<Type extends Tool['type'], Each = Tool> = Each extends { type: infer Types } ? (Type extends Types ? Each : never) : never;
type Container = Exclude<ToolOf<'code_interpreter'>['container'], string>;

/** The members of the parameters that are objects, in the same way. */
const MEMBERS = {
	background_options: {
		completion_window: 'field',
		continuation_id: { notOffered: 'only the order in which OpenAI works; Extra Body takes it' },
	} satisfies Record<keyof NonNullable<Body['background_options']>, Offer>,
	prompt: { id: 'field', variables: 'field', version: 'field' } satisfies Record<keyof NonNullable<Body['prompt']>, Offer>,
	reasoning: {
		context: { notOffered: 'only which reasoning of earlier turns counts, and only at OpenAI; Extra Body takes it' },
		effort: 'field',
		generate_summary: { notOffered: 'deprecated by OpenAI' },
		mode: { notOffered: 'only for some models of OpenAI; Extra Body takes it' },
		summary: 'field',
	} satisfies Record<keyof Reasoning, Offer>,
	text: { format: 'field', verbosity: 'field' } satisfies Record<keyof Text, Offer>,
	'text.format': {
		description: 'field',
		name: 'field',
		schema: 'field',
		strict: 'field',
		type: 'field',
	} satisfies Record<keyof SchemaFormat, Offer>,
	message: {
		content: 'field',
		phase: { notOffered: 'only in answers that are sent back; Input Type JSON takes it' },
		role: 'field',
		type: 'field',
	} satisfies Record<keyof EasyInputMessage, Offer>,
	input_image: {
		detail: 'field',
		file_id: inputItems,
		image_url: 'field',
		prompt_cache_breakpoint: inputItems,
		type: 'field',
	} satisfies Record<keyof ResponseInputImage, Offer>,
	input_file: {
		detail: inputItems,
		file_data: 'field',
		file_id: inputItems,
		file_url: 'field',
		filename: 'field',
		prompt_cache_breakpoint: inputItems,
		type: 'field',
	} satisfies Record<keyof ResponseInputFile, Offer>,
	web_search: {
		external_web_access: toolsJson,
		filters: 'field',
		search_context_size: 'field',
		type: 'field',
		user_location: 'field',
	} satisfies Record<keyof ToolOf<'web_search'>, Offer>,
	'web_search.filters': { allowed_domains: 'field' } satisfies Record<keyof NonNullable<ToolOf<'web_search'>['filters']>, Offer>,
	'web_search.user_location': {
		city: 'field',
		country: 'field',
		region: 'field',
		timezone: 'field',
		type: 'field',
	} satisfies Record<keyof NonNullable<ToolOf<'web_search'>['user_location']>, Offer>,
	file_search: {
		filters: 'field',
		max_num_results: 'field',
		ranking_options: toolsJson,
		type: 'field',
		vector_store_ids: 'field',
	} satisfies Record<keyof ToolOf<'file_search'>, Offer>,
	code_interpreter: {
		allowed_callers: toolsJson,
		container: 'field',
		type: 'field',
	} satisfies Record<keyof ToolOf<'code_interpreter'>, Offer>,
	'code_interpreter.container': {
		file_ids: 'field',
		memory_limit: toolsJson,
		network_policy: toolsJson,
		type: 'field',
	} satisfies Record<keyof Container, Offer>,
	image_generation: {
		action: toolsJson,
		background: 'field',
		complexity: toolsJson,
		frame_count: toolsJson,
		frame_duration_ms: toolsJson,
		input_fidelity: toolsJson,
		input_image_mask: toolsJson,
		model: toolsJson,
		moderation: toolsJson,
		output_compression: toolsJson,
		output_format: 'field',
		partial_images: { notOffered: 'previews in a stream, which are not shown; Tools (JSON) takes it' },
		quality: 'field',
		size: 'field',
		svg: toolsJson,
		type: 'field',
	} satisfies Record<keyof ToolOf<'image_generation'>, Offer>,
	mcp: {
		allowed_callers: toolsJson,
		allowed_tools: 'field',
		authorization: 'field',
		connector_id: 'field',
		defer_loading: toolsJson,
		headers: 'field',
		require_approval: 'field',
		server_description: 'field',
		server_label: 'field',
		server_url: 'field',
		tunnel_id: { notOffered: 'only for tunnels of OpenAI; Tools (JSON) takes it' },
		type: 'field',
	} satisfies Record<keyof ToolOf<'mcp'>, Offer>,
	function: {
		allowed_callers: toolsJson,
		async: toolsJson,
		defer_loading: toolsJson,
		description: 'field',
		name: 'field',
		output_schema: toolsJson,
		parameters: 'field',
		strict: 'field',
		type: 'field',
	} satisfies Record<keyof ToolOf<'function'>, Offer>,
};

/** The types of tools, in the same way. */
const TOOL_TYPES: Record<Tool['type'], Offer> = {
	apply_patch: toolsJson,
	code_interpreter: 'field',
	computer: toolsJson,
	computer_use_preview: { notOffered: 'deprecated by OpenAI' },
	custom: toolsJson,
	file_search: 'field',
	function: 'field',
	image_generation: 'field',
	local_shell: toolsJson,
	mcp: 'field',
	namespace: toolsJson,
	programmatic_tool_calling: toolsJson,
	shell: toolsJson,
	tool_search: toolsJson,
	web_search: 'field',
	web_search_2025_08_26: { notOffered: 'an old version of web_search; Tools (JSON) takes it' },
	web_search_preview: { notOffered: 'replaced by web_search; Tools (JSON) takes it' },
	web_search_preview_2025_03_11: { notOffered: 'replaced by web_search; Tools (JSON) takes it' },
};

/** By the place of a field in the form the values that the API takes there. */
const VALUES = {
	'options.completionWindow': { '2h': 'field', '8h': 'field', soonest: 'field' } satisfies Record<
		NonNullable<NonNullable<Body['background_options']>['completion_window']>,
		Offer
	>,
	'options.imageDetail': { auto: 'field', high: 'field', low: 'field', original: 'field' } satisfies Record<
		NonNullable<ResponseInputImage['detail']>,
		Offer
	>,
	'options.include': {
		'code_interpreter_call.outputs': 'field',
		'computer_call_output.output.image_url': 'field',
		'file_search_call.results': 'field',
		'message.input_image.image_url': 'field',
		'message.output_text.logprobs': 'field',
		'reasoning.encrypted_content': 'field',
		'web_search_call.action.sources': 'field',
		'web_search_call.results': 'field',
	} satisfies Record<ResponseIncludable, Offer>,
	'options.serviceTier': {
		auto: 'field',
		default: 'field',
		fast: 'field',
		flex: 'field',
		priority: 'field',
		scale: 'field',
		ultrafast: 'field',
	} satisfies Record<NonNullable<Body['service_tier']>, Offer>,
	'options.truncation': { auto: 'field', disabled: 'field' } satisfies Record<NonNullable<Body['truncation']>, Offer>,
	'options.verbosity': { high: 'field', low: 'field', medium: 'field' } satisfies Record<NonNullable<Text['verbosity']>, Offer>,
	'reasoning.effort': {
		high: 'field',
		low: 'field',
		max: 'field',
		medium: 'field',
		minimal: 'field',
		none: 'field',
		xhigh: 'field',
	} satisfies Record<NonNullable<Reasoning['effort']>, Offer>,
	'reasoning.summary': { auto: 'field', concise: 'field', detailed: 'field' } satisfies Record<NonNullable<Reasoning['summary']>, Offer>,
	'tools.imageGeneration.imageBackground': { auto: 'field', opaque: 'field', transparent: 'field' } satisfies Record<
		NonNullable<ToolOf<'image_generation'>['background']>,
		Offer
	>,
	'tools.imageGeneration.imageFormat': { gif: 'field', jpeg: 'field', png: 'field', svg: 'field', webp: 'field' } satisfies Record<
		NonNullable<ToolOf<'image_generation'>['output_format']>,
		Offer
	>,
	'tools.mcp.connectorId': {
		connector_dropbox: 'field',
		connector_gmail: 'field',
		connector_googlecalendar: 'field',
		connector_googledrive: 'field',
		connector_microsoftteams: 'field',
		connector_outlookcalendar: 'field',
		connector_outlookemail: 'field',
		connector_sharepoint: 'field',
	} satisfies Record<NonNullable<ToolOf<'mcp'>['connector_id']>, Offer>,
	'tools.mcp.requireApproval': { always: 'field', never: 'field' } satisfies Record<
		Extract<NonNullable<ToolOf<'mcp'>['require_approval']>, string>,
		Offer
	>,
	'tools.webSearch.searchContextSize': { high: 'field', low: 'field', medium: 'field' } satisfies Record<
		NonNullable<ToolOf<'web_search'>['search_context_size']>,
		Offer
	>,
};

const mcpRow = (more: object) => ({
	serverLabel: 'shop',
	serverUrl: '',
	connectorId: '',
	serverDescription: 'Orders',
	authorization: 't',
	headers: '{"X-A": "1"}',
	allowedTools: 'search',
	requireApproval: 'never',
	...more,
});
/** A form with everything filled in. */
const FULL: INodeParameters = {
	model: 'gpt-5.4',
	inputType: 'messages',
	messages: {
		values: [
			{ role: 'user', content: 'Hi', binaryFields: 'data', imageUrls: 'https://a.example/1.png', fileUrls: 'https://a.example/1.pdf' },
		],
	},
	instructions: 'Be brief',
	outputFormat: 'jsonSchema',
	schema: '{"type": "object"}',
	schemaName: 'place',
	schemaDescription: 'Where',
	reasoning: { effort: 'low', summary: 'auto' },
	sampling: { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, maxOutputTokens: 99, stop: 'END', n: 1, topLogprobs: 0 },
	tools: {
		webSearch: {
			searchContextSize: 'low',
			allowedDomains: 'a.example',
			country: 'DE',
			region: 'NRW',
			city: 'Bonn',
			timezone: 'Europe/Berlin',
		},
		fileSearch: { vectorStoreIds: 'vs_1', maxResults: 1, filters: '{"type": "eq"}' },
		codeInterpreter: { fileIds: 'file-1' },
		imageGeneration: { size: 'auto', quality: 'low', imageFormat: 'png', imageBackground: 'auto' },
		mcp: { values: [mcpRow({ serverUrl: 'https://m.example' }), mcpRow({ connectorId: 'connector_gmail' })] },
		functions: { values: [{ name: 'f', description: 'F', parameters: '{"type": "object"}', strict: true }] },
		toolChoice: 'auto',
		parallelToolCalls: true,
		maxToolCalls: 1,
	},
	options: {
		background: true,
		completionWindow: '8h',
		conversation: 'conv_1',
		include: [],
		metadata: { values: [{ name: 'order', value: '1' }] },
		previousResponseId: 'resp_1',
		promptCacheKey: 'news',
		promptTemplate: { id: 'pmpt_1', version: '2', variables: '{"a": "b"}' },
		safetyIdentifier: 'u1',
		serviceTier: 'auto',
		store: false,
		stream: false,
		truncation: 'auto',
		treatAsErrors: [],
		user: 'u1',
		verbosity: 'low',
	},
};

const { run } = gateway();

const offered = (offers: { [name: string]: Offer }) =>
	Object.entries(offers)
		.filter(([, offer]) => offer === 'field')
		.map(([name]) => name)
		.sort();

/** The names of all members of these objects. */
const namesOf = (objects: object[]) => [...new Set(objects.flatMap((entry) => Object.keys(entry)))].sort();

describe('What the API takes is sent by a field of the form, or has a reason not to be', () => {
	let body: Body & { input: EasyInputMessage[]; tools: Tool[] };
	beforeAll(async () => {
		const binary = { data: { data: 'eA==', mimeType: 'text/plain', fileName: 'a.txt' } };
		const { requests } = await run(FULL, { items: [{ json: {}, binary }] });
		body = requests[0].body;
	});

	test('every parameter', () => expect(namesOf([body])).toEqual(offered(PARAMETERS)));

	test('every type of tool', () => expect([...new Set(body.tools.map(({ type }) => type))].sort()).toEqual(offered(TOOL_TYPES)));

	test.each(Object.entries<{ [member: string]: Offer }>(MEMBERS))('every member of %s', (place, members) => {
		const parts = body.input.map(({ content }) => content as ResponseInputContent[]).flat();
		const named: object[] = [...body.tools, ...parts, ...body.input].filter(({ type }) => type === place.split('.')[0]);
		const objects = named.length > 0 ? named : [objectIn(body, place.split('.')[0])];
		const inner = place.split('.')[1];
		expect(namesOf(inner ? objects.map((entry) => objectIn(entry, inner)) : objects)).toEqual(offered(members));
	});

	test.each(Object.entries<{ [value: string]: Offer }>(VALUES))('every value of %s', (place, values) => {
		const fieldAt = (fields: readonly Field[], [name, ...inner]: string[]): Field | undefined => {
			const field = fields.find((entry) => entry.name === name);
			return inner.length > 0 ? fieldAt(field?.fields ?? [], inner) : field;
		};
		const choices = fieldAt(createFields, place.split('.'))?.options ?? [];
		const given = choices.map((choice) => ('value' in choice ? String(choice.value) : '')).filter((value) => value !== '');
		expect(given.sort()).toEqual(offered(values));
	});
});

describe('A field that would send what the API does not know', () => {
	const good = `export const field: Field = { ...shown, sends: 'max_output_tokens' };`;
	const sending = (body: string) => `export const field: Field = { ...shown, sends: (value: string): Body => (${body}) };`;
	const inside = (field: string) => `export const field = collection({ displayName: 'C', name: 'c' }, [{ ...shown, ${field} }]);`;
	const cases: Array<[string, string, RegExp]> = [
		['a misspelt name', good.replace('tokens', 'token'), /"max_output_token"' is not assignable/],
		['a misspelt name in a collection', inside(`sends: 'temprature'`), /"temprature"' is not assignable/],
		['a misspelt name in an object', inside(`sends: 'reasoning.efort'`), /"reasoning.efort"' is not assignable/],
		['a misspelt key of the body', sending('{ max_output_token: 1 }'), /'max_output_token' does not exist/],
		['a misspelt key below it', sending(`{ reasoning: { efort: 'low' } }`), /'efort' does not exist/],
		['a value that is none of its values', sending(`{ reasoning: { effort: 'lowest' } }`), /"lowest"' is not assignable/],
		[
			'a misspelt member of a tool',
			sending(`{ tools: [{ type: 'web_search', search_contextsize: 'low' }] }`),
			/'search_contextsize' does not exist/,
		],
		['a tool of no known type', sending(`{ tools: [{ type: 'websearch' }] }`), /"websearch"' is not assignable/],
		['a misspelt member of an input message', sending(`{ input: [{ role: 'user', contents: 'x' }] }`), /'contents' does not exist/],
	];
	const [ofGood, ...ofBad] = typeErrors([good, ...cases.map(([, declaration]) => declaration)]);

	test('does not stand for one that it knows', () => expect(ofGood).toEqual([]));
	test.each(cases.map(([title, , message], index) => [title, message, ofBad[index].join('\n')] as const))(
		'does not compile: %s',
		(_, message, errors) => expect(errors).toMatch(message),
	);
});
