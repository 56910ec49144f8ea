import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { bytes, fixture, json } from '../support/replies';
import { SECRET_KEY, testCases } from '../support/cases';

const good = json({ output: 'Yes' });
const page = bytes('<!doctype html><html><head><title>New API</title></head></html>', 'text/html');
const PATH = '/v1/responses';

const base = (baseUrl: string): { credential: ICredentialDataDecryptedObject } => ({ credential: { baseUrl } });
const withKey = (apiKey: string): { credential: ICredentialDataDecryptedObject } => ({ credential: { apiKey } });
const extra = (extraBody: string): { parameters: INodeParameters } => ({ parameters: { options: { extraBody } } });
/** Half of an emoji, a NUL, and a megabyte */
const HALF = 'a\ud83d b\u0000 👋🏽 שלום';
const LARGE = 'äö'.repeat(500_000);
const redirect = (status: number, location: string) => ({ status, headers: { location }, body: [] });
const schemaOf = (parameters: INodeParameters): { parameters: INodeParameters } => ({
	parameters: { outputFormat: 'jsonSchema', ...parameters },
});
const object = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };

testCases('Base URL', [
	{
		title: 'without /v1 it leads to a web page: the error says so, and no other address is tried',
		why: 'https://github.com/QuantumNous/new-api/blob/01dc8d66/router/web-router.go',
		...base('{server}'),
		reply: page,
		expectError: { message: 'The server sent a web page: New API', hint: expect.stringMatching(/lacks \/v1/), attempts: 1 },
		expectRequest: { path: '/responses' },
	},
	...['{server}/v1/', '{server}/v1//', '  {server}/v1\n'].map((url) => ({
		title: `${JSON.stringify(url)} is trimmed`,
		...base(url),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { path: PATH },
	})),
	...['{server}/v1/responses', '{server}/v1/responses/'].map((url) => ({
		title: `${url} holds the endpoint already: it is not added again`,
		...base(url),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { path: PATH },
	})),
	{
		title: '/v1 twice: the error tells the path and to write /v1 once',
		why: 'https://github.com/QuantumNous/new-api/blob/009910b9/controller/relay.go',
		...base('{server}/v1/v1'),
		reply: fixture('new-api-invalid-url.1.json', { status: 404 }),
		expectError: { message: 'Invalid URL (POST /v1/v1/responses)', status: 404, hint: expect.stringMatching(/ends in \/v1, once/) },
	},
	{
		title: 'its query stays, behind the path; its hash goes',
		why: 'Azure wants ?api-version=preview',
		...base('{server}/openai/v1?api-version=preview#top'),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { path: '/openai/v1/responses', query: { 'api-version': 'preview' } },
	},
	...['127.0.0.1:8080/v1', 'ftp://h/v1', 'localhost', 'http//h'].map((url) => ({
		title: `"${url}" is refused with what to type`,
		...base(url),
		expectError: { message: 'The Base URL does not start with http:// or https://: type it as in https://www.anyfast.ai/v1' },
		expectCalls: 0,
	})),
	...['https://', 'https://a b/v1', 'https://h:99999/v1'].map((url) => ({
		title: `"${url}" is refused with what is wrong`,
		...base(url),
		expectError: {
			message: 'The Base URL is not an address (a blank in it, a wrong port or no host): type it as in https://www.anyfast.ai/v1',
		},
		expectCalls: 0,
	})),
	{
		title: 'a blank one is refused with what to type',
		...base(' '),
		expectError: { message: 'The Base URL is blank: type it as in https://www.anyfast.ai/v1' },
		expectCalls: 0,
	},
	{
		title: 'a user name and password in it are refused, and not shown',
		...base('http://me:hunter22@h/v1'),
		expectError: { message: expect.not.stringMatching(/hunter|me:/), hint: expect.not.stringMatching(/hunter/) },
		expectCalls: 0,
	},
]);

