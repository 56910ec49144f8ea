import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { fileOf } from '../support/files';
import { ANSWER, saying } from '../support/one-item';
import { fixture, json, type Reply } from '../support/replies';
import { startServer } from '../support/server';

let server: Awaited<ReturnType<typeof startServer>>;
let reply: Reply;
beforeAll(async () => {
	server = await startServer(() => reply);
});
afterAll(async () => await server.close());

interface Mistake {
	/** Over model, prompt and no retries */
	parameters?: INodeParameters;
	/** Over base URL and key; `{server}` in it is the address of the server */
	credential?: { baseUrl?: string; apiKey?: string };
	reply?: Reply;
	item?: () => Promise<INodeExecutionData>;
}

/** The run of one item by somebody who cannot code, and what came of it. */
async function made({ parameters, credential, item, ...mistake }: Mistake) {
	reply = mistake.reply ?? json(ANSWER);
	const responsesApi = { baseUrl: '{server}/v1', apiKey: 'sk-test-4711', ...credential };
	return await runNode(
		{ model: { __rl: true, mode: 'id', value: 'gpt-5.4' }, prompt: 'Hi', requests: { maxRetries: 0, maxRetryWait: 0 }, ...parameters },
		{
			credentials: { responsesApi: { ...responsesApi, baseUrl: responsesApi.baseUrl.replace('{server}', server.url) } },
			items: [item ? await item() : { json: { company: 'Acme' } }],
		},
	);
}

const refused = (status: number, message: string, more: object = {}) => json({ error: { message, ...more } }, { status });
const fields = (...rows: object[]) => ({ outputFormat: 'fields', outputFields: { values: rows } }) as INodeParameters;
const withFile = (type: string, name: string) => async () => ({ json: {}, binary: { data: await fileOf(type, name) } });

