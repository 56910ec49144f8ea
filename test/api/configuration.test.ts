import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { bytes, fixture, json } from '../support/replies';
import { MARK, testCases, type Row } from '../support/cases';

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

const rows: Row[] = [
	{
		of: 1,
		does: 'a base URL without /v1 that leads to a web page is told so, and not tried elsewhere',
		...base('{server}'),
		reply: page,
		fails: { message: 'The server sent a web page: New API', hint: expect.stringMatching(/lacks \/v1/), attempts: 1 },
		sends: { path: '/responses' },
	},
	...['{server}/v1/', '{server}/v1//', '  {server}/v1\n'].map((url) => ({
		of: 2,
		does: `${JSON.stringify(url)} is trimmed`,
		...base(url),
		reply: good,
		gives: 'Yes',
		sends: { path: PATH },
	})),
	...['{server}/v1/responses', '{server}/v1/responses/'].map((url) => ({
		of: 3,
		does: `${url} has the endpoint already`,
		...base(url),
		reply: good,
		gives: 'Yes',
		sends: { path: PATH },
	})),
	{
		of: 4,
		does: '/v1 twice is told so, with the address',
		...base('{server}/v1/v1'),
		reply: fixture('new-api-invalid-url.1.json', { status: 404 }),
		fails: { message: 'Invalid URL (POST /v1/v1/responses)', status: 404, hint: expect.stringMatching(/ends in \/v1, once/) },
	},
	{
		of: 5,
		does: 'a query stays, behind the path; a hash goes',
		...base('{server}/openai/v1?api-version=preview#top'),
		reply: good,
		gives: 'Yes',
		sends: { path: '/openai/v1/responses', query: { 'api-version': 'preview' } },
	},
	...['127.0.0.1:8080/v1', 'ftp://h/v1', 'localhost', 'http//h'].map((url) => ({
		of: 6,
		does: `"${url}" is refused with what to type`,
		...base(url),
		fails: { message: 'The Base URL does not start with http:// or https://: type it as in https://www.anyfast.ai/v1' },
		calls: 0,
	})),
	...['https://', 'https://a b/v1', 'https://h:99999/v1'].map((url) => ({
		of: 6,
		does: `"${url}" is refused with what is wrong`,
		...base(url),
		fails: { message: 'The Base URL is not an address (a blank in it, a wrong port or no host): type it as in https://www.anyfast.ai/v1' },
		calls: 0,
	})),
	{
		of: 6,
		does: 'a blank base URL is',
		...base(' '),
		fails: { message: 'The Base URL is blank: type it as in https://www.anyfast.ai/v1' },
		calls: 0,
	},
	{
		of: 6,
		does: 'a password in it is, and not shown',
		...base('http://me:hunter22@h/v1'),
		fails: { message: expect.not.stringMatching(/hunter|me:/), hint: expect.not.stringMatching(/hunter/) },
		calls: 0,
	},
	...[301, 302, 303].map((status) => ({
		of: 7,
		does: `${status} is not followed: a POST would become a GET`,
		reply: redirect(status, '/v2/responses'),
		fails: {
			message: expect.stringMatching(/^The server redirects the call to http:\/\/127\.0\.0\.1:\d+\/v2\/responses$/),
			status,
			code: 'redirect',
			hint: expect.stringMatching(/put http:\/\/127\.0\.0\.1:\d+\/v2 into Base URL/),
		},
	})),
	...[307, 308].map((status) => ({
		of: 7,
		does: `${status} on the same server is followed as it is`,
		reply: [redirect(status, '/v2/responses?x=1'), good],
		gives: 'Yes',
		calls: 2,
	})),
	{ of: 7, does: 'a circle of redirects ends', reply: redirect(307, '/v1/responses'), fails: { code: 'redirect' }, calls: 4 },
	{ of: 7, does: 'a redirect without an address is an error', reply: { status: 307, body: [] }, fails: { status: 307 } },
	{
		of: 7,
		does: 'https instead of http is another server: it is named, not called',
		reply: redirect(308, 'https://127.0.0.1:1/v1/responses'),
		fails: {
			message: 'The server redirects the call to https://127.0.0.1:1/v1/responses',
			hint: expect.stringMatching(/put https:\/\/127\.0\.0\.1:1\/v1 into Base URL/),
		},
	},
	{
		of: 8,
		does: 'a redirect to another server is not followed, so that the key stays',
		reply: redirect(307, 'http://127.0.0.1:1/v1/responses?key=1'),
		fails: { message: 'The server redirects the call to http://127.0.0.1:1/v1/responses', code: 'redirect', attempts: 1 },
	},
	...[` ${MARK}\n`, `Bearer ${MARK}`, `bearer  ${MARK} `].map((key) => ({
		of: 9,
		does: `the key ${JSON.stringify(key.replace(MARK, '...'))} is sent alone`,
		...withKey(key),
		reply: good,
		gives: 'Yes',
		sends: { headers: expect.objectContaining({ authorization: `Bearer ${MARK}` }) as never },
	})),
	...['sk-a\nb', 'sk-\u200bab', 'sk-“ab”', 'sk-a\u0000'].map((key) => ({
		of: 9,
		does: `the key ${JSON.stringify(key)} is refused`,
		...withKey(key),
		fails: { message: expect.stringMatching(/^The API Key holds a character that cannot be sent/) },
		calls: 0,
	})),
	{
		of: 9,
		does: 'no key sends no Authorization',
		...withKey(''),
		reply: good,
		gives: 'Yes',
		sends: { headers: expect.not.objectContaining({ authorization: expect.anything() as never }) as never },
	},
	{
		of: 10,
		does: 'a wrong key is told in the words of the server',
		reply: fixture('new-api-wrong-key.1.json', { status: 401 }),
		fails: {
			message: '无效的令牌 (request id: 2026112210000054323)',
			status: 401,
			type: 'new_api_error',
			attempts: 1,
			hint: expect.stringMatching(/^Check the API Key/),
		},
	},
	...['', '  \n '].map((prompt) => ({
		of: 11,
		does: `the prompt ${JSON.stringify(prompt)} is refused`,
		parameters: { prompt },
		fails: { message: '"Prompt" is blank for this item' },
		calls: 0,
	})),
	{
		of: 11,
		does: 'an empty list of input items is refused',
		parameters: { inputType: 'json', inputItems: '[]' },
		fails: { message: '"Input Items" is empty' },
		calls: 0,
	},
	{
		of: 11,
		does: 'a template may go without a prompt',
		parameters: { prompt: '', options: { promptTemplate: { id: 'pmpt_1' } } },
		reply: good,
		gives: 'Yes',
	},
	{
		of: 12,
		does: 'half characters become whole, others arrive',
		parameters: { prompt: HALF },
		reply: good,
		gives: 'Yes',
		sends: { body: expect.objectContaining({ input: [{ role: 'user', content: 'a\ufffd b\u0000 👋🏽 שלום' }] }) as never },
	},
	{
		of: 12,
		does: 'half characters in a name become whole',
		parameters: { options: { metadata: { values: [{ name: 'a\ud83d', value: 'b' }] } } },
		reply: good,
		gives: 'Yes',
		sends: { body: expect.objectContaining({ metadata: { 'a\ufffd': 'b' } }) as never },
	},
	{
		of: 12,
		does: 'the length of a large text counts its bytes',
		parameters: { prompt: LARGE },
		reply: good,
		gives: 'Yes',
		sends: {
			body: expect.objectContaining({ input: [{ role: 'user', content: LARGE }] }) as never,
			headers: expect.objectContaining({ 'content-length': expect.stringMatching(/^20000\d\d$/) as never }) as never,
		},
	},
	...['[1]', '"text"', '{"a":'].map((body) => ({
		of: 13,
		does: `${body} as extra body is refused`,
		...extra(body),
		fails: { message: expect.stringMatching(/Extra Body/) },
		calls: 0,
	})),
	...['{"stream":true}', '{"__proto__":{"a":1}}', '{"metadata":{"constructor":1}}'].map((body) => ({
		of: 13,
		does: `${body} as extra body is refused`,
		...extra(body),
		fails: { message: expect.stringMatching(/Extra Body/) },
		calls: 0,
	})),
	{
		of: 13,
		does: 'other keys of an extra body win',
		...extra('{"model":"other","top_k":40}'),
		reply: good,
		gives: 'Yes',
		sends: { body: expect.objectContaining({ model: 'other', top_k: 40 }) as never },
	},
	{
		of: 14,
		does: '0 and false are sent, what is not set is not',
		parameters: { sampling: { temperature: 0, topP: 0 }, options: { store: false } },
		reply: good,
		gives: 'Yes',
		sends: { body: { model: 'gpt-5.4', input: [{ role: 'user', content: 'Say hello' }], temperature: 0, top_p: 0, store: false } },
	},
	{
		of: 15,
		does: 'few output tokens are sent; what OpenAI says of them is told with the remedy',
		parameters: { sampling: { maxOutputTokens: 1 } },
		reply: fixture('openai-below-minimum.1.json', { status: 400 }),
		fails: {
			message: expect.stringMatching(/Expected a value >= 16, but got 1/),
			param: 'max_output_tokens',
			hint: 'This server wants 16 or more in Sampling > Max Output Tokens',
		},
		sends: { body: expect.objectContaining({ max_output_tokens: 1 }) as never },
	},
	{
		of: 16,
		does: 'an image is sent as a data URL with its usual type',
		parameters: { binaryFields: 'data' },
		file: { content: 'GIF89a', mimeType: 'image/jpg' },
		reply: good,
		gives: 'Yes',
		sends: {
			body: expect.objectContaining({
				input: [
					{
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
		of: 16,
		does: 'a file above the limit is refused',
		parameters: { binaryFields: 'data', options: { maxFileSize: 0.001 } },
		file: { content: 'x'.repeat(2000), mimeType: 'text/plain' },
		fails: { message: expect.stringMatching(/MB/) },
		calls: 0,
	},
	...[
		['as text', { schema: JSON.stringify(object) }],
		['in the shape of chat completions', { schema: JSON.stringify({ type: 'json_schema', json_schema: { name: 'x', schema: object } }) }],
	].map(([how, parameters]) => ({
		of: 17,
		does: `a schema ${String(how)} is sent`,
		...schemaOf(parameters as INodeParameters),
		reply: json({ output: '{"a":"b"}' }),
		gives: { json: { a: 'b' } },
		sends: {
			body: expect.objectContaining({
				text: { format: expect.objectContaining({ type: 'json_schema', schema: object }) as never },
			}) as never,
		},
	})),
	{
		of: 17,
		does: 'a wrong name of a schema is refused',
		...schemaOf({ schema: JSON.stringify(object), schemaName: 'my schema!' }),
		fails: { message: expect.stringMatching(/^"Schema Name" may hold letters/) },
		calls: 0,
	},
];

testCases(1, 17, rows);
