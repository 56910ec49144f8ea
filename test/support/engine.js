/**
 * Runs workflows in n8n's real engine, with our built package. For tests and for `npm start`.
 * Build first: the package is loaded from `dist`.
 */
const { Workflow } = require('n8n-workflow');
const { testCredential } = require('./credential-test');
const { ROOT, StoredCredentials, additionalDataOf, binaryStore, binaryStoreReady, core, loadPackage, nodeTypesOf } = require('./host');

/**
 * @typedef {import('n8n-workflow').INodeExecutionData} Item
 * @typedef {import('n8n-workflow').INodeParameters} Parameters
 *
 * @typedef {object} Options
 * @property {Record<string, import('n8n-workflow').ICredentialDataDecryptedObject>} [credentials] decrypted data by
 *   credential type, e.g. `{responsesApi: {baseUrl, apiKey}}`; defaults are filled in as n8n does
 * @property {Item[]} [items] what the first node gives out (pinned data, in n8n's words); default: what it gives by itself
 * @property {import('n8n-workflow').WorkflowExecuteMode} [mode] default `manual`
 * @property {boolean} [isStreaming] as in a chat that shows the answer while it is written; default false
 * @property {(chunk: import('n8n-workflow').StructuredChunk) => void} [onChunk] called with each chunk as it is streamed out
 * @property {AbortSignal} [signal] aborting it is the user's Stop button
 * @property {(node: string) => void} [onNodeDone] called with a node's name each time it has run
 * @property {Record<string, import('n8n-workflow').INodeType>} [nodeTypes] further nodes, by full type name
 * @property {string} [packageFolder] folder that holds the package.json and dist of our package; default: this repository
 * @property {string} [credentialsFolder] folder of the package that has the credentials; default: our package
 *
 * @typedef {object} Result
 * @property {string} status n8n's: `success`, `error` or `canceled`
 * @property {import('n8n-workflow').ExecutionError | undefined} error what ended the run
 * @property {(node: string, output?: number) => Item[]} items what a node gave out; output 1 is the error output
 * @property {(node: string) => import('n8n-workflow').ITaskData | undefined} task n8n's record of a node's last run:
 *   `error`, `hints`, `metadata` (with `tokenUsage`), `executionStatus`
 * @property {(node: string) => import('n8n-workflow').ITaskData[]} tasks the same of all its runs
 * @property {import('n8n-workflow').StructuredChunk[]} chunks what was streamed out
 * @property {number} decryptions how often credentials were decrypted
 */

const OUR_NODE = 'n8n-nodes-responses.responses';
const TOOL_USER = 'engine.toolUser';

/**
 * What every call of n8n into a node needs.
 * @param {Options} options
 */
async function hostOf({ credentials = {}, packageFolder = ROOT, credentialsFolder = packageFolder, nodeTypes = {} }) {
	await binaryStoreReady;
	return {
		nodeTypes: await nodeTypesOf(packageFolder, { [TOOL_USER]: toolUser, ...nodeTypes }),
		credentialsHelper: new StoredCredentials(await loadPackage(credentialsFolder), credentials),
	};
}

/**
 * Runs a workflow as saved by n8n's editor, from its trigger to the end. A failed or stopped run is a result too;
 * only what n8n refuses to start (a required field left blank) rejects.
 * @param {import('n8n-workflow').IWorkflowBase | Pick<import('n8n-workflow').IWorkflowBase, 'nodes' | 'connections'>} saved
 * @param {Options} [options]
 * @returns {Promise<Result>}
 */
