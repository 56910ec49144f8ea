import type { IDataObject } from 'n8n-workflow';

import { CHAT_FULL, testCases, type Case } from '../support/cases';
import { bytes, compressed, cutOff, fixture, json, type Reply } from '../support/replies';

const HELLO = 'Grüße aus Köln! 你好，世界 👋🏽 (naïve café)';
const message = (content: unknown) => ({ type: 'message', role: 'assistant', content });
const part = (text: string) => ({ type: 'output_text', text });
const response = (more: object): Reply => json({ id: 'resp_1', object: 'response', model: 'm', status: 'completed', ...more });
const answering = (...output: unknown[]) => response({ output });
const refusal = "I can't help with that.";
const page = (title: string) => `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body>Sign in</body></html>`;
const asJson = { outputFormat: 'jsonObject' };
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const raw = { output: 'raw' };

testCases('A web page or an error with a good status', [
	...['text/html', 'application/json', 'text/event-stream'].map((type) => ({
		title: `a web page labelled ${type} is an error with its title`,
		why: 'https://github.com/QuantumNous/new-api/blob/01dc8d66/router/web-router.go',
		reply: bytes(page('New API'), type),
		expectError: { message: 'The server sent a web page: New API', status: 200, hint: expect.stringMatching(/lacks \/v1/) },
	})),
	{
		title: 'an error with status 200 is an error by its own words, and is not sent again',
		why: 'https://github.com/QuantumNous/new-api/blob/febabf36/relay/channel/openai/responses_failed.go',
		reply: fixture('new-api-quota.1.json'),
		expectError: {
			message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 2026112210000012345)',
			status: 200,
			code: 'insufficient_user_quota',
			hint: expect.stringMatching(/top it up/),
			attempts: 1,
		},
	},
	{
		title: 'a rate limit with status 200 is an error and not sent again: the model may have begun',
		why: 'OpenRouter',
		reply: fixture('openrouter-error.1.json'),
		expectError: { message: 'Rate limit exceeded: free-models-per-min.', code: 'rate_limit_exceeded', type: 'rate_limit' },
	},
	{
		title: 'an empty or null error beside an answer is none',
		reply: response({ error: {}, output: [message([part('Fine')])] }),
		expectJson: 'Fine',
	},
	{
		title: 'success: false is an error',
		why: 'responses.js',
		reply: json({ success: false, message: 'No channel' }),
		expectError: { message: 'No channel' },
	},
	{
		title: 'a code and a msg are an error',
		reply: json({ code: 1001, msg: '余额不足', data: null }),
		expectError: { message: '余额不足', code: '1001' },
	},
	...[
		{ success: false, message: '渠道不可用', data: { request_id: 'r' } },
		{ code: 500, msg: '渠道不可用', data: 'none' },
		{ code: 40001, message: '渠道不可用', result: { ts: 1 } },
		{ response: { error: { message: '渠道不可用', code: 'x' } } },
	].map((body) => ({
		title: `${JSON.stringify(body)} is an error`,
		reply: json(body),
		expectError: { message: '渠道不可用', status: 200 },
	})),
	...[
		{ id: '', object: 'chat.completion', choices: [], message: '渠道不可用' },
		{ object: 'response', message: '渠道不可用' },
	].map((body) => ({
		title: `${JSON.stringify(body)} is an error`,
		reply: json(body),
		expectError: { message: '渠道不可用', status: 200 },
	})),
	{
		title: 'an answer beside success: true, a code and a message is an answer',
		reply: json({ success: true, code: 0, message: 'ok', data: { output: [message([part('Fine')])] } }),
		expectJson: 'Fine',
	},
]);

testCases('What is no answer', [
	...['', 'null', '"str"', '[]', '123', ' \n '].map((body) => ({
		title: `${JSON.stringify(body)} is no answer`,
		reply: bytes(body, 'application/json'),
		expectError: {
			message: expect.stringMatching(/^The server sent (an empty reply|something that is not a response)/),
			code: 'malformed_reply',
			status: 200,
		},
	})),
	{
		title: 'status 204 is no answer',
		reply: { status: 204, body: [] },
		expectError: { message: 'The server sent an empty reply', status: 204 },
	},
	{
		title: 'two JSON texts in one body are shown',
		reply: bytes('{"a":1}{"b":2}', 'application/json'),
		expectError: { message: 'The server sent something that is not a response: {"a":1}{"b":2}', code: 'malformed_reply' },
	},
	{
		title: 'lines of JSON are shown',
		reply: bytes('{"a":1}\n{"b":2}\n', 'application/x-ndjson'),
		expectError: { message: 'The server sent something that is not a response: {"a":1}\n{"b":2}' },
	},
]);

