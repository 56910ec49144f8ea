import { answer, answersTo, asked, CONTINUE_ON_FAIL, rowsGateway, deferred, texts, usage, wrong } from '../support/many-items';

const { run, server } = rowsGateway();

describe('Rows that ask the same', () => {
	const rows = ['a', 'b', 'a', 'a', 'b'];
	const reuse = { reuseIdentical: true, concurrency: 2 };

	test('are asked once each if the user wants that, and the copies cost nothing', async () => {
		const { items, metadata } = await run(answer, { rows, requests: reuse });
		const none = { input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0 };
		expect(server().requests.map(asked).sort()).toEqual(['a', 'b']);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(items.map(({ json }) => json.reused)).toEqual([undefined, undefined, true, true, true]);
		expect(items[2].json.usage).toEqual(none);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 20, outputTokens: 6 });
	});

	test('are each asked where one is to wait for its answer and the other is not', async () => {
		const waiting = { background: true, waitForCompletion: '={{ $itemIndex === 0 }}' };
		await run(answer, { rows: ['a', 'a'], requests: reuse, options: waiting });
		expect(server().requests.length).toBe(2);
	});

	test('are each asked otherwise', async () => {
		await run(answer, { rows });
		expect(server().requests.length).toBe(5);
	});

	test("keep the server's own counts in the raw form", async () => {
		const { items } = await run(answer, { rows: ['a', 'a'], requests: reuse, parameters: { output: 'raw' } });
		expect(items.map(({ json }) => [json.reused, json.usage])).toEqual([
			[undefined, usage],
			[true, usage],
		]);
	});

	test('are not marked in the answer alone', async () => {
		const { items } = await run(answer, { rows: ['a', 'a'], requests: reuse, parameters: { output: 'answer' } });
		expect(items.map(({ json }) => json)).toEqual([{ answer: 'Answer to a' }, { answer: 'Answer to a' }]);
	});

	test('each keep their own input beside the answer', async () => {
		const parameters = { prompt: 'Hi', output: 'inputAndAnswer' };
		const { items } = await run((request) => answer(request), { rows: ['a', 'b'], requests: reuse, parameters });
		expect(items.map(({ json }) => json)).toEqual(['a', 'b'].map((text) => ({ text, answer: 'Answer to Hi' })));
	});

	test('share an error, each in its own item', async () => {
		const { items } = await run(wrong, { rows: ['a', 'a', 'a'], requests: reuse, node: CONTINUE_ON_FAIL });
		expect(texts(items)).toEqual(Array(3).fill('The prompt is wrong'));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(server().requests.length).toBe(1);
	});

	test('do not keep others from being asked meanwhile', async () => {
		const all = deferred();
		const { items } = await run(
			(request) => {
				if (asked(request) === 'c') all.give();
				return answer(request, { after: all.given });
			},
			{ rows: ['a', 'a', 'a', 'a', 'a', 'a', 'c'], requests: reuse },
		);
		expect(texts(items).at(-1)).toBe('Answer to c');
	});
});
