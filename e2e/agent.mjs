// The node as the tool of n8n's own AI Agent. What the agent's model would decide is fixed by a local server.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { withWebhook, workflowsIn } from './host/workflows.mjs';

/** Versions of the agent: the older one calls its tools itself, for the newer one the engine runs them. */
const VERSIONS = [2.2, 3.1];
const PROMPTS = { asks: 'Say good morning in French', fails: 'Ask a model that does not exist' };
const FILLED_IN = { model: 'small-model', text: 'Good morning', rules: 'Translate into French' }; // by the agent's model
const MISSING = { message: 'The model `big-model` does not exist', code: 'model_not_found' };
const apiKey = 'sk-agent';
/** The agent's model asks its tool, then says word for word what the tool gave; the tool's says what it was asked. */
const server = new LLMock({ host: '127.0.0.1', port: 0, auth: { apiKeys: [apiKey] } });
const call = (/** @type {object} */ args) => ({ toolCalls: [{ name: 'Translator', arguments: JSON.stringify(args) }] });
server.on({ model: 'agent', hasToolResult: true }, ({ messages }) => ({ content: String(messages.at(-1)?.content) }));
server.on({ model: 'agent', userMessage: 'does not exist' }, call({ ...FILLED_IN, model: 'big-model' }));
server.on({ model: 'agent' }, call(FILLED_IN));
server.on({ model: 'small-model' }, ({ messages }) => ({ content: messages.map((one) => `${one.role}: ${one.content}`).join(' | ') }));
server.on({ model: 'big-model' }, { error: MISSING, status: 404 });
await server.start();

const url = `${server.url}/v1`;
export const agentCredentials = [
	{ id: 'openAiOfAgent', name: 'OpenAI of the agent', type: 'openAiApi', data: { apiKey, url } },
	{ id: 'responsesOfAgent', name: 'Responses API of the agent', type: 'responsesApi', data: { apiKey, baseUrl: url } },
];

/** An agent of each version with each prompt, whose one tool is our node. */
export const agents = VERSIONS.flatMap((typeVersion) =>
	Object.entries(PROMPTS).map(([name, text]) => {
		const [workflow] = workflowsIn('e2e/workflows').filter(({ id }) => id === 'agent');
		const [agent] = workflow.nodes.filter((node) => node.name === 'Agent');
		Object.assign(agent, { typeVersion, parameters: { ...agent.parameters, text } });
		return withWebhook({ ...workflow, id: `${name}-${typeVersion}` });
	}),
);

export function agentTests(/** @type {import('./host/n8n.mjs').Owner} */ owner) {
	describe('AI Agent', () => {
		after(() => server.stop());
		for (const version of VERSIONS) {
			/** What the agent says in the end. @param {keyof typeof PROMPTS} name */
			const answerOf = async (name) => JSON.parse((await owner.run(`${name}-${version}`))[0].output);

			it(`${version} fills in prompt, instructions and model, and is given the answer alone`, async () => {
				assert.deepEqual(await answerOf('asks'), [{ answer: 'system: Translate into French | user: Good morning' }]);
			});
			it(`${version} is told what went wrong and what to do`, async () => {
				const [{ error, details }] = await answerOf('fails');
				assert.equal(error, MISSING.message);
				assert.match(details.hint, /choose another/);
			});
		}
	});
}
