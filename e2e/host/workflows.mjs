// The example workflows and the credential they need, in an n8n with this package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalServer } from '../../scripts/demo/local-server.js';
import { packed, ROOT } from '../../scripts/package.mjs';
import { installedN8n } from './install.mjs';
import { newN8n } from './n8n.mjs';

/** @typedef {{id: string, name: string, nodes: Node[], connections: Record<string, object>, settings?: object}} Workflow */
/** @typedef {{id: string, name: string, type: string, typeVersion: number, position: number[], parameters: object, credentials?: object, webhookId?: string, onError?: string}} Node */

/** The workflows of a folder as they are in their files, by file name. @type {(folder: string) => Workflow[]} */
export const workflowsIn = (folder) => {
	const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.json'));
	return files.sort().map((file) => JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8')));
};

const credential = { id: 'responsesApi', name: 'Responses API', type: 'responsesApi' };
/** The credential that the examples name, for that server. @param {{url: string, apiKey: string}} server */
export const credentialOf = ({ url, apiKey }) => ({ ...credential, data: { baseUrl: url, apiKey } });
/** The credential of n8n's own node for embeddings. @param {{url: string, apiKey: string}} server */
const embeddingsOf = (server) => ({ id: 'openAiApi', name: 'OpenAI', type: 'openAiApi', data: server });

/** The same with a production webhook, which answers with what the last node gives. @type {(workflow: Workflow) => Workflow} */
export function withWebhook({ id, nodes, connections, ...workflow }) {
	const [trigger] = nodes.filter(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	const own = { id: `${id}-webhook`, webhookId: `${id}-webhook`, name: 'Webhook' };
	const parameters = { httpMethod: 'POST', path: id, responseMode: 'lastNode', responseData: 'allEntries', options: {} };
	const webhook = { ...own, type: 'n8n-nodes-base.webhook', typeVersion: 2, position: [0, 0], parameters };
	const both = { ...connections, Webhook: connections[trigger.name] };
	return { ...workflow, id: own.id, nodes: [...nodes, webhook], connections: both };
}

/**
 * An n8n with this package installed, the examples imported, and a local server behind their credential. Not yet started.
 * @param {{version?: string, examples?: Workflow[], workflows?: Workflow[], credentials?: object[], settings?: NodeJS.ProcessEnv}} [more]
 *   the examples in another form, what is imported beside them, n8n's environment variables
 */
export async function n8nWithExamples({ version, examples = workflowsIn('examples'), workflows = [], credentials = [], settings } = {}) {
	const { tarball } = await packed();
	const n8n = await newN8n(await installedN8n(version), tarball, settings);
	const server = await startLocalServer();
	const { url, apiKey } = server;
	await n8n.importAll([credentialOf(server), embeddingsOf({ url, apiKey }), ...credentials], [...examples, ...workflows]);
	return { n8n, server };
}