testCases('JSON with an odd label or beginning', [
	...[
		['with a byte order mark', '\uFEFF', 'application/json'],
		['after blank lines', '\r\n\n \n', 'application/json'],
		['labelled as text', '', 'text/plain'],
		['labelled as a stream', '', 'text/event-stream'],
	].map(([how, prefix, type]) => ({
		title: `JSON ${how} is an answer`,
		reply: bytes(prefix + JSON.stringify({ output: [message('Read')] }), type),
		expectJson: 'Read',
	})),
	{ title: 'JSON without a label is an answer', reply: { body: [JSON.stringify({ output: 'Read' })] }, expectJson: 'Read' },
	{
		title: 'JSON is an answer however many blank lines keep the line open before it',
		reply: { body: [...Array<string>(500).fill('\n'), '{"output":"Late"}'] },
		expectJson: 'Late',
	},
]);

testCases('A reply that is cut', [
	{
		title: 'JSON that ends too early was cut, and is not asked for again',
		reply: bytes('{"id":"resp_1","output":[{"type":"message","content":[{"text":"a } b"}', 'application/json'),
		expectError: { message: 'The reply was cut off before its end', code: 'cut', attempts: 1, status: 200 },
	},
	{
		title: 'a reset in the body is a cut',
		reply: cutOff(fixture('openai-text.1.json'), 300),
		expectError: { message: 'The reply was cut off before its end', code: 'cut', attempts: 1 },
	},
	{
		title: 'a Content-Length that the body does not reach is a cut',
		raw: { pieces: ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"output":"x"}'] },
		expectError: { code: 'cut', attempts: 1 },
	},
]);

testCases('A stream in reply to a plain request', [
	{
		title: 'a stream in reply to a plain request is the answer',
		reply: fixture('openai-text.1.sse'),
		expectJson: { id: 'resp_0ed94fe7ec73cf5600', text: HELLO, usage: { total_tokens: 20 } },
	},
	{
		title: 'a stream with the label of JSON is the answer',
		why: 'responses.js',
		reply: { ...fixture('responses.js-text.1.sse'), headers: { 'content-type': 'application/json' } },
		expectJson: 'No names needed.',
	},
]);

testCases('Chat completions', [
	{
		title: 'a chat completion is a response with everything in it',
		reply: fixture('chat-full.1.json'),
		expectJson: CHAT_FULL,
	},
	{
		title: 'a reply without a model, as AnyAPI documents it, is an answer from the requested model',
		reply: fixture('anyapi-chat.1.json'),
		expectJson: { model: 'gpt-5.4', text: '\n\nHello there, how may I assist you today?', usage: { total_tokens: 21 } },
	},
	...[
		['data', { data: { choices: [{ message: { content: 'Inside' } }] } }],
		['result', { code: 0, result: { output: [message('Inside')] } }],
	].map(([key, body]) => ({ title: `an answer wrapped in ${String(key)} is found`, reply: json(body), expectJson: 'Inside' })),
	...[
		['length', { status: 'incomplete', incompleteReason: 'max_output_tokens' }],
		['content_filter', { status: 'incomplete', incompleteReason: 'content_filter' }],
		['eos', { status: 'completed' }],
		[null, { status: 'completed' }],
	].map(([reason, gives]) => ({
		title: `the finish reason ${String(reason)} gives the status ${String((gives as IDataObject).status)}`,
		reply: json({ choices: [{ message: { content: 'x' }, finish_reason: reason }] }),
		expectJson: gives as Case['expectJson'],
	})),
	{
		title: 'an error in a choice that ended with the reason error is the error',
		why: 'OpenRouter',
		reply: json({ choices: [{ message: { content: 'Half' }, finish_reason: 'error', error: { code: 502, message: 'Upstream gone' } }] }),
		expectError: { message: 'Upstream gone', code: '502' },
	},
	{
		title: "a message in the shape of Anthropic's API is read",
		reply: fixture('anthropic-message.1.json'),
		expectJson: {
			text: 'Cut of',
			status: 'incomplete',
			incompleteReason: 'max_output_tokens',
			usage: { input_tokens: 10, cached_tokens: 6, output_tokens: 2, total_tokens: 12 },
		},
	},
	{
		title: 'the finish reason SAFETY gives the status incomplete',
		why: 'Gemini',
		reply: json({ choices: [{ message: { content: 'Half' }, finish_reason: 'SAFETY' }] }),
		expectJson: { status: 'incomplete', incompleteReason: 'content_filter' },
	},
	{
		title: 'an error in a choice without a finish reason is the error, and keeps the text',
		why: 'OpenRouter',
		reply: json({ choices: [{ message: { content: 'Half' }, error: { message: 'Gone', code: 502 } }] }),
		expectError: { message: 'Gone', code: '502', partialText: 'Half' },
	},
	{
		title: 'a second choice without text is left out',
		reply: json({ choices: [{ message: { content: 'One' } }, { message: { content: '' } }] }),
		expectJson: { text: 'One' },
	},
	{
		title: 'a call without arguments has empty ones',
		reply: json({ choices: [{ message: { tool_calls: [{ id: 'a', function: { name: 'f' } }] } }] }),
		expectJson: { toolCalls: [{ callId: 'a', name: 'f', arguments: {} }] },
	},
]);

