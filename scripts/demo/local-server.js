/** The embedded server: knows the answers to the example workflows, so that they run without a key and without a network. */
const { randomUUID } = require('node:crypto');
const { LLMock } = require('@copilotkit/aimock');
const { background } = require('./local-background');
const { embeddings } = require('./local-embeddings');

/**
 * @typedef {object} Answer
 * @property {{ userMessage: string, systemMessage?: string, hasToolResult?: boolean, toolResultContains?: string }} match parts of what is
 *   asked: of the last message, the instructions, what the last tool gave
 * @property {{ content?: string | object, toolCalls?: { name: string, arguments: object }[] } & Partial<Refusal>} response
 * @property {number} [latency] milliseconds between the pieces of a stream, as a model takes to write; default 0
 */

/** @typedef {{ error: { message: string, type?: string, code?: string }, status: number }} Refusal in the words of a real server */

/** @type {Answer[]} */
const answers = require('./local-answers.json');

/** The model that the example workflows name. The server lists it, and answers under any other name too. */
const MODEL = 'gpt-5.4';

const UNKNOWN =
	'This is the local example server. It only knows the answers to the example workflows; connect a real server for anything else.';

/** Tokens of a text, at the usual four characters a token, and one a Chinese or Japanese character. @param {string} text */
function tokensOf(text) {
	const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
	return wide + Math.ceil((text.length - wide) / 4);
}

/** An answer with the usage that a server would count for the request; an object is sent as JSON. @param {Answer['response']} response */
const reply =
	({ content = '', toolCalls = [] }) =>
	(/** @type {import('@copilotkit/aimock').ChatCompletionRequest} */ { messages }) => {
		const text = typeof content === 'string' ? content : JSON.stringify(content);
		const input = messages.reduce((sum, message) => sum + tokensOf(String(message.content)), 0);
		const calls = toolCalls.map(({ name, arguments: given }) => ({ name, arguments: JSON.stringify(given) }));
		const usage = { input_tokens: input, output_tokens: tokensOf(text + calls.map((call) => call.arguments).join('')) };
		return calls.length > 0 ? { toolCalls: calls, usage } : { content: text, usage };
	};

/**
 * Starts the server at a free port of this machine only. It refuses every key but its own.
 * @param {{ workTime?: number }} [options] milliseconds that a response in the background takes
 */
async function startLocalServer({ workTime = 3000 } = {}) {
	const apiKey = `local-${randomUUID()}`;
	const server = new LLMock({ host: '127.0.0.1', port: 0, auth: { apiKeys: [apiKey] } });
	server.mount('/v1/embeddings', embeddings);
	server.mount('/v1/responses', background({ url: () => server.url, workTime }));
	for (const { match, response, latency } of answers)
		server.on(match, response.error ? /** @type {Refusal} */ (response) : reply(response), { latency });
	server.on({ model: MODEL }, reply({ content: UNKNOWN })); // the models that aimock lists are those its fixtures name
	server.on({}, reply({ content: UNKNOWN }));
	await server.start();
	return { url: `${server.url}/v1`, apiKey, stop: () => server.stop() };
}

module.exports = { MODEL, startLocalServer };
