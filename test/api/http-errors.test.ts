import { bytes, fixture, json, type Reply } from '../support/replies';
import { testCases, SECRET_KEY } from '../support/cases';

const good = json({ output: 'Yes' });
const limited = (headers: Reply['headers']) =>
	json({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } }, { status: 429, headers });
const soon = { 'retry-after-ms': '1' };
const error = (status: number, body: object = { message: 'No' }, headers: Reply['headers'] = {}) =>
	json({ error: body }, { status, headers });
const page = (title: string, status: number, headers = {}) =>
	bytes(`<html><head><title>${title}</title></head><body><script>x()</script></body></html>`, 'text/html', { status, headers });
const past = 'Wed, 21 Oct 2015 07:28:00 GMT';
const once = { requests: { maxRetries: 1 } };
/** Where new-api lists the forms of errors that it has met */
const GENERAL_ERROR = 'https://github.com/QuantumNous/new-api/blob/5c73e81f/dto/error.go';

testCases('Retry-After', [
	{ title: 'Retry-After-Ms is waited for', reply: [limited({ 'retry-after-ms': '120' }), good], expectJson: 'Yes', expectCalls: 2 },
	{ title: 'Retry-After in seconds is waited for', reply: [limited({ 'retry-after': '0.2' }), good], expectJson: 'Yes', expectCalls: 2 },
	{ title: 'Retry-After: 0 means at once', reply: [limited({ 'retry-after': '0' }), good], expectJson: 'Yes', expectCalls: 2 },
	{
		title: 'above Max Retry Wait: it fails at once and says how long the server asked for',
		reply: limited({ 'retry-after': '7' }),
		parameters: { requests: { maxRetryWait: 5 } },
		expectError: {
			message: 'Slow down',
			status: 429,
			attempts: 1,
			hint: 'The server asks to wait 7 seconds, longer than Max Retry Wait in Requests (5): raise that, or run it again later',
		},
	},
	{
		title: 'of 99999 seconds: it fails at once and says so',
		reply: limited({ 'retry-after': '99999' }),
		expectError: { attempts: 1, hint: expect.stringMatching(/wait 99999 seconds/) },
	},
	{
		title: 'a date an hour ahead: it fails at once and says how many seconds that is',
		reply: () => limited({ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }),
		expectError: { attempts: 1, hint: expect.stringMatching(/wait (3600|35\d\d) seconds/) },
	},
	...[past, 'abc', '-1', ''].map((after) => ({
		title: `Retry-After "${after}" says nothing: the usual wait`,
		reply: [limited({ 'retry-after': after }), good],
		parameters: once,
		expectJson: 'Yes',
		expectCalls: 2,
	})),
	{
		title: 'after the last try the error tells the attempts and the time waited',
		reply: error(500, { message: 'Oops' }, { 'retry-after-ms': '20' }),
		expectError: { message: 'Oops', status: 500, attempts: 3, waitedMs: expect.any(Number) },
		expectCalls: 3,
	},
]);