testCases('Output', [
	{
		title: 'an empty output is an empty text',
		why: 'https://github.com/QuantumNous/new-api/blob/01344c6c/service/relayconvert/internal/oai_chat/to_oai_responses_resp.go',
		reply: answering(),
		expectJson: { status: 'completed', text: '', usage: null },
	},
	...[undefined, null].map((output) => ({
		title: `output ${String(output)} without any text is no answer`,
		reply: response({ output }),
		expectError: { message: expect.stringMatching(/not a response/), code: 'malformed_reply' },
	})),
	...[
		['missing beside output_text', { output_text: 'Found' }],
		['without text beside output_text', { output: [{ type: 'reasoning', summary: [] }], output_text: 'Found' }],
		['a text', { output: 'Found' }],
		['a list of texts', { output: ['Fou', 'nd'] }],
		['an object', { output: message([part('Found')]) }],
		['a list of parts', { output: [part('Found')] }],
	].map(([what, more]) => ({ title: `output ${String(what)} is read`, reply: response(more as object), expectJson: 'Found' })),
	...[
		['null', null, ''],
		['a text', 'Said', 'Said'],
		['with nulls, texts and unknown parts', [null, 'Sa', { type: 'hologram', x: 1 }, part('i'), { type: 'text', text: 'd' }], 'Said'],
	].map(([what, content, text]) => ({
		title: `a message with content ${String(what)} is read`,
		reply: answering(message(content)),
		expectJson: String(text),
	})),
	{
		title: 'commentary and final answer are joined with nothing, as the official client does',
		reply: fixture('openai-phases.1.json'),
		expectJson: 'Looking it up. It is 42.',
	},
	{
		title: 'an image is moved out of the json, also in the raw form',
		reply: answering({ type: 'image_generation_call', status: 'completed', result: 'A'.repeat(12 * 1024 * 1024) }),
		parameters: raw,
		expectJson: { output: [{ type: 'image_generation_call', status: 'completed', result: 'image' }] },
	},
]);

testCases('Refusals', [
	{
		title: 'a refusal is a result of its own',
		reply: answering(message([{ type: 'refusal', refusal }])),
		expectJson: { text: '', refusal },
	},
	{ title: 'a refusal after text gives both', reply: fixture('openai-refusal.2.json'), expectJson: { text: 'Let me see. ', refusal } },
]);

testCases('Incomplete answers', [
	{
		title: 'tokens spent on reasoning alone are a result',
		reply: fixture('openai-incomplete-reasoning.1.json'),
		expectJson: { status: 'incomplete', text: '', incompleteReason: 'max_output_tokens', usage: { reasoning_tokens: 64 } },
	},
	{
		title: 'tokens spent on reasoning alone, as an error: the hint tells what to raise',
		reply: fixture('openai-incomplete-reasoning.1.json'),
		parameters: { options: { treatAsErrors: ['incomplete'] } },
		expectError: {
			code: 'incomplete',
			hint: 'All tokens went into reasoning: raise Sampling > Max Output Tokens, or lower Reasoning > Effort',
		},
	},
	{
		title: 'an answer that the content filter stopped is a result',
		reply: fixture('openai-incomplete-filter.1.json'),
		expectJson: { text: 'The first step is', incompleteReason: 'content_filter' },
	},
	{
		title: 'an answer that the content filter stopped, as an error: its text is kept',
		reply: fixture('openai-incomplete-filter.1.json'),
		parameters: { options: { treatAsErrors: ['incomplete'] } },
		expectError: { code: 'incomplete', partialText: 'The first step is', hint: expect.stringMatching(/content filter/) },
	},
]);

