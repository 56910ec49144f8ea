// The example workflows and the credential they need, brought into an n8n by its own commands.

import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalServer } from '../../scripts/demo/local-server.js';
import { installedN8n } from './install.mjs';
import { newN8n } from './n8n.mjs';
import { installPackage, ROOT } from './package.mjs';
import { temporaryFolder } from './processes.mjs';

/**
 * @typedef {{name: string, type: string, typeVersion: number, position: [number, number], parameters: object,
 *   credentials?: object, webhookId?: string, id?: string}} Node
 * @typedef {Record<string, Record<string, {node: string, type: string, index: number}[][]>>} Connections
 * @typedef {{id: string, name: string, nodes: Node[], connections: Connections, settings?: object}} Workflow
 */

const EXAMPLES = join(ROOT, 'examples');

/** The credential that the examples name. */
const CREDENTIAL = { id: 'responsesApi', name: 'Responses API', type: 'responsesApi' };

/** The example workflows as they are in their files. */
export async function examples() {
	const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.json')).sort();
	return await Promise.all(files.map(async (file) => /** @type {Workflow} */ (JSON.parse(await readFile(join(EXAMPLES, file), 'utf8')))));
}

/**
 * Imports the credential of the examples, for that server.
 * @param {import('./n8n.mjs').N8n} n8n
 * @param {{url: string, apiKey: string}} server
 */
export async function importCredential(n8n, { url, apiKey }) {
	const file = join(temporaryFolder('credential'), 'credential.json');
	await writeFile(file, JSON.stringify([{ ...CREDENTIAL, data: { baseUrl: url, apiKey } }]));
	await n8n.command('import:credentials', `--input=${file}`);
}

/**
 * @param {import('./n8n.mjs').N8n} n8n
 * @param {Workflow[]} workflows
 */
export async function importWorkflows(n8n, workflows) {
	const folder = temporaryFolder('workflows');
	for (const workflow of workflows) {
		// The command of n8n 2.0 takes no workflow without a version; the editor gives it one by itself.
		const versioned = { versionId: randomUUID(), ...workflow };
		await writeFile(join(folder, `${workflow.id}.json`), JSON.stringify(versioned));
	}
	await n8n.command('import:workflow', '--separate', `--input=${folder}`);
}

/**
 * The same workflow with a production webhook beside its trigger, which answers with what the last node gives.
 * @param {Workflow} workflow
 * @returns {Workflow}
 */
export function withWebhook(workflow) {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (!trigger) throw new Error(`${workflow.name} has no Manual Trigger`);
	const [x, y] = trigger.position;
	/** @type {Node} */
	const webhook = {
		id: `${workflow.id}-webhook`,
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [x, y + 200],
		webhookId: `${workflow.id}-webhook`,
		parameters: { httpMethod: 'POST', path: workflow.id, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
	};
	const connections = { ...workflow.connections, Webhook: workflow.connections[trigger.name] };
	return { ...workflow, id: `${workflow.id}-webhook`, nodes: [...workflow.nodes, webhook], connections };
}

/**
 * An n8n with this package installed, the examples imported, and a local server behind their credential. Not yet started.
 * @param {import('./package.mjs').Packed} pack
 * @param {string} [version] of n8n
 */
export async function n8nWithExamples(pack, version) {
	const install = await installedN8n(version);
	const server = await startLocalServer();
	const n8n = await newN8n(install);
	await installPackage(pack, n8n.userFolder);
	await importCredential(n8n, server);
	await importWorkflows(n8n, await examples());
	return { n8n, server };
}
