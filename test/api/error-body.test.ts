import { MAX_MESSAGE_LENGTH, parseErrorBody } from '../../api/errors/error-body';
import { htmlTitle } from '../../api/errors/html';
import { recorded } from '../support/replies';

test.each([
	['openai-unsupported-temperature.1.json', { type: 'invalid_request_error', param: 'temperature' }],
	['openrouter-error.1.json', { code: 'rate_limit_exceeded', type: 'rate_limit' }],
	['gemini-error.1.json', { message: 'API key not valid. Please pass a valid API key.', code: '400', type: 'INVALID_ARGUMENT' }],
	['gemini-limit.1.json', { code: '429', type: 'RESOURCE_EXHAUSTED', retryAfterMs: 200 }],
	['litellm-budget.1.json', { code: '400', type: 'budget_exceeded' }],
	[
		'openrouter-raw.1.json',
		{
			message: "Provider returned error: 'temperature' does not go with this model",
			code: 'unsupported_parameter',
			type: 'invalid_request_error',
			param: 'temperature',
		},
	],
	[
		'groq-failed-generation.1.json',
		{
			message: expect.stringMatching(/ for more details: \{"price": 4,20\}$/),
			code: 'json_validate_failed',
			type: 'invalid_request_error',
		},
	],
	['vllm-validation.1.json', { message: 'Input should be less than or equal to 2', param: 'temperature' }],
	['responses.js-validation.1.json', { message: 'Required', code: 'invalid_type', param: 'input' }],
	['one-api-upstream.1.json', { code: 'bad_response_status_code', type: expect.any(String) }],
	['nvidia-nim-problem.1.json', { message: 'Unprocessable Entity', type: expect.any(String) }],
	[
		'musistudio-stack.1.json',
		{ message: expect.not.stringContaining('server.cjs'), code: 'provider_response_error', type: expect.any(String) },
	],
	['zai-not-found.1.json', { message: '404 NOT_FOUND', code: '500' }],
	['codex-relay-detail.1.json', { message: 'Unsupported parameter: max_output_tokens' }],
])('parseErrorBody of %s', (name, expected) =>
	expect(parseErrorBody(recorded(name))).toEqual({ message: expect.any(String), ...expected }),
);

test('parseErrorBody reads an error that a gateway passes on as text, but for a code after which no retry helps', () => {
	const inner = JSON.stringify({ error: { message: 'Inner words', code: 'oops' } });
	expect(parseErrorBody({ error: { message: inner, code: 'x' } })).toEqual({ message: 'Inner words', code: 'oops' });
	expect(parseErrorBody({ error: { message: inner, code: 'model_not_found' } })).toEqual({
		message: 'Inner words',
		code: 'model_not_found',
	});
});

describe('What the server behind a gateway said follows the words of the gateway', () => {
	const outer = (more: object) => ({ error: { message: 'Provider returned error', code: 400, ...more } });
	const inner = { error: { message: 'Too large', code: 'image_too_large' } };
	const said = { message: 'Provider returned error: Too large' };
	const withCode = { ...said, code: 'image_too_large' };

	test.each<[string, unknown, object]>([
		['as words', outer({ metadata: { raw: 'Too large' } }), { ...said, code: '400' }],
		['as JSON in a text', outer({ metadata: { raw: JSON.stringify(inner) } }), withCode],
		['as an object', outer({ metadata: { raw: inner } }), withCode],
		['as a list', outer({ metadata: { raw: [inner] } }), withCode],
		[
			'as JSON in a text in JSON in a text',
			outer({ metadata: { raw: JSON.stringify({ error: { message: JSON.stringify(inner) } }) } }),
			withCode,
		],
		['as a web page', outer({ metadata: { raw: '<html><title>Too large</title></html>' } }), { ...said, code: '400' }],
		['beside the error', { ...outer({}), metadata: { raw: 'Too large' } }, { ...said, code: '400' }],
		['beside a message', { message: 'Provider returned error', code: 400, metadata: { raw: 'Too large' } }, { ...said, code: '400' }],
		['in an error event', { type: 'error', ...outer({ metadata: { raw: 'Too large' } }) }, { ...said, code: '400' }],
		['in a failed response', { response: outer({ metadata: { raw: 'Too large' } }) }, said],
		['as its cause', outer({ cause: { message: 'Too large' } }), { ...said, code: '400' }],
		['deep inside', outer({ context: { tries: [{ upstream_error: 'Too large' }] } }), { ...said, code: '400' }],
		['as details', outer({ details: 'Too large' }), { ...said, code: '400' }],
		['alone', { error: { code: 400, metadata: { raw: 'Too large' } } }, { message: expect.stringContaining('Too large') }],
	])('%s', (_, body, expected) => expect(parseErrorBody(body)).toMatchObject(expected));

	test.each<[string, unknown, string]>([
		['what was said already', outer({ metadata: { raw: 'returned error' } }), 'Provider returned error'],
		['a blank', outer({ metadata: { raw: ' ' } }), 'Provider returned error'],
		['what was sent', outer({ request: { messages: [{ message: 'Hi' }] } }), 'Provider returned error'],
		['a filter that failed', outer({ content_filter_result: { error: { message: 'Not filtered' } } }), 'Provider returned error'],
		['the answer of a failed response', { output: [{ message: 'Half' }], ...outer({}) }, 'Provider returned error'],
	])('but not %s', (_, body, message) => expect(parseErrorBody(body)?.message).toBe(message));

	test('is told also where the gateway says much', () => {
		const message = parseErrorBody({ error: { message: 'x'.repeat(5000), metadata: { raw: 'Too large' } } })?.message;
		expect(message).toMatch(/^x+: Too large$/);
		expect(message?.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH);
	});
});

