import { createRedactor, isSecret } from '../../api/credential/redact';

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

	test.each(['ollama', 'lm-studio', 'not-needed'])('leaves the key %s in a reply, but not in an error', (key) => {
		const { reply, text } = createRedactor(key);
		expect([reply(`I am ${key}`), text(`I am ${key}`)]).toEqual([`I am ${key}`, 'I am [hidden]']);
	});
});
