import { retryAfterMs } from '../../api/http/retry-after';
import { backoffMs } from '../../api/http/retry';
import { runNode } from '../support/engine';
import { startRawServer } from '../support/raw-server';
import { cutOff, json, sse, startServer, type Reply } from '../support/server';
import { runOnce, credentialsOf, parametersOf } from '../support/cases';

const once = { requests: { maxRetries: 1 } };
const started = sse([{ type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } }]);
const broken = (headers: Record<string, string>) => json({ error: 'Oops' }, { status: 500, headers });

/** What the error says of the waits, and the milliseconds that really lay between the calls. */
async function waitsOf(reply: Reply, maxRetries: number) {
	const { json: item, requests } = await runOnce(reply, { parameters: { requests: { maxRetries } } });
	const { attempts, waitedMs } = item.details as { attempts: number; waitedMs: number };
	return { attempts, waitedMs, gaps: requests.slice(1).map(({ at }, index) => at - requests[index].at) };
}

describe('The wait before the next try', () => {
	test('is what the server asked for', async () => {
		const { attempts, waitedMs, gaps } = await waitsOf(broken({ 'retry-after-ms': '300' }), 1);
		expect(attempts).toBe(2);
		expect(waitedMs).toBeGreaterThanOrEqual(300);
		expect(waitedMs).toBeLessThanOrEqual(gaps[0]);
	});

	test('begins at half a second and doubles, less up to a quarter', async () => {
		const { attempts, waitedMs, gaps } = await waitsOf(json({}, { status: 500 }), 2);
		expect(attempts).toBe(3);
		expect(gaps[0]).toBeGreaterThanOrEqual(375);
		expect(gaps[1]).toBeGreaterThanOrEqual(750);
		expect(waitedMs).toBeGreaterThanOrEqual(375 + 750);
		expect(waitedMs).toBeLessThanOrEqual(gaps[0] + gaps[1]);
	});

	test.each([
		['half a second at first', 1, undefined, 375, 500],
		['twice as long each time', 3, undefined, 1500, 2000],
		['eight seconds at most', 9, undefined, 6000, 8000],
		['what the server asks for and up to a twentieth more', 1, 300, 300, 315],
		['half a second more at most', 1, 60_000, 60_000, 60_500],
	])('is %s', (_, failures, askedMs, least, most) => {
		const waits = [0, 1].map((chance) => {
			jest.spyOn(Math, 'random').mockReturnValue(chance);
			return backoffMs(failures, askedMs);
		});
		jest.restoreAllMocks();
		expect(waits.sort((a, b) => a - b)).toEqual([least, most]);
	});

	test('is what the header says that can be read', () => {
		expect(retryAfterMs({ 'retry-after-ms': '-1', 'retry-after': '0' })).toBe(0);
	});
});

describe('A connection that fails before a reply is tried again', () => {
	test('where the server hangs up', async () => {
		const { json: item, requests } = await runOnce(
			() => {
				throw new Error('The server hangs up when a test throws');
			},
			{ parameters: once },
		);
		expect(item).toMatchObject({
			error: 'The connection ended before a reply came (ECONNRESET)',
			details: { code: 'ECONNRESET', attempts: 2 },
		});
		expect(requests).toHaveLength(2);
	});

	test('where it resets the connection', async () => {
		const server = await startRawServer([], { reset: true });
		await runNode(parametersOf(once), { credentials: credentialsOf(server.url) });
		expect(server.calls).toBe(2);
		await server.close();
	});

	test('where nothing answers, with what to check', async () => {
		const server = await startServer([]);
		await server.close();
		const { error } = await runNode(parametersOf(once), { credentials: credentialsOf(server.url) });
		expect(error).toMatchObject({
			message: 'Nothing answers at the address of the server (ECONNREFUSED)',
			context: { details: { attempts: 2, hint: expect.stringMatching(/host and port in Base URL/) } },
		});
	});

	test('but not where https is asked of a server without it', async () => {
		const server = await startServer([]);
		const { error } = await runNode(parametersOf(), { credentials: credentialsOf(server.url.replace('http:', 'https:')) });
		await server.close();
		expect(error).toMatchObject({
			message: 'The server does not speak https at this address (EPROTO)',
			context: { details: { attempts: 1, hint: expect.stringMatching(/^Try http:/) } },
		});
	});
});

describe('Nothing is tried again', () => {
	test.each([
		['after an event of a stream', started],
		['after an event of a stream that broke off', cutOff(started)],
		['after the beginning of a plain reply', cutOff(json({ output: 'x' }), 5)],
		['after a failed response', json({ status: 'failed', output: [], error: { code: 'server_error', message: 'Oops' } })],
		['after a rate limit with a good status', json({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } })],
		['after an error event', sse([{ type: 'error', error: { message: 'Overloaded', code: 'server_error' } }])],
	])('%s', async (_, reply) => {
		const { json: item, requests } = await runOnce(reply, { parameters: { options: { stream: true } } });
		expect(item).toMatchObject({ details: { attempts: 1 } });
		expect(requests).toHaveLength(1);
	});
});
