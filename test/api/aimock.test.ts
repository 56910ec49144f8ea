import { LLMock } from '@copilotkit/aimock';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { parametersOf } from '../support/cases';

/** A server of this API that is not ours: CopilotKit's aimock. */
const server = new LLMock({ port: 0, host: '127.0.0.1' });
const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };

beforeAll(async () => {
	server.onMessage(/weather/, { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }], usage });
	server.onMessage(/think/, { content: 'Three.', reasoning: 'Counting.', usage });
	server.onMessage(/refuse/, { error: { message: 'No such thing', type: 'invalid_request_error', code: 'bad_thing' }, status: 400 });
	server.onMessage(/cut/, { content: 'A longer answer that is never finished' }, { truncateAfterChunks: 6, chunkSize: 4, latency: 5 });
	server.onMessage(/.*/, { content: 'Grüße 👋🏽 from here', usage });
	await server.start();
});
afterAll(async () => await server.stop());

/** What comes out for a prompt; `header` asks aimock for an error of its own. */
async function answerTo(prompt: string, stream: boolean, header?: string) {
	const headers = header ? { values: [{ name: `x-aimock-chaos-${header}`, value: '1' }] } : {};
	const credential: ICredentialDataDecryptedObject = { baseUrl: `${server.url}/v1`, apiKey: 'any', headers };
	const { items } = await runNode(parametersOf({ prompt, options: { stream }, requests: { maxRetries: 1, maxRetryWait: 0.5 } }), {
		credentials: { responsesApi: credential },
		node: { onError: 'continueRegularOutput' },
	});
	return items[0].json;
}

describe.each([
	['a plain reply', false],
	['a stream', true],
])("From aimock's server, in %s", (_, stream) => {
	test.each([
		['text and usage', 'Say hello', { status: 'completed', text: 'Grüße 👋🏽 from here', usage: expect.objectContaining(usage) }],
		[
			'a tool call',
			'weather?',
			{
				text: '',
				toolCalls: [{ callId: expect.stringMatching(/^call_/), name: 'get_weather', arguments: { city: 'Paris' } }],
				usage: expect.objectContaining(usage),
			},
		],
		['thoughts', 'think', { text: 'Three.', reasoning: 'Counting.' }],
		['an error', 'refuse', { error: 'No such thing', details: expect.objectContaining({ status: 400, code: 'bad_thing' }) }],
	])('%s', async (_what, prompt, expected) => {
		expect(await answerTo(prompt, stream)).toMatchObject(expected);
	});

	test.each([
		['drop', { details: { attempts: 2 } }],
		['disconnect', { details: { attempts: expect.any(Number) } }],
		['malformed', { details: { attempts: 1 } }],
		['ratelimit', { details: { status: 429, attempts: 1, hint: expect.stringMatching(/wait 1 second,/) } }],
	])('its error "%s" is an error here', async (failure, expected) => {
		expect(await answerTo('Say hello', stream, failure)).toMatchObject({ error: expect.any(String), ...expected });
	});
});

test('a stream that it cuts is an interruption with what had come', async () => {
	expect(await answerTo('cut', true)).toMatchObject({ details: { code: 'interrupted', partialText: expect.stringMatching(/^A lo/) } });
});
