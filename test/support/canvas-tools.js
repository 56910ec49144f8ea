/** Our node with tools connected to it, as n8n's sub-nodes give them. */
const { NodeHelpers, Workflow } = require('n8n-workflow');
const { runNode, workflowOf } = require('./engine');
const { ROOT, nodeTypesOf } = require('./host');
const { fromSdk, z } = require('./chat-model');

/** @type {typeof import('@langchain/core/tools')} */
const { DynamicStructuredTool } = fromSdk('@langchain/core/tools');

/**
 * @typedef {object} TestTool
 * @property {string} name
 * @property {Record<string, import('zod').ZodTypeAny>} [takes] its arguments; absent: one text, as n8n's Calculator and Code Tool
 * @property {(args: never) => unknown} run takes the arguments of `takes`; a text that it gives is what the model is told
 * @property {string} [description]
 * @property {Record<string, unknown>} [metadata]
 *
 * @typedef {TestTool | {toolkit: TestTool[]}} Connected one tool, or several of one node
 */

/** @param {TestTool} tool */
function toolOf({ name, takes, run, description = `Does ${name}`, metadata }) {
	const schema = takes ? z.object(takes) : z.object({ input: z.string().optional() }).transform(({ input }) => input);
	const func = async (/** @type {unknown} */ args) => await run(/** @type {never} */ (args));
	return new DynamicStructuredTool({ name, description, metadata, schema, func: /** @type {never} */ (func) });
}

/** @param {Connected} connected @param {() => void} onSupply */
const nodeOf = (connected, onSupply) =>
	/** @type {import('n8n-workflow').INodeType} */ ({
		description: {
			name: 'tool',
			displayName: 'Tool',
			description: '',
			group: ['transform'],
			version: 1,
			defaults: {},
			inputs: [],
			outputs: ['ai_tool'],
			properties: [],
		},
		async supplyData() {
			onSupply();
			return { response: 'toolkit' in connected ? { tools: connected.toolkit.map(toolOf) } : toolOf(connected) };
		},
	});

/**
 * Runs our node with these tools; `supplied` is how often n8n was asked for one of them.
 * @param {import('n8n-workflow').INodeParameters} parameters
 * @param {Connected[]} tools
 * @param {import('./engine').NodeOptions} options
 */
async function runWithTools(parameters, tools, options) {
	let supplied = 0;
	const nodeTypes = Object.fromEntries(tools.map((tool, index) => [`engine.tool${index}`, nodeOf(tool, () => supplied++)]));
	const toolNodes = tools.map((_, index) => ({
		id: `tool${index}`,
		name: `Tool ${index}`,
		type: `engine.tool${index}`,
		typeVersion: 1,
		position: /** @type {[number, number]} */ ([0, 0]),
		parameters: {},
	}));
	const result = await runNode(parameters, { ...options, nodeTypes, subNodes: { ai_tool: toolNodes } });
	return { ...result, supplied };
}

/**
 * The types of the inputs that n8n's engine finds for our node.
 * @param {import('n8n-workflow').INodeParameters} parameters
 */
async function inputTypesOf(parameters) {
	const nodeTypes = await nodeTypesOf(ROOT);
	const [, node] = workflowOf(parameters, {}).nodes;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const { description } = nodeTypes.getByNameAndVersion(node.type);
	const inputs = NodeHelpers.getNodeInputs(workflow, /** @type {import('n8n-workflow').INode} */ (workflow.getNode('Node')), description);
	return inputs.map((input) => (typeof input === 'string' ? input : input.type));
}

module.exports = { inputTypesOf, runWithTools };
