import type { IExecuteFunctions } from 'n8n-workflow';

import { showWaits, type showWarnings } from '../../nodes/Responses/execution-hints';
import { json } from '../support/replies';
import { answer, busy, CONTINUE_ON_FAIL, prompts, rowsGateway, wrong } from '../support/many-items';

const { run, server } = rowsGateway();

describe('What a run cost and what n8n is told besides', () => {
	test('is shown for several rows and told to n8n', async () => {
		const { hints, metadata } = await run((request) => (server().requests.length === 1 ? busy(1) : answer(request)), {
			rows: prompts(3),
		});
		expect(hints).toEqual([
			{ message: '3 items, 4 calls (1 retry), 30 tokens in (12 cached), 9 tokens out', type: 'info', location: 'outputPane' },
		]);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 30, outputTokens: 9 });
	});

	test('has its thousands set apart', async () => {
		const many = { input_tokens: 1234567, output_tokens: 1000, total_tokens: 1235567 };
		const { hints } = await run(() => json({ output: 'x', usage: many }), { rows: ['a'] });
		expect(hints[0].message).toContain('1,234,567 tokens in (0 cached), 1,000 tokens out');
	});

	test('comes with what may be overlooked: failed rows and answers that were cut off', async () => {
		const cut = json({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] });
		const replies = [wrong(), cut];
		const { hints } = await run((request) => replies.shift() ?? answer(request), { rows: prompts(3), node: CONTINUE_ON_FAIL });
		expect(hints.filter(({ type }) => type === 'warning').map(({ message }) => message)).toEqual([
			'1 of 3 items failed: see "error" and "details" there',
			'1 answer cut off: "incompleteReason" says why. For max_output_tokens, raise Max Output Tokens in Sampling',
		]);
	});

	test.each([
		[
			'warned of where it is plain text',
			'Sum up {{ $json.text }}',
			['"Prompt" was sent with its {{ }} as plain text: click Expression above the field, so that each item fills it in'],
		],
		['no matter where it is filled in', '=Sum up {{ $json.text }}', []],
		['no matter without a $', 'What does {{ name }} mean in a template?', []],
	])('an expression is %s', async (_, prompt, warnings) => {
		const { hints } = await run(answer, { parameters: { prompt } });
		expect(hints.filter(({ type }) => type === 'warning').map(({ message }) => message)).toEqual(warnings);
	});

	test.each([
		[
			'told',
			{ prompt: 'Sum up this e-mail' },
			['Every item sent the same prompt: drag the fields that it is about from the input into Prompt'],
		],
		['no matter where a file of each item goes with it', { prompt: 'Sum up this file', binaryFields: 'data' }, []],
		['no matter where the instructions differ', { prompt: 'Say hello', instructions: '=In the language {{ $json.text }}' }, []],
		['told once where it holds an expression as plain text', { prompt: 'Sum up {{ $json.text }}' }, []],
	])('the same prompt for all rows is %s', async (_, parameters, infos) => {
		const { hints } = await run(answer, { rows: prompts(2), parameters, node: CONTINUE_ON_FAIL });
		const [, ...more] = hints.filter(({ type }) => type === 'info').map(({ message }) => message);
		expect(more).toEqual(infos);
	});

	test('is told for one row too', async () => {
		const { hints, metadata } = await run(answer, { rows: ['a'] });
		expect(hints.map(({ message }) => message)).toEqual(['1 item, 1 call (0 retries), 10 tokens in (4 cached), 3 tokens out']);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 10, outputTokens: 3 });
	});

	test('is not guessed where the server does not tell', async () => {
		const { hints, metadata } = await run(() => json({ id: 'resp_1', status: 'completed', output: [] }), { rows: prompts(2) });
		expect(hints.map(({ message }) => message)).toEqual(['2 items, 2 calls (0 retries)']);
		expect(metadata).toEqual({});
	});
});

describe('What held a run back', () => {
	const hintsOf = (...waits: Parameters<typeof showWaits> extends [unknown, ...infer Rest] ? Rest : never) => {
		const hints: string[] = [];
		// what a hint needs of n8n
		const context = { addExecutionHints: ({ message }: { message: string }) => hints.push(message) } as unknown as IExecuteFunctions;
		showWaits(context, ...waits);
		return hints;
	};
	const none = { limit: 0, outage: 0, headers: 0 };

	test.each([
		[
			'is told with what the server takes in a minute',
			{ ...none, limit: 41_200 },
			59.7,
			['The server took about 60 calls a minute: the run waited 41 s'],
		],
		[
			'is told where nobody knows what it takes',
			{ ...none, limit: 3000 },
			undefined,
			['The server took no more calls for a time: the run waited 3 s'],
		],
		['is told of a server that was away', { ...none, outage: 8000 }, 60, ['The server was away for a time: the run waited 8 s']],
		[
			'is told of limits in headers',
			{ ...none, headers: 9000 },
			undefined,
			['The server said that its limits were nearly used up: the run waited 9 s'],
		],
		['is not told for less than a few seconds', { limit: 2900, outage: 2900, headers: 2900 }, 60, []],
	])('%s', (_, waits, callsPerMinute, expected) => {
		expect(hintsOf(waits, callsPerMinute)).toEqual(expected);
	});
});

test('Failed items have another key beside their error on a host before n8n 2.36', () => {
	const shown: string[] = [];
	jest.isolateModules(() => {
		const { redactedHeaders, ...older } = jest.requireActual('n8n-workflow');
		expect(redactedHeaders).toBeDefined();
		jest.doMock('n8n-workflow', () => older);
		const ofOlder = jest.requireActual<{ showWarnings: typeof showWarnings }>('../../nodes/Responses/execution-hints');
		const context = { getNode: () => ({ parameters: {} }), addExecutionHints: ({ message }: { message: string }) => shown.push(message) };
		const failures = { failed: 1, incomplete: 0, replacedFields: new Set<string>(), warnings: new Set<string>() };
		ofOlder.showWarnings(context as unknown as IExecuteFunctions, failures, 3);
	});
	expect(shown).toEqual(['1 of 3 items failed: see "error" and "message" there']);
});
