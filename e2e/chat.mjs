// The chat example behind its public address, as a visitor's browser asks it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, describe, it } from 'node:test';
import { examples, importWorkflows } from './host/examples.mjs';
import { post } from './host/post.mjs';

/** @type {{match: {userMessage: string}, response: {content: string}, latency?: number}[]} */
const answers = createRequire(import.meta.url)('../scripts/demo/local-answers.json');

/**
 * @param {import('./host/n8n.mjs').N8n} n8n
 * @param {import('./host/owner.mjs').Owner} owner
 */
export function chatTests(n8n, owner) {
	describe(`n8n ${n8n.install.version} has a chat`, () => {
		/** @type {string} */
		let url;
		before(async () => {
			const workflow = await publicChat();
			await importWorkflows(n8n, [workflow]);
			await owner.publish(workflow.id);
			url = `${n8n.url}/webhook/${workflow.nodes[0].webhookId}/chat`;
		});

		it('that shows an answer while it is written', async () => {
			const known = answers.find(({ latency }) => latency);
			assert.ok(known);
			const pieces = await piecesOf(url, known.match.userMessage);
			assert.equal(pieces.map(({ content }) => content).join(''), known.response.content);
			const [first, last] = [pieces[0], pieces[pieces.length - 1]];
			assert.ok(last.at - first.at > 100, `all of it came within ${last.at - first.at} ms`);
		});
	});
}

/** The example with its chat open to the public. */
async function publicChat() {
	const chat = (await examples()).find(({ nodes }) => nodes[0].type.endsWith('.chatTrigger'));
	if (!chat) throw new Error('No example begins with a chat');
	const [trigger, ...others] = chat.nodes;
	return { ...chat, id: `${chat.id}-public`, nodes: [{ ...trigger, parameters: { ...trigger.parameters, public: true } }, ...others] };
}

/**
 * The pieces of an answer, and when they came in ms.
 * @param {string} url
 * @param {string} chatInput
 */
async function piecesOf(url, chatInput) {
	const { body } = await post(url, { action: 'sendMessage', sessionId: 'e2e', chatInput });
	const decoder = new TextDecoder();
	let text = '';
	/** @type {{content: string, at: number}[]} */
	const pieces = [];
	for await (const bytes of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (body))) {
		const lines = (text + decoder.decode(bytes, { stream: true })).split('\n');
		text = lines.pop() ?? '';
		const chunks = lines.filter(Boolean).map((line) => JSON.parse(line));
		pieces.push(...chunks.filter(({ type }) => type === 'item').map(({ content }) => ({ content, at: performance.now() })));
	}
	return pieces;
}
