/** The example workflows, run as they are: only the credential and, if wanted, the model come from outside. */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { runWorkflow } = require('../../test/support/engine');

const FOLDER = path.join(__dirname, '..', '..', 'examples');

/**
 * @typedef {import('n8n-workflow').IWorkflowBase} Workflow
 * @typedef {Awaited<ReturnType<typeof runWorkflow>>} Run
 * @typedef {{ baseUrl: string, apiKey: string, model?: string }} Server `model`: default the one that the examples name
 */

/**
 * An example as it is in its file.
 * @param {string} name file name without `.json`
 * @returns {Workflow}
 */
const exampleOf = (name) => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'));

/**
 * The nodes of ours in a workflow, in the order in which they run.
 * @param {Workflow} workflow
 */
const ourNodes = (workflow) => workflow.nodes.filter(({ type }) => type === 'n8n-nodes-responses.responses');

/**
 * Runs a workflow in n8n's engine against a server.
 * @param {Workflow} workflow
 * @param {Server} server
 * @param {(node: string) => void} [onNodeDone] called with a node's name when all rows have passed it
 */
async function runExample(workflow, { baseUrl, apiKey, model }, onNodeDone) {
	const wanted = structuredClone(workflow);
	if (model) for (const { parameters } of ourNodes(wanted)) parameters.model = { __rl: true, mode: 'id', value: model };
	return await runWorkflow(wanted, { credentials: { responsesApi: { baseUrl, apiKey } }, onNodeDone });
}

module.exports = { exampleOf, ourNodes, runExample };
