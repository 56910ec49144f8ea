// Each example as its user runs it: by n8n's own command, live behind a webhook, in a visitor's chat.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { request } from './host/n8n.mjs';
import { withWebhook, workflowsIn } from './host/workflows.mjs';

/** @typedef {import('./host/n8n.mjs').Json} Json */

/** @type {import('../scripts/demo/local-server.js').Answer[]} */
export const known = createRequire(import.meta.url)('../scripts/demo/local-answers.json');
const examples = workflowsIn('examples');
/** @type {(example: import('./host/workflows.mjs').Workflow, type: string) => boolean} */
const has = ({ nodes }, type) => nodes.some((node) => node.type === type);
const CHAT = '@n8n/n8n-nodes-langchain.chatTrigger';
const CODE_TOOL = '@n8n/n8n-nodes-langchain.toolCode';
const [MANUAL, SCHEDULE] = ['n8n-nodes-base.manualTrigger', 'n8n-nodes-base.scheduleTrigger'];
/** What is run by hand and done at once; the one that takes a night has a test of its own. */
const manual = examples.filter((example) => !has(example, CHAT) && !has(example, SCHEDULE));

/** The same with its chat open to the public. @type {(example: import('./host/workflows.mjs').Workflow) => import('./host/workflows.mjs').Workflow} */
const opened = ({ id, nodes, ...example }) => ({
	...example,
	id: `${id}-public`,
	nodes: nodes.map((node) => (node.type === CHAT ? { ...node, parameters: { ...node.parameters, public: true } } : node)),
});
const chats = examples.filter((example) => has(example, CHAT)).map(opened);

/** The examples behind webhooks, and the chats open to the public; what is run by hand beside a chat is behind a webhook too. */
export const liveExamples = [...manual.map(withWebhook), ...chats.map((chat) => (has(chat, MANUAL) ? withWebhook(chat) : chat))];

const ends = /** @type {Map<string, Json[]>} */ (new Map()); // what came out of the last node of each by command

/**
 * `n8n execute --id`, for which no n8n needs to run. `hasTools`: whether that n8n is new enough for tools on the canvas.
 * @type {(n8n: import('./host/n8n.mjs').N8n, hasTools?: boolean) => void}
 */
export function commandTests({ version, command }, hasTools = true) {
	describe(`n8n ${version} executes by command`, () => {
		for (const { id, name, nodes } of manual.filter((example) => hasTools || !has(example, CODE_TOOL))) {
			it(name, async () => {
				const printed = await command('execute', `--id=${id}`, '--rawOutput');
				const execution = JSON.parse(printed.slice(printed.search(/^\{/m), printed.lastIndexOf('\n}') + 2));
				const { runData, lastNodeExecuted, error } = execution.data.resultData;
				// Not its status: n8n 2.0 prints `running` of an execution that succeeded.
				assert.equal(execution.finished, true, JSON.stringify(error));

				/** All that a node gave; one in a loop runs more than once, one that was not reached never. @type {(node: string) => Json[]} */
				const itemsOf = (node) => (runData[node] ?? []).flatMap((/** @type {Json} */ { data }) => data.main.flat());
				const ours = nodes.filter(({ type }) => type === 'n8n-nodes-responses.responses');
				const given = ours.flatMap((node) => itemsOf(node.name));
				for (const { json, pairedItem } of given) assert.ok(pairedItem !== undefined, JSON.stringify(json));
				const steps = ours.filter(({ parameters }) => !('operation' in parameters)); // not those that get what was begun
				const asked = steps.flatMap((step) => itemsOf(runData[step.name][0].source[0].previousNode));
				const answers = answersIn(given.map(({ json }) => json));
				// Of so many comments some get the same reply: these are looked at one by one elsewhere
				if (id !== 'responsesSpreadsheet') assert.equal(answers.size, asked.length, 'A row without an answer of its own');
				ends.set(
					id,
					itemsOf(lastNodeExecuted).map(({ json }) => json),
				);
			});
		}
	});
}

/** Which of the known answers and refusals these hold. @param {Json[]} rows */
const answersIn = (rows) => new Set(known.filter(({ response }) => rows.some((row) => holds(row, response))));

/** @type {(row: Json, response: import('../scripts/demo/local-server.js').Answer['response']) => boolean} */
const holds = (row, { content, error }) => {
	if (content === undefined) return row.error !== undefined && row.error === error?.message;
	if (typeof content === 'string') return Object.values(row).includes(content);
	return Object.entries(content).every(([key, value]) => row[key] === value);
};

/** @type {(n8n: import('./host/n8n.mjs').N8n, owner: import('./host/n8n.mjs').Owner) => void} */
export function liveTests({ url }, owner) {
	describe('live', () => {
		for (const { id, name } of manual) {
			it(name, async () => {
				const [items, byCommand = []] = [await owner.run(id), ends.get(id)];
				assert.equal(items.length, byCommand.length);
				assert.deepEqual(answersIn(items), answersIn(byCommand));
			});
		}

		/** What a visitor of an example's chat is sent in answer. @type {(id: string, chatInput: string) => Promise<Response>} */
		const say = async (id, chatInput) => {
			const [{ nodes }] = liveExamples.filter((example) => example.id === id);
			const [{ webhookId }] = nodes.filter(({ type }) => type === CHAT);
			await owner.publish(id);
			return await request('POST', `${url}/webhook/${webhookId}/chat`, { action: 'sendMessage', sessionId: 'e2e', chatInput });
		};
		/** The pieces of an answer, and when each came. @param {Response} reply */
		const piecesOf = async ({ body }) => {
			/** @type {{content: string, at: number}[]} */
			const pieces = [];
			for await (const line of createInterface({ input: Readable.fromWeb(/** @type {never} */ (body)) })) {
				const { type, content } = JSON.parse(line);
				if (type === 'item') pieces.push({ content, at: performance.now() });
			}
			return pieces;
		};

		it('Chat, which shows an answer while it is written', async () => {
			const [asked] = known.filter(({ latency }) => latency);
			const pieces = await piecesOf(await say('responsesChat-public', asked.match.userMessage));
			assert.equal(pieces.map(({ content }) => content).join(''), asked.response.content);
			const time = pieces[pieces.length - 1].at - pieces[0].at;
			assert.ok(time > 100, `all of it came within ${time} ms`);
		});
		it('Agent, which answers when its tools have', async () => {
			const [answer] = known.filter(({ match, latency }) => match.toolResultContains && latency);
			const pieces = await piecesOf(await say('responsesAgent-public', `${answer.match.userMessage} Write it to a customer in Hamburg.`));
			assert.equal(pieces.map(({ content }) => content).join(''), answer.response.content);
		});
		it('Documents, of which those that fit are found', async () => {
			const [answer] = known.filter(({ match }) => match.systemMessage);
			assert.equal((await owner.run('responsesDocuments-public')).length, 5);
			const reply = await say('responsesDocuments-public-webhook', answer.match.userMessage);
			assert.deepEqual(await reply.json(), { response: answer.response.content });
		});
	});
}
