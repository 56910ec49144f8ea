// Workflows of n8n's own agents and chains with our chat model; the model's name tells the server what to say.

/** @typedef {import('../host/workflows.mjs').Workflow} Workflow */
/** @typedef {Record<string, unknown>} Parameters */
/** @typedef {{node: object, to: string, index?: number}} Connected a sub-node and what it is to its root node */

const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
export const CREDENTIALS = {
	responsesApi: { id: 'responsesOfChat', name: 'Responses API of the chat model' },
	openAiApi: { id: 'openAiOfChat', name: 'OpenAI of the embeddings' },
};

/** @type {(name: string, type: string, typeVersion: number, parameters?: Parameters, more?: object) => any} */
export const node = (name, type, typeVersion, parameters = {}, more = {}) => ({
	id: name,
	name,
	type: type.includes('.') ? type : LANGCHAIN + type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

/** Our chat model. @type {(model: string, options?: Parameters, name?: string) => any} */
export const chatModel = (model, options = {}, name = 'Model') =>
	node(
		name,
		'n8n-nodes-responses.lmChatResponses',
		1,
		{ model: { __rl: true, mode: 'id', value: model }, options },
		{ credentials: { responsesApi: CREDENTIALS.responsesApi } },
	);

/** @type {(text: string, parameters?: Parameters, typeVersion?: number) => any} */
export const agent = (text, parameters = {}, typeVersion = 3.1) =>
	node('Root', 'agent', typeVersion, { promptType: 'define', text, options: {}, ...parameters });

export const calculator = () => node('Calculator', 'toolCalculator', 1);

/** @type {(example: object, more?: Parameters) => any} */
export const parser = (example, more) =>
	node('Parser', 'outputParserStructured', 1.3, { schemaType: 'fromJson', jsonSchemaExample: JSON.stringify(example), ...more });

/**
 * A workflow that begins with a manual trigger, or with the node that is given as `start`.
 * @type {(id: string, root: any, subs: Record<string, any[]>, start?: any[]) => Workflow}
 */
export function workflow(id, root, subs, start = [node('Start', 'n8n-nodes-base.manualTrigger', 1)]) {
	/** @type {any[]} */
	const nodes = [...start, root];
	/** @type {Record<string, any>} */
	const connections = {};
	const connect = (/** @type {any} */ from, /** @type {string} */ type, /** @type {any} */ to, index = 0) => {
		connections[from.name] = { ...connections[from.name], [type]: [[{ node: to.name, type, index }]] };
	};
	for (const [index, from] of start.entries()) connect(from, 'main', start[index + 1] ?? root);
	const add = (/** @type {any} */ parent, /** @type {Record<string, any[]>} */ kinds) => {
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