describe('The wait that a server asks for', () => {
	test.each<[object, number | undefined]>([
		[{ message: 'Please retry in 12.5s.' }, 12_500],
		[{ message: 'Please try again in 1m30s.' }, 90_000],
		[{ message: 'Please retry after 20 seconds' }, 20_000],
		[{ message: 'Please wait for about 2 minutes' }, 120_000],
		[{ message: '请在 12 秒后重试' }, 12_000],
		[{ error: { message: 'No', details: [{ '@type': 'RetryInfo', retryDelay: '34.07s' }] } }, 34_070],
		[{ error: { message: 'No', retryDelay: { seconds: 3 } } }, 3000],
		[{ error: { message: 'No' }, retry_after: 7 }, 7000],
		[{ error: { message: 'No', metadata: { retry_after_ms: '70' } } }, 70],
		[{ error: { message: 'No', resets_in_seconds: 60 } }, 60_000],
		[{ message: 'Please retry in a few seconds' }, undefined],
		[{ message: 'It took 12 seconds' }, undefined],
		[{ message: 'No', retry_after: 'soon' }, undefined],
	])('of %j is %p', (body, milliseconds) => expect(parseErrorBody(body)?.retryAfterMs).toBe(milliseconds));
});

test.each(['None', 'null', ' '])('A code, type and parameter of "%s" are none', (word) => {
	expect(parseErrorBody({ error: { message: 'No', code: word, type: word, param: word } })).toEqual({ message: 'No' });
});

test('A long code, type or parameter is cut', () => {
	const long = 'x'.repeat(5000);
	const { code, type, param } = parseErrorBody({ error: { message: 'No', code: long, type: long, param: long } }) ?? {};
	expect([code, type, param].map((word) => word?.length)).toEqual([200, 200, 200]);
});

test('A long message is cut', () => {
	expect(parseErrorBody({ message: 'x'.repeat(5000) })?.message).toHaveLength(MAX_MESSAGE_LENGTH);
});

test.each([[undefined], [null], ['words'], [17], [[]], [{}], [{ error: null }], [{ error: '' }], [{ message: ' ' }]])(
	'parseErrorBody finds nothing in %j',
	(body) => expect(parseErrorBody(body)).toBeUndefined(),
);

test.each([
	['<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>', '502 Bad Gateway'],
	['<title>Error</title><pre>Cannot POST /responses</pre>', 'Error: Cannot POST /responses'],
	['<title>9Router</title><title>404: This page could not be found.</title>', '9Router: 404: This page could not be found.'],
	['<h1>Bad\n  Gateway</h1><h1>nginx</h1><h1>more</h1>', 'Bad Gateway: nginx'],
	['<p>No title</p>', undefined],
])('htmlTitle of %s', (html, title) => expect(htmlTitle(html)).toBe(title));
