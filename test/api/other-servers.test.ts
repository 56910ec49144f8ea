import type { INodeParameters } from 'n8n-workflow';

import { testCases } from '../support/cases';
import { ANSWER } from '../support/one-item';
import { fixture, json } from '../support/replies';

const image = {
	inputType: 'messages',
	messages: { values: [{ role: 'user', content: 'See', binaryFields: '', imageUrls: 'https://example.com/a.png', fileUrls: '' }] },
};
const once = { requests: { maxRetries: 0, maxRetryWait: 0 } };
const functions = { values: [{ name: 'get_weather', description: '', parameters: '{"type": "object", "properties": {}}', strict: true }] };

testCases('Words of Portkey 1.15.2', [
	{
		title: 'a web page of the server behind it is told by its title',
		parameters: once,
		reply: fixture('portkey-page.1.json', { status: 503 }),
		expectError: { message: '503 Service Temporarily Unavailable' },
	},
	{
		title: 'words in the place of a web page are told',
		parameters: once,
		reply: json({ 'html-message': 'Message: fetch failed Cause: Error: bad port', provider: 'openai' }, { status: 500 }),
		expectError: { message: 'Message: fetch failed Cause: Error: bad port' },
	},
	{
		title: 'a list of texts beside the message is told',
		reply: fixture('portkey-config.1.json', { status: 400 }),
		expectError: { message: expect.stringMatching(/^Invalid config passed: path: strategy,mode, message: Invalid 'mode' value/) },
	},
	{
		title: 'what is wrong with each field is told',
		why: 'RFC 9457, as ASP.NET fills it in',
		reply: fixture('aspnet-problem.1.json', { status: 400 }),
		expectError: { message: 'One or more validation errors occurred: Input: The Input field is required.' },
	},
	{
		title: 'a provider without this API leads to another one',
		parameters: once,
		reply: json({ status: 'failure', message: 'createModelResponse is not supported by groq' }, { status: 500 }),
		expectError: { hint: expect.stringMatching(/^The gateway has no Responses API for this provider/) },
	},
]);

testCases('Words of Mastra 1.71.0', [
	{
		title: 'an answer that ended incomplete with nothing in it and no reason is an error',
		reply: fixture('mastra-incomplete.1.sse'),
		parameters: { options: { stream: true } },
		expectError: { message: 'The answer is incomplete: no reason given', hint: expect.stringMatching(/^The server does not say why/) },
	},
	{
		title: 'the same without a stream',
		reply: json({ ...ANSWER, status: 'incomplete', output: [] }),
		expectError: { message: 'The answer is incomplete: no reason given' },
	},
	{
		title: 'an answer that ended incomplete without a reason says so beside what came',
		reply: fixture('mastra-incomplete.2.sse'),
		parameters: { options: { stream: true } },
		expectJson: { text: 'Under a silver', status: 'incomplete', incompleteReason: 'no reason given' },
	},
	...[
		['The model `nope` does not exist or you do not have access to it.', /choose another in Model/],
		['Could not find config for provider nobody with model id nobody/none', /choose another in Model/],
		['Incorrect API key provided: sk-up***.', /^A server behind this one refused a key/],
		["Unsupported parameter: 'temperature' is not supported with this model.", /^Change or remove Sampling > Temperature/],
		['Structured output was truncated because the model finished with reason "length".', /raise Sampling > Max Output Tokens/],
		['The server had an error while processing your request.', /^The server is in trouble/],
	].map(([words, hint]) => ({
		title: `a refusal behind status 500 leads to its cause: ${String(words)}`,
		parameters: { ...once, sampling: { temperature: 1 } },
		reply: json({ error: words }, { status: 500 }),
		expectError: { message: String(words), hint: expect.stringMatching(hint as RegExp) },
	})),
	...[
		['Agent with id nobody not found', 404],
		["Unknown agent 'nobody'.", 400],
		['Vector store vs_1 does not exist', 404],
	].map(([words, status]) => ({
		title: `something that the server does not know is no missing endpoint: ${words}`,
		reply: json({ error: words }, { status: Number(status) }),
		expectError: { hint: expect.stringMatching(/^The server does not know what its words name/) },
	})),
	{
		title: 'a page that is not found is a missing endpoint',
		why: 'llama.cpp',
		reply: json({ error: { message: 'File Not Found', type: 'not_found_error', code: 404 } }, { status: 404 }),
		expectError: { hint: expect.stringMatching(/^This server has no such endpoint/) },
	},
	{
		title: 'a refused format that Verbosity sent leads to Verbosity',
		parameters: { options: { verbosity: 'low' } },
		reply: json({ error: 'Invalid request body', issues: [{ field: 'text.format', message: 'Invalid input' }] }, { status: 400 }),
		expectError: { hint: expect.stringMatching(/^Change or remove Options > Verbosity/) },
	},
	{
		title: 'a server that takes no images: the hint names what sent them',
		parameters: image,
		reply: json({ error: 'Invalid request body', issues: [{ field: 'input', message: 'Invalid input' }] }, { status: 400 }),
		expectError: { hint: expect.stringMatching(/^This server or model may take no images or files, .*Messages > Image URLs/) },
	},
]);

