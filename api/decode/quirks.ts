/**
 * What servers do differently from the API's own pages, https://platform.openai.com/docs/api-reference/responses. Each row names a
 * server that does it and the file in `test/fixtures` that shows it. For a new one add that file, a row here and a row in
 * `test/api/quirks.test.ts`. A row without a fixture is deleted.
 *
 * Values of another type than documented, such as a text for a list of parts, are read in `normalize.ts`. Words for the status of a
 * response are in `status.ts`.
 */

/** Events by another name: theirs and the API's, both without `.delta` and `.done`. */
export const EVENT_ALIASES = new Map([
	['response.reasoning', 'response.reasoning_text'], // Open Responses: open-responses-reasoning.1.sse
]);

/** Text that gateways put after JSON when they were asked for a stream and had none. */
export const TRAILING_DONE = /data:\s*\[DONE\]\s*$/; // 9router: 9router-json-then-done.1.sse

/** Keys under which a gateway puts the whole reply. */
export const REPLY_WRAPPERS = [
	'result', // Cloudflare Workers AI: cloudflare-run.1.json
	'data', // a gateway seen in smallmain/vscode-unify-chat-provider#71: data-wrapper.1.json
];

/** Keys of an error body that may hold its message, after `error.message` and before `detail`. */
export const MESSAGE_KEYS = [
	'message', // Mistral: mistral-error.1.json
	'msg', // Z.ai: zai-not-found.1.json
];

/** Keys of an error body that may hold a list of what is wrong with each field. */
export const ISSUE_KEYS = [
	'issues', // Mastra: mastra-issues.1.json
	'errors', // Cloudflare, Portkey: cloudflare-error.1.json, portkey-config.1.json
];

/** Keys in an error that hold what the server behind a gateway said, or what the model wrote. */
export const REASON_KEYS = [
	'raw', // OpenRouter: openrouter-raw.1.json
	'failed_generation', // Groq: groq-failed-generation.1.json
];

/** Headers with the server's id of a call, likeliest first. */
export const REQUEST_ID_HEADERS = [
	'x-request-id', // OpenAI: request-id-headers.1.json
	'x-oneapi-request-id', // new-api: request-id-headers.1.json
	'apim-request-id', // Azure: request-id-headers.1.json
	'x-generation-id', // OpenRouter: request-id-headers.1.json
	'cf-ray', // Cloudflare: request-id-headers.1.json
];

/** Headers with the cost of a call. One that comes with a stream was sent before anybody knew it. */
export const COST_HEADERS = [
	'x-litellm-response-cost', // LiteLLM: response-cost-headers.1.json
];

/** Where the usage of a reply may stand, the API's own place first; of a list its last entry counts. */
export const USAGE_PLACES = [
	'usage',
	'choices.usage', // Kimi: kimi-usage.1.sse
	'x_groq.usage', // Groq: groq-usage.1.sse
];

/** Where each count of tokens, and the cost, may stand in `usage`, the API's own name first. */
export const USAGE_PATHS = {
	input_tokens: [
		'input_tokens',
		'prompt_tokens', // AnyAPI, new-api: anyapi-text.1.json
		'inputTokens', // gateways with the AI SDK: ai-sdk-usage.1.json
	],
	cached_tokens: [
		'input_tokens_details.cached_tokens',
		'prompt_tokens_details.cached_tokens', // new-api: new-api-usage-both.1.json
		'prompt_cache_hit_tokens', // DeepSeek: deepseek-cache.1.json
		'cache_read_input_tokens', // Anthropic: anthropic-message.1.json
		'cached_tokens', // Kimi: kimi-usage.1.sse
		'cachedInputTokens', // gateways with the AI SDK: ai-sdk-usage.1.json
	],
	output_tokens: [
		'output_tokens',
		'completion_tokens', // AnyAPI, new-api: anyapi-text.1.json
		'outputTokens', // gateways with the AI SDK: ai-sdk-usage.1.json
	],
	reasoning_tokens: [
		'output_tokens_details.reasoning_tokens',
		'completion_tokens_details.reasoning_tokens', // new-api: new-api-usage-both.1.json
		'reasoningTokens', // gateways with the AI SDK: ai-sdk-usage.1.json
	],
	cost: [
		'cost', // OpenRouter: openrouter-cost.1.json
		'cost.total_cost', // Perplexity: perplexity-cost.1.json
	],
	total_tokens: [
		'total_tokens',
		'totalTokens', // gateways with the AI SDK: ai-sdk-usage.1.json
	],
};

/** By the `finish_reason` of a chat completion, in lower case, the reason for which the answer is incomplete. Other words: `status.ts`. */
export const INCOMPLETE_REASONS = new Map([
	['length', 'max_output_tokens'], // AnyAPI: anyapi-choices.1.json
	['max_tokens', 'max_output_tokens'], // Anthropic: anthropic-message.1.json
	['content_filter', 'content_filter'], // Azure: azure-filtered.1.json
	['safety', 'content_filter'], // Gemini: gemini-safety.1.json
]);

/** Keys of a chat message that may hold the model's reasoning. */
export const REASONING_KEYS = [
	'reasoning_content', // AnyAPI, DeepSeek: anyapi-choices.1.json
	'reasoning', // OpenRouter: openrouter-reasoning.1.json
];

/** Tags around the reasoning that servers without a reasoning parser leave in front of a text. */
export const THINK_TAGS = [
	['<think>', '</think>'], // DeepSeek and Qwen on Ollama, LM Studio or vLLM: deepseek-think.1.json
	['<thought>', '</thought>'], // Gemini: gemini-thought.1.json
	['<thinking>', '</thinking>'], // Reflection: reflection-thinking.1.json
	['<seed:think>', '</seed:think>'], // Seed-OSS: seed-think.1.json
	['[THINK]', '[/THINK]'], // Magistral: magistral-think.1.json
	['◁think▷', '◁/think▷'], // Kimi-VL: kimi-think.1.json
	['<reasoning>', '</reasoning>'], // Reka Flash 3: reka-reasoning.1.json
	['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'], // gpt-oss: gpt-oss-channels.1.json
] as const;

/** Keys of a reply that may list the pages of its answer, as addresses or as objects with `url` and `title`. */
export const CITATION_KEYS = [
	'citations', // xAI, Perplexity, Azure: xai-citations.1.json, perplexity-citations.1.json, azure-citations.1.json
	'search_results', // Perplexity: perplexity-search-results.1.json
	'references', // Volcengine Ark's bots: ark-references.1.json
	'web_search', // Z.ai: zai-web-search.1.json
];

/** The types of output items that list the pages of an answer in `results`. */
export const CITATION_ITEMS = [
	'search_results', // Perplexity: perplexity-agent.1.json
	'web_search_call', // the API itself, with include web_search_call.results: openai-search-sources.1.json
];

/** Keys of a listed model that may hold its id. */
export const MODEL_ID_KEYS = [
	'id',
	'name', // Ollama: ollama-models.1.json
	'model', // Ollama: ollama-models.1.json
	'identifier', // Llama Stack: llama-stack-models.1.json
	'key', // LM Studio: lm-studio-models.1.json
	'slug', // Codex: codex-models.1.json
	'model_name', // LiteLLM: litellm-model-info.1.json
];

/** Keys of a reply that may hold the list of models. */
export const MODEL_LIST_KEYS = [
	'data',
	'models', // Ollama: ollama-models.1.json
];
