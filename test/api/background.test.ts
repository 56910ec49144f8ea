import { testClock } from '../support/clock';
import { runNode } from '../support/engine';
import { silentAfter } from '../support/hanging-replies';
import { cutOff, json, sse } from '../support/replies';
import { startServer } from '../support/server';
import { WORDS, startStatefulServer } from '../support/stateful-server';

type Server = Awaited<ReturnType<typeof startStatefulServer>>;

const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };
const report = { model, prompt: 'Write the report', options: { background: true } };

/** A report that is waited for ten minutes. */
const impatient = { ...report, requests: { pollTimeout: 600, maxRetries: 9, maxRetryWait: 7200 } };
const clock = testClock();
/** The ten minutes are over; gives no headers. */
const tooLate = () => {
	clock.putForward(600);
	return {};
};

const credentialsFor = ({ url }: { url: string }) => ({ responsesApi: { baseUrl: `${url}/v1`, apiKey: 'sk-test-4711' } });
const callsOf = ({ requests }: Server) => requests.map(({ method, path }) => `${method} ${path}`);

let server: Server;
afterEach(async () => await server.close());

describe('A response with a completion window', () => {
	const options = { background: true, completionWindow: '8h', waitForCompletion: false };
	const rows = Array.from({ length: 3 }, (_, row) => ({ json: { row } }));

	test('comes out at once with its ID, where nobody waits for it, for a later Get', async () => {
		server = await startStatefulServer({ states: ['queued', 'in_progress', 'completed'] });
		const { items, hints } = await runNode({ ...report, options }, { credentials: credentialsFor(server), items: rows });
		expect(items.map(({ json: { id, status } }) => [id, status])).toEqual([1, 2, 3].map((number) => [`resp_${number}`, 'queued']));
		expect(callsOf(server)).toEqual(rows.map(() => 'POST /v1/responses'));
		expect(server.requests.map(({ body }) => body.background_options)).toEqual(rows.map(() => ({ completion_window: '8h' })));
		expect(hints.filter(({ type }) => type === 'warning')).toEqual([]);
	});

	test('is none without Background, which a warning says', async () => {
		server = await startStatefulServer({ states: ['completed'] });
		const parameters = { ...report, options: { completionWindow: '2h' } };
		const { hints } = await runNode(parameters, { credentials: credentialsFor(server), items: rows });
		expect(server.requests.map(({ body }) => Object.keys(body))).toEqual(rows.map(() => ['model', 'input']));
		expect(hints.filter(({ type }) => type === 'warning').map(({ message }) => message)).toEqual([
			'Completion Window does nothing without Background: turn on Background in Options, or remove Completion Window',
		]);
	});
});

