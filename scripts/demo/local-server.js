/** The embedded server: knows the answers to the example workflows, so that they run without a key and without a network. */
const { randomUUID } = require('node:crypto');
const { LLMock } = require('@copilotkit/aimock');
const { background } = require('./local-background');
/** @type {Answer[]} */
const answers = require('./local-answers.json');

/**
 * `latency`: milliseconds between the pieces of a stream, as a model takes to write; default 0
 * @typedef {{ match: { userMessage: string }, response: { content: string | object }, latency?: number }} Answer
 */

/** The model that the example workflows name. The server lists it, and answers under any other name too. */
const MODEL = 'gpt-5.4';

const UNKNOWN =
	'This is the local example server. It only knows the answers to the example workflows; connect a real server for anything else.';

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/**
 * Tokens of a text, at the usual four characters a token, and one a Chinese or Japanese character.
 * @param {string} text
 */
function tokensOf(text) {
	const wide = text.match(WIDE)?.length ?? 0;
	return wide + Math.ceil((text.length - wide) / 4);
}

/**
 * An answer as a reply, with the usage that a server would count for the request at hand.
 * @param {string | object} content an object is sent as JSON text
 * @returns {(request: import('@copilotkit/aimock').ChatCompletionRequest) => import('@copilotkit/aimock').TextResponse}
 */
const reply =
	(content) =>
	({ messages }) => {
		const text = typeof content === 'string' ? content : JSON.stringify(content);
		const input = messages.reduce((sum, message) => sum + tokensOf(String(message.content)), 0);
		return { content: text, usage: { input_tokens: input, output_tokens: tokensOf(text) } };
	};

/**
 * Starts the server on this machine only, at a free port unless one is given. It refuses every key but its own.
 * @param {{ port?: number, apiKey?: string, workTime?: number }} [options] `apiKey`: default a new random one; `workTime`:
 *   milliseconds that a response in the background takes
 */
async function startLocalServer({ port = 0, apiKey = `local-${randomUUID()}`, workTime = 3000 } = {}) {
	const server = new LLMock({ host: '127.0.0.1', port, auth: { apiKeys: [apiKey] } });
	server.mount('/v1/responses', background({ url: () => server.url, workTime }));
	for (const { match, response, latency } of answers) server.on(match, reply(response.content), { latency });
	server.on({ model: MODEL }, reply(UNKNOWN)); // the models that aimock lists are those its fixtures name
	server.on({}, reply(UNKNOWN));
	await server.start();
	return { url: `${server.url}/v1`, apiKey, stop: () => server.stop() };
}

module.exports = { MODEL, startLocalServer };
