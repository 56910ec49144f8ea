// `npm run e2e`: the packed package in one whole n8n, run by its commands, its webhooks and in its editor.
import { after } from 'node:test';
import { agentCredentials, agents, agentTests } from './agent.mjs';
import { canvasToolTests, toolCredentials, toolWorkflows } from './canvas-tools.mjs';
import { chatCredentials, chatModelTests, chatWorkflows } from './chat-model/chat-model.mjs';
import { editorTests } from './editor.mjs';
import { commandTests, liveExamples, liveTests } from './examples.mjs';
import { newOwner } from './host/n8n.mjs';
import { n8nWithExamples } from './host/workflows.mjs';
import { overnight, overnightCredential, overnightTests } from './overnight.mjs';
import { twinCredentials, twinSettings, twinTests, twins } from './twins.mjs';

const { n8n, server } = await n8nWithExamples({
	workflows: [...liveExamples, ...agents, ...toolWorkflows, ...chatWorkflows, ...twins, overnight],
	credentials: [...agentCredentials, ...toolCredentials, ...chatCredentials, ...twinCredentials, overnightCredential],
	settings: twinSettings,
});
const service = await n8n.serve('start');
const owner = await newOwner(n8n);

after(() => service.stop());
after(() => server.stop());
commandTests(n8n);
liveTests(n8n, owner);
twinTests(owner);
agentTests(owner);
canvasToolTests(owner);
chatModelTests(n8n, owner);
overnightTests(n8n, owner);
editorTests(n8n, server);
