// One node of any package, run by n8n's real engine on rows of text.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url); // n8n's modules for `import` lack their file endings
const { Workflow } = require('n8n-workflow');
/** @type {typeof import('../test/support/host.js')} */
const { ROOT, StoredCredentials, additionalDataOf, binaryStoreReady, core, loadPackage, nodeTypesOf } = require('../test/support/host.js');

/**
 * @typedef {object} Bench
 * @property {string} type the node's full type
 * @property {number} typeVersion
 * @property {import('n8n-workflow').INodeParameters} parameters
 * @property {Record<string, import('n8n-workflow').ICredentialDataDecryptedObject>} credentials
 * @property {string} [credentialsFrom] folder of the package that has the credentials; default: ours
 * @property {Record<string, import('n8n-workflow').INodeType>} [extra] nodes of no package here, by type
 */

/**
 * Makes everything ready; the function it gives runs the node and gives the items that came out and the error that
 * ended it.
 * @param {Bench} bench
 */
export async function engineFor({ type, typeVersion, parameters, credentials, credentialsFrom = ROOT, extra }) {
	await binaryStoreReady;
	const nodeTypes = await nodeTypesOf(ROOT, extra);
	const loader = await loadPackage(credentialsFrom, credentialsFrom === ROOT ? undefined : core.LazyPackageDirectoryLoader);
	const helper = new StoredCredentials(loader, credentials);
	const stored = Object.fromEntries(Object.keys(credentials).map((name) => [name, { id: name, name }]));
	const base = { position: /** @type {[number, number]} */ ([0, 0]) };
	const nodes = [
		{ ...base, id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{ ...base, id: '2', name: 'Node', type, typeVersion, parameters, credentials: stored },
	];
	const connections = { Start: { main: [[{ node: 'Node', type: /** @type {const} */ ('main'), index: 0 }]] } };
	const data = { id: '1', name: 'Bench', active: false, nodes, connections, settings: { executionOrder: /** @type {const} */ ('v1') } };

	/** @param {string[]} rows */
	return async (rows) => {
		const workflow = new Workflow({ ...data, nodeTypes });
		const hooks = new core.ExecutionLifecycleHooks('trigger', '1', /** @type {never} */ (data));
		const execute = new core.WorkflowExecute(additionalDataOf(helper, { hooks }), 'trigger');
		const startNode = workflow.getStartNode();
		const items = rows.map((text) => ({ json: { text } }));
		const run = await execute.run({ workflow, startNode, pinData: { Start: items } });
		const { runData, error } = run.data.resultData;
		const [task] = runData.Node ?? [];
		const came = task?.data?.main[0] ?? [];
		return { items: came, error: task?.error ?? error, decryptions: helper.decryptions };
	};
}
