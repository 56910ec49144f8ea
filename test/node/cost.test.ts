import type { INodeParameters } from 'n8n-workflow';

import { json, sse } from '../support/replies';
import { ANSWER, gateway } from '../support/one-item';
import { answer, answersTo, CONTINUE_ON_FAIL, rowsGateway, texts, usage } from '../support/many-items';

const prices = { input: 0.25, cachedInput: 0.025, output: 2 };
const asked = { model: { __rl: true, mode: 'id', value: 'gpt-5.4' }, prompt: 'Hi' };
const HEADER = 'x-litellm-response-cost';

/** A reply with this usage beside the tokens of ANSWER. */
const replyWith = (more: object, headers: { [name: string]: string } = {}) =>
	json({ ...ANSWER, usage: { ...ANSWER.usage, ...more } }, { headers });

describe('What an answer cost', () => {
	const { run } = gateway();
	const costOf = async (parameters: INodeParameters, reply = replyWith({})) => {
		const { items, error } = await run({ ...asked, ...parameters }, {}, reply);
		if (error) throw error;
		return (items[0].json.usage as { cost?: unknown }).cost;
	};
	const million = { input_tokens: 3_000_000, input_tokens_details: { cached_tokens: 1_000_000 }, output_tokens: 1_000_000 };

	test.each<[string, INodeParameters, object, number]>([
		['cached tokens have their own price', prices, million, 2.525],
		['they cost as much as others where it is blank', { input: 0.25, output: 2 }, million, 2.75],
		['no noise of binary fractions', { input: 0.1, output: 0.2 }, { input_tokens: 1_000_000, output_tokens: 1_000_000 }, 0.3],
		['a price may be 0', { input: 0, output: 2 }, million, 2],
		['all prices may be 0', { input: 0, cachedInput: 0, output: 0 }, million, 0],
		['a price may come as text', { input: '={{ "0.25" }}', output: '={{ " 2 " }}' }, million, 2.75],
		['a blank price for cached tokens is none', { ...prices, cachedInput: '={{ null }}' }, million, 2.75],
		["the server's own word wins", prices, { ...million, cost: 0.7 }, 0.7],
		['so it does where it is 0', prices, { ...million, cost: 0 }, 0],
		['a cost that is no number is none', prices, { ...million, cost: 'n/a' }, 2.525],
		[
			'more cached tokens than input tokens are counted beside them',
			prices,
			{ input_tokens: 1_000_000, input_tokens_details: { cached_tokens: 2_000_000 }, output_tokens: 0 },
			0.3,
		],
	])('by prices: %s', async (_, given, counts, cost) => {
		expect(await costOf({ options: { prices: given } }, replyWith(counts))).toBe(cost);
	});

	test.each<[string, object, number | undefined]>([
		['is said where the server says it', { cost: 0.00042 }, 0.00042],
		['is read from text too', { cost: '0.5' }, 0.5],
		['is not guessed where nobody knows it', {}, undefined],
		['is not there where the server says null', { cost: null }, undefined],
		['is not there where the server says less than nothing', { cost: -1 }, undefined],
	])('without prices %s', async (_, more, cost) => expect(await costOf({}, replyWith(more))).toBe(cost));

	test.each<[string, object, string, number | undefined]>([
		['is the cost', {}, '0.0125', 0.0125],
		['is none where LiteLLM knows no price', {}, 'None', undefined],
		['gives way to what the answer says', { cost: 0.2 }, '0.1', 0.2],
	])("LiteLLM's header %s", async (_, more, header, cost) => expect(await costOf({}, replyWith(more, { [HEADER]: header }))).toBe(cost));

	test("LiteLLM's header is not believed before a stream: the cost is not known yet", async () => {
		const stream = sse([{ type: 'response.completed', response: ANSWER }], { headers: { [HEADER]: '0.0' } });
		expect(await costOf({ options: { stream: true } }, stream)).toBeUndefined();
		expect(await costOf({ options: { stream: true, prices: { input: 1, output: 1 } } }, stream)).toBe(0.000023);
	});

	test('is not known without tokens, and no estimate is made', async () => {
		const { items } = await run({ ...asked, options: { prices } }, {}, json({ ...ANSWER, usage: undefined }));
		expect(items[0].json.usage).toBeNull();
	});

	test('comes with a stream', async () => {
		const stream = sse([{ type: 'response.completed', response: { ...ANSWER, usage: { ...ANSWER.usage, cost: 0.3 } } }]);
		expect(await costOf({ options: { stream: true } }, stream)).toBe(0.3);
	});

	test('of a stored response is what the server says, not what the call to read it cost', async () => {
		const { items } = await run(
			{ operation: 'get', responseId: 'resp_1' },
			{},
			replyWith({}, { [HEADER]: '0.1' }),
			replyWith({ cost: 0.4 }),
		);
		expect(items[0].json.usage).not.toHaveProperty('cost');
		const again = await run({ operation: 'get', responseId: 'resp_1' }, {}, replyWith({ cost: 0.4 }));
		expect(again.items[0].json.usage).toMatchObject({ cost: 0.4 });
	});

	test.each<[string, INodeParameters]>([
		['"Input Price" in Prices is blank', {}],
		['"Input Price" in Prices is blank', { output: 2 }],
		['"Output Price" in Prices is blank', { input: 2 }],
		['"Output Price" in Prices is blank', { input: 2, output: '={{ undefined }}' }],
		['"Cached Input Price" in Prices takes 0 or more, not -1', { ...prices, cachedInput: -1 }],
		['"Input Price" takes a number, not "cheap"', { ...prices, input: '={{ "cheap" }}' }],
		['"Input Price" takes a number, not "0,25"', { ...prices, input: '={{ "0,25" }}' }],
	])('by prices that are wrong: %s', async (message, given) => {
		const { error, requests } = await run({ ...asked, options: { prices: given } });
		expect(error?.message).toBe(message);
		expect(error?.description).toMatch(message.includes(',25') ? /with a point/ : /^Type /);
		expect(requests).toEqual([]);
	});
});

