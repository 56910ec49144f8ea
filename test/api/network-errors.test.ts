import { networkError } from '../../api/errors/network-errors';

describe('networkError', () => {
	test.each<[string, object, string, boolean]>([
		['a refused connection', { httpCode: 'ECONNREFUSED' }, 'connection_refused', true],
		['a host that nobody knows', { httpCode: 'ENOTFOUND' }, 'host_not_found', true],
		['a name server that does not answer', { httpCode: 'EAI_AGAIN' }, 'dns_unavailable', true],
		['http behind https', { httpCode: 'EPROTO' }, 'tls_not_spoken', false],
		[
			'http behind https, told in words',
			{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: 'wrong version number' },
			'tls_not_spoken',
			false,
		],
		['a certificate of its own', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'certificate', false],
		['a certificate for another name', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate', false],
		['a certificate, told in words', { message: 'unable to verify the first certificate' }, 'certificate', false],
		['a lost connection', { httpCode: 'ECONNRESET' }, 'connection_lost', true],
		['something else', new Error('socket hang up'), 'connection_lost', true],
	])('of %s', (_, error, code, isRetryable) => expect(networkError(error)).toMatchObject({ code, details: { isRetryable } }));

	test('keeps the original words where there are none of our own', () => {
		const error = { message: 'The request failed', messages: ['self signed certificate'], httpCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
		expect(networkError(error)).toMatchObject({ message: 'self signed certificate', details: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
	});

	test("tells an address that n8n blocks by n8n's words", () => {
		const blocked = networkError({ message: 'The request was blocked because it resolves to a restricted IP address' });
		expect(blocked).toMatchObject({ code: 'address_blocked', details: { code: 'blocked', isRetryable: false } });
	});

	test('names the code of a lost connection', () => {
		expect(networkError({ httpCode: 'ECONNRESET' }).message).toBe('The connection ended before a reply came (ECONNRESET)');
		expect(networkError(undefined)).toMatchObject({ details: { code: 'no_reply' } });
	});
});
