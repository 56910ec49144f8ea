import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { ResponsesApi } from '../../credentials/ResponsesApi.credentials';
import { runNode, testCredential } from '../support/engine';
import { ANSWER } from '../support/one-item';
import { bytes, json, type Reply } from '../support/replies';
import { startServer } from '../support/server';

const KEY = 'sk-test-4711';
const MODELS = json({ object: 'list', data: [{ id: 'gpt-5.4', object: 'model' }] });

let server: Awaited<ReturnType<typeof startServer>>;
let reply: Reply | undefined;
beforeAll(async () => {
	server = await startServer(({ method }) => reply ?? (method === 'GET' ? MODELS : json(ANSWER)));
});
beforeEach(() => {
	reply = undefined;
	server.requests.length = 0;
});
afterAll(async () => await server.close());

type Credential = ICredentialDataDecryptedObject;

/** A run of the node with that credential, and the button Test of it: the two requests, and what each says. */
async function used(credential: Credential) {
	const { error } = await runNode(
		{ model: 'gpt-5.4', prompt: 'Hi', requests: { maxRetries: 0 } },
		{ credentials: { responsesApi: credential } },
	);
	const test = await testCredential(credential);
	return { requests: [...server.requests], error, test };
}

describe('The Base URL may be typed', () => {
	test.each([
		['as it is', '/v1', '/v1', {}],
		['with slashes at the end', '/v1///', '/v1', {}],
		['with blanks around', '/v1 \n', '/v1', {}],
		['with the endpoint', '/v1/responses', '/v1', {}],
		['with the endpoint and a slash', '/v1/responses/', '/v1', {}],
		['with the endpoint of chat completions', '/v1/chat/completions', '/v1', {}],
		['with the endpoint of models and a slash', '/v1/models/', '/v1', {}],
		['without any path', '', '', {}],
		['with a longer path', '/openai/v1', '/openai/v1', {}],
		['with a query, which every call carries', '/openai/v1/?api-version=preview', '/openai/v1', { 'api-version': 'preview' }],
		['with a plus in the query, which is no blank', '/v1?sig=a+b%2Bc%20d', '/v1', { sig: 'a+b+c d' }],
		['with the endpoint and a query', '/v1/responses?a=1&b=x%20y', '/v1', { a: '1', b: 'x y' }],
		['with a hash, which is dropped', '/v1#create', '/v1', {}],
	])('%s', async (_, typed, path, query) => {
		const { requests, test: tested } = await used({ baseUrl: server.url + typed, apiKey: KEY });
		expect(requests.map((request) => [request.method, request.path, request.query])).toEqual([
			['POST', `${path}/responses`, query],
			['GET', `${path}/models`, query],
		]);
		expect(tested).toEqual({ ok: true, message: 'Connection successful!' });
	});
});

describe('The key', () => {
	test.each<[string, Credential, string | undefined]>([
		['is sent as a bearer', { apiKey: KEY }, `Bearer ${KEY}`],
		['may be pasted with blanks around', { apiKey: `  ${KEY}\n` }, `Bearer ${KEY}`],
		['may be pasted with its Bearer', { apiKey: `Bearer ${KEY}` }, `Bearer ${KEY}`],
		['loses one Bearer only', { apiKey: `bearer  Bearer ${KEY}` }, `Bearer Bearer ${KEY}`],
		['may hold signs of Western Europe', { apiKey: 'clé-4711' }, 'Bearer clé-4711'],
		['may be blank', { apiKey: ' ' }, undefined],
		['may be absent', {}, undefined],
	])('%s', async (_, key, authorization) => {
		const { requests } = await used({ baseUrl: `${server.url}/v1`, ...key });
		expect(requests.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization]);
	});
});

describe('Headers', () => {
	const baseUrl = () => `${server.url}/v1`;

	test('that a server wants are sent with every call', async () => {
		const values = [
			{ name: ' api-key ', value: ' abc ' },
			{ name: 'X-Project', value: '42' },
			{ name: '', value: '' },
		];
		const { requests } = await used({ baseUrl: baseUrl(), apiKey: '', headers: { values } });
		for (const { headers } of requests) {
			expect(headers).toMatchObject({ 'api-key': 'abc', 'x-project': '42' });
			expect(headers).not.toHaveProperty('authorization');
		}
	});

	test.each(['Authorization', 'authorization'])('may take the place of the key: %s', async (name) => {
		const { requests } = await used({ baseUrl: baseUrl(), apiKey: KEY, headers: { values: [{ name, value: 'Basic abc' }] } });
		expect(requests.map(({ rawHeaders }) => rawHeaders.filter((header) => /^(Basic|Bearer)/.test(header)))).toEqual([
			['Basic abc'],
			['Basic abc'],
		]);
	});

	test.each([
		['plain', {}, 'application/json'],
		['a stream', { stream: true }, 'application/json, text/event-stream'],
	])('say that JSON is taken, as the page of AnyAPI asks for: %s', async (_, options, accept) => {
		await runNode({ model: 'gpt-5.4', prompt: 'Hi', options }, { credentials: { responsesApi: { baseUrl: baseUrl(), apiKey: KEY } } });
		expect(server.requests[0].headers).toMatchObject({ accept, 'content-type': 'application/json' });
	});

	test.each<[string, Credential]>([
		['absent', {}],
		['blank', { headers: '' }],
		['empty', { headers: {} }],
	])('may be %s', async (_, headers) => {
		const { test: tested, error } = await used({ baseUrl: baseUrl(), apiKey: KEY, ...headers });
		expect([tested.ok, error]).toEqual([true, undefined]);
	});
});

