import { countTurns } from '../support/memory';
import { json } from '../support/replies';
import {
	BUSY,
	answer,
	answersTo,
	asked,
	busy,
	CONTINUE_ON_FAIL,
	prompts,
	rowsGateway,
	deferred,
	texts,
	wrong,
} from '../support/many-items';

const { run, runTogether, server } = rowsGateway();

describe('Many rows', () => {
	test('come out in their order, each paired with its own item, in whatever order answers come', async () => {
		const rows = prompts(12);
		const last = deferred();
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
		['five at once at first', {}, 5],
		['as many at once as the user says', { concurrency: 3 }, 3],
		['five at once at first, however many the user says', { concurrency: 50 }, 5],
	])('are asked %s', async (_, requests, most) => {
		const full = deferred();
		await run(
			(request) => {
				if (server().inFlight === most) full.give();
				// a call too many would come before these are answered
				return answer(request, { after: full.given.then(async () => await server().request(most)) });
			},
			{ rows: prompts(most), requests },
		);
		expect(server().mostInFlight).toBe(most);
	});

	test('are never more in flight than the user says', async () => {
		await run(answer, { rows: prompts(40), requests: { concurrency: 4 } });
		expect(server().mostInFlight).toBeLessThanOrEqual(4);
	});

	test('go one by one if the user gives half a number', async () => {
		const { items } = await run(answer, { rows: prompts(3), requests: { concurrency: 0.5 } });
		expect([texts(items), server().mostInFlight]).toEqual([answersTo(prompts(3)), 1]);
	});

	test('decrypt the credential once', async () => {
		const { decryptions } = await run(answer, { rows: prompts(30) });
		expect(decryptions).toBe(1);
	});

	test('let the rest of n8n work in between', async () => {
		const { turns, stop } = countTurns();
		const read = new Set<number>();
		const text = { enumerable: true, get: () => (read.add(turns()), ' ') };
		const items = Array.from({ length: 100 }, () => ({ json: Object.defineProperty({}, 'text', text) }));
		const { items: failed } = await run(answer, { node: CONTINUE_ON_FAIL, items });
		stop();
		expect(failed).toHaveLength(100);
		// all of them are made ready in one turn where nothing yields
		expect(read.size).toBeGreaterThan(2);
	});

	test('are spaced evenly by Requests per Minute', async () => {
		await run(answer, { rows: prompts(5), requests: { requestsPerMinute: 1200 } });
		const [first, , , , last] = server().requests;
		// independent calls may arrive some milliseconds late
		expect(last.at - first.at).toBeGreaterThanOrEqual(150);
	});
});

