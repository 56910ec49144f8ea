import { createRedactor } from '../../api/credential/redact';
import { isPlaceholder, isSecret } from '../../api/credential/secrets';

describe('isSecret: the value of a header or query parameter is one', () => {
	test.each([
		['X-Api-Key', 'abc'],
		['apiKey', 'abc'],
		['APIKEY', 'abc'],
		['x_access_token', '48213'],
		['X-Project-Key', 'pk-live-9f8e7d6c'],
		['Proxy-Authorization', 'Basic abc'],
		['X-Tenant', 'tenant-4711-f00dbabe9'],
		['X-Callback', 'https://example.com/?token=abcdef'],
		['X-Portkey-Virtual-Key', 'openai-prod'],
		['X-Tenant', '550e8400-e29b-41d4-a716-446655440000'],
		['X-Gate', 'P@ssw0rd!'],
		['X-Gate', 'AKIAIOSFODNN7EXAMPLE'],
		['X-Gate', 'wJalrXUtnFEMIbPxRfiCY'],
		['X-Gate', 'my-secret-phrase'],
		['X-Gate', '20261127'],
		['code', 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA=='],
		['sig', 'abc'],
	])('%s: %s', (name, value) => expect(isSecret(name, value)).toBe(true));
});

describe('isSecret: the value of a header or query parameter is none', () => {
	test.each([
		['X-Require-Auth', 'true'],
		['X-Env', 'prod'],
		['X-Port', '8080'],
		['api-version', '2024-10-21'],
		['OpenAI-Beta', 'responses=v1'],
		['OpenAI-Organization', 'org-4711'],
		['HTTP-Referer', 'https://example.com/'],
		['X-Title', 'My workflow no. 7'],
		['Accept-Language', 'de-DE,de;q=0.9'],
		// whole words count, not a part of one
		['X-Monkey', 'banana'],
		['X-Author', 'Ada'],
		['X-Author', 'Maximilian Mustermann'],
		['X-Author', 'Ada Lovelace <ada@example.com>'],
		['x-portkey-provider', 'azure-openai-eastus2'],
		['x-portkey-provider', '@anthropic'],
		['X-Source', 'https://example.com/workflows/2026-11-27'],
		['X-Model', 'gpt-4o-mini'],
		['X-Purpose', 'Answers for the customers of the north-west region'],
		['X-Api-Key', 'not-needed'],
	])('%s: %s', (name, value) => expect(isSecret(name, value)).toBe(false));
});

describe('createRedactor', () => {
	const redactor = createRedactor('sk-4711-Qm9vIQ/+zz', ['Bearer tenant-f00dbabe']);

	test.each([
		['a secret', 'Key sk-4711-Qm9vIQ/+zz is wrong', 'Key [hidden] is wrong'],
		['a secret that was sent with its scheme', 'You sent tenant-f00dbabe', 'You sent [hidden]'],
		['an encoded secret', 'key=sk-4711-Qm9vIQ%2F%2Bzz', 'key=[hidden]'],
		['8 characters of a secret', 'Key ***Qm9vIQ/+', 'Key ***[hidden]'],
		['what looks like a key', 'Key sk-proj-****abcd', 'Key [hidden]'],
	])('hides %s in an error', (_, text, shown) => expect(redactor.text(text)).toBe(shown));

	test('leaves shorter parts of a secret', () => expect(redactor.text('Code 4711-Qm')).toBe('Code 4711-Qm'));

	test('hides secrets at every depth of a reply, keys included', () => {
		const reply = { a: [{ 'tenant-f00dbabe': 'x sk-4711-Qm9vIQ/+zz' }], n: 1 };
		expect(redactor.reply(reply)).toEqual({ a: [{ '[hidden]': 'x [hidden]' }], n: 1 });
	});

	test.each([
		['HTML', 'k"<&4711&>"k', 'k&quot;&lt;&amp;4711&amp;&gt;&quot;k'],
		['JSON', 'k\\4711"key', 'k\\\\4711\\"key'],
		['a URL in small letters', 'k/4711/key', 'k%2f4711%2fkey'],
	])('hides a secret that is encoded for %s', (_, key, encoded) => {
		expect(createRedactor(key).reply({ text: `You sent ${encoded}.` })).toEqual({ text: 'You sent [hidden].' });
	});

	test('hides a secret that is a key of a reply', () => {
		expect(redactor.reply({ debug: { 'tenant-f00dbabe': 1 } })).toEqual({ debug: { '[hidden]': 1 } });
	});

	test.each(['sk-no-key-required', 'test', 'model', 'ollama', 'lm-studio', 'not-needed', 'sk-dummy', 'EMPTY', 'your-api-key', 'none'])(
		'cuts the placeholder %s out of no text',
		(key) => {
			const { reply, text, pieces } = createRedactor(key);
			const words = `The model test is required, none of them ${key}: key required, no api ollama`;
			const shown: string[] = [];
			pieces((piece) => shown.push(piece))(words);
			expect([reply(words), text(words), shown.join('')]).toEqual([words, words, words]);
		},
	);

	test.each(['sk-1234', 'sk-4711-0815', 'sk-secret-key', 'hunter2'])('hides the key %s, which is no placeholder', (key) => {
		expect(createRedactor(key).text(`You sent ${key}.`)).toBe('You sent [hidden].');
	});

	test('hides a key that is a mere word where the server says that it is the key, and nowhere else', () => {
		const { text } = createRedactor('banana');
		expect(text('Incorrect API key provided: banana. A banana is no bananas key')).toBe(
			'Incorrect API key provided: [hidden]. A banana is no bananas key',
		);
	});

	test('hides no word that is also in a longer secret', () => {
		const { text } = createRedactor('company-4711-required-Xy9');
		expect(text('The company field is required. Sent 4711-required-X')).toBe('The company field is required. Sent [hidden]');
	});
});

describe('The pieces of an answer', () => {
	/** What comes of a text in pieces of that length. */
	const shownOf = (text: string, length: number) => {
		const shown: string[] = [];
		const listen = createRedactor('sk-4711-Qm9vIQ/+zz', ['sk-4711-other-9f8e7d6c']).pieces((piece) => shown.push(piece));
		for (let at = 0; at < text.length; at += length) listen(text.slice(at, at + length));
		return shown;
	};

	test.each([1, 2, 5, 100])('hold no secret, however they are cut: %i characters each', (length) => {
		const text = 'Sent sk-4711-Qm9vIQ/+zz and sk-4711-other-9f8e7d6c, not sk-4711-none. Bye';
		expect(shownOf(text, length).join('')).toBe('Sent [hidden] and [hidden], not sk-4711-none. Bye');
	});

	test('come at once where they cannot be a secret', () => expect(shownOf('Hello', 1)).toEqual([...'Hello']));
	test('come late where they can', () => expect(shownOf('a s sk-4 b', 1)).toEqual(['a', ' ', 's ', 'sk-4 ', 'b']));
	test('that may be the beginning of a secret are held back at the end', () => expect(shownOf('a sk-4711', 3)).toEqual(['a ']));
});

test.each([
	['sk-no-key-required', true],
	['lm-studio', true],
	['', false],
	['sk-1234', false],
	['secret', false],
])('isPlaceholder of "%s" is %p', (key, expected) => expect(isPlaceholder(key)).toBe(expected));
