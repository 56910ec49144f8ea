// `npm run n8n`: a whole n8n with this package, its examples and a local server to run them against.
import { newOwner, OWNER } from './host/n8n.mjs';
import { n8nWithExamples } from './host/workflows.mjs';

const { n8n, server } = await n8nWithExamples();
const service = await n8n.serve('start');
await newOwner(n8n);
console.log(`
n8n ${n8n.version} is ready:  ${n8n.url}/home/workflows
Sign in with:  ${OWNER.email}   ${OWNER.password}

Open a workflow and click Execute workflow. The credential "Responses API" is for a server on this
machine that knows the answers to the examples: ${server.url}   ${server.apiKey}

Ctrl+C ends all of it; nothing is kept.`);
await service.ended;
console.error(`n8n ended by itself:\n${service.output().slice(-4_000)}`);
process.exit(1);