describe('A response in the background', () => {
	test.each([
		['is retrieved until it is completed', ['queued', 'in_progress', 'completed'], 'completed', 'Done'],
		['may be in a state that nobody knows', ['queued', 'warming_up', 'completed'], 'completed', 'Done'],
		['may end incomplete', ['queued', 'incomplete'], 'incomplete', ''],
		['may be completed at once', ['completed'], 'completed', ''],
	])('%s', async (_, states, status, text) => {
		server = await startStatefulServer({ states });
		const { items } = await runNode(report, { credentials: credentialsFor(server) });
		expect(items[0].json).toMatchObject({ id: 'resp_1', status, text });
		expect(callsOf(server)).toEqual(['POST /v1/responses', ...states.slice(1).map(() => 'GET /v1/responses/resp_1')]);
	});

	test.each([
		['failed', 'The model gave up'],
		['cancelled', 'The response was cancelled at the server'],
	])('that ends %s is an error', async (state, message) => {
		server = await startStatefulServer({ states: ['queued', state] });
		const { error } = await runNode(report, { credentials: credentialsFor(server) });
		expect(error?.message).toBe(message);
		// the server has ended it: there is nothing to get later
		expect(error?.description).not.toContain('get it later');
	});

	// that it is not later than that: polling.test.ts, with a clock of its own
	test('is not retrieved before the server asks for it', async () => {
		server = await startStatefulServer({
			states: ['queued', 'in_progress', 'completed'],
			headers: () => ({ 'retry-after-ms': '1000' }),
		});
		await runNode(report, { credentials: credentialsFor(server) });
		const [, first, second] = server.requests;
		expect(second.at - first.at).toBeGreaterThanOrEqual(1000);
	});

	test('is retrieved after half a second at first, then less often', async () => {
		server = await startStatefulServer({ states: ['queued', 'in_progress', 'completed'] });
		await runNode(report, { credentials: credentialsFor(server) });
		const [begun, first, second] = server.requests.map(({ at }) => at);
		expect(first - begun).toBeGreaterThanOrEqual(490);
		expect(second - first).toBeGreaterThanOrEqual(740);
	});

	test('is not waited for with Wait for Completion off, even as a stream', async () => {
		server = await startStatefulServer({ states: ['queued'] });
		const parameters = { ...report, options: { background: true, stream: true, waitForCompletion: false } };
		const { items } = await runNode(parameters, { credentials: credentialsFor(server) });
		expect(items[0].json).toEqual({ id: 'resp_1', model: 'gpt-5.4', status: 'queued', text: '', usage: null });
		expect(server.requests[0].body).not.toHaveProperty('stream');
	});

	test('is cancelled at the server on the deadline, and the error says so', async () => {
		server = await startStatefulServer({ states: ['in_progress'], headers: (retrievals) => (retrievals === 2 ? tooLate() : {}) });
		const { error } = await runNode(impatient, { credentials: credentialsFor(server) });
		expect(callsOf(server)).toEqual([
			'POST /v1/responses',
			'GET /v1/responses/resp_1',
			'GET /v1/responses/resp_1',
			'POST /v1/responses/resp_1/cancel',
		]);
		expect(error?.message).toBe('The response was not finished within 600 seconds');
		expect(error?.description).toContain('It was cancelled at the server');
	});

	test.each([
		['even if the server asks to wait for longer', 503, { 'retry-after': '3600' }],
		['even if it asks so with a good status', 200, { 'retry-after': '3600' }],
		['even while a call is to be made again', 503, {}],
	])('is cancelled at the server on the deadline, %s', async (_, status, headers) => {
		const plain = await startServer(({ method, path, closed }) => {
			if (path.endsWith('/cancel')) return json({});
			const body = { id: 'resp_9', object: 'response', status: 'queued' };
			// the time is up while the node waits before it retrieves the response again
			if (method === 'GET') void closed.then(tooLate);
			return method === 'POST' ? json(body) : json(status === 200 ? body : { error: 'Busy' }, { status, headers });
		});
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode(impatient, { credentials: credentialsFor(server) });
		expect([error?.message, callsOf(server).at(-1)]).toEqual([
			'The response was not finished within 600 seconds',
			'POST /v1/responses/resp_9/cancel',
		]);
	});

	test('that is refused from the start was never begun', async () => {
		server = Object.assign(await startServer(json({ error: 'Busy' }, { status: 429, headers: { 'retry-after': '3600' } })), {
			state: {},
		}) as Server;
		const { error } = await runNode(impatient, { credentials: credentialsFor(server) });
		expect([error?.message, server.requests.length]).toEqual(['Busy', 1]);
	});

	test('is not lost by a retrieval that fails: retrieving bills nothing', async () => {
		const queued = json({ id: 'resp_9', object: 'response', status: 'queued' });
		const completed = json({ id: 'resp_9', object: 'response', status: 'completed', output: [] });
		const retrievals = [() => cutOff(queued, 5), () => ({ body: [], after: new Promise(() => {}) }), () => completed];
		const plain = await startServer(({ method }) => {
			if (method === 'POST') return queued;
			// the second retrieval gets no reply: its time is up
			if (retrievals.length === 2) clock.putForward(600);
			return retrievals.shift()?.() ?? completed;
		});
		server = Object.assign(plain, { state: {} }) as Server;
		const { items } = await runNode(report, { credentials: credentialsFor(server) });
		expect([items[0].json.status, server.requests.length]).toEqual(['completed', 4]);
	});

	test('may end in the words of another server', async () => {
		server = await startStatefulServer({ states: ['queued', 'succeeded'], text: 'Done' });
		const { items } = await runNode(report, { credentials: credentialsFor(server) });
		expect(items[0].json.status).toBe('completed');
	});

	test('is cancelled at the server on Stop', async () => {
		server = await startStatefulServer({ states: ['in_progress'] });
		const stop = new AbortController();
		const running = runNode(report, { credentials: credentialsFor(server), signal: stop.signal });
		await server.request(2);
		stop.abort();
		const { status } = await running;
		await server.request(3);
		expect([status, callsOf(server).at(-1)]).toEqual(['canceled', 'POST /v1/responses/resp_1/cancel']);
	});

	test.each([
		['on Stop', false],
		['on Stop, where its stream has begun', true],
	])('is cancelled at the server %s, even while the call that begins it is on its way', async (_, stream) => {
		const stop = new AbortController();
		const begun = { id: 'resp_9', object: 'response', status: 'in_progress', output: [] };
		const plain = await startServer(({ path }) => {
			if (path.endsWith('/cancel')) return json({});
			if (stream) return { ...sse([]), body: silentAfter(sse([{ type: 'response.created', response: begun }]).body, () => stop.abort()) };
			// the server has begun the job, and its reply comes only after Stop
			return json(begun, { after: Promise.resolve().then(() => stop.abort()) });
		});
		server = Object.assign(plain, { state: {} }) as Server;
		const parameters = { ...report, options: { background: true, stream } };
		const { status } = await runNode(parameters, { credentials: credentialsFor(server), signal: stop.signal });
		await server.request(2);
		expect([status, ...callsOf(server)]).toEqual(['canceled', 'POST /v1/responses', 'POST /v1/responses/resp_9/cancel']);
	});

	test('is cancelled at the server on the deadline, even while the call that begins it is on its way', async () => {
		const plain = await startServer(({ path }) => {
			if (path.endsWith('/cancel')) return json({});
			tooLate();
			return json({ id: 'resp_9', object: 'response', status: 'in_progress', output: [] });
		});
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode(impatient, { credentials: credentialsFor(server) });
		expect(error?.description).toContain('It was cancelled at the server');
		expect(callsOf(server)).toEqual(['POST /v1/responses', 'POST /v1/responses/resp_9/cancel']);
	});

	test('says where it still runs if the server cannot cancel', async () => {
		const plain = await startServer(({ method, path }) => {
			if (path.endsWith('/cancel')) return json({ error: { message: 'Invalid URL' } }, { status: 404 });
			if (method === 'GET') tooLate();
			return json({ id: 'resp_9', object: 'response', status: 'in_progress', output: [] });
		});
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode(impatient, { credentials: credentialsFor(server) });
		expect(error?.description).toContain('may still be billed: its ID is resp_9');
	});
});