testCases('Tools that Mastra has run itself', [
	{
		title: 'leave the JSON of the answer what it is',
		parameters: { outputFormat: 'jsonObject' },
		reply: json({
			...ANSWER,
			output: [
				{ type: 'function_call', id: 'call_1', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}', status: 'completed' },
				{ type: 'function_call_output', id: 'call_1:output', call_id: 'call_1', output: '{"t":21}' },
				{ ...ANSWER.output[0], content: [{ type: 'output_text', text: '{"degrees": 21}', annotations: [] }] },
			],
		}),
		expectJson: { json: { degrees: 21 }, toolCalls: [{ name: 'get_weather' }] },
	},
]);

testCases('Words of OpenClaw 2026.9.6 and llama.cpp 0.5.0', [
	{
		title: 'a server that takes no images: the hint names what sent them',
		parameters: image,
		reply: json({ error: { message: 'input: Invalid input', type: 'invalid_request_error' } }, { status: 400 }),
		expectError: { hint: expect.stringMatching(/^This server or model may take no images or files, .*Messages > Image URLs/) },
	},
	{
		title: 'a kind of part that is not supported leads to the field of the file',
		parameters: { binaryFields: 'data' },
		file: { content: '%PDF-', mimeType: 'application/pdf' },
		reply: json({ error: { code: 400, message: "'input_file' is not supported by llamacpp at this moment" } }, { status: 400 }),
		expectError: { hint: expect.stringMatching(/^The server cannot read what Binary Fields sends/) },
	},
	...[
		['text: Unrecognized key: "verbosity"', { options: { verbosity: 'low' } }, /^Change or remove Options > Verbosity/],
		[': Unrecognized key: "background"', { options: { background: true } }, /^Change or remove Options > Background/],
		['tools.0.type: Invalid input: expected "function"', { tools: { webSearch: {} } }, /^Change or remove Tools/],
		['text.format.type: Invalid input: expected "text"', { outputFormat: 'jsonObject' }, /^Change or remove Output Format/],
	].map(([message, parameters, hint]) => ({
		title: `the field is named for ${String(message)}`,
		parameters: parameters as INodeParameters,
		reply: json({ error: { message, type: 'invalid_request_error' } }, { status: 400 }),
		expectError: { hint: expect.stringMatching(hint as RegExp) },
	})),
	{
		title: 'a response that failed after a model had answered is not paid again',
		parameters: { tools: { functions, toolChoice: 'required' } },
		reply: json(
			{
				...ANSWER,
				status: 'failed',
				output: [],
				usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
				error: { code: 'api_error', message: 'tool_choice=required was not satisfied by the agent response' },
			},
			{ status: 502 },
		),
		expectError: { message: 'tool_choice=required was not satisfied by the agent response', attempts: 1 },
	},
	{
		title: 'a response that failed before it had cost anything is tried again',
		parameters: { requests: { maxRetries: 1 } },
		reply: [
			json(
				{ ...ANSWER, status: 'failed', output: [], usage: { input_tokens: 0, output_tokens: 0 }, error: { message: 'internal error' } },
				{ status: 500 },
			),
			json(ANSWER),
		],
		expectJson: 'Hello!',
		expectCalls: 2,
	},
	{
		title: 'an error of the server in a stream is told as that',
		parameters: { options: { stream: true } },
		reply: json({ ...ANSWER, status: 'failed', output: [], error: { code: 'api_error', message: 'internal error' } }),
		expectError: { message: 'internal error', hint: expect.stringMatching(/^The server is in trouble/) },
	},
]);

const failed = (message: string) => json({ ...ANSWER, status: 'failed', output: [], error: { code: 'server_error', message } });

testCases('Words of responses.js 1.0.1', [
	...[
		['401 Incorrect API key provided: sk-up***.', /^Check the API Key/],
		['404 The model `nope` does not exist or you do not have access to it.', /choose another in Model/],
		["400 Unsupported parameter: 'temperature' is not supported with this model.", /^Change or remove Sampling > Temperature/],
		["400 Unsupported parameter: 'nothing' is not supported with this model.", /^The server does not take this request/],
		["Not implemented: only 'auto' summary is supported. Got 'detailed'", /^The server does not take this request/],
		['429 Rate limit reached for requests per min. Please try again in 1s.', /^The server limits how often/],
		['500 The server had an error while processing your request.', /^The server is in trouble/],
		['terminated', /^The server is in trouble/],
	].map(([words, hint]) => ({
		title: `a refusal in a response that failed leads to its cause: ${String(words)}`,
		parameters: { sampling: { temperature: 1 } },
		reply: failed(String(words)),
		expectError: { message: String(words), hint: expect.stringMatching(hint as RegExp) },
	})),
	{
		title: 'a web page in the words is told by its title',
		reply: failed('503 <html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>'),
		expectError: { message: '503 Service Temporarily Unavailable' },
	},
	{
		title: 'words before a web page are told too',
		reply: failed('The upstream said: <!DOCTYPE html><title>Bad Gateway</title>'),
		expectError: { message: 'The upstream said: Bad Gateway' },
	},
	{
		title: 'a server that takes no files: the hint names what sent them',
		parameters: { binaryFields: 'data' },
		file: { content: '%PDF-', mimeType: 'application/pdf' },
		reply: json(
			{ success: false, error: [{ code: 'invalid_union', path: ['input'], message: 'Expected string, received array' }] },
			{ status: 400 },
		),
		expectError: { param: 'input', hint: expect.stringMatching(/^This server or model may take no images or files, .*Binary Fields/) },
	},
]);