describe('What cannot work is said before anything is sent, in the run and in the test of the credential alike', () => {
	const good = 'http://127.0.0.1:9/v1';
	test.each<[string, Credential]>([
		['The Base URL is blank: type it as in https://www.anyfast.ai/v1', { baseUrl: ' ' }],
		['The Base URL does not start with http:// or https://: type it as in https://www.anyfast.ai/v1', { baseUrl: 'www.anyfast.ai/v1' }],
		['The Base URL does not start with http:// or https://', { baseUrl: 'localhost:1234/v1' }],
		['The Base URL does not start with http:// or https://', { baseUrl: 'ftp://example.com/v1' }],
		['The Base URL does not start with http:// or https://', { baseUrl: 'sk-test-4711' }],
		['The Base URL has http:// or https:// twice: type it as in https://www.anyfast.ai/v1', { baseUrl: 'https://http://example.com/v1' }],
		['The Base URL carries a user name or password: remove the part before the @', { baseUrl: 'https://me:secret@example.com/v1' }],
		['The API Key holds a character that cannot be sent', { baseUrl: good, apiKey: 'sk-test\nsk-4711' }],
		['The API Key holds a character that cannot be sent', { baseUrl: good, apiKey: 'sk-test\u200b-4711' }],
		['The API Key holds a character that cannot be sent', { baseUrl: good, apiKey: '密钥' }],
		['Extra header 1 cannot be sent', { baseUrl: good, apiKey: '', headers: { values: [{ name: 'X Project', value: '1' }] } }],
		[
			'Extra header 2 cannot be sent',
			{
				baseUrl: good,
				apiKey: '',
				headers: {
					values: [
						{ name: 'a', value: '1' },
						{ name: 'b', value: 'x\ny' },
					],
				},
			},
		],
		['Extra header 1 cannot be sent', { baseUrl: good, apiKey: '', headers: { values: [{ name: '', value: 'x' }] } }],
	])('%s', async (message, credential) => {
		const { error, test: tested } = await used(credential);
		expect([error?.message, tested.message]).toEqual([expect.stringContaining(message), expect.stringContaining(message)]);
		expect(error?.message).toBe(tested.message);
		expect(`${tested.message}${error?.description}`).not.toMatch(/secret|4711|密钥/);
	});
});

describe('The test of a credential says', () => {
	const html = bytes('<!doctype html><title>Console</title>', 'text/html');
	const refused = (status: number) => json({ error: { message: `Invalid token ${KEY}` } }, { status });
	test.each<[string, Reply, boolean, string]>([
		['that all is well', MODELS, true, 'Connection successful!'],
		['that the key is wrong', refused(401), false, 'The server does not accept this API Key'],
		['that the key is refused', refused(403), false, 'The server knows this API Key but refuses it'],
		['that there is no list of models', refused(404), false, 'A server without such a list works all the same'],
		['that it is a web page', html, false, 'probably lacks /v1 at its end'],
		[
			'that the address has moved',
			json({}, { status: 308, headers: { location: 'https://example.com/v1/models' } }),
			false,
			'sends this address on to another one',
		],
	])('%s', async (_, given, ok, message) => {
		reply = given;
		const tested = await testCredential({ baseUrl: `${server.url}/v1`, apiKey: KEY });
		expect(tested).toEqual({ ok, message: expect.stringContaining(message) });
		expect(tested.message).not.toContain(KEY);
	});

	test('that nothing answers', async () => {
		const gone = await startServer(MODELS);
		await gone.close();
		expect(await testCredential({ baseUrl: `${gone.url}/v1`, apiKey: KEY })).toEqual({ ok: false, message: 'ECONNREFUSED' });
	});
});

test('A key that the server repeats is not shown', async () => {
	reply = json({ error: { message: `Incorrect API key provided: ${KEY}. Yours ends in 4711.` } }, { status: 401 });
	const { error } = await used({ baseUrl: `${server.url}/v1`, apiKey: KEY });
	expect(error?.message).toBe('Incorrect API key provided: [hidden]. Yours ends in 4711.');
	expect(JSON.stringify(error)).not.toContain(KEY);
});

describe('Adding the credential to a request', () => {
	const credential = (): Credential => ({
		baseUrl: 'https://example.com/v1/?api-version=1',
		apiKey: ` ${KEY}`,
		headers: { values: [{ name: 'X-Project', value: '42' }] },
		allowUnauthorizedCerts: true,
	});
	const { authenticate } = new ResponsesApi();
	const added = async (given: Credential, options: IHttpRequestOptions) =>
		typeof authenticate === 'function' ? await authenticate(given, options) : undefined;

	test('keeps what the request says', async () => {
		expect(await added(credential(), { url: '/models', qs: { limit: 1 }, headers: { Accept: 'application/json' }, timeout: 5 })).toEqual({
			baseURL: 'https://example.com/v1',
			url: '/models',
			qs: { 'api-version': '1', limit: 1 },
			headers: { Accept: 'application/json', Authorization: `Bearer ${KEY}`, 'X-Project': '42' },
			timeout: 5,
			skipSslCertificateValidation: true,
		});
	});

	test('checks certificates unless it is told not to', async () => {
		const { skipSslCertificateValidation } = (await added({ ...credential(), allowUnauthorizedCerts: false }, { url: '/models' })) ?? {};
		expect(skipSslCertificateValidation).toBe(false);
	});

	test('changes neither the credential, which all rows share, nor the request', async () => {
		const [given, options] = [credential(), { url: '/models', headers: {} }];
		await added(given, options);
		expect([given, options]).toEqual([credential(), { url: '/models', headers: {} }]);
	});
});
