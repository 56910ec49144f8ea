// `npm run e2e`: the packed package in a whole n8n, run by its commands, its webhooks and in its editor.

import { after } from 'node:test';
import { agentTests } from './agent.mjs';
import { chatTests } from './chat.mjs';
import { commandTests, webhookTests } from './examples.mjs';
import { editorTests } from './editor.mjs';
import { n8nWithExamples } from './host/examples.mjs';
import { newOwner } from './host/owner.mjs';
import { packed } from './host/package.mjs';

const { n8n, server } = await n8nWithExamples(await packed());
const service = await n8n.serve();
const owner = await newOwner(n8n);

after(async () => {
	await service.stop();
	await server.stop();
});
commandTests(n8n);
webhookTests(n8n, owner);
chatTests(n8n, owner);
agentTests(n8n);
editorTests(n8n, server);