testCases('Failed responses', [
	{
		title: 'a failed response with status 200 fails with its reason',
		reply: response({ status: 'failed', output: [], error: { code: 'server_error', message: 'The model went away' } }),
		expectError: { message: 'The model went away', code: 'server_error', status: 200 },
	},
	{
		title: 'an error beside a completed answer is none',
		reply: response({ output: [message([part('Fine')])], error: { message: 'Old' } }),
		expectJson: 'Fine',
	},
	{
		title: 'a reason beside the status is told: there is no error object',
		reply: json({ status: 'failed', code: 'insufficient_user_quota', message: '用户额度不足' }),
		expectError: { message: '用户额度不足', code: 'insufficient_user_quota', hint: expect.stringMatching(/top it up/) },
	},
	{
		title: 'a failed response that has nothing but its status says that no reason was given',
		reply: json({ id: 'resp_1', status: 'failed' }),
		expectError: { message: 'The server gave no reason for failing', status: 200 },
	},
	{
		title: 'a failed response with error null says that no reason was given',
		reply: response({ status: 'failed', output: [], error: null }),
		expectError: { message: 'The server gave no reason for failing', code: 'failed' },
	},
]);

testCases('Status', [
	...['queued', 'in_progress'].map((status) => ({
		title: `${status} without waiting is a result`,
		reply: response({ status, output: [] }),
		expectJson: { status, text: '' },
	})),
	{
		title: 'a response in the background is waited for',
		reply: [response({ status: 'queued', output: [] }), answering(message('Done'))],
		parameters: { options: { background: true } },
		expectJson: 'Done',
		expectCalls: 2,
	},
	{
		title: 'a missing status is completed where there is an answer',
		reply: json({ output: [message('x')] }),
		expectJson: { id: null, status: 'completed', text: 'x' },
	},
	{
		title: 'an unknown status stays as it is',
		reply: response({ status: 'warmed_up', output: [message('x')] }),
		expectJson: { status: 'warmed_up', text: 'x' },
	},
	{
		title: 'a status in the words of another job API comes out in those of this one',
		reply: response({ status: 'succeeded', output: [message('x')] }),
		expectJson: { status: 'completed', text: 'x' },
	},
]);

testCases('Function calls', [
	...[
		['""', '', ''],
		['no JSON', '{"a": ', '{"a": '],
		['an object', { a: 1 }, { a: 1 }],
		['JSON', '{"a":1}', { a: 1 }],
	].map(([what, given, read]) => ({
		title: `arguments that are ${String(what)} are given as they can be read`,
		reply: answering({ type: 'function_call', call_id: 'c', name: 'f', arguments: given }),
		expectJson: { text: '', toolCalls: [{ callId: 'c', name: 'f', arguments: read as object }] },
	})),
	{
		title: 'calls with the same or no id are kept apart',
		reply: answering(...['c', 'c', ''].map((call_id, n) => ({ type: 'function_call', call_id, name: `f${n}`, arguments: '{}' }))),
		expectJson: { toolCalls: ['c', 'call_2', 'call_3'].map((callId, n) => ({ callId, name: `f${n}`, arguments: {} })) },
	},
]);

