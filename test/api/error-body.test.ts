import { MAX_MESSAGE_LENGTH, parseErrorBody } from '../../api/errors/error-body';
import { htmlTitle } from '../../api/errors/html';
import { recorded } from '../support/replies';

test.each([
	['openai-unsupported-temperature.1.json', { type: 'invalid_request_error', param: 'temperature' }],
	['openrouter-error.1.json', { code: 'rate_limit_exceeded', type: 'rate_limit' }],
	['gemini-error.1.json', { message: 'API key not valid. Please pass a valid API key.', code: '400' }],
	['vllm-validation.1.json', { message: 'Input should be less than or equal to 2', param: 'temperature' }],
	['responses.js-validation.1.json', { message: 'Required', code: 'invalid_type', param: 'input' }],
	['one-api-upstream.1.json', { code: 'bad_response_status_code', type: expect.any(String) }],
	['codex-relay-detail.1.json', { message: 'Unsupported parameter: max_output_tokens' }],
])('%s', (name, expected) => expect(parseErrorBody(recorded(name))).toEqual({ message: expect.any(String), ...expected }));

test('An error that a gateway passes on as text is read, but for a code after which no retry helps', () => {
	const inner = JSON.stringify({ error: { message: 'Inner words', code: 'oops' } });
	expect(parseErrorBody({ error: { message: inner, code: 'x' } })).toEqual({ message: 'Inner words', code: 'oops' });
	expect(parseErrorBody({ error: { message: inner, code: 'model_not_found' } })).toEqual({
		message: 'Inner words',
		code: 'model_not_found',
	});
});

test('A long message is cut', () => {
	expect(parseErrorBody({ message: 'x'.repeat(5000) })?.message).toHaveLength(MAX_MESSAGE_LENGTH);
});

test.each([[undefined], [null], ['words'], [17], [[]], [{}], [{ error: null }], [{ error: '' }], [{ message: ' ' }]])(
	'%j says nothing',
	(body) => expect(parseErrorBody(body)).toBeUndefined(),
);

test.each([
	['<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>', '502 Bad Gateway'],
	['<title>Error</title><pre>Cannot POST /responses</pre>', 'Error: Cannot POST /responses'],
	['<title>9Router</title><title>404: This page could not be found.</title>', '9Router: 404: This page could not be found.'],
	['<h1>Bad\n  Gateway</h1><h1>nginx</h1><h1>more</h1>', 'Bad Gateway: nginx'],
	['<p>No title</p>', undefined],
])('A web page: %s', (html, title) => expect(htmlTitle(html)).toBe(title));
