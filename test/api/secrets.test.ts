import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { LoggedLines } from '../support/logged';
import { bytes, cutOff, json, sse, type Reply } from '../support/replies';
import { runOnce, SECRET_KEY } from '../support/cases';

const streaming = { options: { stream: true } };
const HEADER = 'tenant-4711-f00dbabe9';
const html = (text: string) => bytes(`<html><head><title>${text}</title></head></html>`, 'text/html', { status: 502 });
const says = (words: string) => json({ error: { message: words } }, { status: 400 });
const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
const credential: ICredentialDataDecryptedObject = { headers: { values: [{ name: 'X-Tenant', value: HEADER }] } };
const quiet = { requests: { maxRetries: 0 } };

const asHtml = SECRET_KEY.replace(/\//g, '&#x2F;').replace(/\+/g, '&#43;');
const logged = new LoggedLines();
afterAll(() => logged.stop());

/** Whether a text holds a secret or so much of one that it helps. */
const holds = (text: string, secret: string) =>
	Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8)).some((part) => text.includes(part));

describe('No secret comes back', () => {
	test.each<[string, (secret: string) => Reply]>([
		['in an error message', (secret) => says(`Wrong key ${secret}!`)],
		['URL-encoded', (secret) => says(`Wrong key ${encodeURIComponent(secret)}!`)],
		['URL-encoded in small letters', (secret) => says(`key=${encodeURIComponent(secret).toLowerCase()}`)],
		['in part, the beginning', (secret) => says(`Wrong key ${secret.slice(0, 12)}...`)],
		['in part, the end', (secret) => says(`Wrong key ***${secret.slice(-10)}`)],
		[
			'in a code, a type and a param',
			(secret) => json({ error: { message: 'No', code: secret, type: secret, param: secret } }, { status: 400 }),
		],
		['in a request ID', (secret) => json({ error: 'No' }, { status: 400, headers: { 'x-request-id': secret } })],
		['in the title of a page', (secret) => html(`Denied for ${secret}`)],
		['in a page with a good status', (secret) => ({ ...html(`Denied for ${secret}`), status: 200 })],
		['in a text', (secret) => bytes(`Denied for ${secret}`, 'text/plain', { status: 403 })],
		['in a reply that is no JSON', (secret) => bytes(`Denied for ${secret}`, 'text/plain')],
		['in an error with a good status', (secret) => json({ success: false, message: secret })],
		['in a failed response', (secret) => json({ status: 'failed', output: [], error: { code: 'x', message: secret } })],
		['in an error event', (secret) => sse([created, { type: 'error', error: { message: secret } }])],
		[
			'in the text of a cut stream',
			(secret) => cutOff(sse([created, { type: 'response.output_text.delta', delta: `You sent ${secret}.` }])),
		],
		[
			'in the address of a redirect',
			(secret) => ({ status: 307, headers: { location: `http://127.0.0.1:1/${secret}/responses?key=${secret}` }, body: [] }),
		],
		['in an answer', (secret) => json({ output: `You sent ${secret}.`, metadata: { header: `Bearer ${secret}` } })],
		[
			'in the answer of a stream',
			(secret) =>
				sse([created, { type: 'response.output_text.delta', delta: `You sent ${secret}.` }, { type: 'response.completed', response: {} }]),
		],
		['in the name of a field', (secret) => json({ output: 'x', debug: { [secret]: 1 } })],
		[
			'in arguments',
			(secret) => json({ output: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: JSON.stringify({ secret }) }] }),
		],
	])('%s', async (_, reply) => {
		for (const secret of [SECRET_KEY, HEADER]) {
			for (const parameters of [
				{ ...streaming, ...quiet },
				{ output: 'raw', ...quiet },
			]) {
				const { json: item } = await runOnce(reply(secret), { parameters, credential });
				expect([secret, holds(JSON.stringify(item), secret)]).toEqual([secret, false]);
			}
		}
	});

	const encoded = (before: string, after = '') => Buffer.from(`${before}${SECRET_KEY}${after}`);
	test.each([
		['alone', encoded('')],
		['as a bearer', encoded('Bearer ')],
		['as a password', encoded('user:')],
		['in the middle, by one byte', encoded('x', 'yz')],
		['in the middle, by two bytes', encoded('xy', 'z')],
	])('in base64 or hexadecimal digits, %s', async (_, value) => {
		for (const encoding of ['base64', 'base64url', 'hex'] as const) {
			const echo = value.toString(encoding);
			for (const reply of [says(`You sent ${echo}`), json({ output: `You sent ${echo}` })]) {
				const { json: item } = await runOnce(reply, { parameters: quiet });
				const shown = (/You sent ([^"]*)/.exec(JSON.stringify(item))?.[1] ?? '').replace('[hidden]', '');
				expect([encoding, Buffer.from(shown, encoding).toString().includes(SECRET_KEY.slice(3, 11))]).toEqual([encoding, false]);
				expect(JSON.stringify(item)).toContain('[hidden]');
			}
		}
	});

	test('in HTML with characters written as numbers, but for what is too short to help', async () => {
		const { json: item } = await runOnce(html(asHtml), { parameters: quiet });
		expect(holds(JSON.stringify(item), SECRET_KEY)).toBe(false);
	});

	test.each<[string, ICredentialDataDecryptedObject, string]>([
		['that reads like words', { apiKey: 'sk-secret-key' }, 'sk-secret-key'],
		['in an extra header', { headers: { values: [{ name: 'X-Tenant-Key', value: 'hunter two' }] } }, 'hunter two'],
		[
			'in an address in an extra header',
			{ headers: { values: [{ name: 'X-Callback', value: 'https://u/?token=abcdef123456' }] } },
			'https://u/?token=abcdef123456',
		],
		[
			'by its name, whatever else the name holds',
			{ headers: { values: [{ name: 'X-Project-Key', value: 'pk-live-9f8e7d6c' }] } },
			'pk-live-9f8e7d6c',
		],
		['of digits, by its name', { headers: { values: [{ name: 'X-Auth-Token', value: '48213' }] } }, '48213'],
		[
			'the password of basic authentication',
			{ headers: { values: [{ name: 'Proxy-Authorization', value: `Basic ${Buffer.from('ada:Tz8-korn-77').toString('base64')}` }] } },
			'Tz8-korn-77',
		],
		['in a cookie', { headers: { values: [{ name: 'Cookie', value: 'session=1234567890' }] } }, 'session=1234567890'],
	])('%s', async (_, given, secret) => {
		const { json: item } = await runOnce(says(`You sent ${secret}`), { credential: given, parameters: quiet });
		expect(item.error).toBe('You sent [hidden]');
		if (secret.length >= 8 && !secret.includes(' '))
			expect((await runOnce(json({ output: `You sent ${secret}` }), { credential: given })).json.text).toBe('You sent [hidden]');
	});

	test('in the query of the base URL', async () => {
		const { json: item } = await runOnce(says('Wrong ?key=AIza-4711-secret'), {
			credential: { baseUrl: '{server}/v1?key=AIza-4711-secret' },
		});
		expect(item.error).toBe('Wrong ?key=[hidden]');
	});

	test('in an error that ends the run', async () => {
		const { json: item } = await runOnce(says(`Wrong key ${SECRET_KEY}`), { node: { onError: 'stopWorkflow' } });
		expect(item).toMatchObject({ error: 'Wrong key [hidden]' });
	});

	test('in any line that n8n has logged of all this', () => {
		expect(logged.count).toBeGreaterThan(0);
		expect(logged.lines.filter((line) => holds(line, SECRET_KEY) || holds(line, HEADER))).toEqual([]);
	});
});

describe('What is no secret stays', () => {
	test.each<[string, ICredentialDataDecryptedObject, string]>([
		['a word that somebody typed as the key of a local server', { apiKey: 'ollama' }, 'I am ollama.'],
		['a placeholder that somebody typed as the key', { apiKey: 'sk-no-key-required' }, 'No key is required, nor sk-no-key-required.'],
		['a word of many texts that somebody typed as the key', { apiKey: 'model' }, 'The model model is no model.'],
		[
			'a name in an extra header',
			{ headers: { values: [{ name: 'X-Author', value: 'Maximilian Mustermann' }] } },
			'By Maximilian Mustermann, Mustermann & Co.',
		],
		['a provider in an extra header', { headers: { values: [{ name: 'x-portkey-provider', value: 'anthropic' }] } }, 'From anthropic.'],
		[
			'an address in an extra header',
			{ headers: { values: [{ name: 'HTTP-Referer', value: 'https://example.com/' }] } },
			'See https://example.com/ for more.',
		],
		['a word in an extra header', { headers: { values: [{ name: 'X-Env', value: 'prod' }] } }, 'This product is in production.'],
		['a setting in an extra header', { headers: { values: [{ name: 'X-Require-Auth', value: 'true' }] } }, 'It must be true or false.'],
		['a date in an extra header', { headers: { values: [{ name: 'api-version', value: '2024-10-21' }] } }, 'It was on 2024-10-21.'],
		['a version in an extra header', { headers: { values: [{ name: 'OpenAI-Beta', value: 'responses=v1' }] } }, 'Set responses=v1 there.'],
	])('%s', async (_, given, words) => {
		expect((await runOnce(json({ output: words }), { credential: given })).json.text).toBe(words);
		expect((await runOnce(says(words), { credential: given, parameters: quiet })).json.error).toBe(words);
	});
});

describe('A secret goes to its own server alone', () => {
	test.each([301, 302, 303, 307, 308])('with status %i to another one nothing is sent', async (status) => {
		const { json: item, requests } = await runOnce(({ path }) =>
			path === '/v1/responses' ? { status, headers: { location: 'http://localhost:1/v1/responses' }, body: [] } : json({ output: 'x' }),
		);
		expect(item).toMatchObject({
			error: 'The server redirects the call to http://localhost:1/v1/responses',
			details: { status, code: 'redirect' },
		});
		expect(requests).toHaveLength(1);
	});
});
