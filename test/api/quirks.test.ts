import { runOnce, testCases, type Case } from '../support/cases';
import { quirkRows } from '../support/quirk-rows';
import { ANSWER } from '../support/one-item';
import { fixture, json, recorded } from '../support/replies';

const BRIDGE = [
	{ url: 'https://example.com/bridge', title: 'The bridge' },
	{ url: 'https://example.org/news', title: 'News' },
];
const listing = { parameters: { resource: 'model', operation: 'getAll' } };

/** What comes of each fixture that a row of api/decode/quirks.ts names. */
const EXPECTED: { [fixture: string]: Omit<Case, 'title' | 'reply'> & { status?: number } } = {
	'open-responses-reasoning.1.sse': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'azure-reasoning.1.sse': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'codex-relay-done.1.sse': { expectJson: { text: 'Done at last.', status: 'completed', usage: { total_tokens: 16 } } },
	'9router-json-then-done.1.sse': { expectJson: 'I do not know' },
	'cloudflare-run.1.json': { expectJson: { id: 'resp_cf1', text: 'From the edge.' } },
	'data-wrapper.1.json': { expectJson: { model: 'some-model', text: 'Unwrapped.' } },
	'mistral-error.1.json': {
		status: 400,
		expectError: { message: 'Invalid model: nope', code: '1500', type: 'invalid_model' },
	},
	'zai-not-found.1.json': { expectError: { message: '404 NOT_FOUND', code: '500', status: 200 } },
	'mastra-issues.1.json': { status: 400, expectError: { message: expect.stringMatching(/: root: agent_id is required/) } },
	'cloudflare-error.1.json': { expectError: { message: 'No route for that URI', status: 200 } },
	'portkey-config.1.json': { status: 400, expectError: { message: expect.stringMatching(/^Invalid config passed: path: strategy,mode/) } },
	'nvidia-nim-problem.1.json': { status: 422, expectError: { message: 'Unprocessable Entity' } },
	'anyapi-text.1.json': { expectJson: { usage: { input_tokens: 16, output_tokens: 19, total_tokens: 35 } } },
	'new-api-usage-both.1.json': { expectJson: { usage: { cached_tokens: 4, reasoning_tokens: 3 } } },
	'openrouter-cost.1.json': { expectJson: { usage: { input_tokens: 1200, cached_tokens: 1024, cost: 0.00033045 } } },
	'perplexity-cost.1.json': { expectJson: { usage: { input_tokens: 3681, cost: 0.02236 } } },
	'deepseek-cache.1.json': { expectJson: { usage: { input_tokens: 90, cached_tokens: 64 } } },
	'anthropic-message.1.json': { expectJson: { incompleteReason: 'max_output_tokens', usage: { cached_tokens: 6 } } },
	'anyapi-choices.1.json': {
		expectJson: { incompleteReason: 'max_output_tokens', reasoning: 'The user wants one sentence. Keep it short.' },
	},
	'azure-filtered.1.json': { expectJson: { text: 'The first step', incompleteReason: 'content_filter' } },
	'gemini-safety.1.json': { expectJson: { text: 'The first step', incompleteReason: 'content_filter' } },
	'openrouter-choice-error.1.json': { expectError: { message: 'The provider went away', code: '502', partialText: 'Half' } },
	'openrouter-image.1.json': { expectJson: 'Here it is.' },
	'openrouter-reasoning.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'mistral-parts.1.json': { expectJson: 'Three.' },
	'deepseek-think.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'gemini-thought.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'reflection-thinking.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'seed-think.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'magistral-think.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'kimi-think.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'reka-reasoning.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'gpt-oss-channels.1.json': { expectJson: { text: 'Three.', reasoning: 'Counting the letters.' } },
	'ai-sdk-usage.1.json': {
		expectJson: { usage: { input_tokens: 40, cached_tokens: 32, output_tokens: 3, reasoning_tokens: 1, total_tokens: 43 } },
	},
	'openrouter-raw.1.json': {
		status: 400,
		expectError: {
			message: "Provider returned error: 'temperature' does not go with this model",
			code: 'unsupported_parameter',
			param: 'temperature',
		},
	},
	'groq-failed-generation.1.json': { status: 400, expectError: { message: expect.stringMatching(/\{"price": 4,20\}$/) } },
	'kimi-usage.1.sse': { expectJson: { usage: { input_tokens: 40, cached_tokens: 32, output_tokens: 3, total_tokens: 43 } } },
	'groq-usage.1.sse': { expectJson: { usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 } } },
	'llama-stack-models.1.json': { ...listing, expectJson: { identifier: 'ollama/qwen3:4b' } },
	'lm-studio-models.1.json': { ...listing, expectJson: { key: 'qwen/qwen3-4b' } },
	'codex-models.1.json': { ...listing, expectJson: { slug: 'gpt-5.4-codex' } },
	'litellm-model-info.1.json': { ...listing, expectJson: { model_name: 'gpt-5.4' } },
	'ollama-models.1.json': { ...listing, expectJson: { name: 'gemma3:4b' } },
	'perplexity-citations.1.json': { expectJson: { sources: [{ url: 'https://example.com/bonn' }] } },
	'xai-citations.1.json': {
		expectJson: { sources: [{ url: 'https://example.com/bridge', title: '1' }, { url: 'https://example.org/news' }] },
	},
	'perplexity-search-results.1.json': { expectJson: { sources: BRIDGE } },
	'ark-references.1.json': { expectJson: { sources: BRIDGE } },
	'zai-web-search.1.json': { expectJson: { sources: BRIDGE } },
	'openai-search-sources.1.json': { expectJson: { sources: BRIDGE } },
	'azure-citations.1.json': { expectJson: { sources: BRIDGE } },
	'perplexity-agent.1.json': { expectJson: { text: 'It opens in 2031 [1].', sources: BRIDGE } },
};

