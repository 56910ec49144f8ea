import { optionsOf, type Field } from '../field';

/** Parameters without a field: the object is merged over the request body. */
export const extraBody: Field = {
	displayName: 'Extra Body',
	name: 'extraBody',
	type: 'json',
	typeOptions: { rows: 3 },
	default: '{}',
	placeholder: 'e.g. {"top_k": 40}',
	description: 'JSON object that is merged into the request and wins over it, for parameters without a field here',
};

/** What the server adds to its reply. https://platform.openai.com/docs/api-reference/responses/create#responses-create-include */
export const include: Field = {
	displayName: 'Include Additional Data',
	name: 'include',
	type: 'multiOptions',
	default: [],
	options: [
		{ name: 'Code Interpreter Outputs', value: 'code_interpreter_call.outputs' },
		{ name: 'Computer Screenshots', value: 'computer_call_output.output.image_url' },
		{ name: 'Encrypted Reasoning', value: 'reasoning.encrypted_content' },
		{ name: 'File Search Results', value: 'file_search_call.results' },
		{ name: 'Input Image URLs', value: 'message.input_image.image_url' },
		{ name: 'Logprobs', value: 'message.output_text.logprobs' },
		{ name: 'Web Search Results', value: 'web_search_call.results' },
		{ name: 'Web Search Sources', value: 'web_search_call.action.sources' },
	],
	description: 'What the server adds to its reply',
	sends: 'include',
};

/** A key that calls with the same beginning share, for the cache of the server. https://platform.openai.com/docs/guides/prompt-caching */
export const promptCacheKey: Field = {
	displayName: 'Prompt Cache Key',
	name: 'promptCacheKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. newsletter',
	description: 'Same text for calls that begin alike, so that the server finds their beginning in its cache, which costs less',
	sends: 'prompt_cache_key',
};

/** The end user, for the rules of the server. https://platform.openai.com/docs/guides/safety-best-practices */
export const safetyIdentifier: Field = {
	displayName: 'Safety Identifier',
	name: 'safetyIdentifier',
	type: 'string',
	default: '',
	placeholder: 'e.g. user-8f3a2c',
	description: 'Code for your end user, so that the server can tell who breaks its rules; no name and no e-mail address',
	sends: 'safety_identifier',
};

/** How fast and at what price the server works. https://platform.openai.com/docs/guides/priority-processing */
export const serviceTier: Field = {
	displayName: 'Service Tier',
	name: 'serviceTier',
	type: 'options',
	default: 'auto',
	options: optionsOf('auto', 'default', 'flex', 'priority', 'fast', 'ultrafast', 'scale'),
	description: 'How fast and at what price the server works (default auto)',
	hint: 'Flex is slower and cheaper, Priority faster and more expensive',
	sends: 'service_tier',
};

/** Whether the server keeps the response. */
export const store: Field = {
	displayName: 'Store',
	name: 'store',
	type: 'boolean',
	default: false,
	description:
		'Whether the server keeps the response for Get or Previous Response ID; OpenAI keeps it unless this is off, many gateways never do',
	hint: 'OpenRouter refuses a call with Store on',
	sends: 'store',
};

/** The end user, by the older parameter. */
export const user: Field = {
	displayName: 'User',
	name: 'user',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer-42',
	description: 'Code for your end user; OpenAI prefers Safety Identifier',
	sends: 'user',
};

/** How long and detailed the answer is. */
export const verbosity: Field = {
	displayName: 'Verbosity',
	name: 'verbosity',
	type: 'options',
	default: 'medium',
	options: optionsOf('low', 'medium', 'high'),
	description: 'How long and detailed the answer is (default medium)',
	sends: 'text.verbosity',
};
