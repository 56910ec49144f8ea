// A server of the Responses API that answers every row with its own text, and remembers who asked for what.

import { setTimeout as sleep } from 'node:timers/promises';
import { json, sse } from '../test/support/replies.js';
import { startServer } from '../test/support/server.js';

const TIME = 100; // ms that an answer takes

/** A row with this text gets no answer. */
export const NEVER = 'never';
/** A picture of one pixel, which the server asks for and gives back in a stream. */
export const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Starts it, at a free port of 127.0.0.1. */
export async function startCountingServer() {
	/** How often each row was asked for. @type {Map<string, number>} */
	const asked = new Map();
	const { url, close, requests, request } = await startServer(async ({ body }) => {
		const text = textOf(body);
		asked.set(text, (asked.get(text) ?? 0) + 1);
		if (text === NEVER) return { body: [new Promise(() => {})] };
		await sleep(TIME);
		return body.stream ? sse(eventsOf(text)) : json(responseOf(text));
	});
	return { url: `${url}/v1`, apiKey: 'queue', requests, request, close, asked };
}

/** What the row asks: the text of the one message. @param {{input: {content: string | {text?: string}[]}[]}} body */
const textOf = ({ input: [{ content }] }) => (typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join(''));

/** @type {(text: string, ...more: object[]) => object} */
const responseOf = (text, ...more) => {
	const content = [{ type: 'output_text', text, annotations: [] }];
	const output = [{ type: 'message', role: 'assistant', status: 'completed', content }, ...more];
	const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
	return { id: `resp_${text}`, object: 'response', model: 'local', status: 'completed', output, usage };
};

/** The answer as a stream, with a picture beside it. @param {string} text */
const eventsOf = (text) => {
	const picture = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: PICTURE, output_format: 'png' };
	return [
		{ type: 'response.output_text.delta', delta: text, item_id: 'msg_1', output_index: 0, content_index: 0 },
		{ type: 'response.completed', response: responseOf(text, picture) },
	];
};
