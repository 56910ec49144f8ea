import type { IDataObject } from 'n8n-workflow';

import { toHttpRequest, type ApiRequest, type RequestLimits, type HttpResponse } from './request';
import { CallTimer } from './call-timer';
import type { Connection } from './connection';
import { networkError } from '../errors/network-errors';
import { AbortedError, type ApiError } from '../errors/api-error';
import { truncatedError, redirectError, timeoutError, replyTooLargeError } from '../errors/reply-errors';
import type { RateLimiter } from './rate-limiter';

/** Redirects that are followed within one call */
const MAX_REDIRECTS = 3;
/** Why a call's controller is aborted at its end: without a reason, Node makes an error with its stack each time */
const OVER = 'over';

/** What an exchange works with. */
export interface RequestContext {
	connection: Connection;
	limits: RequestLimits;
	rateLimiter: RateLimiter;
}

/**
 * Makes one call and has its reply read. Whatever happens, the socket is closed afterwards.
 * @throws Fault, or Stopped if the run was stopped
 */
export async function send<T>(road: RequestContext, call: ApiRequest, read: (reply: HttpResponse) => Promise<T>): Promise<T> {
	let next = call;
	for (let hop = 0; ; hop++) {
		const outcome = await sendOnce(road, next, read);
		if ('value' in outcome) return outcome.value;
		if (hop === MAX_REDIRECTS) throw redirectError(outcome.status, outcome.redirect);
		// the address it names is whole, with its query
		next = { ...call, path: outcome.redirect.href, query: undefined };
	}
}

type SendResult<T> = { value: T } | { status: number; redirect: URL };

async function sendOnce<T>(road: RequestContext, call: ApiRequest, read: (reply: HttpResponse) => Promise<T>): Promise<SendResult<T>> {
	await road.rateLimiter.acquire();
	let status = 0;
	let headers: HttpResponse['headers'] = {};
	try {
		return await openWithTimeout(road, call, async (reply) => {
			({ status, headers } = reply);
			const redirect = redirectTarget(road.connection, call, reply);
			return redirect ? { status, redirect } : { value: await read(reply) };
		});
	} finally {
		road.rateLimiter.release(status, headers);
	}
}

async function openWithTimeout<T>(
	{ connection, limits }: RequestContext,
	call: ApiRequest,
	take: (reply: HttpResponse) => Promise<T>,
): Promise<T> {
	const { controller, close } = connection.open();
	const clock = new CallTimer(limits.timeout * 1000, call.stream === true, limits.deadline);
	void clock.run(controller);
	const failed = (missing: string, other: (error: unknown) => ApiError) => (error: unknown) => {
		if (connection.isCancelled()) throw new AbortedError();
		throw clock.expired ? timeoutError(limits.timeout, missing) : other(error);
	};
	try {
		const sent = connection.send(toHttpRequest(call, limits), controller.signal);
		const reply = await sent.catch(failed('begin to answer', networkError));
		const cut = failed(call.stream ? 'go on' : 'finish its reply', truncatedError);
		return await take({
			status: reply.statusCode,
			headers: lowerCaseHeaders(reply.headers),
			// n8n's type of a body does not know what `encoding: 'stream'` gives
			chunks: limitedBody(reply.body as unknown as AsyncIterable<Uint8Array>, limits, clock, cut),
			setDeadline: (milliseconds) => clock.setDeadline(milliseconds),
		});
	} finally {
		clock.stop();
		// neither leaving the body nor destroying it closes the socket of a server that went quiet
		controller.abort(OVER);
		close();
	}
}

function lowerCaseHeaders(headers: IDataObject): HttpResponse['headers'] {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Where to send the same call again; a redirect that may not be followed is a fault. */
function redirectTarget(connection: Connection, call: ApiRequest, { status, headers }: HttpResponse): URL | undefined {
	if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
	const base = connection.server.baseUrl;
	const from = call.path.startsWith('/') ? base + call.path : call.path;
	if (!URL.canParse(headers.location, from)) return undefined;
	const target = new URL(headers.location, from);
	// 301 to 303 turn a POST into a GET; another origin must not see the key
	const isSameCall = status > 303 || call.method === 'GET';
	if (isSameCall && target.origin === new URL(base).origin) return target;
	throw redirectError(status, target);
}

/** The body as far as time and size allow; `cut` throws the fault that what broke it off is. */
async function* limitedBody(
	chunks: AsyncIterable<Uint8Array>,
	limits: RequestLimits,
	clock: CallTimer,
	cut: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
	const most = limits.maxReplySize * 1024 * 1024;
	let size = 0;
	clock.onData();
	try {
		for await (const chunk of chunks) {
			clock.onData();
			size += chunk.length;
			if (size > most) break;
			yield chunk;
		}
	} catch (error) {
		cut(error);
	}
	if (size > most) throw replyTooLargeError(limits.maxReplySize);
}
