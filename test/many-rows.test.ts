import type { IDataObject } from 'n8n-workflow';

import { runNode } from './engine';
import { json, type Reply } from './replies';
import { startServer } from './server';

type Server = Awaited<ReturnType<typeof startServer>>;
type Request = Server['requests'][number];

const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3, total_tokens: 13 };
const BUSY = { error: { message: 'Too many requests', code: 'rate_limit_exceeded' } };

/** What was asked: the text of the row. */
const asked = ({ body }: Request): string => body.input[0].content;

function answer(request: Request, more: Partial<Reply> = {}): Reply {
	const content = [{ type: 'output_text', text: `Answer to ${asked(request)}`, annotations: [] }];
	const output = [{ type: 'message', role: 'assistant', content }];
	return json({ id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-5.4', output, usage }, more);
}

const busy = (milliseconds?: number): Reply =>
	json(BUSY, { status: 429, headers: milliseconds === undefined ? {} : { 'retry-after-ms': String(milliseconds) } });

const wrong = (): Reply => json({ error: { message: 'The prompt is wrong', code: 'bad_prompt' } }, { status: 400 });

/** A promise and what resolves it. */
function signal() {
	let give = () => {};
	const given = new Promise<void>((resolve) => (give = resolve));
	return { given, give };
}

let server: Server;
afterEach(async () => await server.close());

interface Given {
	rows?: string[];
	requests?: IDataObject;
	options?: IDataObject;
	parameters?: IDataObject;
	node?: object;
	signal?: AbortSignal;
}

/** Runs the node on rows of text, against a server that replies so. */
async function run(reply: (request: Request) => Reply | Promise<Reply>, given: Given = {}) {
	server = await startServer(reply);
	const { rows = letters(5), requests = {}, options = {}, parameters = {}, ...more } = given;
	return await runNode(
		{
			model: { __rl: true, mode: 'id', value: 'gpt-5.4' },
			prompt: '={{ $json.text }}',
			options: options as never,
			requests: requests as never,
			...(parameters as object),
		},
		{
			credentials: { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } },
			items: rows.map((text) => ({ json: { text } })),
			...more,
		},
	);
}

/** a, b, c ... then a1, b1 ... */
const letters = (count: number) =>
	Array.from({ length: count }, (_, index) => 'abcdefghijklmnopqrstuvwxyz'[index % 26] + (index < 26 ? '' : Math.floor(index / 26)));
const texts = (items: Array<{ json: IDataObject }>) => items.map(({ json: { text, error } }) => text ?? error);
const answersTo = (rows: string[]) => rows.map((row) => `Answer to ${row}`);
const keepGoing = { onError: 'continueRegularOutput' };

describe('Many rows', () => {
	test('come out in their order, each paired with its own item, in whatever order answers come', async () => {
		const rows = letters(12);
		const last = signal();
		const { items } = await run(
			(request) => {
				if (asked(request) === 'l') last.give();
				return answer(request, asked(request) === 'a' ? { after: last.given } : {});
			},
			{ rows },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(rows.map((_, item) => ({ item })));
	});

	test.each([
		['five at once unless told otherwise', {}, 5],
		['as many at once as the user says', { concurrency: 3 }, 3],
		['ten at once at first', { concurrency: 50 }, 10],
	])('are asked %s', async (_, requests, most) => {
		const full = signal();
		await run(
			(request) => {
				if (server.inFlight === most) full.give();
				// a call too many would come before these are answered
				return answer(request, { after: full.given.then(async () => await server.request(most)) });
			},
			{ rows: letters(most), requests },
		);
		expect(server.mostInFlight).toBe(most);
	});

	test('are never more in flight than the user says', async () => {
		await run(answer, { rows: letters(40), requests: { concurrency: 4 } });
		expect(server.mostInFlight).toBeLessThanOrEqual(4);
	});

	test('decrypt the credential once', async () => {
		const { decryptions } = await run(answer, { rows: letters(30) });
		expect(decryptions).toBe(1);
	});

	test('are spaced evenly by Requests per Minute', async () => {
		await run(answer, { rows: letters(5), requests: { requestsPerMinute: 1200 } });
		const [first, , , , last] = server.requests;
		expect(last.at - first.at).toBeGreaterThanOrEqual(4 * 50 - 10);
	});
});

describe('A server that refuses calls', () => {
	test('gets so many at once as it takes, and every row its answer', async () => {
		const rows = letters(60);
		let most = 0;
		let refused = 0;
		const { items } = await run(
			async (request) => {
				const isOver = server.inFlight > 6;
				if (isOver) refused++;
				else most = Math.max(most, server.inFlight);
				return isOver ? busy(20) : answer(request, { after: server.request(Math.min(6, server.requests.length)) });
			},
			{ rows, requests: { concurrency: 50 } },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(server.requests.length).toBe(rows.length + refused);
	});

	test('is left alone by all rows for as long as it asks', async () => {
		await run((request) => (server.requests.length === 1 ? busy(150) : answer(request)), {
			rows: letters(4),
			requests: { concurrency: 1 },
		});
		const [first, second] = server.requests;
		expect(second.at - first.at).toBeGreaterThanOrEqual(145);
		expect(server.requests.map(asked)).toEqual(['a', 'a', 'b', 'c', 'd']);
	});

	test('by every twentieth call gets no more calls than rows and refusals', async () => {
		const rows = letters(60);
		let refused = 0;
		const { items } = await run(
			(request) => {
				if (server.requests.length % 20 > 0) return answer(request);
				refused++;
				return busy(10);
			},
			{ rows, requests: { concurrency: 10 } },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(server.requests.length).toBe(rows.length + refused);
	});

	test('that tells that its limit is used up is given the time to refill it', async () => {
		const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '150ms' };
		await run((request) => answer(request, { headers }), { rows: letters(2), requests: { concurrency: 1 } });
		const [first, second] = server.requests;
		expect(second.at - first.at).toBeGreaterThanOrEqual(145);
	});

	test('of all rows for a while, as when other runs use it up, loses none of them', async () => {
		const rows = letters(6);
		const { items } = await run(
			(request) => (server.requests.length <= 40 ? busy(2) : answer(request)),
			{ rows },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(server.requests.length).toBe(40 + rows.length);
	});

	test('of all rows for good is given up', async () => {
		const { items } = await run(() => busy(1), { rows: letters(6), node: keepGoing });
		expect(texts(items)).toEqual(Array(6).fill('Too many requests'));
		expect(server.requests.length).toBeLessThan(120);
	});

	test('only to one row fails that row after its retries', async () => {
		const { items } = await run((request) => (asked(request) === 'a' ? busy(5) : answer(request)), { rows: letters(9), node: keepGoing });
		expect(texts(items)[0]).toBe('Too many requests');
		expect(server.requests.filter((request) => asked(request) === 'a').length).toBe(3);
	});

	test('is not asked again by rows that have no retries', async () => {
		const { items } = await run(() => busy(5), { rows: letters(3), requests: { maxRetries: 0 }, node: keepGoing });
		expect(texts(items)).toEqual(Array(3).fill('Too many requests'));
		expect(server.requests.length).toBe(3);
	});

	test('for longer than rows may wait does not hold the others back', async () => {
		const rows = letters(3);
		const { items } = await run(
			(request) => (asked(request) === 'a' ? json(BUSY, { status: 429, headers: { 'retry-after': '3600' } }) : answer(request)),
			{ rows, requests: { concurrency: 1 }, node: keepGoing },
		);
		expect(texts(items)).toEqual(['Too many requests', ...answersTo(['b', 'c'])]);
	});
});

describe('A row that fails', () => {
	test('gives an error item with Continue On Fail, and the others their answers', async () => {
		const { items } = await run((request) => (asked(request) === 'b' ? wrong() : answer(request)), {
			rows: letters(4),
			node: keepGoing,
		});
		expect(texts(items)).toEqual(['Answer to a', 'The prompt is wrong', 'Answer to c', 'Answer to d']);
		expect(items[1]).toMatchObject({ json: { details: { status: 400, code: 'bad_prompt' } }, pairedItem: { item: 1 } });
	});

	test('without it stops new calls, lets calls in flight end and says how many rows were done', async () => {
		const failed = signal();
		const { error } = await run(
			async (request) => {
				if (asked(request) === 'b') {
					await server.request(3);
					failed.give();
					return wrong();
				}
				// answered after the failure: the fourth row must not be asked for
				return answer(request, { after: asked(request) === 'a' ? server.request(1) : server.requests[1]?.closed ?? failed.given });
			},
			{ rows: letters(9), requests: { concurrency: 3 } },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect(error?.description).toMatch(/ of 9 items were done and are lost/);
		expect(error?.description).toContain('set On Error');
		expect(server.requests.length).toBeLessThanOrEqual(4);
	});

	test('keeps rows that wait for another try from going out, and does not wait for them', async () => {
		const { error } = await run(
			async (request) => {
				if (asked(request) === 'a') return json({ error: { message: 'Later' } }, { status: 500, headers: { 'retry-after': '50' } });
				await server.requests[0].closed;
				return wrong();
			},
			{ rows: letters(2) },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect(server.requests.map(asked).sort()).toEqual(['a', 'b']);
	});
});

describe('Stop', () => {
	test('ends all rows at once, those in flight, those that wait and those that come', async () => {
		const stop = new AbortController();
		const ended = run(
			async () => {
				await server.request(3);
				stop.abort();
				return { body: [new Promise(() => {})] };
			},
			{ rows: letters(9), requests: { concurrency: 3 }, signal: stop.signal },
		);
		expect((await ended).status).not.toBe('success');
		await Promise.all(server.requests.map(async ({ closed }) => await closed));
		expect(server.requests.length).toBe(3);
	});
});

describe('Rows that ask the same', () => {
	const rows = ['a', 'b', 'a', 'a', 'b'];
	const reuse = { reuseIdentical: true, concurrency: 2 };

	test('are asked once each if the user wants that, and the copies cost nothing', async () => {
		const { items, metadata } = await run(answer, { rows, requests: reuse });
		const none = { input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0 };
		expect(server.requests.map(asked).sort()).toEqual(['a', 'b']);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(items.map(({ json }) => json.reused)).toEqual([undefined, undefined, true, true, true]);
		expect(items[2].json.usage).toEqual(none);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 20, outputTokens: 6 });
	});

	test('are each asked otherwise', async () => {
		await run(answer, { rows });
		expect(server.requests.length).toBe(5);
	});

	test('keep the server\'s own counts in the raw form', async () => {
		const { items } = await run(answer, { rows: ['a', 'a'], requests: reuse, parameters: { simplify: false } });
		expect(items.map(({ json }) => [json.reused, json.usage])).toEqual([
			[undefined, usage],
			[true, usage],
		]);
	});

	test('are not marked in the answer alone', async () => {
		const { items } = await run(answer, { rows: ['a', 'a'], requests: reuse, options: { answerOnly: true } });
		expect(items.map(({ json }) => json)).toEqual([{ text: 'Answer to a' }, { text: 'Answer to a' }]);
	});

	test('share an error, each in its own item', async () => {
		const { items } = await run(wrong, { rows: ['a', 'a', 'a'], requests: reuse, node: keepGoing });
		expect(texts(items)).toEqual(Array(3).fill('The prompt is wrong'));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(server.requests.length).toBe(1);
	});

	test('do not keep others from being asked meanwhile', async () => {
		const all = signal();
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

describe('What a run cost', () => {
	test('is shown for several rows and told to n8n', async () => {
		const { hints, metadata } = await run((request) => (server.requests.length === 1 ? busy(1) : answer(request)), {
			rows: letters(3),
		});
		expect(hints).toEqual([
			{ message: '3 items, 4 calls (1 retry), 30 tokens in (12 cached), 9 tokens out', type: 'info', location: 'outputPane' },
		]);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 30, outputTokens: 9 });
	});

	test('is told for one row too', async () => {
		const { hints, metadata } = await run(answer, { rows: ['a'] });
		expect(hints.map(({ message }) => message)).toEqual(['1 item, 1 call (0 retries), 10 tokens in (4 cached), 3 tokens out']);
		expect(metadata.tokenUsage).toEqual({ inputTokens: 10, outputTokens: 3 });
	});

	test('is not guessed where the server does not tell', async () => {
		const { hints, metadata } = await run(() => json({ id: 'resp_1', status: 'completed', output: [] }), { rows: letters(2) });
		expect(hints.map(({ message }) => message)).toEqual(['2 items, 2 calls (0 retries)']);
		expect(metadata).toEqual({});
	});
});
