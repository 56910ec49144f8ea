import { networkError } from '../../api/errors/network-errors';

const SOCKET_ENDED = 'Client network socket disconnected before secure TLS connection was established';
const alert = (reason: string) =>
	`80BC63816E7F0000:error:0A000410:SSL routines:ssl3_read_bytes:${reason}:../rec_layer_s3.c:1601:SSL alert number 40\n`;

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
		['a broken handshake', { httpCode: 'ECONNRESET', messages: [SOCKET_ENDED] }, 'tls_handshake', true],
		[
			'an alert in the handshake',
			{ httpCode: 'EPROTO', messages: [`write EPROTO ${alert('sslv3 alert handshake failure')}`] },
			'tls_handshake',
			true,
		],
		[
			'an alert about the version',
			{ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', message: alert('tlsv1 alert protocol version') },
			'tls_handshake',
			true,
		],
		[
			'an alert about our own certificate',
			{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', message: alert('tlsv13 alert certificate required') },
			'tls_handshake',
			true,
		],
		[
			'an alert about the authority of our certificate',
			{ httpCode: 'EPROTO', message: alert('tlsv1 alert unknown ca') },
			'tls_handshake',
			true,
		],
		[
			'an end in the handshake',
			{ code: 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING', message: alert('unexpected eof while reading') },
			'tls_handshake',
			true,
		],
		["http behind https, in OpenSSL's words", { httpCode: 'EPROTO', message: alert('wrong version number') }, 'tls_not_spoken', false],
		['an expired certificate', { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' }, 'certificate', false],
		['a lost connection', { httpCode: 'ECONNRESET' }, 'connection_lost', true],
		['something else', new Error('socket hang up'), 'connection_lost', true],
	])('of %s', (_, error, code, isRetryable) => expect(networkError(error)).toMatchObject({ code, details: { isRetryable } }));

	test.each([
		[alert('sslv3 alert handshake failure'), 'sslv3 alert handshake failure'],
		[SOCKET_ENDED, SOCKET_ENDED],
	])("tells a broken handshake by OpenSSL's words: %s", (message, reason) => {
		expect(networkError({ httpCode: 'EPROTO', message }).message).toBe(
			`The secure connection (TLS) to the server broke off while it was set up: ${reason}`,
		);
	});

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
