import type { IDataObject } from 'n8n-workflow';

import { requestOf, type Call, type Limits, type Reply } from './request';
import { Clock } from './call-timer';
import type { Connection } from './connection';
import { connectionFaultOf } from '../errors/network-errors';
import { Stopped, type Fault } from '../errors/api-error';
import { cutFault, redirectFault, timeoutFault, tooLargeFault } from '../errors/reply-errors';
import type { Pace } from './rate-limiter';

/** Redirects that are followed within one call */
const REDIRECTS = 3;
/** Why a call's controller is aborted at its end: without a reason, Node makes an error with its stack each time */
const OVER = 'over';

/** What an exchange works with. */
export interface Road {
	connection: Connection;
	limits: Limits;
	pace: Pace;
}

/**
 * Makes one call and has its reply read. Whatever happens, the socket is closed afterwards.
 * @throws Fault, or Stopped if the run was stopped
 */
export async function exchange<T>(road: Road, call: Call, read: (reply: Reply) => Promise<T>): Promise<T> {
	let next = call;
	for (let hop = 0; ; hop++) {
		const outcome = await hopTo(road, next, read);
		if ('value' in outcome) return outcome.value;
		if (hop === REDIRECTS) throw redirectFault(outcome.status, outcome.redirect);
		// the address it names is whole, with its query
		next = { ...call, path: outcome.redirect.href, query: undefined };
	}
}

type Outcome<T> = { value: T } | { status: number; redirect: URL };

async function hopTo<T>(road: Road, call: Call, read: (reply: Reply) => Promise<T>): Promise<Outcome<T>> {
	await road.pace.turn();
	let status = 0;
	let headers: Reply['headers'] = {};
	try {
		return await withinTime(road, call, async (reply) => {
			({ status, headers } = reply);
			const redirect = redirectOf(road.connection, call, reply);
			return redirect ? { status, redirect } : { value: await read(reply) };
		});
	} finally {
		road.pace.saw(status, headers);
	}
}

async function withinTime<T>({ connection, limits }: Road, call: Call, take: (reply: Reply) => Promise<T>): Promise<T> {
	const { controller, close } = connection.open();
	const clock = new Clock(limits.timeout * 1000, call.stream === true, limits.until);
	void clock.watch(controller);
	const failed = (missing: string, other: (error: unknown) => Fault) => (error: unknown) => {
		if (connection.stopped()) throw new Stopped();
		throw clock.expired ? timeoutFault(limits.timeout, missing) : other(error);
	};
	try {
		const sent = connection.send(requestOf(call, limits), controller.signal);
		const reply = await sent.catch(failed('begin to answer', connectionFaultOf));
		const cut = failed(call.stream ? 'go on' : 'finish its reply', cutFault);
		return await take({
			status: reply.statusCode,
			headers: headersOf(reply.headers),
			// n8n's type of a body does not know what `encoding: 'stream'` gives
			chunks: bounded(reply.body as unknown as AsyncIterable<Uint8Array>, limits, clock, cut),
			hurry: (milliseconds) => clock.hurry(milliseconds),
		});
	} finally {
		clock.stop();
		// neither leaving the body nor destroying it closes the socket of a server that went quiet
		controller.abort(OVER);
		close();
	}
}

function headersOf(headers: IDataObject): Reply['headers'] {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Where to send the same call again; a redirect that may not be followed is a fault. */
function redirectOf(connection: Connection, call: Call, { status, headers }: Reply): URL | undefined {
	if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
	const base = connection.endpoint.baseUrl;
	const from = call.path.startsWith('/') ? base + call.path : call.path;
	if (!URL.canParse(headers.location, from)) return undefined;
	const target = new URL(headers.location, from);
	// 301 to 303 turn a POST into a GET; another origin must not see the key
	const isSameCall = status > 303 || call.method === 'GET';
	if (isSameCall && target.origin === new URL(base).origin) return target;
	throw redirectFault(status, target);
}

/** The body as far as time and size allow; `cut` throws the fault that what broke it off is. */
async function* bounded(
	chunks: AsyncIterable<Uint8Array>,
	limits: Limits,
	clock: Clock,
	cut: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
	const most = limits.maxReplySize * 1024 * 1024;
	let size = 0;
	clock.heard();
	try {
		for await (const chunk of chunks) {
			clock.heard();
			size += chunk.length;
			if (size > most) break;
			yield chunk;
		}
	} catch (error) {
		cut(error);
	}
	if (size > most) throw tooLargeFault(limits.maxReplySize);
}