describe('A response in the background that cannot be retrieved', () => {
	const queued = { id: 'resp_9', object: 'response', status: 'queued', output: [] };
	const missing = json({ error: { message: 'Invalid URL (GET /v1/responses/resp_9)', type: 'invalid_request_error' } }, { status: 404 });

	test.each([
		['says how to have it all the same', queued, 'get it later by its ID resp_9. If this server keeps no responses, turn off Background'],
		['without an ID says what to change', { ...queued, id: undefined }, 'It cannot be asked for again: turn off Background'],
	])('%s', async (_, begun, hint) => {
		const plain = await startServer(({ method }) => (method === 'POST' ? json(begun) : missing));
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode(report, { credentials: credentialsFor(server) });
		expect(error?.description).toContain(hint);
	});
});

describe('A stream in the background', () => {
	const streamed = { ...report, options: { background: true, stream: true } };

	test.each([
		['is read to its end', []],
		['goes on where it was cut', [7]],
		['goes on where it was cut, five times', [4, 1, 3, 2, 5]],
		['goes on although a try brings nothing', [5, 0, 0]],
	])('%s', async (_, cuts) => {
		server = await startStatefulServer({ cuts });
		const { items, chunks } = await runNode(streamed, {
			credentials: credentialsFor(server),
			isStreaming: true,
		});
		expect(items[0].json).toMatchObject({ status: 'completed', text: WORDS.join('') });
		// what a chat saw: no piece twice, none missing
		expect(chunks.filter(({ type }) => type === 'item').map(({ content }) => content)).toEqual(WORDS);
		expect(server.requests).toHaveLength(cuts.length + 1);
	});

	test('asks for the response itself where the server cannot go on with the stream', async () => {
		server = await startStatefulServer({ cuts: [4, 0], states: ['in_progress', 'completed'], text: 'Done' });
		const { items } = await runNode({ ...streamed, requests: { maxRetries: 0 } }, { credentials: credentialsFor(server) });
		expect(items[0].json).toMatchObject({ status: 'completed', text: 'Done' });
	});

	const beginning = [
		{ type: 'response.created', sequence_number: 0, response: { id: 'resp_9', object: 'response', status: 'in_progress', output: [] } },
		{ type: 'response.output_text.delta', sequence_number: 1, output_index: 0, content_index: 0, delta: 'The ' },
	];

	test.each(['failed', 'cancelled'])('that ends %s is not taken up again', async (status) => {
		const response = { id: 'resp_9', object: 'response', status, output: [] };
		const plain = await startServer(sse([...beginning, { type: `response.${status}`, sequence_number: 2, response }]));
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode(streamed, { credentials: credentialsFor(server) });
		expect([error?.context.details, server.requests.length]).toEqual([expect.objectContaining({ code: status }), 1]);
	});

	test('that is too late keeps what had come', async () => {
		const plain = await startServer(({ path }) =>
			path.endsWith('/cancel') ? json({}) : { ...sse([]), body: silentAfter(sse(beginning).body, tooLate) },
		);
		server = Object.assign(plain, { state: {} }) as Server;
		const { error } = await runNode({ ...streamed, requests: impatient.requests }, { credentials: credentialsFor(server) });
		expect(error?.context.details).toMatchObject({ code: 'poll_timeout', partialText: 'The ' });
	});

	test('shows a chat also what comes after the stream is given up', async () => {
		server = await startStatefulServer({ cuts: [6, 0], states: ['in_progress', 'completed'], text: WORDS.join('') });
		const { chunks } = await runNode(
			{ ...streamed, requests: { maxRetries: 0 } },
			{ credentials: credentialsFor(server), isStreaming: true },
		);
		expect(chunks.filter(({ type }) => type === 'item').map(({ content }) => content)).toEqual([
			...WORDS.slice(0, 3),
			WORDS.slice(3).join(''),
		]);
	});
});
