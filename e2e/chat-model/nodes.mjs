// Workflows of n8n's own agents and chains with our chat model; the model's name tells the server what to say.

/** @typedef {import('../host/workflows.mjs').Workflow} Workflow */
/** @typedef {import('../host/workflows.mjs').Node} Node */
/** @typedef {Node & {subs?: SubNodes}} SubNode with sub-nodes of its own */
/** @typedef {{[connection: string]: SubNode[]}} SubNodes by the kind of their connection */
/** @typedef {Record<string, unknown>} Parameters */
/** @typedef {{node: object, to: string, index?: number}} Connected a sub-node and what it is to its root node */

const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
export const CREDENTIALS = {
	responsesApi: { id: 'responsesOfChat', name: 'Responses API of the chat model' },
	openAiApi: { id: 'openAiOfChat', name: 'OpenAI of the embeddings' },
};

/** @type {(name: string, type: string, typeVersion: number, parameters?: Parameters, more?: object) => Node} */
export const node = (name, type, typeVersion, parameters = {}, more = {}) => ({
	id: name,
	name,
	type: type.includes('.') ? type : LANGCHAIN + type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

/** Our chat model. @type {(model: string, options?: Parameters, name?: string) => Node} */
export const chatModel = (model, options = {}, name = 'Model') =>
	node(
		name,
		'n8n-nodes-responses.lmChatResponses',
		1,
		{ model: { __rl: true, mode: 'id', value: model }, options },
		{ credentials: { responsesApi: CREDENTIALS.responsesApi } },
	);

/** @type {(text: string, parameters?: Parameters, typeVersion?: number) => Node} */
export const agent = (text, parameters = {}, typeVersion = 3.1) =>
	node('Root', 'agent', typeVersion, { promptType: 'define', text, options: {}, ...parameters });

export const calculator = () => node('Calculator', 'toolCalculator', 1);

/** @type {(example: object, more?: Parameters) => Node} */
export const parser = (example, more) =>
	node('Parser', 'outputParserStructured', 1.3, { schemaType: 'fromJson', jsonSchemaExample: JSON.stringify(example), ...more });

/**
 * A workflow that begins with a manual trigger, or with the node that is given as `start`.
 * @type {(id: string, root: Node, subs: SubNodes, start?: Node[]) => Workflow}
 */
export function workflow(id, root, subs, start = [node('Start', 'n8n-nodes-base.manualTrigger', 1)]) {
	const nodes = [...start, root];
	/** @type {Record<string, object>} */
	const connections = {};
	const connect = (/** @type {Node} */ from, /** @type {string} */ type, /** @type {Node} */ to, index = 0) => {
		connections[from.name] = { ...connections[from.name], [type]: [[{ node: to.name, type, index }]] };
	};
	for (const [index, from] of start.entries()) connect(from, 'main', start[index + 1] ?? root);
	const add = (/** @type {Node} */ parent, /** @type {SubNodes} */ kinds) => {
		for (const [type, list] of Object.entries(kinds)) {
			for (const [index, { subs: inner = {}, ...own }] of list.entries()) {
				nodes.push(own);
				// a second model is the one that stands by
				connect(own, type, parent, type === 'ai_languageModel' ? index : 0);
				add(own, inner);
			}
		}
	};
	add(root, subs);
	return { id: `chat-${id}`, name: `Chat model: ${id}`, nodes, connections, settings: { executionOrder: 'v1' } };
}