testCases('Which statuses are tried again', [
	{
		title: 'Max Retries 0 means one try',
		reply: limited(soon),
		parameters: { requests: { maxRetries: 0 } },
		expectError: { attempts: 1 },
	},
	...[408, 409, 500, 502, 503, 504, 520, 521, 522, 523, 529].map((status) => ({
		title: `${status} is tried again`,
		reply: [error(status, { message: 'Busy' }, soon), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
	...[400, 401, 403, 404, 405, 410, 413, 415, 422, 425, 451, 501, 505, 525, 526, 527, 530].map((status) => ({
		title: `${status} is not tried again`,
		reply: error(status, { message: 'No' }, soon),
		expectError: { message: 'No', status, attempts: 1 },
	})),
]);

testCases('A used-up quota or balance', [
	{
		title: "OpenAI's insufficient_quota (429) is not tried again",
		why: 'https://github.com/langchain-ai/langchainjs/issues/1929',
		reply: fixture('openai-quota.1.json', { status: 429, headers: soon }),
		expectError: { status: 429, code: 'insufficient_quota', attempts: 1, hint: expect.stringMatching(/top it up/) },
	},
	{
		title: 'a quota told in words alone (429) is not tried again',
		reply: error(429, { message: 'You exceeded your current quota.' }, soon),
		expectError: { attempts: 1, hint: expect.stringMatching(/top it up/) },
	},
	...['billing_hard_limit_reached', 'insufficient_user_quota', 'pre_consume_token_quota_failed'].map((code) => ({
		title: `${code} at status 500 is not tried again, whatever X-Should-Retry says`,
		why: 'https://github.com/QuantumNous/new-api/blob/01f6839b/types/error.go',
		reply: error(500, { message: 'x', code }, { ...soon, 'x-should-retry': 'true' }),
		expectError: { code, attempts: 1, hint: expect.stringMatching(/top it up/) },
	})),
	{
		title: "new-api's used-up balance (403) is told in its words",
		why: 'https://github.com/QuantumNous/new-api/blob/009910b9/service/pre_consume_quota.go',
		reply: fixture('new-api-quota.1.json', { status: 403 }),
		expectError: {
			message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 2026112210000012345)',
			status: 403,
			code: 'insufficient_user_quota',
			attempts: 1,
			hint: expect.stringMatching(/top it up/),
		},
	},
	{
		title: 'missing credits (402) are told with the hint to top up',
		why: 'OpenRouter',
		reply: error(402, { message: 'Insufficient credits', code: 402 }),
		expectError: { code: '402', hint: expect.stringMatching(/top it up/) },
	},
]);

testCases('A model that the server does not have', [
	{
		title: 'a model without a channel (503) is not tried again',
		why: 'https://github.com/QuantumNous/new-api/blob/003d7c00/middleware/distributor.go',
		reply: fixture('new-api-model-not-found.1.json', { status: 503, headers: soon }),
		expectError: {
			message: expect.stringMatching(/无可用渠道/),
			code: 'model_not_found',
			attempts: 1,
			hint: expect.stringMatching(/choose another in Model/),
		},
	},
	{
		title: 'an unknown model (404) is told with the hint to choose another',
		why: 'vLLM',
		reply: fixture('vllm-model-not-found.1.json', { status: 404 }),
		expectError: {
			message: 'The model `nope` does not exist.',
			code: '404',
			param: 'model',
			hint: expect.stringMatching(/choose another in Model/),
		},
	},
]);

testCases('A status 5xx or 429 for something that will not pass', [
	{
		title: 'invalid_request (500) is not tried again',
		why: 'https://github.com/QuantumNous/new-api/blob/01f6839b/types/error.go',
		reply: fixture('new-api-invalid-request.1.json', { status: 500, headers: soon }),
		expectError: { message: expect.stringMatching(/^field model is required/), code: 'invalid_request', attempts: 1 },
	},
	...[
		'convert_request_failed',
		'sensitive_words_detected',
		'channel:invalid_key',
		'access_denied',
		'prompt_blocked',
		'invalid_api_type',
	].map((code) => ({
		title: `${code} (500) is not tried again`,
		why: 'https://github.com/QuantumNous/new-api/blob/01f6839b/types/error.go',
		reply: error(500, { message: 'x', code }, soon),
		expectError: { code, attempts: 1 },
	})),
	{
		title: 'convert_request_failed (500) is not tried again where its message is the JSON of another error',
		reply: error(500, { message: '{"error":{"message":"inner"}}', code: 'convert_request_failed' }, soon),
		expectError: {
			message: 'inner',
			code: 'convert_request_failed',
			attempts: 1,
			hint: expect.stringMatching(/does not take this request/),
		},
	},
	{
		title: 'a used-up balance (429) is not tried again where its message is JSON',
		reply: error(429, { message: '{"message":"no money left"}', code: 'insufficient_user_quota' }, soon),
		expectError: { message: 'no money left', attempts: 1, hint: expect.stringMatching(/top it up/) },
	},
	{
		title: 'a gateway that keeps no responses: the hint names the option that was sent',
		why: 'https://github.com/QuantumNous/new-api/blob/0ba37c55/relay/channel/openai/responses_via_chat.go',
		parameters: { options: { previousResponseId: 'resp_1', temperature: 1 } },
		reply: error(500, { message: 'responses to chat conversion does not support stateful fields', code: 'convert_request_failed' }),
		expectError: { attempts: 1, hint: expect.stringMatching(/remove Options > Previous Response ID$/) },
	},
	...['do_request_failed', 'bad_response_status_code', 'empty_response'].map((code) => ({
		title: `${code} (500) is tried again`,
		why: 'https://github.com/QuantumNous/new-api/blob/01f6839b/types/error.go',
		reply: [error(500, { message: 'x', code }, soon), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
]);

/** The fields that these errors name: a hint blames no field that was left out. */
const FILLED_IN = {
	sampling: { maxOutputTokens: 20, n: 2, presencePenalty: 1, stop: 'END', temperature: 1, topP: 1 },
	reasoning: { effort: 'max' },
	options: { metadata: { values: [{ name: 'order', value: '1' }] }, serviceTier: 'flex' },
};

testCases('Parameters that the server refuses', [
	{
		title: 'a refused parameter is named as the form calls it',
		why: 'https://github.com/soberlemur/autopo/issues/57',
		parameters: FILLED_IN,
		reply: fixture('openai-unsupported-temperature.1.json', { status: 400 }),
		expectError: {
			message: "Unsupported parameter: 'temperature' is not supported with this model.",
			param: 'temperature',
			hint: 'Change or remove Sampling > Temperature (it sends "temperature"): this server or model does not accept it like this',
		},
	},
	...[
		['stop', 'Unrecognized request argument supplied: stop', 'Sampling > Stop'],
		['n', "Unknown parameter: 'n'.", 'Sampling > '],
		['reasoning.effort', "Unsupported value: 'reasoning.effort' does not support 'max' with this model.", 'Reasoning > Effort'],
		['max_output_tokens', 'Unsupported parameter: max_output_tokens', 'Sampling > Max Output Tokens'],
		['presence_penalty', "'presence_penalty' is not supported by this model", 'Sampling > Presence Penalty'],
		['temperature', 'temperature is not supported for this model', 'Sampling > Temperature'],
		['reasoning.effort', 'reasoning.effort is not supported', 'Reasoning > Effort'],
		['top_p', 'Extra inputs are not permitted: top_p', 'Sampling > Top P'],
		['service_tier', "This model does not support the 'service_tier' option", 'Options > Service Tier'],
		['metadata', "Invalid 'metadata': too many", 'Options > Metadata'],
		[
			'max_output_tokens',
			'json: cannot unmarshal string into Go struct field OpenAIResponsesRequest.max_output_tokens of type uint',
			'Sampling > Max Output Tokens',
		],
	].map(([param, message, label]) => ({
		title: `${param} is named where only the message tells it: ${message}`,
		parameters: FILLED_IN,
		reply: json({ detail: message }, { status: 400 }),
		expectError: { message, hint: expect.stringContaining(`Change or remove ${label}`) },
	})),
	...[
		['Invalid prompt: your prompt was flagged as potentially violating our usage policy.', 'invalid_prompt', /content filter/],
		['prompt is too long: 210000 tokens > 200000 maximum', undefined, /longer than the model takes/],
		['Input image is invalid or corrupted', undefined, /does not take this request/],
		['API key not valid. Please pass a valid API key.', undefined, /^Check the API Key/],
	].map(([message, code, hint]) => ({
		title: `no field is named for "${String(message)}"`,
		reply: error(400, { message, code }),
		expectError: { message, hint: expect.stringMatching(hint as RegExp) },
	})),
	{
		title: 'a field that was left out is not blamed where only the message tells it',
		reply: json({ detail: 'Unsupported parameter: top_p' }, { status: 400 }),
		expectError: { hint: expect.stringContaining('does not take this request') },
	},
	{
		title: 'a refused group of fields (reasoning) is named as a group',
		parameters: FILLED_IN,
		reply: error(400, { message: 'Not supported', param: 'reasoning' }),
		expectError: { hint: expect.stringContaining('Change or remove Reasoning (') },
	},
	{
		title: 'a model that is named otherwise at this server: the hint leads to Model',
		why: 'OpenClaw',
		reply: error(400, { message: 'Invalid `model`. Use `openclaw` or `openclaw/<agentId>`.' }),
		expectError: { hint: expect.stringContaining('choose another in Model') },
	},
	{
		title: 'a server that wants typed messages: the hint shows how to give them',
		why: 'OpenClaw',
		reply: fixture('openclaw-untyped-input.1.json', { status: 400 }),
		expectError: { message: 'input: Invalid input', hint: expect.stringContaining('"type": "message"') },
	},
	{
		title: 'a list of issues in the error is told',
		why: 'Mastra',
		reply: fixture('mastra-issues.1.json', { status: 400 }),
		expectError: { message: 'Invalid request body: root: agent_id is required unless previous_response_id is provided' },
	},
	{
		title: "a validation error of FastAPI's names the parameter",
		parameters: FILLED_IN,
		why: 'vLLM',
		reply: fixture('vllm-validation.1.json', { status: 422 }),
		expectError: {
			message: 'Input should be less than or equal to 2',
			param: 'temperature',
			hint: expect.stringMatching(/Sampling > Temperature/),
		},
	},
]);

const withImage = {
	inputType: 'messages',
	messages: { values: [{ role: 'user', content: 'See', binaryFields: '', imageUrls: 'https://example.com/a.png', fileUrls: '' }] },
};
const images = expect.stringMatching(/^The server cannot read what Messages > Image URLs sends/);

testCases('What the server says leads to the field that was sent', [
	...[
		{ message: 'Timeout while downloading https://example.com/a.png', code: 'invalid_value', param: 'url' },
		{ message: 'Timeout while downloading url: https://example.com/a.png', param: 'image_url' },
		{ message: 'No', param: 'input[0].content[1].image_url' },
		{ message: 'No', param: 'messages.0.content.1.image_url.url' },
		{ message: 'No', code: 'invalid_image_format' },
		{ message: 'Input image is invalid or corrupted' },
		{ message: 'Unsupported MIME type', param: 'input' },
	].map((body) => ({ title: JSON.stringify(body), parameters: withImage, reply: error(400, body), expectError: { hint: images } })),
	...[{ message: 'Timeout while downloading url', param: 'image_url' }, { message: 'Input image is invalid or corrupted' }].map((body) => ({
		title: `${JSON.stringify(body)}, but not where no file was sent`,
		reply: error(400, body),
		expectError: { hint: expect.not.stringMatching(/URL|Binary/) },
	})),
	{
		title: 'a file that the server cannot read, from a binary field',
		parameters: { binaryFields: 'data' },
		file: { content: '%PDF-', mimeType: 'application/pdf' },
		reply: error(400, { message: 'Failed to process the PDF' }),
		expectError: { hint: expect.stringMatching(/^The server cannot read what Binary Fields sends/) },
	},
	...[
		['max_tokens', 'Sampling > Max Output Tokens'],
		['max_completion_tokens', 'Sampling > Max Output Tokens'],
		['reasoning_effort', 'Reasoning > Effort'],
		['body.temperature', 'Sampling > Temperature'],
		['metadata.order', 'Options > Metadata'],
	].map(([param, label]) => ({
		title: `the parameter ${param} of the chat API leads to ${label}`,
		parameters: FILLED_IN,
		reply: error(400, { message: 'No', param }),
		expectError: { hint: expect.stringContaining(`Change or remove ${label} (`) },
	})),
	{
		title: 'a parameter of Extra Body leads there',
		parameters: { options: { extraBody: '{"top_k": 7}' } },
		reply: error(400, { message: 'No', param: 'top_k' }),
		expectError: { hint: expect.stringContaining('Change or remove Options > Extra Body (') },
	},
	{
		title: 'a format that the server behind a gateway refuses leads to Output Format',
		parameters: { outputFormat: 'jsonObject' },
		reply: error(400, { message: 'No', param: 'response_format' }),
		expectError: { hint: expect.stringContaining('Change or remove Output Format (') },
	},
	{
		title: 'a schema that nobody sent leads nowhere',
		reply: error(400, { message: "Invalid schema for response_format 'default'", param: 'response_format' }),
		expectError: { hint: expect.stringContaining('which no field of this node sent') },
	},
	...[
		['502', /in trouble/],
		['429', /limits how often/],
		['402', /top it up/],
	].map(([code, hint]) => ({
		title: `the HTTP status ${String(code)} as the code of an error in a reply with a good one`,
		why: 'OpenRouter',
		reply: json({ error: { message: 'No', code: Number(code) } }),
		expectError: { status: 200, hint: expect.stringMatching(hint as RegExp) },
	})),
	{
		title: 'a key without a permission',
		why: 'OpenAI',
		reply: error(401, { message: 'You have insufficient permissions. Missing scopes: api.responses.write.', code: 'missing_scope' }),
		expectError: { hint: expect.stringMatching(/^The key may not do this: give it the permission/) },
	},
	{
		title: 'an ID that the server has stored a moment ago',
		why: 'Azure: https://github.com/dotnet/extensions/issues/7704',
		reply: error(400, { message: "Previous response with id 'resp_1' not found.", code: 'previous_response_not_found' }),
		expectError: { hint: expect.stringMatching(/may need some seconds: run it again$/) },
	},
	{
		title: 'a conversation that stays locked',
		parameters: { requests: { maxRetries: 0 } },
		reply: error(400, { message: 'Busy', code: 'conversation_locked', param: 'conversation' }),
		expectError: {
			attempts: 1,
			hint: expect.stringMatching(/^This conversation takes one call at a time: set Concurrency to 1 in Requests/),
		},
	},
]);

testCases('Status 404 and its like', [
	...(
		[
			[
				'a server without the endpoint',
				bytes('404 page not found', 'text/plain', { status: 404 }),
				'404 page not found',
				/no such endpoint/,
				'https://github.com/ollama/ollama/issues/13595',
			],
			[
				'one-api',
				fixture('new-api-invalid-url.1.json', { status: 404 }),
				'Invalid URL (POST /v1/v1/responses)',
				/no such endpoint.*\/v1, once.*one-api/,
				'https://github.com/QuantumNous/new-api/blob/009910b9/controller/relay.go',
			],
			[
				'an unknown model',
				error(404, { message: 'model "x" not found, try pulling it first' }),
				'model "x" not found, try pulling it first',
				/choose another in Model/,
				'Ollama',
			],
			[
				'an unknown response',
				error(404, { message: "Response with id 'resp_1' not found." }),
				"Response with id 'resp_1' not found.",
				/does not know this ID/,
				'OpenAI',
			],
			[
				'an unknown response in other words',
				error(404, { message: 'No response found with id resp_1' }),
				'No response found with id resp_1',
				/does not know this ID/,
			],
			[
				'a model of a provider that names its page',
				error(404, { message: 'Unable to access model foo/bar. Please visit https://api.example.com/models' }),
				expect.any(String),
				/choose another in Model/,
			],
			[
				'a route',
				error(404, { message: 'Route /v1/responses/resp_1 not found' }),
				'Route /v1/responses/resp_1 not found',
				/no such endpoint/,
			],
			[
				'a list of models',
				error(404, { message: 'Invalid URL (GET /v1/models)' }),
				'Invalid URL (GET /v1/models)',
				/no such endpoint/,
				'https://github.com/QuantumNous/new-api/blob/009910b9/controller/relay.go',
			],
			[
				'a page with the name of its maker first',
				bytes(
					'<html><head><title>9Router</title></head><body><title>404: This page could not be found.</title></body></html>',
					'text/html',
					{ status: 404 },
				),
				'9Router: 404: This page could not be found.',
				/no such endpoint/,
				'9router',
			],
		] satisfies Array<[what: string, reply: Reply, message: string, hint: RegExp, why?: string]>
	).map(([what, reply, message, hint, why]) => ({
		title: `404 for ${what} is told apart`,
		why,
		reply,
		expectError: { message, status: 404, hint: expect.stringMatching(hint) },
	})),
	{
		title: 'a missing endpoint told with status 200 is an error with the same hint',
		why: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/618',
		reply: json({ error: 'Unexpected endpoint or method. (POST /v1/responses)' }),
		expectError: { status: 200, hint: expect.stringMatching(/no such endpoint/) },
	},
	...[405, 501].map((status) => ({
		title: `${status} is a missing endpoint`,
		reply: error(status),
		expectError: { status, hint: expect.stringMatching(/no such endpoint/) },
	})),
]);

testCases('Web pages of proxies', [
	{
		title: "nginx's page for a request that is too large is told in short",
		reply: page('413 Request Entity Too Large', 413),
		expectError: { message: '413 Request Entity Too Large', status: 413, hint: expect.stringMatching(/too large/) },
	},
	{
		title: 'a challenge of Cloudflare is told as one, with its ray',
		reply: page('Just a moment...', 403, { 'cf-ray': '8f00-FRA', 'cf-mitigated': 'challenge' }),
		expectError: { message: 'Just a moment...', status: 403, requestId: '8f00-FRA', hint: expect.stringMatching(/^Cloudflare blocked/) },
	},
	{
		title: 'a challenge of Cloudflare with status 503 is not tried again',
		reply: page('Just a moment...', 503, { 'cf-mitigated': 'challenge' }),
		expectError: { status: 503, attempts: 1, hint: expect.stringMatching(/^Cloudflare blocked/) },
	},
	{
		title: 'a page with status 520 is tried again',
		reply: [page('Web server is returning an unknown error', 520, soon), good],
		expectJson: 'Yes',
		expectCalls: 2,
	},
	{
		title: 'a page with status 524 is never tried again: the model may still be at work',
		why: 'https://github.com/misospace/pr-reviewer-action/issues/23',
		reply: page('example.com | 524: A timeout occurred', 524, { ...soon, 'x-should-retry': 'true' }),
		expectError: {
			message: 'example.com | 524: A timeout occurred',
			status: 524,
			attempts: 1,
			hint: expect.stringMatching(/may have been billed.*Stream or Background/),
		},
	},
	{
		title: 'a page with the title Error is told with its text',
		why: 'Express',
		reply: bytes('<html><head><title>Error</title></head><body><pre>Cannot POST /responses</pre></body></html>', 'text/html', {
			status: 404,
		}),
		expectError: { message: 'Error: Cannot POST /responses', hint: expect.stringMatching(/ends in \/v1/) },
	},
	{
		title: 'a page without a title is told by its heading',
		reply: bytes('<html><body><h1>Bad\n  Gateway</h1></body></html>', 'text/html', { status: 502 }),
		parameters: { requests: { maxRetries: 0 } },
		expectError: { message: 'Bad Gateway' },
	},
]);

testCases('Error bodies', [
	{
		title: 'an empty body is told as a status without text',
		reply: { status: 502, headers: soon, body: [] },
		parameters: once,
		expectError: { message: 'The server answered with HTTP status 502 and no text', status: 502 },
		expectCalls: 2,
	},
	...(
		[
			['a text', { error: 'Model is loading' }, 'Model is loading', 'LM Studio'],
			[
				'a list',
				[{ error: { code: 400, message: 'API key not valid.' } }],
				'API key not valid.',
				'https://github.com/n4ze3m/page-assist/issues/418',
			],
			['a list of complaints', { success: false, error: [{ path: ['input'], message: 'Required' }] }, 'Required', 'responses.js'],
			['JSON in a text', { error: { message: '{"error":{"message":"Inner words","code":"x"}}' } }, 'Inner words'],
			['a detail', { detail: 'Not here' }, 'Not here', 'https://github.com/Wei-Shaw/sub2api/issues/3954'],
			['a list of details', { detail: [{ msg: 'One' }, { msg: 'Two' }] }, 'One; Two', 'vLLM'],
			['a title', { type: 'about:blank', title: 'Bad thing', status: 400 }, 'Bad thing', 'https://github.com/NVIDIA/garak/issues/748'],
			['a msg', { code: 5, msg: '参数错误' }, '参数错误', GENERAL_ERROR],
			['a response', { response: { error: { message: 'Deep' } } }, 'Deep', GENERAL_ERROR],
			['an object without a message', { error: { reason: 'x' } }, '{"reason":"x"}'],
			['a bare JSON text', 'Unauthorized', 'Unauthorized'],
		] satisfies Array<[form: string, body: unknown, message: string, why?: string]>
	).map(([form, body, message, why]) => ({
		title: `an error body that is ${form} is read`,
		why,
		reply: json(body, { status: 400 }),
		expectError: { message, status: 400 },
	})),
	{
		title: 'a stack trace is left out',
		why: 'musistudio',
		reply: fixture('musistudio-stack.1.json', { status: 400 }),
		expectError: { message: expect.not.stringContaining('server.cjs'), code: 'provider_response_error' },
	},
	{
		title: 'the status of the upstream server in param is not taken for a parameter',
		why: 'https://github.com/songquanpeng/one-api/blob/8df4a267/relay/controller/error.go',
		reply: fixture('one-api-upstream.1.json', { status: 400 }),
		expectError: { message: 'bad response status code 500', code: 'bad_response_status_code', hint: expect.not.stringMatching(/"500"/) },
	},
	{
		title: "Azure's content filter is told as one",
		why: 'https://github.com/openai/openai-dotnet/issues/55',
		reply: fixture('azure-content-filter.1.json', { status: 400 }),
		expectError: { code: 'content_filter', hint: expect.stringMatching(/content filter/) },
	},
	{
		title: 'the message at the beginning of a large JSON body is told',
		reply: bytes(`{"error":{"message":"Too \\"much\\"","dump":"${'x'.repeat(2_000_000)}"}}`, 'application/json', { status: 400 }),
		expectError: { message: 'Too "much"', status: 400 },
	},
	{
		title: 'a large text is told up to 1,000 characters',
		reply: bytes('y'.repeat(2_000_000), 'text/plain', { status: 400 }),
		expectError: { message: 'y'.repeat(1000) },
	},
	{
		title: 'of a body no more than a megabyte is read',
		reply: bytes(`{"dump":"${'x'.repeat(3_000_000)}","error":{"message":"Too late"}}`, 'application/json', { status: 400 }),
		expectError: { message: expect.not.stringMatching(/Too late/) },
	},
	{
		title: 'the word canceled in a message does not end the run as Stop would',
		reply: error(500, { message: 'The task was canceled' }, soon),
		parameters: { requests: { maxRetries: 0 } },
		expectError: { message: 'The task was cancelled' },
	},
]);

testCases('The header X-Should-Retry', [
	{
		title: 'x-should-retry: false is obeyed',
		reply: error(500, { message: 'No' }, { ...soon, 'x-should-retry': 'false' }),
		expectError: { status: 500, attempts: 1 },
	},
	{
		title: 'x-should-retry: true is obeyed',
		reply: [error(400, { message: 'No' }, { ...soon, 'x-should-retry': 'true' }), good],
		expectJson: 'Yes',
		expectCalls: 2,
	},
]);

testCases('Replies outside of HTTP', [
	{ title: 'a status that HTTP does not know is an error', reply: error(600), expectError: { status: 600, message: 'No' } },
	{
		title: 'status 000 is an error',
		raw: { pieces: ['HTTP/1.1 000 \r\nContent-Length: 2\r\n\r\nno'] },
		parameters: { requests: { maxRetries: 0 } },
		expectError: { message: expect.any(String) },
	},
	{
		title: 'a reply that is not HTTP is an error',
		raw: { pieces: ['SSH-2.0-OpenSSH_9.6\r\n'] },
		parameters: { requests: { maxRetries: 0 } },
		expectError: { message: expect.stringMatching(/^The connection ended before a reply came/) },
	},
	{
		title: 'status 100 before the reply is passed over',
		raw: { pieces: ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"output":"x"}'] },
		expectJson: 'x',
	},
]);

testCases('A key in the error', [
	{
		title: 'a key that the server echoes is hidden',
		reply: error(401, { message: `Incorrect API key provided: ${SECRET_KEY}.`, code: 'invalid_api_key' }),
		expectError: { message: 'Incorrect API key provided: [hidden].', hint: expect.stringMatching(/^Check the API Key/) },
	},
	{
		title: 'a key that the server echoes in part is hidden',
		why: 'OpenAI',
		reply: fixture('openai-wrong-key.1.json', { status: 401 }),
		expectError: { message: expect.stringMatching(/provided: \[hidden\]\. You can/) },
	},
]);