async function runWorkflow(saved, options = {}) {
	const { items, mode = 'manual', isStreaming = false, signal, onChunk, onNodeDone } = options;
	const { nodeTypes, credentialsHelper } = await hostOf(options);
	const data = { id: '1', name: 'Test', active: false, settings: {}, pinData: undefined, ...saved };
	const workflow = new Workflow({ ...data, nodeTypes, settings: { executionOrder: 'v1', ...data.settings } });
	const startNode = workflow.getStartNode();
	if (!startNode) throw new Error('The workflow has no trigger');

	/** @type {Result['chunks']} */
	const chunks = [];
	const hooks = new core.ExecutionLifecycleHooks(mode, '1', /** @type {never} */ (data));
	hooks.addHandler('sendChunk', (chunk) => {
		chunks.push(chunk);
		onChunk?.(chunk);
	});
	hooks.addHandler('nodeExecuteAfter', (node) => onNodeDone?.(node));

	const execution = new core.WorkflowExecute(additionalDataOf(credentialsHelper, { hooks, streamingEnabled: isStreaming }), mode).run({
		workflow,
		startNode,
		pinData: items ? { ...data.pinData, [startNode.name]: items } : data.pinData,
	});
	const stop = () => execution.cancel();
	signal?.addEventListener('abort', stop);
	const run = await execution.finally(() => signal?.removeEventListener('abort', stop));

	const { runData, error } = run.data.resultData;
	return {
		status: run.status,
		error,
		items: (node, output = 0) => (runData[node] ?? []).flatMap((task) => task.data?.main[output] ?? []),
		task: (node) => runData[node]?.at(-1),
		tasks: (node) => runData[node] ?? [],
		chunks,
		decryptions: credentialsHelper.decryptions,
	};
}

/**
 * Trigger and one node of ours, as the editor saves them. The node is named `Node`.
 * @param {Parameters} parameters
 * @param {NodeOptions} options
 */
function workflowOf(parameters, { credentials = {}, node, settings, subNodes = {} }) {
	const base = { typeVersion: 1, position: /** @type {[number, number]} */ ([0, 0]), parameters: {} };
	const stored = Object.keys(credentials).map((type) => [type, { id: type, name: type }]);
	/** @type {import('n8n-workflow').IConnections} */
	const connections = { Start: { main: [[{ node: 'Node', type: /** @type {const} */ ('main'), index: 0 }]] } };
	for (const [type, nodes] of Object.entries(subNodes)) {
		for (const { name } of nodes) connections[name] = { [type]: [[{ node: 'Node', type: /** @type {never} */ (type), index: 0 }]] };
	}
	return {
		nodes: [
			...Object.values(subNodes).flat(),
			{ ...base, id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ ...base, id: '2', name: 'Node', type: OUR_NODE, parameters, credentials: Object.fromEntries(stored), ...node },
		],
		connections,
		settings,
	};
}

/**
 * @typedef {Options & {
 *   node?: Partial<import('n8n-workflow').INode>,
 *   settings?: import('n8n-workflow').IWorkflowSettings,
 *   subNodes?: Record<string, import('n8n-workflow').INode[]>,
 * }} NodeOptions `node`: the node's own settings (`onError`, `retryOnFail`, `maxTries` ...); `settings`: the workflow's; `subNodes`:
 *   what is connected to the node, by the type of the connection
 */

/**
 * Runs our node on `items` (default: one empty item).
 * @param {Parameters} parameters as the editor saves them; defaults are filled in as n8n does
 * @param {NodeOptions} [options]
 */
async function runNode(parameters, options = {}) {
	const workflow = workflowOf(parameters, options);
	const result = await runWorkflow(workflow, { ...options, items: options.items ?? [{ json: {} }] });
	const task = result.task('Node');
	return {
		...result,
		error: task?.error ?? result.error,
		items: result.items('Node'),
		errorItems: result.items('Node', 1),
		hints: task?.hints ?? [],
		metadata: task?.metadata ?? {},
	};
}

/** @typedef {{name: string, description: string, args: Record<string, string | undefined>, answer: string}} ToolCall */

