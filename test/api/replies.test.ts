import { compressed, cutOff, fixture, json, bytes, type Reply } from '../support/replies';
import { CHAT_FULL, testCases, type Row } from '../support/cases';

const HELLO = 'Grüße aus Köln! 你好，世界 👋🏽 (naïve café)';
const message = (content: unknown) => ({ type: 'message', role: 'assistant', content });
const part = (text: string) => ({ type: 'output_text', text });
const response = (more: object): Reply => json({ id: 'resp_1', object: 'response', model: 'm', status: 'completed', ...more });
const answering = (...output: unknown[]) => response({ output });
const refusal = "I can't help with that.";
const page = (title: string) => `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body>Sign in</body></html>`;
const asJson = { outputFormat: 'jsonObject' };
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const raw = { simplify: false };

const rows: Row[] = [
	...['text/html', 'application/json', 'text/event-stream'].map((type) => ({
		of: 18,
		does: `a web page labelled ${type} is an error with its title`,
		reply: bytes(page('New API'), type),
		fails: { message: 'The server sent a web page: New API', status: 200, hint: expect.stringMatching(/lacks \/v1/) },
	})),
	{
		of: 19,
		does: 'an error with status 200 is an error by its own words, and is not sent again',
		reply: fixture('new-api-quota.1.json'),
		fails: {
			message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 2026112210000012345)',
			status: 200,
			code: 'insufficient_user_quota',
			hint: expect.stringMatching(/top it up/),
			attempts: 1,
		},
	},
	{
		of: 19,
		does: 'a rate limit with status 200 is not sent again either: the model may have begun',
		reply: fixture('openrouter-error.1.json'),
		fails: { message: 'Rate limit exceeded: free-models-per-min.', code: 'rate_limit_exceeded', type: 'rate_limit' },
	},
	{
		of: 19,
		does: 'an empty or null error beside an answer is none',
		reply: response({ error: {}, output: [message([part('Fine')])] }),
		gives: 'Fine',
	},
	{ of: 20, does: 'success: false is an error', reply: json({ success: false, message: 'No channel' }), fails: { message: 'No channel' } },
	{
		of: 20,
		does: 'a code and a msg are an error',
		reply: json({ code: 1001, msg: '余额不足', data: null }),
		fails: { message: '余额不足', code: '1001' },
	},
	...[
		{ success: false, message: '渠道不可用', data: { request_id: 'r' } },
		{ code: 500, msg: '渠道不可用', data: 'none' },
		{ code: 40001, message: '渠道不可用', result: { ts: 1 } },
		{ response: { error: { message: '渠道不可用', code: 'x' } } },
	].map((body) => ({
		of: 20,
		does: `${JSON.stringify(body)} is an error`,
		reply: json(body),
		fails: { message: '渠道不可用', status: 200 },
	})),
	...[
		{ id: '', object: 'chat.completion', choices: [], message: '渠道不可用' },
		{ object: 'response', message: '渠道不可用' },
	].map((body) => ({
		of: 20,
		does: `${JSON.stringify(body)} is an error`,
		reply: json(body),
		fails: { message: '渠道不可用', status: 200 },
	})),
	{
		of: 20,
		does: 'an answer in such a wrapping is an answer',
		reply: json({ success: true, code: 0, message: 'ok', data: { output: [message([part('Fine')])] } }),
		gives: 'Fine',
	},
	...['', 'null', '"str"', '[]', '123', ' \n '].map((body) => ({
		of: 21,
		does: `${JSON.stringify(body)} is no answer`,
		reply: bytes(body, 'application/json'),
		fails: {
			message: expect.stringMatching(/^The server sent (an empty reply|something that is not a response)/),
			code: 'malformed_reply',
			status: 200,
		},
	})),
	{
		of: 21,
		does: 'status 204 is no answer',
		reply: { status: 204, body: [] },
		fails: { message: 'The server sent an empty reply', status: 204 },
	},
	...[
		['with a byte order mark', '\uFEFF', 'application/json'],
		['after blank lines', '\r\n\n \n', 'application/json'],
		['after the prefix against scripts', ")]}'\n", 'application/json'],
		['labelled as text', '', 'text/plain'],
		['labelled as a stream', '', 'text/event-stream'],
	].map(([how, prefix, type]) => ({
		of: 22,
		does: `JSON ${how} is an answer`,
		reply: bytes(prefix + JSON.stringify({ output: [message('Read')] }), type),
		gives: 'Read',
	})),
	{ of: 22, does: 'JSON without a label is an answer', reply: { body: [JSON.stringify({ output: 'Read' })] }, gives: 'Read' },
	{
		of: 22,
		does: 'JSON is an answer however many blank lines keep the line open before it',
		reply: { body: [...Array<string>(500).fill('\n'), '{"output":"Late"}'] },
		gives: 'Late',
	},
	{
		of: 23,
		does: 'JSON that ends too early was cut, and is not asked for again',
		reply: bytes('{"id":"resp_1","output":[{"type":"message","content":[{"text":"a } b"}', 'application/json'),
		fails: { message: 'The reply was cut off before its end', code: 'cut', attempts: 1, status: 200 },
	},
	{
		of: 23,
		does: 'a reset in the body is a cut',
		reply: cutOff(fixture('openai-text.1.json'), 300),
		fails: { message: 'The reply was cut off before its end', code: 'cut', attempts: 1 },
	},
	{
		of: 23,
		does: 'a Content-Length that is too long is a cut',
		raw: { pieces: ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"output":"x"}'] },
		fails: { code: 'cut', attempts: 1 },
	},
	{
		of: 24,
		does: 'two JSON texts in one body are shown',
		reply: bytes('{"a":1}{"b":2}', 'application/json'),
		fails: { message: 'The server sent something that is not a response: {"a":1}{"b":2}', code: 'malformed_reply' },
	},
	{
		of: 24,
		does: 'lines of JSON are shown',
		reply: bytes('{"a":1}\n{"b":2}\n', 'application/x-ndjson'),
		fails: { message: 'The server sent something that is not a response: {"a":1}\n{"b":2}' },
	},
	{
		of: 25,
		does: 'a stream in reply to a plain request is the answer',
		reply: fixture('openai-text.1.sse'),
		gives: { id: 'resp_0ed94fe7ec73cf5600', text: HELLO, usage: { total_tokens: 20 } },
	},
	{
		of: 25,
		does: 'so it is without its label',
		reply: { ...fixture('responses.js-text.1.sse'), headers: { 'content-type': 'application/json' } },
		gives: 'No names needed.',
	},
	{
		of: 26,
		does: 'a chat completion is a response with everything in it',
		reply: fixture('chat-full.1.json'),
		gives: CHAT_FULL,
	},
	{
		of: 26,
		does: "AnyAPI's documented reply is an answer from the requested model",
		reply: fixture('anyapi-chat.1.json'),
		gives: { model: 'gpt-5.4', text: '\n\nHello there, how may I assist you today?', usage: { total_tokens: 21 } },
	},
	...[
		['data', { data: { choices: [{ message: { content: 'Inside' } }] } }],
		['response', { response: { object: 'response', output: 'Inside' } }],
		['result', { code: 0, result: { output: [message('Inside')] } }],
	].map(([key, body]) => ({ of: 26, does: `an answer wrapped in ${String(key)} is found`, reply: json(body), gives: 'Inside' })),
	...[
		['length', { status: 'incomplete', incompleteReason: 'max_output_tokens' }],
		['content_filter', { status: 'incomplete', incompleteReason: 'content_filter' }],
		['eos', { status: 'completed' }],
		[null, { status: 'completed' }],
	].map(([reason, gives]) => ({
		of: 26,
		does: `a finish reason ${String(reason)} gives the status`,
		reply: json({ choices: [{ message: { content: 'x' }, finish_reason: reason }] }),
		gives: gives as Row['gives'],
	})),
	{
		of: 26,
		does: 'an error in a choice fails',
		reply: json({ choices: [{ message: { content: 'Half' }, finish_reason: 'error', error: { code: 502, message: 'Upstream gone' } }] }),
		fails: { message: 'Upstream gone', code: '502' },
	},
	{
		of: 26,
		does: "a message in Anthropic's shape is read",
		reply: fixture('anthropic-message.1.json'),
		gives: {
			text: 'Cut of',
			status: 'incomplete',
			incompleteReason: 'max_output_tokens',
			usage: { input_tokens: 10, cached_tokens: 6, output_tokens: 2, total_tokens: 12 },
		},
	},
	{ of: 27, does: 'an empty output is an empty text', reply: answering(), gives: { status: 'completed', text: '', usage: null } },
	...[undefined, null].map((output) => ({
		of: 28,
		does: `output ${String(output)} without any text is no answer`,
		reply: response({ output }),
		fails: { message: expect.stringMatching(/not a response/), code: 'malformed_reply' },
	})),
	...[
		['missing beside output_text', { output_text: 'Found' }],
		['without text beside output_text', { output: [{ type: 'reasoning', summary: [] }], output_text: 'Found' }],
		['a text', { output: 'Found' }],
		['a list of texts', { output: ['Fou', 'nd'] }],
		['an object', { output: message([part('Found')]) }],
		['a list of parts', { output: [part('Found')] }],
	].map(([what, more]) => ({ of: 28, does: `output ${String(what)} is read`, reply: response(more as object), gives: 'Found' })),
	...[
		['null', null, ''],
		['a text', 'Said', 'Said'],
		['with nulls, texts and unknown parts', [null, 'Sa', { type: 'hologram', x: 1 }, part('i'), { type: 'text', text: 'd' }], 'Said'],
	].map(([what, content, text]) => ({
		of: 29,
		does: `a message with content ${String(what)} is read`,
		reply: answering(message(content)),
		gives: String(text),
	})),
	{
		of: 30,
		does: 'a refusal is a result of its own',
		reply: answering(message([{ type: 'refusal', refusal }])),
		gives: { text: '', refusal },
	},
	{ of: 31, does: 'a refusal after text gives both', reply: fixture('openai-refusal.2.json'), gives: { text: 'Let me see. ', refusal } },
	{
		of: 32,
		does: 'tokens spent on reasoning alone are a result',
		reply: fixture('openai-incomplete-reasoning.1.json'),
		gives: { status: 'incomplete', text: '', incompleteReason: 'max_output_tokens', usage: { reasoning_tokens: 64 } },
	},
	{
		of: 32,
		does: 'as an error they are told so, with what to raise',
		reply: fixture('openai-incomplete-reasoning.1.json'),
		parameters: { options: { treatAsErrors: ['incomplete'] } },
		fails: { code: 'incomplete', hint: 'All tokens went into reasoning: raise Sampling > Max Output Tokens, or lower Reasoning > Effort' },
	},
	{
		of: 33,
		does: 'an answer that the content filter stopped is a result',
		reply: fixture('openai-incomplete-filter.1.json'),
		gives: { text: 'The first step is', incompleteReason: 'content_filter' },
	},
	{
		of: 33,
		does: 'as an error it keeps its text',
		reply: fixture('openai-incomplete-filter.1.json'),
		parameters: { options: { treatAsErrors: ['incomplete'] } },
		fails: { code: 'incomplete', partialText: 'The first step is', hint: expect.stringMatching(/content filter/) },
	},
	{
		of: 34,
		does: 'a failed response with status 200 fails with its reason',
		reply: response({ status: 'failed', output: [], error: { code: 'server_error', message: 'The model went away' } }),
		fails: { message: 'The model went away', code: 'server_error', status: 200 },
	},
	{
		of: 26,
		does: 'a spoken answer is its transcript',
		reply: json({ choices: [{ message: { audio: { transcript: 'Spoken' } } }] }),
		gives: 'Spoken',
	},
	{
		of: 26,
		does: 'the word safety is a filter',
		reply: json({ choices: [{ message: { content: 'Half' }, finish_reason: 'SAFETY' }] }),
		gives: { status: 'incomplete', incompleteReason: 'content_filter' },
	},
	{
		of: 26,
		does: 'an error of the choice is the error',
		reply: json({ choices: [{ message: { content: 'Half' }, error: { message: 'Gone', code: 502 } }] }),
		fails: { message: 'Gone', code: '502', partialText: 'Half' },
	},
	{
		of: 26,
		does: 'a further choice without text is none',
		reply: json({ choices: [{ message: { content: 'One' } }, { message: { content: '' } }] }),
		gives: { text: 'One' },
	},
	{
		of: 26,
		does: 'a call without arguments has none',
		reply: json({ choices: [{ message: { tool_calls: [{ id: 'a', function: { name: 'f' } }] } }] }),
		gives: { toolCalls: [{ callId: 'a', name: 'f', arguments: {} }] },
	},
	{
		of: 34,
		does: 'an error beside a whole answer is none',
		reply: response({ output: [message([part('Fine')])], error: { message: 'Old' } }),
		gives: 'Fine',
	},
	{
		of: 34,
		does: 'a reason beside the status is told',
		reply: json({ status: 'failed', code: 'insufficient_user_quota', message: '用户额度不足' }),
		fails: { message: '用户额度不足', code: 'insufficient_user_quota', hint: expect.stringMatching(/top it up/) },
	},
	{
		of: 34,
		does: 'so does one that has nothing but its status',
		reply: json({ id: 'resp_1', status: 'failed' }),
		fails: { message: 'The server gave no reason for failing', status: 200 },
	},
	{
		of: 34,
		does: 'one without a reason says so',
		reply: response({ status: 'failed', output: [], error: null }),
		fails: { message: 'The server gave no reason for failing', code: 'failed' },
	},
	...['queued', 'in_progress'].map((status) => ({
		of: 35,
		does: `${status} without waiting is a result`,
		reply: response({ status, output: [] }),
		gives: { status, text: '' },
	})),
	{
		of: 35,
		does: 'a response in the background is waited for',
		reply: [response({ status: 'queued', output: [] }), answering(message('Done'))],
		parameters: { options: { background: true } },
		gives: 'Done',
		calls: 2,
	},
	{
		of: 36,
		does: 'a missing status is completed where there is an answer',
		reply: json({ output: [message('x')] }),
		gives: { id: null, status: 'completed', text: 'x' },
	},
	{
		of: 36,
		does: 'an unknown status stays as it is',
		reply: response({ status: 'succeeded', output: [message('x')] }),
		gives: { status: 'succeeded', text: 'x' },
	},
	{
		of: 37,
		does: 'commentary and final answer are joined with nothing',
		reply: fixture('openai-phases.1.json'),
		gives: 'Looking it up. It is 42.',
	},
	...[
		['""', '', ''],
		['no JSON', '{"a": ', '{"a": '],
		['an object', { a: 1 }, { a: 1 }],
		['JSON', '{"a":1}', { a: 1 }],
	].map(([what, given, read]) => ({
		of: 38,
		does: `arguments that are ${String(what)} are given as they can be read`,
		reply: answering({ type: 'function_call', call_id: 'c', name: 'f', arguments: given }),
		gives: { text: '', toolCalls: [{ callId: 'c', name: 'f', arguments: read as object }] },
	})),
	{
		of: 39,
		does: 'calls with the same or no id are kept apart',
		reply: answering(...['c', 'c', ''].map((call_id, n) => ({ type: 'function_call', call_id, name: `f${n}`, arguments: '{}' }))),
		gives: { toolCalls: ['c', 'call_2', 'call_3'].map((callId, n) => ({ callId, name: `f${n}`, arguments: {} })) },
	},
	{
		of: 40,
		does: 'an image is no part of the json, also in the raw form',
		reply: answering({ type: 'image_generation_call', status: 'completed', result: 'A'.repeat(12 * 1024 * 1024) }),
		parameters: raw,
		gives: { output: [{ type: 'image_generation_call', status: 'completed', result: 'image' }] },
	},
	...[
		['null', null, null],
		['empty', {}, null],
		['zeros', { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, { input_tokens: 0, output_tokens: 0, total_tokens: 0 }],
		['texts', { input_tokens: '5', output_tokens: '2.0', total_tokens: '7' }, { input_tokens: 5, output_tokens: 2, total_tokens: 7 }],
		[
			'both names',
			{ input_tokens: 0, prompt_tokens: 9, output_tokens: 7, completion_tokens: 0 },
			{ input_tokens: 9, output_tokens: 7, total_tokens: 16 },
		],
		['negative', { input_tokens: -1, output_tokens: -1 }, null],
		['words', { input_tokens: 'many', output_tokens: null }, null],
	].map(([what, usage, gives]) => ({
		of: 41,
		does: `usage that is ${String(what)} comes out as numbers or not at all`,
		reply: response({ output: [], usage }),
		gives: { usage: gives as object },
	})),
	{
		of: 41,
		does: "new-api's usage under both names is read",
		reply: fixture('new-api-usage-both.1.json'),
		gives: { usage: { input_tokens: 9, cached_tokens: 4, output_tokens: 7, reasoning_tokens: 3, total_tokens: 16 } },
	},
	...[
		[undefined, null],
		['chatcmpl-9', 'chatcmpl-9'],
		[17, null],
	].map(([id, given]) => ({
		of: 42,
		does: `an id ${String(id)} is borne`,
		reply: response({ id, created_at: '1773132155123.5', output: [message('x')] }),
		gives: { id: given as string, text: 'x' },
	})),
	{
		of: 43,
		does: 'keys that would change a prototype change nothing',
		reply: bytes(
			'{"__proto__":{"status":"failed"},"status":"queued","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Safe","__proto__":{"text":"no"}}]}],"usage":{"input_tokens":1e400,"output_tokens":3}}',
			'application/json',
		),
		gives: { text: 'Safe', status: 'completed', usage: { input_tokens: 0, output_tokens: 3 } },
	},
	{
		of: 43,
		does: 'a reply nested ten thousand levels deep is read',
		reply: bytes(`{"output":"Deep","extra":${deep(10_000)}}`, 'application/json'),
		gives: 'Deep',
	},
	...(['gzip', 'br', 'deflate'] as const).map((encoding) => ({
		of: 44,
		does: `${encoding} is decompressed`,
		reply: compressed(fixture('openai-text.1.json'), encoding),
		gives: HELLO,
	})),
	{
		of: 44,
		does: 'a wrong label of compression is told, with what helps',
		reply: { ...fixture('openai-text.1.json'), headers: { 'content-encoding': 'gzip' } },
		fails: {
			message: expect.stringMatching(/^The reply cannot be decompressed/),
			code: 'bad_compression',
			hint: expect.stringMatching(/Accept-Encoding/),
		},
	},
	{
		of: 44,
		does: 'a compression that n8n does not know is named',
		reply: { headers: { 'content-encoding': 'snappy' }, body: [new Uint8Array([40, 181, 47, 253, 4, 0])] },
		fails: { message: 'The reply cannot be decompressed (snappy)', code: 'bad_compression' },
	},
	...[
		['plain', '{"a":1}', { json: { a: 1 } }],
		['in a fenced block', 'Here:\n```json\n{"a":1}\n```\nDone', { json: { a: 1 } }],
	].map(([how, text, gives]) => ({
		of: 45,
		does: `JSON ${String(how)} is parsed`,
		reply: answering(message(text)),
		parameters: asJson,
		gives: gives as Row['gives'],
	})),
	{
		of: 45,
		does: 'text that is no JSON is an error with the text',
		reply: answering(message('Sorry, no.')),
		parameters: asJson,
		fails: { code: 'invalid_json', partialText: 'Sorry, no.' },
	},
	{
		of: 45,
		does: 'tolerated, it is the text with the reason',
		reply: answering(message('Sorry, no.')),
		parameters: { ...asJson, options: { treatAsErrors: [] } },
		gives: { text: 'Sorry, no.', jsonError: expect.stringMatching(/not valid JSON/) },
	},
	{
		of: 46,
		does: 'a page in another character set is an error, not a crash',
		reply: bytes(Buffer.from('3c7469746c653ecde8b9d8b4edcef33c2f7469746c653e', 'hex'), 'text/html; charset=gbk', { status: 502 }),
		parameters: { requests: { maxRetries: 0 } },
		fails: { status: 502, message: expect.any(String) },
	},
	{
		of: 46,
		does: 'bytes that are no UTF-8 in an answer are replaced',
		reply: bytes(Buffer.concat([Buffer.from('{"output":"a'), Buffer.from([0xff]), Buffer.from('b"}')]), 'application/json'),
		gives: 'a\uFFFDb',
	},
];

testCases(18, 46, rows);
