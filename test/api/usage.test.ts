import { parseUsage, usageIn } from '../../api/decode/usage';

const usage = (input: number, cached: number, output: number, reasoning: number, total: number) => ({
	input_tokens: input,
	cached_tokens: cached,
	output_tokens: output,
	reasoning_tokens: reasoning,
	total_tokens: total,
});

describe('parseUsage', () => {
	test.each<[string, unknown, object | null]>([
		[
			'the names of the Responses API',
			{
				input_tokens: 9,
				input_tokens_details: { cached_tokens: 4 },
				output_tokens: 7,
				output_tokens_details: { reasoning_tokens: 3 },
				total_tokens: 16,
			},
			usage(9, 4, 7, 3, 16),
		],
		[
			'the names of chat completions',
			{
				prompt_tokens: 9,
				prompt_tokens_details: { cached_tokens: 4 },
				completion_tokens: 7,
				completion_tokens_details: { reasoning_tokens: 3 },
				total_tokens: 16,
			},
			usage(9, 4, 7, 3, 16),
		],
		['both, with one of each zero', { input_tokens: 0, prompt_tokens: 9, output_tokens: 7, completion_tokens: 0 }, usage(9, 0, 7, 0, 16)],
		['the sum, if the server gives no total or 0', { input_tokens: 9, output_tokens: 7, total_tokens: 0 }, usage(9, 0, 7, 0, 16)],
		["the server's own total", { input_tokens: 9, output_tokens: 7, total_tokens: 20 }, usage(9, 0, 7, 0, 20)],
		['numbers that are texts', { input_tokens: '9', output_tokens: '7.0' }, usage(9, 0, 7, 0, 16)],
		['one of both counts', { output_tokens: 7 }, usage(0, 0, 7, 0, 7)],
		['zeros', { input_tokens: 0, output_tokens: 0 }, usage(0, 0, 0, 0, 0)],
		['nothing of negative numbers', { input_tokens: -1, output_tokens: -1 }, null],
		['nothing of words', { input_tokens: 'many', output_tokens: '' }, null],
		['nothing of an empty object', {}, null],
		['nothing of null', null, null],
		['nothing of a number', 17, null],
	])('reads %s', (_, given, expected) => expect(parseUsage(given)).toEqual(expected));
});

describe('usageIn', () => {
	const counts = { prompt_tokens: 9, completion_tokens: 7 };

	test.each<[string, object, object | undefined]>([
		['in its own place', { usage: counts, x_groq: { usage: { prompt_tokens: 1 } } }, counts],
		['in the last choice that has one', { usage: null, choices: [{ usage: { prompt_tokens: 1 } }, { usage: counts }, {}] }, counts],
		['beside the id of a call', { x_groq: { id: 'req_1', usage: counts } }, counts],
		['in its own place, if there are counts nowhere', { usage: {}, choices: [{}, null] }, {}],
		['nowhere', { usage: null, choices: [{}, null] }, undefined],
	])('finds it %s', (_, body, expected) => expect(usageIn({ ...body })).toEqual(expected));
});