testCases(
	'What servers do differently is read',
	Object.entries(EXPECTED).map(([name, { status, ...expected }]) => ({ title: name, reply: fixture(name, { status }), ...expected })),
);

describe("A server's id of a call is read from its headers", () => {
	test.each<{ server: string; headers: { [name: string]: string } }>(recorded('request-id-headers.1.json'))(
		'$server',
		async ({ headers }) => {
			const { json: item } = await runOnce(json({ error: 'No' }, { status: 400, headers }));
			expect(item.details).toMatchObject({ requestId: Object.values(headers)[0] });
		},
	);

	test('of every server in the table', () => {
		const names = (recorded('request-id-headers.1.json') as Array<{ headers: object }>).flatMap(({ headers }) => Object.keys(headers));
		const rows = quirkRows().filter(({ fixtures }) => fixtures.includes('request-id-headers.1.json'));
		expect(rows.map(({ row }) => row)).toEqual(names.map((name) => `'${name}'`));
	});
});

describe('The cost of a call is read from the headers of its reply', () => {
	test.each<{ server: string; headers: { [name: string]: string } }>(recorded('response-cost-headers.1.json'))(
		'$server',
		async ({ headers }) => {
			const { json: item } = await runOnce(json(ANSWER, { headers }));
			expect(item.usage).toMatchObject({ input_tokens: 8, cost: Number(Object.values(headers)[0]) });
		},
	);

	test('of every server in the table', () => {
		const names = (recorded('response-cost-headers.1.json') as Array<{ headers: object }>).flatMap(({ headers }) => Object.keys(headers));
		const rows = quirkRows().filter(({ fixtures }) => fixtures.includes('response-cost-headers.1.json'));
		expect(rows.map(({ row }) => row)).toEqual(names.map((name) => `'${name}'`));
	});
});

test('Every row of the table names a fixture that is tried here, but for the names of the API itself', () => {
	const tried = [...Object.keys(EXPECTED), 'request-id-headers.1.json', 'response-cost-headers.1.json'];
	const rows = quirkRows();
	expect(rows.flatMap(({ fixtures }) => fixtures).filter((name) => !tried.includes(name))).toEqual([]);
	expect(rows.filter(({ fixtures }) => fixtures.length === 0).map(({ row }) => row)).toEqual([
		"'usage'",
		"'input_tokens'",
		"'input_tokens_details.cached_tokens'",
		"'output_tokens'",
		"'output_tokens_details.reasoning_tokens'",
		"'total_tokens'",
		"'id'",
		"'data'",
	]);
	expect(rows.length).toBeGreaterThan(20);
});
