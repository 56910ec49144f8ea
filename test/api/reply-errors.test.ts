import type { ApiResponse } from '../../api/decode/normalize';
import { isNonRetryable, isNonRetryableCode, isOutOfBalance } from '../../api/errors/error-codes';
import { ApiError } from '../../api/errors/api-error';
import {
	errorInBody,
	failedResponseError,
	httpError,
	incompleteStreamError,
	malformedResponseError,
	redirectError,
	requestIdOf,
	truncatedError,
} from '../../api/errors/reply-errors';

describe('httpError', () => {
	test.each<[string, string, object]>([
		['JSON', '{"error":{"message":"No","code":"x","param":"n"}}', { message: 'No', details: { code: 'x', param: 'n' } }],
		['a stream whose first event is the error', ': hi\n\nevent: error\ndata: {"error":{"message":"No"}}\n\n', { message: 'No' }],
		['a web page', '<html><title>502 Bad Gateway</title></html>', { message: '502 Bad Gateway' }],
		['a bare JSON text', '"No"', { message: 'No' }],
		['text', ' No \n', { message: 'No' }],
		['JSON of which the end is missing', '{"error":{"message":"Say \\"no\\"","dump":"xxx', { message: 'Say "no"' }],
		['nothing', ' ', { message: 'The server answered with HTTP status 502 and no text' }],
	])('reads %s', (_, text, expected) => {
		expect(httpError(502, {}, text)).toMatchObject({ code: 'http_status', ...expected });
	});

	test('tells status, headers and the id of the call', () => {
		const headers = { 'x-request-id': 'r' };
		expect(httpError(400, headers, 'No').details).toEqual({ status: 400, headers, requestId: 'r' });
	});

	test('cuts a long text', () => expect(httpError(400, {}, 'x'.repeat(5000)).message).toHaveLength(1000));

	test.each<[string, number, { [name: string]: string }, string, boolean]>([
		['with its own header', 503, { 'cf-mitigated': 'challenge' }, '<html>', true],
		['by status 403 and its ray', 403, { 'cf-ray': 'x' }, '<html>', true],
		['but no page with another status', 502, { 'cf-ray': 'x' }, '<html>', false],
		['but no JSON', 403, { 'cf-ray': 'x' }, '{"error":"No"}', false],
	])("knows Cloudflare's challenge: %s", (_, status, headers, text, isChallenge) => {
		const { code, details } = httpError(status, headers, text);
		expect([code, details.isRetryable]).toEqual(isChallenge ? ['cloudflare_challenge', false] : ['http_status', undefined]);
	});
});

test('errorInBody is never tried again', () => {
	expect(errorInBody({ message: 'No', code: 'x' }, 200, { 'cf-ray': 'r' })).toMatchObject({
		code: 'error_in_body',
		message: 'No',
		details: { code: 'x', status: 200, requestId: 'r', isRetryable: false },
	});
});

describe('failedResponseError', () => {
	const failed = (status: string, body: object, text = '') => failedResponseError({ status, body, text } as ApiResponse, { status: 200 });

	test("tells the server's reason, and what had come", () => {
		expect(failed('failed', { error: { message: 'Gone', code: 'server_error' } }, 'Half')).toMatchObject({
			code: 'failed',
			message: 'Gone',
			details: { code: 'server_error', partialText: 'Half', hasEnded: true, isRetryable: false, status: 200 },
		});
	});

	test.each([
		['failed', 'failed', 'The server gave no reason for failing'],
		['cancelled', 'cancelled', 'The response was cancelled at the server'],
		['canceled', 'cancelled', 'The response was cancelled at the server'],
	])('without a reason says what happened: %s', (status, code, text) => {
		expect(failed(status, { error: null })).toMatchObject({ code, message: text, details: { code: status } });
	});
});