testCases('Redirects', [
	...[301, 302, 303].map((status) => ({
		title: `${status} is not followed: a POST would become a GET`,
		why: 'https://fetch.spec.whatwg.org/#http-redirect-fetch',
		reply: redirect(status, '/v2/responses'),
		expectError: {
			message: expect.stringMatching(/^The server redirects the call to http:\/\/127\.0\.0\.1:\d+\/v2\/responses$/),
			status,
			code: 'redirect',
			hint: expect.stringMatching(/put http:\/\/127\.0\.0\.1:\d+\/v2 into Base URL/),
		},
	})),
	...[307, 308].map((status) => ({
		title: `${status} on the same server is followed as it is`,
		reply: [redirect(status, '/v2/responses?x=1'), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
	{ title: 'a circle of redirects ends', reply: redirect(307, '/v1/responses'), expectError: { code: 'redirect' }, expectCalls: 4 },
	{ title: 'a redirect without an address is an error', reply: { status: 307, body: [] }, expectError: { status: 307 } },
	{
		title: 'https instead of http is another server: it is named, not called',
		reply: redirect(308, 'https://127.0.0.1:1/v1/responses'),
		expectError: {
			message: 'The server redirects the call to https://127.0.0.1:1/v1/responses',
			hint: expect.stringMatching(/put https:\/\/127\.0\.0\.1:1\/v1 into Base URL/),
		},
	},
	{
		title: 'a redirect to another server is not followed, so that the key stays',
		reply: redirect(307, 'http://127.0.0.1:1/v1/responses?key=1'),
		expectError: { message: 'The server redirects the call to http://127.0.0.1:1/v1/responses', code: 'redirect', attempts: 1 },
	},
]);

testCases('API Key', [
	...[` ${SECRET_KEY}\n`, `Bearer ${SECRET_KEY}`, `bearer  ${SECRET_KEY} `].map((key) => ({
		title: `the key ${JSON.stringify(key.replace(SECRET_KEY, '...'))} is sent alone`,
		...withKey(key),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { headers: expect.objectContaining({ authorization: `Bearer ${SECRET_KEY}` }) as never },
	})),
	...['sk-a\nb', 'sk-\u200bab', 'sk-“ab”', 'sk-a\u0000'].map((key) => ({
		title: `the key ${JSON.stringify(key)} is refused`,
		...withKey(key),
		expectError: { message: expect.stringMatching(/^The API Key holds a character that cannot be sent/) },
		expectCalls: 0,
	})),
	{
		title: 'a blank key sends no Authorization',
		why: 'Ollama, LM Studio and llama.cpp need no key',
		...withKey(''),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { headers: expect.not.objectContaining({ authorization: expect.anything() as never }) as never },
	},
	{
		title: 'a wrong key is told in the words of the server',
		why: 'https://github.com/QuantumNous/new-api/blob/040b46a0/middleware/auth.go',
		reply: fixture('new-api-wrong-key.1.json', { status: 401 }),
		expectError: {
			message: '无效的令牌 (request id: 2026112210000054323)',
			status: 401,
			type: 'new_api_error',
			attempts: 1,
			hint: expect.stringMatching(/^Check the API Key/),
		},
	},
]);

testCases('Input', [
	...['', '  \n '].map((prompt) => ({
		title: `the prompt ${JSON.stringify(prompt)} is refused`,
		parameters: { prompt },
		expectError: { message: '"Prompt" is blank for this item' },
		expectCalls: 0,
	})),
	{
		title: 'an empty list of input items is refused',
		parameters: { inputType: 'json', inputItems: '[]' },
		expectError: { message: '"Input Items" is empty' },
		expectCalls: 0,
	},
	{
		title: 'a blank prompt is sent where a template is chosen',
		parameters: { prompt: '', options: { promptTemplate: { id: 'pmpt_1' } } },
		reply: good,
		expectJson: 'Yes',
	},
	{
		title: 'half a surrogate pair becomes U+FFFD, all other characters arrive as they are',
		parameters: { prompt: HALF },
		reply: good,
		expectJson: 'Yes',
		expectRequest: {
			body: expect.objectContaining({ input: [{ type: 'message', role: 'user', content: 'a\ufffd b\u0000 👋🏽 שלום' }] }) as never,
		},
	},
	{
		title: 'half a surrogate pair in a name becomes U+FFFD',
		parameters: { options: { metadata: { values: [{ name: 'a\ud83d', value: 'b' }] } } },
		reply: good,
		expectJson: 'Yes',
		expectRequest: { body: expect.objectContaining({ metadata: { 'a\ufffd': 'b' } }) as never },
	},
	{
		title: 'the Content-Length of a large text counts bytes, not characters',
		parameters: { prompt: LARGE },
		reply: good,
		expectJson: 'Yes',
		expectRequest: {
			body: expect.objectContaining({ input: [{ type: 'message', role: 'user', content: LARGE }] }) as never,
			headers: expect.objectContaining({ 'content-length': expect.stringMatching(/^20000\d\d$/) as never }) as never,
		},
	},
]);

testCases('Extra Body', [
	...['[1]', '"text"', '{"a":'].map((body) => ({
		title: `${body} as extra body is refused`,
		...extra(body),
		expectError: { message: expect.stringMatching(/Extra Body/) },
		expectCalls: 0,
	})),
	...['{"stream":true}', '{"__proto__":{"a":1}}', '{"metadata":{"constructor":1}}'].map((body) => ({
		title: `${body} as extra body is refused`,
		...extra(body),
		expectError: { message: expect.stringMatching(/Extra Body/) },
		expectCalls: 0,
	})),
	{
		title: 'other keys of an extra body win',
		...extra('{"model":"other","top_k":40}'),
		reply: good,
		expectJson: 'Yes',
		expectRequest: { body: expect.objectContaining({ model: 'other', top_k: 40 }) as never },
	},
]);

testCases('Sampling', [
	{
		title: '0 and false are sent, what is not set is not',
		parameters: { sampling: { temperature: 0, topP: 0 }, options: { store: false } },
		reply: good,
		expectJson: 'Yes',
		expectRequest: {
			body: { model: 'gpt-5.4', input: [{ type: 'message', role: 'user', content: 'Say hello' }], temperature: 0, top_p: 0, store: false },
		},
	},
	{
		title: 'Max Output Tokens 1 is sent; the refusal is told with the least number',
		why: 'https://github.com/vectorize-io/hindsight/issues/58',
		parameters: { sampling: { maxOutputTokens: 1 } },
		reply: fixture('openai-below-minimum.1.json', { status: 400 }),
		expectError: {
			message: expect.stringMatching(/Expected a value >= 16, but got 1/),
			param: 'max_output_tokens',
			hint: 'This server wants 16 or more in Sampling > Max Output Tokens',
		},
		expectRequest: { body: expect.objectContaining({ max_output_tokens: 1 }) as never },
	},
]);

testCases('Files', [
	{
		title: 'an image/jpg is sent as the data URL of an image/jpeg',
		parameters: { binaryFields: 'data' },
		file: { content: 'GIF89a', mimeType: 'image/jpg' },
		reply: good,
		expectJson: 'Yes',
		expectRequest: {
			body: expect.objectContaining({
				input: [
					{
						type: 'message',
						role: 'user',
						content: expect.arrayContaining([
							expect.objectContaining({ type: 'input_image', image_url: 'data:image/jpeg;base64,R0lGODlh' }),
						]) as never,
					},
				],
			}) as never,
		},
	},
	{
		title: 'a file above Max File Size is refused',
		parameters: { binaryFields: 'data', options: { maxFileSize: 0.001 } },
		file: { content: 'x'.repeat(2000), mimeType: 'text/plain' },
		expectError: { message: expect.stringMatching(/MB/) },
		expectCalls: 0,
	},
]);

testCases('JSON Schema', [
	...[
		['as text', { schema: JSON.stringify(object) }],
		['in the shape of chat completions', { schema: JSON.stringify({ type: 'json_schema', json_schema: { name: 'x', schema: object } }) }],
	].map(([how, parameters]) => ({
		title: `a schema ${String(how)} is sent`,
		...schemaOf(parameters as INodeParameters),
		reply: json({ output: '{"a":"b"}' }),
		expectJson: { json: { a: 'b' } },
		expectRequest: {
			body: expect.objectContaining({
				text: { format: expect.objectContaining({ type: 'json_schema', schema: object }) as never },
			}) as never,
		},
	})),
	{
		title: 'a Schema Name with blanks is refused',
		...schemaOf({ schema: JSON.stringify(object), schemaName: 'my schema!' }),
		expectError: { message: expect.stringMatching(/^"Schema Name" may hold letters/) },
		expectCalls: 0,
	},
]);
