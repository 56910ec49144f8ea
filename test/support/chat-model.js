/** Our chat model in n8n's engine: n8n's own SDK makes LangChain's model of it, and a node uses that as a test says. */
const path = require('node:path');
const { runWorkflow } = require('./engine');

const MODEL_USER = 'engine.modelUser';

/** LangChain and zod as the SDK itself loads them: other packages bring other copies into the tree. */
const sdkPath = path.dirname(require.resolve('@n8n/ai-utilities/package.json', { paths: [require.resolve('@n8n/ai-node-sdk')] }));
const fromSdk = (/** @type {string} */ name) => require(require.resolve(name, { paths: [sdkPath] }));
/** @type {typeof import('@langchain/core/messages')} */
const messages = fromSdk('@langchain/core/messages');
/** @type {typeof import('@langchain/openai')} */
const { ChatOpenAI } = fromSdk('@langchain/openai');
/** @type {typeof import('zod').z} */
const z = fromSdk('zod').z;

/**
 * @typedef {import('@langchain/core/language_models/chat_models').BaseChatModel & {
 *   bindTools: NonNullable<import('@langchain/core/language_models/chat_models').BaseChatModel['bindTools']>,
 * }} ChatModel what an agent or a chain is given
 *
 * @typedef {import('@langchain/core/messages').AIMessage} AIMessage
 * @typedef {import('@langchain/core/messages').AIMessageChunk} AIMessageChunk
 *
 * @typedef {object} Log n8n's log of one call
 * @property {object} [tokenUsage] as the server counted
 * @property {object} [tokenUsageEstimate] as n8n guessed
 * @property {{generations: {text: string, generationInfo?: {finish_reason: string}}[][]}} response
 */

/**
 * Runs a workflow of our chat model and a node that does `use` with it; its result comes back as `result`.
 * @template T
 * @param {(model: ChatModel) => Promise<T>} use
 * @param {import('./engine').Options & {options?: object, model?: string}} [options] `options`: the node's own, as the editor saves them
 */
async function useChatModel(use, { options = {}, model = 'gpt-5.4', ...more } = {}) {
	/** @type {T | undefined} */
	let result;
	const modelUser = /** @type {import('n8n-workflow').INodeType} */ ({
		description: {
			name: 'modelUser',
			displayName: 'Model User',
			description: '',
			group: ['transform'],
			version: 1,
			defaults: {},
			inputs: ['main', { type: 'ai_languageModel', required: true, maxConnections: 1 }],
			outputs: ['main'],
			properties: [],
		},
		/** @this {import('n8n-workflow').IExecuteFunctions} */
		async execute() {
			result = await use(/** @type {ChatModel} */ (await this.getInputConnectionData('ai_languageModel', 0)));
			return [this.getInputData()];
		},
	});
	const node = (/** @type {string} */ name, /** @type {string} */ type, parameters = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: /** @type {[number, number]} */ ([0, 0]),
		parameters,
	});
	const to = (/** @type {never} */ type) => ({ [type]: [[{ node: 'User', type, index: 0 }]] });
	const credentials = { responsesApi: { id: 'responsesApi', name: 'Responses API' } };
	const parameters = { model: { __rl: true, mode: 'id', value: model }, options };
	const run = await runWorkflow(
		{
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger'),
				{ ...node('Model', 'n8n-nodes-responses.lmChatResponses', parameters), credentials },
				node('User', MODEL_USER),
			],
			connections: { Start: to(/** @type {never} */ ('main')), Model: to(/** @type {never} */ ('ai_languageModel')) },
		},
		{ ...more, nodeTypes: { [MODEL_USER]: modelUser } },
	);
	const tasks = run.tasks('Model');
	const log = tasks.map(({ data }) => /** @type {Log | undefined} */ (/** @type {unknown} */ (data?.ai_languageModel?.[0]?.[0].json)));
	return { ...run, result, log, modelErrors: tasks.flatMap(({ error }) => error ?? []) };
}

/**
 * A call and what its tool gave, as the AI Agent 3 tells them in the next round: it adds the ID of the call to the arguments.
 * @param {{id?: string, name: string, args: object}} call
 * @param {string} output
 */
const toldByAgent = ({ id = '', name, args }, output) => [
	new messages.AIMessage({ content: [], tool_calls: [{ id, name, args: { ...args, id }, type: 'tool_call' }] }),
	new messages.ToolMessage({ content: output, tool_call_id: id, name }),
];

/**
 * What LangChain's own model of this API makes of what the same server gives.
 * @param {string} baseURL
 */
const langChainsOwn = (baseURL) =>
	new ChatOpenAI({ model: 'gpt-5.4', apiKey: 'sk-test-4711', useResponsesApi: true, maxRetries: 0, configuration: { baseURL } });

module.exports = { fromSdk, langChainsOwn, messages, toldByAgent, useChatModel, z };