describe('What a run cost', () => {
	const { run } = rowsGateway();
	const info = (hints: Array<{ type?: string; message: string }>) =>
		hints.filter(({ type }) => type === 'info').map(({ message }) => message);

	test('is the sum, without noise and written out', async () => {
		let number = 0;
		const { hints } = await run((request) => replyOf(request, { cost: [0.1, 0.2, 0.0000003][number++] }), { rows: ['a', 'b', 'c'] });
		expect(info(hints)).toEqual(['3 items, 3 calls (0 retries), 30 tokens in (12 cached), 9 tokens out, cost 0.3000003']);
	});

	test('has its thousands set apart', async () => {
		const { hints } = await run((request) => replyOf(request, { cost: 1234.5 }), { rows: ['a'] });
		expect(info(hints)[0]).toMatch(/, cost 1,234\.5$/);
	});

	test('is shown for free answers too', async () => {
		const { hints } = await run(answer, { rows: ['a'], options: { prices: { input: 0, output: 0 } } });
		expect(info(hints)[0]).toMatch(/ out, cost 0$/);
	});

	test('says of how many answers it is, where some told none', async () => {
		let number = 0;
		const { hints } = await run((request) => replyOf(request, number++ === 0 ? { cost: 0.5 } : {}), { rows: ['a', 'b', 'c'] });
		expect(info(hints)[0]).toMatch(/, cost 0\.5 \(known for 1 of 3 answers\)$/);
	});

	test('holds no reused row, whose own cost is 0', async () => {
		const rows = ['a', 'a', 'a'];
		const { items, hints } = await run(answer, { rows, requests: { reuseIdentical: true }, options: { prices: { input: 1, output: 1 } } });
		expect(texts(items)).toEqual(answersTo(rows));
		expect(items.map(({ json: { usage } }) => (usage as { cost: number }).cost)).toEqual([0.000013, 0, 0]);
		expect(info(hints)[0]).toMatch(/, cost 0\.000013$/);
	});

	test('is counted by the prices of each row', async () => {
		const { items, hints } = await run(answer, {
			rows: ['a', 'b'],
			options: { prices: { input: '={{ $itemIndex + 1 }}', output: 0 } },
			node: CONTINUE_ON_FAIL,
		});
		expect(items.map(({ json: { usage } }) => (usage as { cost: number }).cost)).toEqual([0.00001, 0.00002]);
		expect(info(hints)[0]).toMatch(/, cost 0\.00003$/);
	});
});

/** The answer to a row with this in its usage. */
function replyOf(request: Parameters<typeof answer>[0], more: object) {
	const { body } = answer(request);
	return json({ ...JSON.parse(String(body[0])), usage: { ...usage, ...more } });
}
