// `npm run compat -- <version>`: the packed package and its examples in another n8n, by its commands.
import { after } from 'node:test';
import { commandTests } from './examples.mjs';
import { n8nWithExamples } from './host/workflows.mjs';

const version = process.argv[2];
if (!version) throw new Error('Name a version of n8n: npm run compat -- 2.0.0');
const { n8n, server } = await n8nWithExamples({ version });
after(() => server.stop());
commandTests(n8n);