/** Stands for the agent: asks its one tool with each input item's fields as arguments. */
const toolUser = /** @type {import('n8n-workflow').INodeType} */ ({
	description: {
		name: 'toolUser',
		displayName: 'Tool User',
		description: '',
		group: ['transform'],
		version: 1,
		defaults: {},
		inputs: ['main', { type: 'ai_tool', required: true }],
		outputs: ['main'],
		properties: [],
	},
	/** @this {import('n8n-workflow').IExecuteFunctions} */
	async execute() {
		const [tool] = /** @type {import('@langchain/core/tools').DynamicStructuredTool[]} */ (await this.getInputConnectionData('ai_tool', 0));
		const { shape } = /** @type {{shape: Record<string, {description?: string}>}} */ (/** @type {unknown} */ (tool.schema));
		const args = Object.fromEntries(Object.entries(shape).map(([key, { description }]) => [key, description]));
		const answers = this.getInputData().map(async ({ json }, item) => ({
			json: { name: tool.name, description: tool.description, args, answer: await tool.invoke(json) },
			pairedItem: { item },
		}));
		return [await Promise.all(answers)];
	},
});

/**
 * Runs our node as an agent's tool: n8n-core makes the tool of it and runs it in a tool context.
 * The agent is ours (n8n's is in another package), the rest is n8n's.
 * @param {Parameters} parameters with `$fromAI(...)` where the model fills in
 * @param {import('n8n-workflow').IDataObject} args what the model fills in
 * @param {NodeOptions} [options]
 * @returns {Promise<Result & ToolCall>} the tool as the model sees it, and its
 *   answer (JSON text); all undefined when the tool threw: see `error`
 */
async function callTool(parameters, args, options = {}) {
	const workflow = workflowOf(parameters, { ...options, node: { type: `${OUR_NODE}Tool`, ...options.node } });
	const [start] = workflow.nodes;
	const agent = { ...start, id: '3', name: 'Agent', type: TOOL_USER };
	const to = (/** @type {string} */ type) => ({
		[type]: [[{ node: 'Agent', type: /** @type {never} */ (type), index: 0 }]],
	});
	const result = await runWorkflow(
		{ ...workflow, nodes: [...workflow.nodes, agent], connections: { Start: to('main'), Node: to('ai_tool') } },
		{ ...options, items: [{ json: args }] },
	);
	const {
		name,
		description,
		args: known,
		answer,
	} = /** @type {ToolCall} */ (/** @type {unknown} */ (result.items('Agent')[0]?.json ?? {}));
	return { ...result, name, description, args: known, answer };
}

/**
 * Asks our node for the entries of a list, as the editor does when the list is opened.
 * @param {string} method name in `methods.listSearch`
 * @param {Options & {filter?: string, paginationToken?: string, parameters?: Parameters}} [options]
 * @returns {Promise<import('n8n-workflow').INodeListSearchResult>}
 */
async function searchList(method, options = {}) {
	const { filter, paginationToken, parameters = {} } = options;
	const { nodeTypes, credentialsHelper } = await hostOf(options);
	const workflow = new Workflow({ ...workflowOf(parameters, options), active: false, nodeTypes });
	const node = /** @type {import('n8n-workflow').INode} */ (workflow.getNode('Node'));
	const additionalData = additionalDataOf(credentialsHelper, { currentNodeParameters: node.parameters });
	const context = new core.LoadOptionsContext(workflow, node, additionalData, '');
	const search = nodeTypes.getByNameAndVersion(OUR_NODE).methods?.listSearch?.[method];
	if (!search) throw new Error(`The node has no list search ${method}`);
	return await search.call(context, filter, paginationToken);
}

/**
 * Stores bytes as n8n stores files between nodes; the item then holds a reference, not the content.
 * @param {Buffer} bytes
 * @param {{mimeType: string, fileName?: string}} about
 */
async function binaryOf(bytes, about) {
	await binaryStoreReady;
	const location = { type: /** @type {const} */ ('execution'), workflowId: '1', executionId: '1' };
	return await binaryStore().store(location, bytes, { data: '', ...about });
}

/**
 * The bytes of a binary field of an item.
 * @param {import('n8n-workflow').IBinaryData} binary
 */
const bytesOf = async (binary) => await binaryStore().getAsBuffer(binary);

module.exports = { binaryOf, bytesOf, callTool, runNode, runWorkflow, searchList, testCredential, workflowOf };
