// A server of the Responses API whose answers are fixed by the name of the model, and which keeps what it was asked.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** @type {typeof import('../../test/support/replies.js')} */
const { json, sse } = require('../../test/support/replies');
/** @type {typeof import('../../test/support/server.js')} */
const { startServer } = require('../../test/support/server');

/** @typedef {Record<string, any>} Json */
/** @typedef {import('../../test/support/replies.js').Reply} Reply */
/** @typedef {(body: Json, round: number) => Reply} Answer `round`: how many calls have been answered so far */

const usage = { input_tokens: 21, output_tokens: 5, total_tokens: 26 };

/** @type {(text: string) => Json} */
export const message = (text) => ({
	id: 'msg_1',
	type: 'message',
	role: 'assistant',
	status: 'completed',
	content: [{ type: 'output_text', text, annotations: [] }],
});
/** @type {(name: string, args: object, callId?: string) => Json} */
export const call = (name, args, callId = 'call_1') => ({
	id: `fc_${callId}`,
	type: 'function_call',
	status: 'completed',
	call_id: callId,
	name,
	arguments: JSON.stringify(args),
});
export const reasoning = { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'gAAA' };

/** A response of these items, plain or as a stream, as it was asked for. @type {(body: Json, output: Json[], more?: Json) => Reply} */
export function answer({ model, stream }, output, more) {
	const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model, output, usage, ...more };
	if (!stream) return json(response);
	const events = output.flatMap((item, output_index) => [
		{ type: 'response.output_item.added', output_index, item: { ...item, content: [], arguments: '' } },
		...wordsOf(item).map((delta) => ({ type: 'response.output_text.delta', output_index, item_id: item.id, content_index: 0, delta })),
		{ type: 'response.output_item.done', output_index, item },
	]);
	const created = { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } };
	return sse([created, ...events, { type: 'response.completed', response }]);
}

/** @param {Json} item @returns {string[]} */
const wordsOf = ({ type, content }) => (type === 'message' ? content[0].text.match(/\S+\s*/g) : []);

/** The same as a chat completion, as AnyAPI documents its replies. @type {(message: Json) => Reply} */
export const chatCompletion = (said) =>
	json({
		object: 'chat.completion',
		model: 'm',
		choices: [{ index: 0, message: { role: 'assistant', ...said }, finish_reason: said.tool_calls ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 21, completion_tokens: 5, total_tokens: 26 },
	});

/**
 * Starts it. What it was asked is found by the name of the model.
 * @param {Record<string, Answer>} answers by the name of the model
 */
export async function startModels(answers) {
	const embedding = { object: 'embedding', index: 0, embedding: [0.6, 0.8] };
	const server = await startServer(({ path, body }) => {
		if (path.endsWith('/embeddings')) return json({ object: 'list', model: body.model, data: [embedding], usage: { total_tokens: 1 } });
		const rounds = body.input.filter((/** @type {Json} */ { type }) => type === 'function_call_output').length;
		return answers[body.model](body, rounds);
	});
	/** @type {(model: string) => Json[]} */
	const bodiesOf = (model) => server.requests.map(({ body }) => body).filter((body) => body.model === model);
	return { ...server, bodiesOf };
}