describe('malformedResponseError', () => {
	test.each([
		['', 'empty_reply', 'The server sent an empty reply'],
		['<title>Hi</title>', 'web_page', 'The server sent a web page: Hi'],
		['<p>', 'web_page', 'The server sent a web page: without a title'],
		[` ${'x'.repeat(300)}`, 'malformed_reply', `The server sent something that is not a response: ${'x'.repeat(200)}`],
	])('of %j', (text, code, message) => {
		expect(malformedResponseError(text, { status: 200 })).toMatchObject({ code, message, details: { status: 200, isRetryable: false } });
	});
});

describe('truncatedError', () => {
	test.each([
		['Z_DATA_ERROR', 'bad_compression'],
		['ERR__ERROR_FORMAT_PADDING_1', 'bad_compression'],
		['ECONNRESET', 'cut'],
	])('of %s is %s', (code, expected) => expect(truncatedError({ code }).code).toBe(expected));
	test('without a reason is a cut', () => expect(truncatedError().code).toBe('cut'));
});

describe('incompleteStreamError', () => {
	test.each<[string, ApiError | undefined, string, object]>([
		['is an interruption', undefined, '', { code: 'interrupted', message: 'The stream ended before the answer was finished' }],
		[
			'tells what a proxy wrote',
			truncatedError(),
			'<title>502</title>',
			{ message: 'The stream ended before the answer was finished: 502' },
		],
		['keeps another error', new ApiError('timeout', 'Late'), '', { code: 'timeout', message: 'Late' }],
	])('%s', (_, cut, unparsed, expected) => {
		const error = incompleteStreamError(cut, unparsed, { partialText: 'Half' });
		expect(error).toMatchObject({ ...expected, details: { partialText: 'Half' } });
	});
});

test.each([
	['https://a.example/v2/responses?key=1', 'https://a.example/v2/responses', 'https://a.example/v2'],
	['https://a.example/v1/responses/resp_1/cancel', 'https://a.example/v1/responses/resp_1/cancel', 'https://a.example/v1'],
	['https://a.example/login', 'https://a.example/login', 'https://a.example/login'],
])('redirectError for %s shows no query, and the base URL that it comes to', (target, shown, location) => {
	expect(redirectError(307, new URL(target))).toMatchObject({
		message: `The server redirects the call to ${shown}`,
		details: { status: 307, location, isRetryable: false },
	});
});

test.each<[{ [name: string]: string }, string | undefined]>([
	[{ 'cf-ray': 'c', 'x-request-id': 'r' }, 'r'],
	[{ 'cf-ray': 'c' }, 'c'],
	[{ 'x-request-id': '' }, undefined],
])('requestIdOf %j is %p', (headers, id) => expect(requestIdOf(headers)).toBe(id));

describe('What no attempt helps', () => {
	const error = (details: ApiError['details'], message = 'No') => new ApiError('http_status', message, details);

	test.each([
		['insufficient_quota', true],
		['insufficient_user_quota', true],
		['pre_consume_token_quota_failed', true],
		['BILLING_HARD_LIMIT_REACHED', true],
		['model_not_found', true],
		['convert_request_failed', true],
		['rate_limit_exceeded', false],
		['do_request_failed', false],
		[undefined, false],
	])('isNonRetryableCode of %p is %p', (code, expected) => expect(isNonRetryableCode(code)).toBe(expected));

	test.each<[string, ApiError, boolean, boolean]>([
		['a code', error({ code: 'insufficient_quota' }), true, true],
		['a type', error({ type: 'insufficient_quota', code: '429' }), true, true],
		['status 402', error({ status: 402 }), true, true],
		['words', error({ status: 429 }, 'You exceeded your current quota, please check your plan'), true, true],
		['another permanent code', error({ code: 'model_not_found' }), false, true],
		['a rate limit', error({ status: 429, code: 'rate_limit_exceeded' }), false, false],
	])('isOutOfBalance and isNonRetryable by %s', (_, given, isOut, isPermanent) => {
		expect([isOutOfBalance(given), isNonRetryable(given)]).toEqual([isOut, isPermanent]);
	});
});
