// `npm run n8n`: a whole n8n with this package, its examples and a local server to run them against.
import { newOwner, OWNER } from './host/n8n.mjs';
import { n8nWithExamples, workflowsIn } from './host/workflows.mjs';

const SET = 'Credential and model are set: a server on this machine knows the answers. The green note is for your own server.';

/** The example with a note above its first trigger. @type {(example: import('./host/workflows.mjs').Workflow) => import('./host/workflows.mjs').Workflow} */
const withNote = ({ nodes, ...example }) => {
	const triggers = nodes.filter(({ type }) => type.endsWith('Trigger'));
	const clicks = triggers.map(({ type }) => (type.endsWith('chatTrigger') ? 'Open chat' : 'Execute workflow'));
	const [x, y] = triggers[0].position;
	const parameters = { content: `### First click *${clicks.join('*, then *')}*\n${SET}`, width: 224, height: 192, color: 5 };
	const own = { id: 'first-click', name: 'First click', position: [x - 64, y - 224] };
	return { ...example, nodes: [...nodes, { ...own, type: 'n8n-nodes-base.stickyNote', typeVersion: 1, parameters }] };
};

const examples = workflowsIn('examples').map(withNote);
const { n8n, server } = await n8nWithExamples({ examples });
const service = await n8n.serve('start');
await newOwner(n8n);
console.log(`
n8n ${n8n.version} is ready:  ${n8n.url}/workflow/responsesEmails
Sign in with:  ${OWNER.email}   ${OWNER.password}

That is one example; the others: ${n8n.url}/home/workflows
In each a blue note says what to click first. The credential "Responses API" is for a server on this
machine that knows the answers to the examples: ${server.url}   ${server.apiKey}

Ctrl+C ends all of it; nothing is kept.`);
await service.ended;
console.error(`n8n ended by itself:\n${service.output().slice(-4_000)}`);
process.exit(1);