testCases('Usage', [
	...[
		['null', null, null],
		['an empty object', {}, null],
		['zeros', { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, { input_tokens: 0, output_tokens: 0, total_tokens: 0 }],
		[
			'texts that are numbers',
			{ input_tokens: '5', output_tokens: '2.0', total_tokens: '7' },
			{ input_tokens: 5, output_tokens: 2, total_tokens: 7 },
		],
		[
			'both names, each with a zero',
			{ input_tokens: 0, prompt_tokens: 9, output_tokens: 7, completion_tokens: 0 },
			{ input_tokens: 9, output_tokens: 7, total_tokens: 16 },
		],
		['negative numbers', { input_tokens: -1, output_tokens: -1 }, null],
		['words', { input_tokens: 'many', output_tokens: null }, null],
	].map(([what, usage, gives]) => ({
		title: `${String(what)}: comes out as numbers or not at all`,
		reply: response({ output: [], usage }),
		expectJson: { usage: gives as object },
	})),
	{
		title: 'usage under both names, of which some are zero, is read',
		why: 'https://github.com/QuantumNous/new-api/blob/01344c6c/service/relayconvert/internal/oai_chat/to_oai_responses_resp.go',
		reply: fixture('new-api-usage-both.1.json'),
		expectJson: { usage: { input_tokens: 9, cached_tokens: 4, output_tokens: 7, reasoning_tokens: 3, total_tokens: 16 } },
	},
]);

testCases('IDs', [
	...[
		[undefined, null],
		['chatcmpl-9', 'chatcmpl-9'],
		[17, null],
	].map(([id, given]) => ({
		title: `the id ${String(id)} is no reason to fail`,
		reply: response({ id, created_at: '1773132155123.5', output: [message('x')] }),
		expectJson: { id: given as string, text: 'x' },
	})),
]);

testCases('Hostile JSON', [
	{
		title: 'keys that would change a prototype change nothing',
		reply: bytes(
			'{"__proto__":{"status":"failed"},"status":"queued","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Safe","__proto__":{"text":"no"}}]}],"usage":{"input_tokens":1e400,"output_tokens":3}}',
			'application/json',
		),
		expectJson: { text: 'Safe', status: 'completed', usage: { input_tokens: 0, output_tokens: 3 } },
	},
	{
		title: 'a reply nested ten thousand levels deep is read',
		reply: bytes(`{"output":"Deep","extra":${deep(10_000)}}`, 'application/json'),
		expectJson: 'Deep',
	},
]);

testCases('Compression', [
	...(['gzip', 'br', 'deflate'] as const).map((encoding) => ({
		title: `${encoding} is decompressed`,
		reply: compressed(fixture('openai-text.1.json'), encoding),
		expectJson: HELLO,
	})),
	{
		title: 'a plain body labelled gzip: the error names the header that helps',
		reply: { ...fixture('openai-text.1.json'), headers: { 'content-encoding': 'gzip' } },
		expectError: {
			message: expect.stringMatching(/^The reply cannot be decompressed/),
			code: 'bad_compression',
			hint: expect.stringMatching(/Accept-Encoding/),
		},
	},
	{
		title: 'an encoding that n8n cannot decode is named',
		reply: { headers: { 'content-encoding': 'snappy' }, body: [new Uint8Array([40, 181, 47, 253, 4, 0])] },
		expectError: { message: 'The reply cannot be decompressed (snappy)', code: 'bad_compression' },
	},
]);

testCases('A JSON answer', [
	...[
		['plain', '{"a":1}', { json: { a: 1 } }],
		['in a fenced block', 'Here:\n```json\n{"a":1}\n```\nDone', { json: { a: 1 } }],
	].map(([how, text, gives]) => ({
		title: `a document ${String(how)} is parsed`,
		reply: answering(message(text)),
		parameters: asJson,
		expectJson: gives as Case['expectJson'],
	})),
	{
		title: 'text that is no JSON is an error with the text',
		reply: answering(message('Sorry, no.')),
		parameters: asJson,
		expectError: { code: 'invalid_json', partialText: 'Sorry, no.' },
	},
	{
		title: 'text that is no JSON, tolerated: the text with the reason',
		reply: answering(message('Sorry, no.')),
		parameters: { ...asJson, options: { treatAsErrors: [] } },
		expectJson: { text: 'Sorry, no.', jsonError: expect.stringMatching(/not valid JSON/) },
	},
]);

testCases('Characters', [
	{
		title: 'a page in another character set is an error, not a crash',
		reply: bytes(Buffer.from('3c7469746c653ecde8b9d8b4edcef33c2f7469746c653e', 'hex'), 'text/html; charset=gbk', { status: 502 }),
		parameters: { requests: { maxRetries: 0 } },
		expectError: { status: 502, message: expect.any(String) },
	},
	{
		title: 'bytes that are no UTF-8 in an answer are replaced',
		reply: bytes(Buffer.concat([Buffer.from('{"output":"a'), Buffer.from([0xff]), Buffer.from('b"}')]), 'application/json'),
		expectJson: 'a\uFFFDb',
	},
]);
