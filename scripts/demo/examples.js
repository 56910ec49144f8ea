/** The example workflows, run as they are: only the credential and, if wanted, the model come from outside. */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { runWorkflow } = require('../../test/support/engine');

const FOLDER = path.join(__dirname, '..', '..', 'examples');
const OUR_NODE = 'n8n-nodes-responses.responses';

/**
 * @typedef {import('n8n-workflow').IWorkflowBase} Workflow
 * @typedef {Awaited<ReturnType<typeof runWorkflow>>} Run
 *
 * @typedef {object} Server
 * @property {string} baseUrl
 * @property {string} apiKey
 * @property {string} [model] default: the one that the examples name
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
const ourNodes = (workflow) => workflow.nodes.filter(({ type }) => type === OUR_NODE);

/**
 * @param {Workflow} workflow
 * @param {string} model
 * @returns {Workflow}
 */
function withModel(workflow, model) {
	const value = { __rl: true, mode: 'id', value: model };
	const ours = new Set(ourNodes(workflow));
	const nodes = workflow.nodes.map((node) => (ours.has(node) ? { ...node, parameters: { ...node.parameters, model: value } } : node));
	return { ...workflow, nodes };
}

/**
 * Runs a workflow in n8n's engine against a server.
 * @param {Workflow} workflow
 * @param {Server} server
 * @param {(node: string) => void} [onNodeDone] called with a node's name when all rows have passed it
 */
async function runExample(workflow, { baseUrl, apiKey, model }, onNodeDone) {
	const wanted = model ? withModel(workflow, model) : workflow;
	return await runWorkflow(wanted, { credentials: { responsesApi: { baseUrl, apiKey } }, onNodeDone });
}

module.exports = { exampleOf, ourNodes, runExample };
