/**
 * Models of servers for the simulation: what a call that comes at a moment is answered, and after how long. All times are
 * milliseconds, counted from the start of the simulation.
 */
export interface SimulatedReply {
	/** HTTP status, or the code of Node.js where there is no reply */
	status: number | string;
	afterMs: number;
	/** Milliseconds that the answer takes longer, seen from then on; it is there at 0 */
	restMs?: (now: number) => number;
	headers?: { [name: string]: string };
	body?: string;
}

/** A server, told when a call comes, and of which row it is. */
export type Server = (now: number, row: number) => SimulatedReply;

/** Makes a fresh server, which draws its lots from there. */
export type ServerModel = (random: () => number) => Server;

/** How long an answer takes. */
export type Latency = (random: () => number) => number;

/** Milliseconds until a refusal is there */
const AT_ONCE = 1;

/** Answers that all take nearly as long. */
export const even =
	(ms: number): Latency =>
	(random) =>
		ms * (0.95 + random() / 10);

/** Answers of very uneven length, half of them shorter: log-normal, one of a hundred takes ten times as long. */
export const uneven =
	(ms: number): Latency =>
	(random) =>
		ms * Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

/** How a server refuses a call. */
export interface RefusalWords {
	/** Seconds, in the header */
	retryAfter?: number;
	/** Absent: nothing at all */
	message?: string;
	status?: number;
}

const refuse = ({ retryAfter, message, status = 429 }: RefusalWords): SimulatedReply => ({
	status,
	afterMs: AT_ONCE,
	body: message && JSON.stringify({ error: { message } }),
	headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
});

const answer = (afterMs: number): SimulatedReply => ({ status: 200, afterMs });

/** Takes all that come. */
export const unlimited =
	(latency: Latency): ServerModel =>
	(random) =>
	() =>
		answer(latency(random));

/** Takes so many calls at once and refuses more. */
export const atOnce =
	(most: number, latency: Latency, words: RefusalWords = {}): ServerModel =>
	(random) => {
		let ends: number[] = [];
		return (now) => {
			ends = ends.filter((end) => end > now);
			if (ends.length >= most) return refuse(words);
			const reply = answer(latency(random));
			ends.push(now + reply.afterMs);
			return reply;
		};
	};

/** A token bucket: so many calls a second, and so many more after a rest. */
export const bucket =
	(perSecond: number, burst: number, latency: Latency, words: RefusalWords = {}): ServerModel =>
	(random) => {
		let tokens = burst;
		let filledAt = 0;
		return (now) => {
			tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
			filledAt = now;
			if (tokens < 1) return refuse(words);
			tokens--;
			return answer(latency(random));
		};
	};

/** So many calls in a time that begins with the first of them (`fixed`) or that is always the last one (`sliding`). */
export const windowed =
	(most: number, ms: number, latency: Latency, words: RefusalWords = {}, kind: 'fixed' | 'sliding' = 'fixed'): ServerModel =>
	(random) => {
		let taken: number[] = [];
		return (now) => {
			if (kind === 'sliding') taken = taken.filter((at) => at > now - ms);
			else if (taken.length > 0 && now >= taken[0] + ms) taken = [];
			if (taken.length >= most) {
				const wait = Math.ceil((taken[0] + ms - now) / 1000);
				return refuse(words.retryAfter === undefined ? words : { ...words, retryAfter: wait });
			}
			taken.push(now);
			return answer(latency(random));
		};
	};

/** Works on so many calls at once and lets the others wait (Ollama, llama.cpp). */
export const queue =
	(slots: number, latency: Latency): ServerModel =>
	(random) => {
		const freeAt = Array<number>(slots).fill(0);
		return (now) => {
			const slot = freeAt.indexOf(Math.min(...freeAt));
			freeAt[slot] = Math.max(now, freeAt[slot]) + latency(random);
			return answer(freeAt[slot] - now);
		};
	};

/** Works on all at once, each the slower the more there are: at half the speed with so many (vLLM). */
export const batched =
	(halfSpeedAt: number, latency: Latency): ServerModel =>
	(random) => {
		let inFlight = 0;
		let done = 0;
		let at = 0;
		/** How much work each call had done on it until now, in milliseconds of a call alone */
		const work = (now: number) => {
			done += (now - at) / (1 + inFlight / halfSpeedAt);
			at = now;
			return done;
		};
		return (now) => {
			const end = work(now) + latency(random);
			inFlight++;
			const restMs = (later: number) => {
				const rest = end - work(later);
				if (rest <= 0.01) inFlight--;
				return rest <= 0.01 ? 0 : Math.max(25, rest);
			};
			return { ...answer(end - done), restMs };
		};
	};

/** Refuses that share of the calls by chance. */
export const moody =
	(share: number, model: ServerModel, words: RefusalWords): ServerModel =>
	(random) => {
		const server = model(random);
		return (now, row) => (random() < share ? refuse(words) : server(now, row));
	};

/** Refuses every so many-th call. */
export const everyNth =
	(nth: number, model: ServerModel, words: RefusalWords): ServerModel =>
	(random) => {
		const server = model(random);
		let calls = 0;
		return (now, row) => (++calls % nth === 0 ? refuse(words) : server(now, row));
	};

/** Is away for some time; the calls that it works on then are lost. */
export const away =
	(from: number, ms: number, model: ServerModel, status: number | string = 502): ServerModel =>
	(random) => {
		const server = model(random);
		return (now, row) => {
			if (now >= from && now < from + ms) return { status, afterMs: AT_ONCE };
			const reply = server(now, row);
			const isCut = now < from && now + reply.afterMs > from;
			return isCut ? { status, afterMs: from - now } : reply;
		};
	};

/** Tells with each answer what is left of its limits. */
export const telling =
	(model: ServerModel, headers: (now: number, calls: number) => { [name: string]: string }): ServerModel =>
	(random) => {
		const server = model(random);
		let calls = 0;
		return (now, row) => {
			const reply = server(now, row);
			return { ...reply, headers: { ...reply.headers, ...headers(now + reply.afterMs, ++calls) } };
		};
	};

/** Every call and every reply is so long on its way. */
export const remote =
	(ms: number, model: ServerModel): ServerModel =>
	(random) => {
		const server = model(random);
		return (now, row) => {
			const way = () => ms * (0.7 + 0.6 * random());
			const reply = server(now + way(), row);
			return { ...reply, afterMs: reply.afterMs + 2 * way() };
		};
	};

/** Refuses some rows whatever happens, and takes the others. */
export const refusing =
	(isRefused: (row: number) => boolean, model: ServerModel, words: RefusalWords): ServerModel =>
	(random) => {
		const server = model(random);
		return (now, row) => (isRefused(row) ? refuse(words) : server(now, row));
	};

/** A token bucket that tells with each reply what is left of it and when it is full again. */
export const tellingBucket =
	(perSecond: number, burst: number, latency: Latency, resetOf: (ms: number, now: number) => string): ServerModel =>
	(random) => {
		let tokens = burst;
		let filledAt = 0;
		return (now) => {
			tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
			filledAt = now;
			const isTaken = tokens >= 1;
			if (isTaken) tokens--;
			const headers = {
				'x-ratelimit-limit-requests': String(burst),
				'x-ratelimit-remaining-requests': String(Math.floor(tokens)),
				'x-ratelimit-reset-requests': resetOf(((burst - tokens) / perSecond) * 1000, now),
			};
			return { ...(isTaken ? answer(latency(random)) : refuse({})), headers };
		};
	};