/** A mistake, what is told of it, and what to do. */
const MISTAKES: Array<[string, Mistake, string, string]> = [
	[
		'a wrong key at a new-api site',
		{ reply: fixture('new-api-wrong-key.1.json', { status: 401 }) },
		'无效的令牌',
		'Check the API Key in the credential: copy it again',
	],
	[
		'a wrong key at OpenAI',
		{ reply: fixture('openai-wrong-key.1.json', { status: 401 }) },
		'Incorrect API key provided',
		'Check the API Key in the credential: copy it again',
	],
	[
		'no key where one is wanted',
		{ credential: { apiKey: '' }, reply: refused(401, 'Missing bearer authentication in header') },
		'Missing bearer',
		'This server asks for an API Key, and the credential has none: type it there',
	],
	[
		'a base URL without /v1',
		{
			credential: { baseUrl: '{server}' },
			reply: { status: 200, headers: { 'content-type': 'text/html' }, body: ['<!doctype html><title>New API</title>'] },
		},
		'web page',
		'the Base URL in the credential probably lacks /v1 at its end',
	],
	[
		'/v1 twice',
		{ credential: { baseUrl: '{server}/v1/v1' }, reply: fixture('new-api-invalid-url.1.json', { status: 404 }) },
		'Invalid URL (POST /v1/v1/responses)',
		'Check that it ends in /v1, once',
	],
	[
		'a server that is off',
		{ credential: { baseUrl: 'http://127.0.0.1:9/v1' } },
		'Nothing answers at the address of the server',
		'Check that the server runs, and host and port in Base URL',
	],
	['https for http', { credential: { baseUrl: 'https://127.0.0.1:{port}/v1' } }, '', 'Try http:// instead of https://'],
	[
		'a misspelt model at a new-api site',
		{ reply: fixture('new-api-model-not-found.1.json', { status: 503 }) },
		'无可用渠道',
		'choose another in Model',
	],
	[
		'a misspelt model at OpenAI',
		{ reply: refused(404, 'The model `gpt-54` does not exist or you do not have access to it.', { code: 'model_not_found' }) },
		'The model `gpt-54` does not exist',
		'choose another in Model',
	],
	[
		'a model of another kind',
		{ reply: refused(400, "The requested model 'dall-e-3' is not supported with the Responses API.", { param: 'model' }) },
		'is not supported with the Responses API',
		'models for embeddings, images or speech do not: choose another in Model',
	],
	['no model', { parameters: { model: { __rl: true, mode: 'list', value: '' } } }, '"Model" is blank', 'Choose a model from the list'],
	[
		'a blank row',
		{ parameters: { prompt: '={{ $json.missing }}' } },
		'"Prompt" is blank for this item',
		'To skip blank rows, set On Error to Continue',
	],
	[
		'the name of a binary field that there is not',
		{ parameters: { binaryFields: 'invoice' }, item: withFile('text/plain', 'a.txt') },
		'This item has no binary field "invoice"',
		'It has: data. Correct the name in Binary Fields',
	],
	[
		'the name of the file for that of the field',
		{ parameters: { binaryFields: 'a.txt' }, item: withFile('text/plain', 'a.txt') },
		'This item has no binary field "a.txt"',
		'It has: data. Correct the name in Binary Fields',
	],
	[
		'no binary data at all',
		{ parameters: { binaryFields: 'data' } },
		'This item has no binary field "data"',
		'It has no binary data at all: let the node before give the file out as binary data, or clear Binary Fields',
	],
	[
		'an archive as a file',
		{ parameters: { binaryFields: 'data' }, item: withFile('application/zip', 'a.zip') },
		'which models do not take',
		'convert it before, or leave it out of Binary Fields',
	],
	[
		'no name of an output field',
		{ parameters: fields({ description: 'x' }) },
		'Output field 1 has no name',
		'Give it a name such as industry, or remove it',
	],
	[
		'the same output field twice',
		{ parameters: fields({ name: 'a' }, { name: 'a' }) },
		'Output field "a" is there twice',
		'Rename or remove one of them',
	],
	[
		'an output field error',
		{ parameters: fields({ name: 'error' }) },
		'"Output Fields" may not name a value "error"',
		'Give it another name, such as problem',
	],
	[
		'a slip in Schema',
		{ parameters: { outputFormat: 'jsonSchema', schema: '{"type": object}' } },
		'"Schema" is not valid JSON',
		'Correct the JSON',
	],
	[
		'a slip in Example',
		{ parameters: { outputFormat: 'example', schemaExample: '{"a": 1,}' } },
		'"Example" is not valid JSON',
		'Correct the JSON',
	],
	[
		'a slip in Input Items',
		{ parameters: { inputType: 'json', inputItems: '[{role: "user"}]' } },
		'"Input Items" is not valid JSON',
		'Correct the JSON',
	],
	[
		'a slip in Extra Body',
		{ parameters: { options: { extraBody: "{'top_k': 1}" } } },
		'"Extra Body" is not valid JSON',
		'Correct the JSON',
	],
	[
		'a slip in Parameters of a function',
		{ parameters: { tools: { functions: { values: [{ name: 'a' }, { name: 'b', parameters: '{"type": object}' }] } } } },
		'"Parameters of Function 2" is not valid JSON',
		'Correct the JSON',
	],
	[
		'a type that JSON Schema does not know',
		{
			parameters: { outputFormat: 'jsonSchema', schema: '{"type": "object", "properties": {"a": {"type": "text"}}}' },
			reply: refused(400, "Invalid schema for response_format 'result': 'text' is not valid under any of the given schemas.", {
				param: 'text.format.schema',
				code: 'invalid_json_schema',
			}),
		},
		'Invalid schema for response_format',
		"Correct Schema where the server's words say. Types are string, number",
	],
	[
		'a sample of the answer for a schema',
		{
			parameters: { outputFormat: 'jsonSchema', schema: '{"summary": "text"}' },
			reply: refused(400, "Invalid schema for response_format 'result': schema must be a JSON Schema of 'type: \"object\"'", {
				param: 'text.format.schema',
				code: 'invalid_json_schema',
			}),
		},
		'Invalid schema for response_format',
		'If it is a sample of the answer, choose JSON Like an Example in Output Format',
	],
	[
		'such a type in a function',
		{
			parameters: { tools: { functions: { values: [{ name: 'get_weather', parameters: '{"type": "text"}' }] } } },
			reply: refused(400, "Invalid schema for function 'get_weather': schema must be a JSON Schema of 'type: \"object\"'", {
				param: 'tools[0].parameters',
				code: 'invalid_function_parameters',
			}),
		},
		"Invalid schema for function 'get_weather'",
		'Correct Parameters of the function "get_weather" in Tools',
	],
	[
		'a name of the schema with a blank',
		{ parameters: { outputFormat: 'jsonSchema', schemaName: 'My result' } },
		'"Schema Name" may hold letters, digits, _ and -',
		'Type a name such as result',
	],
	[
		'words for a number',
		{ parameters: { sampling: { temperature: 'lots' } } },
		'"Temperature" takes a number, not "lots"',
		'Type a number, or clear the field',
	],
	[
		'a word for how many calls at once',
		{ parameters: { requests: { concurrency: 'many' } } },
		'"Concurrency" takes a number, not "many"',
		'Type a number, or clear the field',
	],
	[
		'a file itself for its name',
		{ parameters: { binaryFields: '={{ $binary.data }}' }, item: withFile('text/plain', 'a.txt') },
		'"Binary Fields"',
		'name',
	],
	['a comma for a point', { parameters: { sampling: { temperature: '0,7' } } }, '"Temperature" takes a number, not "0,7"', 'with a point'],
	[
		'a temperature for a model without one',
		{ parameters: { sampling: { temperature: 1 } }, reply: fixture('openai-unsupported-temperature.1.json', { status: 400 }) },
		"Unsupported parameter: 'temperature'",
		'Change or remove Sampling > Temperature',
	],
	[
		'several answers from OpenAI',
		{ parameters: { sampling: { n: 2 } }, reply: refused(400, "Unknown parameter: 'n'.", { param: 'n', code: 'unknown_parameter' }) },
		"Unknown parameter: 'n'",
		'Change or remove Sampling > Number of Answers',
	],
	[
		'five tokens for an answer',
		{ parameters: { sampling: { maxOutputTokens: 5 } }, reply: fixture('openai-below-minimum.1.json', { status: 400 }) },
		'integer below minimum value',
		'This server wants 16 or more in Sampling > Max Output Tokens',
	],
	[
		'JSON Object without the word',
		{
			parameters: { outputFormat: 'jsonObject' },
			reply: refused(400, "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.", {
				param: 'input',
			}),
		},
		"must contain the word 'json'",
		'Write the word JSON into Prompt or Instructions',
	],
	['no balance', { reply: fixture('new-api-quota.1.json', { status: 403 }) }, '用户额度不足', 'top it up at the server'],
	[
		'calls too fast',
		{ reply: refused(429, 'Rate limit reached', { code: 'rate_limit_exceeded' }) },
		'Rate limit reached',
		'Set Requests per Minute in Requests to what the server allows',
	],
	[
		'Get at a gateway',
		{ parameters: { operation: 'get', responseId: 'resp_1' }, reply: refused(404, 'Invalid URL (GET /v1/responses/resp_1)') },
		'Invalid URL',
		'most gateways (new-api sites, OpenRouter, Ollama) keep no responses',
	],
	[
		'a count at a gateway',
		{ parameters: { operation: 'countTokens' }, reply: refused(404, 'Invalid URL (POST /v1/responses/input_tokens)') },
		'Invalid URL',
		'This server has no such endpoint',
	],
	[
		'JSON that was cut off',
		{
			parameters: fields({ name: 'a' }),
			reply: json({ ...ANSWER, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
		},
		'The answer is incomplete: max_output_tokens',
		'The answer was cut off: raise Sampling > Max Output Tokens',
	],
	[
		'an answer field error',
		{ parameters: { output: 'answer', answerField: 'error' } },
		'"Answer Field" may not be "error"',
		'Type another name, such as answer',
	],
];

describe('Who makes this mistake reads what it is and what to do:', () => {
	test.each(MISTAKES)('%s', async (_, mistake, message, hint) => {
		const { error } = await made(withPort(mistake));
		expect(error?.message).toContain(message);
		expect(error?.description).toContain(hint);
	});

	test.each(MISTAKES)('%s, without the facts for machines between the words', async (_, mistake) => {
		const { error } = await made(withPort(mistake));
		expect(error?.description).not.toMatch(/HTTP \d|attempt|request ID|new_api_error|invalid_request_error/);
	});
});

test('The facts stand where the editor shows "Error data"', async () => {
	const { error } = await made({
		reply: json({ error: { message: 'No', type: 'new_api_error' } }, { status: 401, headers: { 'x-request-id': 'req_1' } }),
	});
	expect(error?.context.data).toEqual({ status: 401, type: 'new_api_error', requestId: 'req_1', attempts: 1 });
});

describe('Who makes this mistake is warned above the output:', () => {
	test.each<[string, Mistake, string]>([
		['{{ }} as plain text', { parameters: { prompt: 'Sum up {{ $json.company }}' } }, 'click Expression above the field'],
		[
			'a single allowed value',
			{ parameters: fields({ name: 'size', options: 'small medium large' }), reply: saying('{"size": "small medium large"}') },
			'separate its Allowed Values by commas',
		],
		[
			'a text that was cut off',
			{ reply: json({ ...ANSWER, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }) },
			'1 answer cut off: "incompleteReason" says why. For max_output_tokens, raise Max Output Tokens in Sampling',
		],
	])('%s', async (_, mistake, warning) => {
		const { hints, error } = await made(mistake);
		expect(error).toBeUndefined();
		expect(hints).toContainEqual(expect.objectContaining({ type: 'warning', message: expect.stringContaining(warning) }));
	});
});

describe('No harm comes of', () => {
	test.each(['/v1/chat/completions', '/v1/models', '/v1/responses', '/v1/'])('the base URL with %s at its end', async (end) => {
		const { items } = await made({ credential: { baseUrl: `{server}${end}` } });
		expect(items[0].json.text).toBe('Hello!');
		expect(server.requests.at(-1)?.path).toBe('/v1/responses');
	});
});

/** The port of the server in the base URL. */
const withPort = ({ credential, ...mistake }: Mistake): Mistake => ({
	...mistake,
	credential: credential && { ...credential, baseUrl: (credential.baseUrl ?? '{server}/v1').replace('{port}', new URL(server.url).port) },
});
