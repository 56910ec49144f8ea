import OpenAI from 'openai';

import { gateway } from '../support/one-item';
import { fixture } from '../support/replies';

const { run, credentials } = gateway();
const client = () => new OpenAI({ baseURL: credentials().responsesApi.baseUrl, apiKey: 'sk-test-4711', maxRetries: 0 });
const asked = { model: 'gpt-5.1', input: 'Hi' };
const chat = { model: 'gpt-5.1', messages: [] };

/** What our node makes of a recorded reply; the server then gives the same to the client. */
async function ours(name: string) {
	const { items } = await run({ model: 'gpt-5.1', prompt: 'Hi' }, {}, fixture(name));
	const { text, usage } = items[0].json;
	return { text, usage };
}

const theirs = ({ output_text: text, usage }: OpenAI.Responses.Response) => ({
	text,
	usage: {
		input_tokens: usage?.input_tokens,
		cached_tokens: usage?.input_tokens_details.cached_tokens,
		output_tokens: usage?.output_tokens,
		reasoning_tokens: usage?.output_tokens_details.reasoning_tokens,
		total_tokens: usage?.total_tokens,
	},
});

const theirsOfChat = ({ choices, usage }: OpenAI.ChatCompletion) => ({
	text: choices[0].message.content ?? '',
	usage: {
		input_tokens: usage?.prompt_tokens,
		cached_tokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
		output_tokens: usage?.completion_tokens,
		reasoning_tokens: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
		total_tokens: usage?.total_tokens,
	},
});

describe('The official client and our node read the same text and usage from', () => {
	test.each([
		'anyfast-text.1.json',
		'openai-functions.1.json',
		'openai-images.1.json',
		'openai-incomplete.1.json',
		'openai-reasoning.1.json',
		'openai-refusal.1.json',
		'openai-search.1.json',
	])('%s', async (name) => {
		expect(await ours(name)).toEqual(theirs(await client().responses.create(asked)));
	});

	test('openai-reasoning.1.sse', async () => {
		expect(await ours('openai-reasoning.1.sse')).toEqual(theirs(await client().responses.stream(asked).finalResponse()));
	});

	test.each(['anyapi-text.1.json', 'anyapi-functions.1.json', 'anyapi-refusal.1.json'])('%s', async (name) => {
		expect(await ours(name)).toEqual(theirsOfChat(await client().chat.completions.create(chat)));
	});

	test('anyapi-text.1.sse', async () => {
		expect(await ours('anyapi-text.1.sse')).toEqual(theirsOfChat(await client().chat.completions.stream(chat).finalChatCompletion()));
	});
});
