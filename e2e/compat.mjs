// `npm run compat -- <version>`: the packed package and its examples in another n8n, by its commands.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { calculator, chatModel, CREDENTIALS, node, workflow } from './chat-model/nodes.mjs';
import { answer, message, startModels } from './chat-model/server.mjs';
import { commandTests } from './examples.mjs';
import { installedN8n } from './host/install.mjs';
import { n8nWithExamples } from './host/workflows.mjs';

const version = process.argv[2];
if (!version) throw new Error('Name a version of n8n: npm run compat -- 2.0.0');

/** n8n's SDK for AI nodes came with n8n 2.16. */
const hasSdk = existsSync(join((await installedN8n(version)).folder, 'node_modules/@n8n/ai-node-sdk'));
const models = await startModels({ chain: (body) => answer(body, [message('Hello')]) });
const chain = node('Root', 'chainLlm', 1.7, { promptType: 'define', text: 'Hi' });
/** Its only item fails, for its prompt is blank. */
const failing = node(
	'Failing',
	'n8n-nodes-responses.responses',
	1,
	{ model: { __rl: true, mode: 'id', value: 'chain' }, prompt: '' },
	{ credentials: { responsesApi: CREDENTIALS.responsesApi }, onError: 'continueErrorOutput' },
);
const withTool = node(
	'Root',
	'n8n-nodes-responses.responses',
	1,
	{ model: { __rl: true, mode: 'id', value: 'chain' }, prompt: 'Hi' },
	{ credentials: { responsesApi: CREDENTIALS.responsesApi } },
);
const { n8n, server } = await n8nWithExamples({
	version,
	workflows: [
		workflow('error-output', failing, {}),
		workflow('tool', withTool, { ai_tool: [calculator()] }),
		workflow('chain', chain, { ai_languageModel: [chatModel('chain')] }),
	],
	credentials: [{ ...CREDENTIALS.responsesApi, type: 'responsesApi', data: { apiKey: 'sk-chat', baseUrl: `${models.url}/v1` } }],
});
after(() => server.stop());
after(() => models.close());
commandTests(n8n, hasSdk);

/** What a run by command printed, be it an error. @param {string} id */
const printedBy = (id) =>
	n8n
		.command('execute', `--id=${id}`, '--rawOutput')
		.catch((/** @type {{stdout: string, stderr: string}} */ error) => error.stdout + error.stderr);

it(hasSdk ? 'the node answers with a tool connected' : 'the node says what a connected tool needs', async () => {
	assert.match(await printedBy('chat-tool'), hasSdk ? /"text": "Hello"/ : /Tools on the canvas need n8n 2\.16 or newer/);
});

it(hasSdk ? 'the chat model answers in a chain' : 'the chat model says what it needs', async () => {
	const printed = await printedBy('chat-chain');
	assert.match(printed, hasSdk ? /"text": "Hello"/ : /The Responses Chat Model needs n8n 2\.16 or newer/);
});

it('a failed item leaves by the error output', async () => {
	const printed = await n8n.command('execute', '--id=chat-error-output', '--rawOutput');
	const execution = JSON.parse(printed.slice(printed.search(/^\{/m), printed.lastIndexOf('\n}') + 2));
	const [answered, failed] = execution.data.resultData.runData.Failing[0].data.main;
	assert.deepEqual(answered, []);
	assert.equal(failed.length, 1);
	assert.match(failed[0].json.error, /"Prompt" is blank/);
	assert.ok(failed[0].json.details?.hint ?? failed[0].json.message, JSON.stringify(failed[0].json));
});