describe('A server that refuses', () => {
	test('more calls than it takes at once gets so many, and every row its answer', async () => {
		const rows = prompts(60);
		let most = 0;
		let refused = 0;
		const { items } = await run(
			async (request) => {
				const isOver = server().inFlight > 6;
				if (isOver) refused++;
				else most = Math.max(most, server().inFlight);
				return isOver ? busy(20) : answer(request, { after: server().request(Math.min(6, server().requests.length)) });
			},
			{ rows, requests: { concurrency: 50 } },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(server().requests.length).toBe(rows.length + refused);
	});

	test('a row alone is asked by that row after as long as it asks, while others go on', async () => {
		await run((request) => (server().requests.length === 1 ? busy(150) : answer(request)), {
			rows: prompts(2),
			requests: { concurrency: 1 },
		});
		const [first, , last] = server().requests;
		expect(server().requests.map(asked)).toEqual(['a', 'b', 'a']);
		expect(last.at - first.at).toBeGreaterThanOrEqual(145);
	});

	test('all rows is left alone by all of them for as long as it asks', async () => {
		const rows = prompts(5);
		const { items } = await run((request) => (server().requests.length <= 3 ? busy(200) : answer(request)), {
			rows,
			requests: { concurrency: 1 },
		});
		expect(texts(items)).toEqual(answersTo(rows));
		const [, second, third, fourth] = server().requests;
		expect([third.at - second.at >= 195, fourth.at - third.at >= 195]).toEqual([true, true]);
	});

	test('every twentieth call gets no more calls than rows and refusals', async () => {
		const rows = prompts(60);
		let refused = 0;
		const { items } = await run(
			(request) => {
				if (server().requests.length % 20 > 0) return answer(request);
				refused++;
				return busy(10);
			},
			{ rows, requests: { concurrency: 10 } },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(server().requests.length).toBe(rows.length + refused);
	});

	test('nothing, but tells that its limit is used up, is given the time to refill it', async () => {
		const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '150ms' };
		await run((request) => answer(request, { headers }), { rows: prompts(2), requests: { concurrency: 1 } });
		const [first, second] = server().requests;
		expect(second.at - first.at).toBeGreaterThanOrEqual(145);
	});

	test('all rows for a while, as when other runs use it up, loses none of them', async () => {
		const rows = prompts(6);
		const { items } = await run((request) => (server().requests.length <= 8 ? busy() : answer(request)), { rows });
		expect(texts(items)).toEqual(answersTo(rows));
	});

	test('all rows of one execution while it answers another one of the node is waited for, longer than Max Retry Wait', async () => {
		const requests = { concurrency: 1, maxRetryWait: 2 };
		let [refused, refusal] = [0, deferred()];
		const refuse = () => {
			refusal.give();
			refusal = deferred();
			return busy();
		};
		const [first, second] = await runTogether(
			(request) => {
				if (asked(request) === 'late') return refused++ < 5 ? refuse() : answer(request);
				return answer(request, refused < 5 ? { after: refusal.given } : {});
			},
			[
				{ rows: prompts(4), requests },
				{ rows: ['late'], requests },
			],
		);
		expect([texts(first.items), texts(second.items)]).toEqual([answersTo(prompts(4)), answersTo(['late'])]);
	});

	test('all rows for good is given up after Max Retry Wait, and the rows that were not sent say so', async () => {
		const { items } = await run(() => busy(1), { rows: prompts(9), requests: { maxRetryWait: 2 }, node: CONTINUE_ON_FAIL });
		const asks = server().requests.length;
		expect(asks).toBeLessThanOrEqual(12);
		expect(new Set(texts(items))).toEqual(new Set(['Too many requests', 'Not sent: the server took no more calls (Too many requests)']));
		const hint =
			'The server took no calls for 1 second, and asks to wait 1 second more: run it again later, or raise Max Retry Wait in Requests';
		expect(items[0].json.details).toMatchObject({ status: 429, waitedMs: expect.any(Number), hint });
		expect(items[8].json.details).toMatchObject({ code: 'no_calls_taken', hint: expect.stringMatching(/^The server took no calls for/) });
	});

	test('one row again and again fails that row alone', async () => {
		const rows = prompts(20);
		const { items } = await run((request) => (asked(request) === 'a' ? busy(5) : answer(request)), {
			rows,
			requests: { concurrency: 1 },
			node: CONTINUE_ON_FAIL,
		});
		expect(texts(items)).toEqual(['Too many requests', ...answersTo(rows.slice(1))]);
		expect(items[0].json.details).toMatchObject({ status: 429, hint: expect.stringContaining('again and again') });
		// a refusal does not count until the server has taken another row
		expect(server().requests.filter((request) => asked(request) === 'a').length).toBeGreaterThanOrEqual(8);
	});

	test('all rows is not asked again by rows that have no retries', async () => {
		const { items } = await run(() => busy(5), { rows: prompts(3), requests: { maxRetries: 0 }, node: CONTINUE_ON_FAIL });
		expect(texts(items)).toEqual(Array(3).fill('Too many requests'));
		expect(server().requests.length).toBe(3);
	});

	test('for longer than a row may wait does not hold the others back', async () => {
		const rows = prompts(3);
		const { items } = await run(
			(request) => (asked(request) === 'a' ? json(BUSY, { status: 429, headers: { 'retry-after': '3600' } }) : answer(request)),
			{ rows, requests: { concurrency: 1 }, node: CONTINUE_ON_FAIL },
		);
		expect(texts(items)).toEqual(['Too many requests', ...answersTo(['b', 'c'])]);
	});
});

describe('A row that fails', () => {
	test('gives an error item with Continue On Fail, and the others their answers', async () => {
		const { items } = await run((request) => (asked(request) === 'b' ? wrong() : answer(request)), {
			rows: prompts(4),
			node: CONTINUE_ON_FAIL,
		});
		expect(texts(items)).toEqual(['Answer to a', 'The prompt is wrong', 'Answer to c', 'Answer to d']);
		expect(items[1]).toMatchObject({ json: { details: { status: 400, code: 'bad_prompt' } }, pairedItem: { item: 1 } });
	});

	test('without it stops new calls, lets calls in flight end and says how many rows were done', async () => {
		const failed = deferred();
		const { error } = await run(
			async (request) => {
				if (asked(request) === 'b') {
					await server().request(3);
					failed.give();
					return wrong();
				}
				// answered after the failure: the fourth row must not be asked for
				return answer(request, { after: asked(request) === 'a' ? server().request(1) : (server().requests[1]?.closed ?? failed.given) });
			},
			{ rows: prompts(9), requests: { concurrency: 3 } },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect(error?.description).toMatch(/ of 9 items were done and are lost/);
		expect(error?.description).toContain('set On Error');
		expect(server().requests.length).toBeLessThanOrEqual(4);
	});

	test('says that none was done without advice to keep them', async () => {
		const { error } = await run(wrong, { rows: prompts(2), requests: { concurrency: 1 } });
		expect(error?.description).toMatch(/0 of 2 items were done$/);
	});

	test('because its prompt is blank says once how to skip it', async () => {
		// so many rows that some are done before the last one is looked at
		const rows = [...Array.from({ length: 60 }, (_, index) => `row ${index}`), ''];
		const { error } = await run(answer, { rows, requests: { concurrency: 1 } });
		expect(error?.description?.match(/set On Error/g)).toHaveLength(1);
		expect(error?.description).toMatch(/[1-9]\d* of 61 items were done and are lost with this one$/);
	});

	test('because its prompt is blank does not say how to skip it where it is skipped', async () => {
		const { items } = await run(answer, { rows: ['a', '', 'c'], node: CONTINUE_ON_FAIL });
		expect(texts(items)).toEqual(['Answer to a', '"Prompt" is blank for this item', 'Answer to c']);
		expect(JSON.stringify(items[1].json.details)).not.toContain('On Error');
	});

	test('is not counted where it is the only one', async () => {
		const { error } = await run(wrong, { rows: ['a'] });
		expect(error?.description).not.toContain('items were done');
	});

	test('cancels what other rows have begun in the background: nobody will see it', async () => {
		const { error } = await run(
			async (request) => {
				const { method, path } = request;
				if (path.endsWith('/cancel')) return json({});
				if (method === 'POST' && asked(request) === 'b') return (await server().request(2)) && wrong();
				return json({ id: 'resp_a', object: 'response', status: 'in_progress' });
			},
			{ rows: ['a', 'b'], options: { background: true } },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect(server().requests.map(({ method, path }) => `${method} ${path}`)).toContain('POST /v1/responses/resp_a/cancel');
	});

	test('keeps rows that wait for another try from going out, and does not wait for them', async () => {
		const { error } = await run(
			async (request) => {
				if (asked(request) === 'a') return json({ error: { message: 'Later' } }, { status: 500, headers: { 'retry-after': '50' } });
				await server().requests[0].closed;
				return wrong();
			},
			{ rows: prompts(2) },
		);
		expect(error?.message).toBe('The prompt is wrong');
		expect(server().requests.map(asked).sort()).toEqual(['a', 'b']);
	});
});

describe('A server that goes away in the middle of a run', () => {
	test('is waited for, and loses no row', async () => {
		const rows = prompts(30);
		const isAway = () => server().requests.length > 8 && server().requests.length <= 18;
		const { items, hints } = await run(
			(request) => (isAway() ? json({ error: { message: 'Bad gateway' } }, { status: 502 }) : answer(request)),
			{ rows, requests: { concurrency: 4 } },
		);
		expect(texts(items)).toEqual(answersTo(rows));
		expect(hints.map(({ message }) => message)).toContainEqual(
			expect.stringMatching(/^The server was away for a time: the run waited \d+ s$/),
		);
	});
});

describe('Stop', () => {
	test('ends all rows at once, those in flight, those that wait and those that come', async () => {
		const stop = new AbortController();
		const ended = run(
			async () => {
				await server().request(3);
				stop.abort();
				return { body: [new Promise(() => {})] };
			},
			{ rows: prompts(9), requests: { concurrency: 3 }, signal: stop.signal },
		);
		expect((await ended).status).not.toBe('success');
		await Promise.all(server().requests.map(async ({ closed }) => await closed));
		expect(server().requests.length).toBe(3);
	});

	test('gives no error items for rows that it ended', async () => {
		const stop = new AbortController();
		const { items } = await run(
			() => {
				stop.abort();
				return { body: [new Promise(() => {})] };
			},
			{ rows: prompts(3), requests: { concurrency: 1 }, signal: stop.signal, node: CONTINUE_ON_FAIL },
		);
		// what comes out are the items that went in: n8n's way to continue
		expect(items.filter(({ json: { error } }) => error !== undefined)).toEqual([]);
	});
});
