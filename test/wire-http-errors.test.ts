import { bytes, fixture, json, type Reply } from './replies';
import { testCases, MARK, type Row } from './wire';

const good = json({ output: 'Yes' });
const limited = (headers: Reply['headers']) => json({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } }, { status: 429, headers });
const soon = { 'retry-after-ms': '1' };
const error = (status: number, body: object = { message: 'No' }, headers: Reply['headers'] = {}) => json({ error: body }, { status, headers });
const page = (title: string, status: number, headers = {}) => bytes(`<html><head><title>${title}</title></head><body><script>x()</script></body></html>`, 'text/html', { status, headers });
const past = 'Wed, 21 Oct 2015 07:28:00 GMT';
const once = { requests: { maxRetries: 1 } };

const rows: Row[] = [
	{ of: 47, does: 'Retry-After-Ms is waited for', reply: [limited({ 'retry-after-ms': '120' }), good], gives: 'Yes', calls: 2 },
	{ of: 47, does: 'Retry-After in seconds is waited for', reply: [limited({ 'retry-after': '0.2' }), good], gives: 'Yes', calls: 2 },
	{ of: 47, does: 'Retry-After: 0 means at once', reply: [limited({ 'retry-after': '0' }), good], gives: 'Yes', calls: 2 },
	{
		of: 47,
		does: 'above Max Retry Wait it fails at once and says how long was asked for',
		reply: limited({ 'retry-after': '7' }),
		parameters: { requests: { maxRetryWait: 5 } },
		fails: {
			message: 'Slow down',
			status: 429,
			attempts: 1,
			hint: 'The server asks to wait 7 seconds, longer than Max Retry Wait in Requests (5): raise that, or run it again later',
		},
	},
	{ of: 47, does: 'so it does for 99999 seconds', reply: limited({ 'retry-after': '99999' }), fails: { attempts: 1, hint: expect.stringMatching(/wait 99999 seconds/) } },
	{
		of: 47,
		does: 'so it does for a date an hour ahead',
		reply: () => limited({ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }),
		fails: { attempts: 1, hint: expect.stringMatching(/wait (3600|3599) seconds/) },
	},
	...[past, 'abc', '-1', ''].map((after) => ({
		of: 47,
		does: `Retry-After "${after}" says nothing: the usual wait`,
		reply: [limited({ 'retry-after': after }), good],
		parameters: once,
		gives: 'Yes',
		calls: 2,
	})),
	{
		of: 47,
		does: 'after the last try the error tells attempts, waiting, and how long was asked for',
		reply: limited({ 'retry-after-ms': '20' }),
		fails: { message: 'Slow down', status: 429, code: 'rate_limit_exceeded', attempts: 3, waitedMs: expect.any(Number), hint: expect.stringMatching(/It asks to wait 1 seconds?\. Lower Concurrency/) },
		calls: 3,
	},
	{ of: 47, does: 'Max Retries 0 means one try', reply: limited(soon), parameters: { requests: { maxRetries: 0 } }, fails: { attempts: 1 } },
	...[408, 409, 500, 502, 503, 504, 520, 521, 522, 523, 529].map((status) => ({
		of: 47,
		does: `${status} is tried again`,
		reply: [error(status, { message: 'Busy' }, soon), good],
		gives: 'Yes',
		calls: 2,
	})),
	...[400, 401, 403, 404, 405, 410, 413, 415, 422, 425, 451, 501, 505, 525, 526, 527, 530].map((status) => ({
		of: 47,
		does: `${status} is not tried again`,
		reply: error(status, { message: 'No' }, soon),
		fails: { message: 'No', status, attempts: 1 },
	})),
	{ of: 48, does: "OpenAI's used-up quota is not tried again", reply: fixture('openai-quota.1.json', { status: 429, headers: soon }), fails: { status: 429, code: 'insufficient_quota', attempts: 1, hint: expect.stringMatching(/top it up/) } },
	{ of: 48, does: 'nor without a code', reply: error(429, { message: 'You exceeded your current quota.' }, soon), fails: { attempts: 1, hint: expect.stringMatching(/top it up/) } },
	...['billing_hard_limit_reached', 'insufficient_user_quota', 'pre_consume_token_quota_failed'].map((code) => ({
		of: 48,
		does: `nor ${code} at status 500`,
		reply: error(500, { message: 'x', code }, { ...soon, 'x-should-retry': 'true' }),
		fails: { code, attempts: 1, hint: expect.stringMatching(/top it up/) },
	})),
	{ of: 49, does: "new-api's used-up balance is told in its words", reply: fixture('new-api-quota.1.json', { status: 403 }), fails: { message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 2026112210000012345)', status: 403, code: 'insufficient_user_quota', attempts: 1, hint: expect.stringMatching(/top it up/) } },
	{ of: 49, does: 'and credits that OpenRouter wants, with status 402', reply: error(402, { message: 'Insufficient credits', code: 402 }), fails: { code: '402', hint: expect.stringMatching(/top it up/) } },
	{ of: 50, does: 'a model without a channel is no passing trouble, though the status is 503', reply: fixture('new-api-model-not-found.1.json', { status: 503, headers: soon }), fails: { message: expect.stringMatching(/无可用渠道/), code: 'model_not_found', attempts: 1, hint: expect.stringMatching(/choose another in Model/) } },
	{ of: 50, does: 'so it is for vLLM, with status 404', reply: fixture('vllm-model-not-found.1.json', { status: 404 }), fails: { message: 'The model `nope` does not exist.', code: '404', param: 'model', hint: expect.stringMatching(/choose another in Model/) } },
	{ of: 51, does: 'a wrong request with status 500 is not tried again', reply: fixture('new-api-invalid-request.1.json', { status: 500, headers: soon }), fails: { message: expect.stringMatching(/^field model is required/), code: 'invalid_request', attempts: 1 } },
	...['convert_request_failed', 'sensitive_words_detected', 'channel:invalid_key', 'access_denied', 'prompt_blocked', 'invalid_api_type'].map((code) => ({
		of: 51,
		does: `nor ${code}`,
		reply: error(500, { message: 'x', code }, soon),
		fails: { code, attempts: 1 },
	})),
	...['do_request_failed', 'bad_response_status_code', 'empty_response'].map((code) => ({
		of: 51,
		does: `but ${code} is`,
		reply: [error(500, { message: 'x', code }, soon), good],
		gives: 'Yes',
		calls: 2,
	})),
	{
		of: 52,
		does: 'a parameter that the server refuses is named as the form calls it',
		reply: fixture('openai-unsupported-temperature.1.json', { status: 400 }),
		fails: { message: "Unsupported parameter: 'temperature' is not supported with this model.", param: 'temperature', hint: 'Change or remove Sampling > Temperature (it sends "temperature"): this server or model does not take it so' },
	},
	...[
		['stop', 'Unrecognized request argument supplied: stop', 'Sampling > Stop'],
		['n', "Unknown parameter: 'n'.", 'Sampling > '],
		['reasoning.effort', "Unsupported value: 'reasoning.effort' does not support 'max' with this model.", 'Reasoning > Effort'],
		['max_output_tokens', 'Unsupported parameter: max_output_tokens', 'Sampling > Max Output Tokens'],
	].map(([param, message, label]) => ({
		of: 52,
		does: `${param} is, where only the message names it`,
		reply: json({ detail: message }, { status: 400 }),
		fails: { message, hint: expect.stringContaining(`Change or remove ${label}`) },
	})),
	{ of: 52, does: "a validation of FastAPI's names its place", reply: fixture('vllm-validation.1.json', { status: 422 }), fails: { message: 'Input should be less than or equal to 2', param: 'temperature', hint: expect.stringMatching(/Sampling > Temperature/) } },
	...[
		['a server without the endpoint', bytes('404 page not found', 'text/plain', { status: 404 }), '404 page not found', /no such endpoint/],
		['one-api', fixture('new-api-invalid-url.1.json', { status: 404 }), 'Invalid URL (POST /v1/v1/responses)', /no such endpoint.*\/v1, once.*one-api/],
		['an unknown model', error(404, { message: 'model "x" not found, try pulling it first' }), 'model "x" not found, try pulling it first', /choose another in Model/],
		['an unknown response', error(404, { message: "Response with id 'resp_1' not found." }), "Response with id 'resp_1' not found.", /does not know this ID/],
	].map(([what, reply, message, hint]) => ({ of: 53, does: `404 for ${String(what)} is told apart`, reply: reply as Reply, fails: { message, status: 404, hint: expect.stringMatching(hint as RegExp) } })),
	...[405, 501].map((status) => ({ of: 54, does: `${status} is a missing endpoint`, reply: error(status), fails: { status, hint: expect.stringMatching(/no such endpoint/) } })),
	{ of: 55, does: "nginx's page for a request that is too large is told in short", reply: page('413 Request Entity Too Large', 413), fails: { message: '413 Request Entity Too Large', status: 413, hint: expect.stringMatching(/too large/) } },
	{ of: 56, does: 'a challenge of Cloudflare is told as such, with its ray', reply: page('Just a moment...', 403, { 'cf-ray': '8f00-FRA', 'cf-mitigated': 'challenge' }), fails: { message: 'Just a moment...', status: 403, requestId: '8f00-FRA', hint: expect.stringMatching(/^Cloudflare blocked/) } },
	{ of: 56, does: 'and not tried again, though the status is 503', reply: page('Just a moment...', 503, { 'cf-mitigated': 'challenge' }), fails: { status: 503, attempts: 1, hint: expect.stringMatching(/^Cloudflare blocked/) } },
	{ of: 57, does: 'a page with status 520 is tried again', reply: [page('Web server is returning an unknown error', 520, soon), good], gives: 'Yes', calls: 2 },
	{ of: 57, does: 'one with 524 never: the model may still be at work', reply: page('example.com | 524: A timeout occurred', 524, { ...soon, 'x-should-retry': 'true' }), fails: { message: 'example.com | 524: A timeout occurred', status: 524, attempts: 1, hint: expect.stringMatching(/may have been billed.*Stream or Background/) } },
	{ of: 58, does: 'a status without any text is told', reply: { status: 502, headers: soon, body: [] }, parameters: once, fails: { message: 'The server answered with HTTP status 502 and no text', status: 502 }, calls: 2 },
	...[
		['a text', { error: 'Model is loading' }, 'Model is loading'],
		['a list', [{ error: { code: 400, message: 'API key not valid.' } }], 'API key not valid.'],
		['a list of complaints', { success: false, error: [{ path: ['input'], message: 'Required' }] }, 'Required'],
		['JSON in a text', { error: { message: '{"error":{"message":"Inner words","code":"x"}}' } }, 'Inner words'],
		['a detail', { detail: 'Not here' }, 'Not here'],
		['a list of details', { detail: [{ msg: 'One' }, { msg: 'Two' }] }, 'One; Two'],
		['a title', { type: 'about:blank', title: 'Bad thing', status: 400 }, 'Bad thing'],
		['a msg', { code: 5, msg: '参数错误' }, '参数错误'],
		['an error_msg', { error_msg: 'Bad' }, 'Bad'],
		['a header', { header: { message: 'Bad head' } }, 'Bad head'],
		['a response', { response: { error: { message: 'Deep' } } }, 'Deep'],
		['an object without a message', { error: { reason: 'x' } }, '{"reason":"x"}'],
		['a bare JSON text', 'Unauthorized', 'Unauthorized'],
	].map(([what, body, message]) => ({ of: 59, does: `an error body that is ${String(what)} is read`, reply: json(body, { status: 400 }), fails: { message, status: 400 } })),
	{ of: 59, does: 'the status of a server behind is no parameter', reply: fixture('one-api-upstream.1.json', { status: 400 }), fails: { message: 'bad response status code 500', code: 'bad_response_status_code', hint: expect.not.stringMatching(/"500"/) } },
	{ of: 59, does: "Azure's content filter is told as such", reply: fixture('azure-content-filter.1.json', { status: 400 }), fails: { code: 'content_filter', hint: expect.stringMatching(/content filter/) } },
	{ of: 60, does: 'of a large error body the beginning is read', reply: bytes(`{"error":{"message":"Too \\"much\\"","dump":"${'x'.repeat(2_000_000)}"}}`, 'application/json', { status: 400 }), fails: { message: 'Too "much"', status: 400 } },
	{ of: 60, does: 'and of a large text', reply: bytes('y'.repeat(2_000_000), 'text/plain', { status: 400 }), fails: { message: 'y'.repeat(1000) } },
	{ of: 61, does: 'x-should-retry: false is obeyed', reply: error(500, { message: 'No' }, { ...soon, 'x-should-retry': 'false' }), fails: { status: 500, attempts: 1 } },
	{ of: 61, does: 'x-should-retry: true is obeyed', reply: [error(400, { message: 'No' }, { ...soon, 'x-should-retry': 'true' }), good], gives: 'Yes', calls: 2 },
	{ of: 62, does: 'a status that HTTP does not know is an error', reply: error(600), fails: { status: 600, message: 'No' } },
	{ of: 62, does: 'status 000 is an error', raw: { pieces: ['HTTP/1.1 000 \r\nContent-Length: 2\r\n\r\nno'] }, parameters: { requests: { maxRetries: 0 } }, fails: { message: expect.any(String) } },
	{ of: 62, does: 'a reply that is not HTTP is an error', raw: { pieces: ['SSH-2.0-OpenSSH_9.6\r\n'] }, parameters: { requests: { maxRetries: 0 } }, fails: { message: expect.stringMatching(/^The connection ended before a reply came/) } },
	{ of: 62, does: 'status 100 before the reply is passed over', raw: { pieces: ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"output":"x"}'] }, gives: 'x' },
	{ of: 63, does: 'a key that the server echoes is hidden', reply: error(401, { message: `Incorrect API key provided: ${MARK}.`, code: 'invalid_api_key' }), fails: { message: 'Incorrect API key provided: [hidden].', hint: expect.stringMatching(/^Check the API Key/) } },
	{ of: 63, does: 'also one in part', reply: fixture('openai-wrong-key.1.json', { status: 401 }), fails: { message: expect.stringMatching(/provided: \[hidden\]\. You can/) } },
];

testCases(47, 63, rows);
