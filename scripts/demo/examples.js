/** The example workflows, run as they are: only the credential and, if wanted, the model come from outside. */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { runWorkflow } = require('../../test/support/engine');

/** @typedef {import('n8n-workflow').IWorkflowBase} Workflow */
/** @typedef {Awaited<ReturnType<typeof runWorkflow>>} Run */
/** @typedef {{ baseUrl: string, apiKey: string, model?: string }} Server `model`: default the one that the examples name */

/** An example as it is in its file. @type {(name: string) => Workflow} */
const exampleOf = (name) => JSON.parse(readFileSync(path.join(__dirname, '../../examples', `${name}.json`), 'utf8'));

/** The nodes of ours in a workflow, in the order in which they run. @param {Workflow} workflow */
const ourNodes = (workflow) => workflow.nodes.filter(({ type }) => type === 'n8n-nodes-responses.responses');

/**
 * Runs a workflow in n8n's engine against a server; calls with a node's name when all rows have passed it.
 * @type {(workflow: Workflow, server: Server, onNodeDone?: (node: string) => void) => Promise<Run>}
 */
async function runExample(workflow, { baseUrl, apiKey, model }, onNodeDone) {
	const wanted = structuredClone(workflow);
	if (model) for (const { parameters } of ourNodes(wanted)) parameters.model = { __rl: true, mode: 'id', value: model };
	return await runWorkflow(wanted, { credentials: { responsesApi: { baseUrl, apiKey } }, onNodeDone });
}

module.exports = { exampleOf, ourNodes, runExample };
