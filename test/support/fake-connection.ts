/** A connection without a network: with Jest's fake timers, a test of waits knows the time of each call to the millisecond. */
import { sleep } from 'n8n-workflow';
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { createRedactor } from '../../api/credential/redact';
import { AbortedError } from '../../api/errors/api-error';
import type { RequestContext } from '../../api/http/context';
import type { Connection } from '../../api/http/connection';
import { noRateLimit } from '../../api/http/rate-limiter';
import type { RequestLimits } from '../../api/http/request';

/** A piece of a body: text, or the milliseconds of silence before the next piece. */
type FakePiece = string | number;

/** A reply; `body` is JSON, or pieces. `Infinity` as a piece is a server that says nothing more. */
export interface FakeReply {
	status?: number;
	headers?: { [name: string]: string };
	body?: object | FakePiece[];
	/** Milliseconds before the headers come */
	after?: number;
	/** What n8n's helper throws instead of a reply */
	error?: object;
}

/** A call as it went out, and when: in milliseconds from the making of the context. */
export interface FakeCall {
	method: string;
	path: string;
	query: IHttpRequestOptions['qs'];
	at: number;
}

const LIMITS: RequestLimits = { timeout: 600, maxRetries: 2, maxRetryWait: 120, maxReplySize: 64 };

/**
 * The context of requests that get these replies in turn, the last one again and again.
 * @param stop the user's Stop button
 */
export function fakeContext(replies: FakeReply[], limits: Partial<RequestLimits> = {}, stop = new AbortController()) {
	const begin = Date.now();
	const calls: FakeCall[] = [];
	const connection: Connection = {
		server: {
			baseUrl: 'https://api.example.com/v1',
			query: {},
			headers: {},
			ignoreCertificates: false,
			key: '',
			extraSecrets: [],
		},
		redactor: createRedactor(''),
		send: async ({ method = 'GET', url, qs }, signal) => {
			const reply = replies[Math.min(calls.length, replies.length - 1)];
			calls.push({ method, path: url, query: qs, at: Date.now() - begin });
			return await answer(reply, signal);
		},
		createController: () => {
			if (stop.signal.aborted) throw new AbortedError();
			const controller = new AbortController();
			const abort = () => controller.abort();
			stop.signal.addEventListener('abort', abort);
			return { controller, unregister: () => stop.signal.removeEventListener('abort', abort) };
		},
		isCancelled: () => stop.signal.aborted,
	};
	const context: RequestContext = { connection, limits: { ...LIMITS, ...limits }, rateLimiter: noRateLimit(connection) };
	return { context, calls };
}

async function answer({ status = 200, headers = {}, body = [], after = 0, error }: FakeReply, signal: AbortSignal) {
	if (after > 0) await silence(after, signal);
	if (error) throw error;
	const pieces: FakePiece[] = Array.isArray(body) ? body : [JSON.stringify(body)];
	const reply: unknown = { statusCode: status, headers, body: chunksOf(pieces, signal) };
	return reply as IN8nHttpFullResponse;
}

async function* chunksOf(pieces: FakePiece[], signal: AbortSignal) {
	for (const piece of pieces) {
		if (typeof piece === 'string') yield Buffer.from(piece);
		else await silence(piece, signal);
	}
}

/** Nothing for that long; rejects when the call is aborted, as a body does. */
async function silence(milliseconds: number, signal: AbortSignal) {
	let abort = () => {};
	const aborted = new Promise((_, reject) => {
		abort = () => reject(new TypeError('terminated'));
		signal.addEventListener('abort', abort);
	});
	await Promise.race(milliseconds === Infinity ? [aborted] : [aborted, sleep(milliseconds)]);
	signal.removeEventListener('abort', abort);
}

/** What a promise comes to once all the time that it waits for has passed; an error it rejects with is a result too. */
export async function settled<T>(promise: Promise<T>): Promise<T | Error> {
	const result = promise.catch((error: unknown) => (error instanceof Error ? error : new TypeError(String(error))));
	await jest.runAllTimersAsync();
	return await result;
}
