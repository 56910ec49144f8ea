// The node as the tool of n8n's own AI Agent. What the agent's model would decide is fixed by a local server.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { importWorkflows } from './host/examples.mjs';
import { temporaryFolder } from './host/processes.mjs';

const KEY = 'sk-agent';
const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const OPENAI = { id: 'openAiApi', name: 'OpenAI', type: 'openAiApi' };
const OURS = { id: 'responsesOfAgent', name: 'Responses API of the agent', type: 'responsesApi' };

/** Versions of the agent: the older one calls its tools itself, for the newer one the engine runs them. */
const AGENTS = [2.2, 3.1];

/** What the agent's model fills in. */
const ASKED = { model: 'small-model', text: 'Good morning', rules: 'Translate into French' };

/** @param {import('./host/n8n.mjs').N8n} n8n */
export function agentTests(n8n) {
	describe(`n8n ${n8n.install.version} has an AI Agent`, () => {
		/** @type {LLMock} */
		let server;
		before(async () => {
			server = await startModels();
			await importCredentials(n8n, `${server.url}/v1`);
			await importWorkflows(
				n8n,
				AGENTS.flatMap((version) => [
					agentWith(`asks-${version}`, version, 'Say good morning in French'),
					agentWith(`fails-${version}`, version, 'Ask a model that does not exist'),
				]),
			);
		});
		after(() => server.stop());

		for (const version of AGENTS) {
			it(`${version} that fills in prompt, instructions and model, and is given the answer alone`, async () => {
				const answer = [{ text: 'system: Translate into French | user: Good morning' }];
				assert.deepEqual(JSON.parse(await answerOf(n8n, `asks-${version}`)), answer);
			});

			it(`${version} that is told what went wrong and what to do`, async () => {
				const [{ error, details }] = JSON.parse(await answerOf(n8n, `fails-${version}`));
				assert.equal(error, 'The model `big-model` does not exist');
				assert.match(details.hint, /choose another/);
			});
		}
	});
}

/** The agent's model asks its tool, then says word for word what the tool gave; the tool's says what it was asked. */
async function startModels() {
	const server = new LLMock({ host: '127.0.0.1', port: 0, auth: { apiKeys: [KEY] } });
	/** @param {object} args */
	const call = (args) => ({ toolCalls: [{ name: 'Translator', arguments: JSON.stringify(args) }] });
	server.on({ model: 'agent', hasToolResult: true }, ({ messages }) => ({ content: String(messages.at(-1)?.content) }));
	server.on({ model: 'agent', userMessage: 'does not exist' }, call({ ...ASKED, model: 'big-model' }));
	server.on({ model: 'agent' }, call(ASKED));
	server.on({ model: 'small-model' }, ({ messages }) => ({
		content: messages.map(({ role, content }) => `${role}: ${content}`).join(' | '),
	}));
	server.on({ model: 'big-model' }, { error: { message: 'The model `big-model` does not exist', code: 'model_not_found' }, status: 404 });
	await server.start();
	return server;
}

/**
 * @param {import('./host/n8n.mjs').N8n} n8n
 * @param {string} url
 */
async function importCredentials(n8n, url) {
	const file = join(temporaryFolder('credentials'), 'credentials.json');
	const credentials = [
		{ ...OPENAI, data: { apiKey: KEY, url } },
		{ ...OURS, data: { apiKey: KEY, baseUrl: url } },
	];
	await writeFile(file, JSON.stringify(credentials));
	await n8n.command('import:credentials', `--input=${file}`);
}

/**
 * An agent whose one tool is our node, as the editor saves it.
 * @param {string} id
 * @param {number} version
 * @param {string} prompt
 * @returns {import('./host/examples.mjs').Workflow}
 */
function agentWith(id, version, prompt) {
	const fromAI = (/** @type {string} */ name) => `={{ $fromAI('${name}', '', 'string') }}`;
	const named = ({ name, type, id: of } = OURS) => ({ credentials: { [type]: { id: of, name } } });
	const of = (/** @type {string} */ value) => ({ __rl: true, mode: 'id', value });
	/** @type {import('./host/examples.mjs').Node[]} */
	const nodes = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
		{
			name: 'Agent',
			type: `${LANGCHAIN}.agent`,
			typeVersion: version,
			position: [200, 0],
			parameters: { promptType: 'define', text: prompt, options: {} },
		},
		{
			name: 'Chat model',
			type: `${LANGCHAIN}.lmChatOpenAi`,
			typeVersion: 1.2,
			position: [200, 200],
			parameters: { model: of('agent'), options: {} },
			...named(OPENAI),
		},
		{
			name: 'Translator',
			type: 'n8n-nodes-responses.responsesTool',
			typeVersion: 1,
			position: [400, 200],
			parameters: { toolDescription: 'Translates', model: of(fromAI('model')), prompt: fromAI('text'), instructions: fromAI('rules') },
			...named(),
		},
	];
	const to = (/** @type {string} */ type) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const connections = { Start: to('main'), 'Chat model': to('ai_languageModel'), Translator: to('ai_tool') };
	return { id, name: id, nodes: nodes.map((node) => ({ id: node.name, ...node })), connections, settings: { executionOrder: 'v1' } };
}

/**
 * What the agent says in the end.
 * @param {import('./host/n8n.mjs').N8n} n8n
 * @param {string} id
 * @returns {Promise<string>}
 */
async function answerOf(n8n, id) {
	const printed = await n8n.command('execute', `--id=${id}`, '--rawOutput');
	const { data } = JSON.parse(printed.slice(printed.search(/^\{/m)));
	return data.resultData.runData.Agent.at(-1).data.main[0][0].json.output;
}
