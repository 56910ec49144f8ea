// What is asked, what the models say, and what has to come of it: one entry each.
import assert from 'node:assert/strict';
import { agent, calculator, chatModel, CREDENTIALS, node, parser, workflow } from './nodes.mjs';
import { answer, call, chatCompletion, message, reasoning } from './server.mjs';

/** @typedef {import('./server.mjs').Json} Json */
/** @typedef {{bodies: Json[], items: Json[], log: Json[], errors: Json[]}} Outcome of a run: `items` of the root node, n8n's `log` of the model */
/** @typedef {{workflow: import('./nodes.mjs').Workflow, answers: Record<string, import('./server.mjs').Answer>, check: (outcome: Outcome) => void}} Scenario */

const QUESTION = 'What is 6*7?';
const SAID = message('Let me compute.');
const CALLED = call('Calculator', { input: '6*7' });
/** Thinks, says something and calls a tool; then answers. @type {import('./server.mjs').Answer} */
const twoRounds = (body, round) => (round === 0 ? answer(body, [reasoning, SAID, CALLED]) : answer(body, [message('It is 42.')]));
/** @type {(...output: Json[]) => import('./server.mjs').Answer} */
const saying =
	(...output) =>
	(body) =>
		answer(body, output);

const asked = { type: 'message', role: 'user', content: QUESTION };
const REAL = { promptTokens: 21, completionTokens: 5, totalTokens: 26 };
/** Both rounds are right over the wire, and n8n's log holds the tokens that the server counted. @param {Outcome} outcome @param {string} result */
export function isRight({ bodies, items, log }, result) {
	assert.deepEqual(bodies[0].input, [asked]);
	const output = { type: 'function_call_output', call_id: 'call_1', output: result };
	assert.deepEqual(bodies[1].input, [asked, reasoning, SAID, CALLED, output]);
	assert.deepEqual(items, [{ output: 'It is 42.' }]);
	assert.deepEqual(
		log.map(({ tokenUsage }) => tokenUsage),
		[REAL, REAL],
	);
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const withImage = [
	node('Start', 'n8n-nodes-base.manualTrigger', 1),
	node('Image', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ data: PNG }), options: {} }),
	node('File', 'n8n-nodes-base.convertToFile', 1.1, {
		operation: 'toBinary',
		sourceProperty: 'data',
		options: { fileName: 'a.png', mimeType: 'image/png' },
	}),
];
const imageMessage = { type: 'HumanMessagePromptTemplate', messageType: 'imageBinary', binaryImageDataKey: 'data', imageDetail: 'auto' };
const embeddings = () =>
	node('Embeddings', 'embeddingsOpenAi', 1.2, { model: 'embedding', options: {} }, { credentials: { openAiApi: CREDENTIALS.openAiApi } });
const retriever = () => ({
	...node('Retriever', 'retrieverVectorStore', 1),
	subs: {
		ai_vectorStore: [
			{
				...node('Store', 'vectorStoreInMemory', 1.3, { mode: 'retrieve', memoryKey: { __rl: true, mode: 'id', value: 'none' } }),
				subs: { ai_embedding: [embeddings()] },
			},
		],
	},
});

/** Scenarios that are run by their webhook, by name. @type {Record<string, Scenario>} */
export const SCENARIOS = {
	'AI Agent 3.1 with a tool': {
		workflow: workflow('agent3', agent(QUESTION), { ai_languageModel: [chatModel('agent3')], ai_tool: [calculator()] }),
		answers: { agent3: twoRounds },
		check: (outcome) => isRight(outcome, '[{"response":"42"}]'),
	},
	'AI Agent 2.2 with a tool': {
		workflow: workflow('agent2', agent(QUESTION, {}, 2.2), { ai_languageModel: [chatModel('agent2')], ai_tool: [calculator()] }),
		answers: { agent2: twoRounds },
		check: (outcome) => isRight(outcome, '42'),
	},
	'AI Agent on a server that answers as chat completions': {
		workflow: workflow('anyapi', agent(QUESTION), { ai_languageModel: [chatModel('anyapi')], ai_tool: [calculator()] }),
		answers: {
			anyapi: (_, round) => {
				const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'Calculator', arguments: CALLED.arguments } }];
				return chatCompletion(round === 0 ? { content: null, tool_calls } : { content: 'It is 42.' });
			},
		},
		check: ({ bodies, items, log }) => {
			const { id, status, ...own } = CALLED;
			assert.ok(id && status);
			assert.deepEqual(bodies[1].input, [asked, own, { type: 'function_call_output', call_id: 'call_1', output: '[{"response":"42"}]' }]);
			assert.deepEqual([items, log[1].tokenUsage], [[{ output: 'It is 42.' }], REAL]);
		},
	},
	'AI Agent whose tools are called at once': {
		workflow: workflow('parallel', agent(QUESTION), { ai_languageModel: [chatModel('parallel')], ai_tool: [calculator()] }),
		answers: {
			parallel: (body, round) => {
				const calls = ['a', 'b'].map((id, index) => call('Calculator', { input: `${index}+1` }, `call_${id}`));
				return answer(body, round === 0 ? [reasoning, ...calls] : [message('Both.')]);
			},
		},
		check: ({ bodies, items }) => {
			const results = bodies[1].input.map((/** @type {Json} */ { type, call_id }) => [type, call_id].join(' ').trim());
			const calls = ['function_call call_a', 'function_call call_b', 'function_call_output call_a', 'function_call_output call_b'];
			assert.deepEqual(results, ['message', 'reasoning', ...calls]);
			assert.deepEqual(items, [{ output: 'Both.' }]);
		},
	},
	'AI Agent with our node as its tool': {
		workflow: workflow('tool', agent('Say good morning in French'), {
			ai_languageModel: [chatModel('tool')],
			ai_tool: [
				node(
					'Translator',
					'n8n-nodes-responses.responsesTool',
					1,
					{
						toolDescription: 'Translates',
						model: { __rl: true, mode: 'id', value: 'translator' },
						prompt: "={{ $fromAI('text', '', 'string') }}",
					},
					{ credentials: { responsesApi: CREDENTIALS.responsesApi } },
				),
			],
		}),
		answers: {
			tool: (body, round) => answer(body, [round === 0 ? call('Translator', { text: 'Good morning' }) : message(body.input.at(-1).output)]),
			translator: saying(message('Bonjour')),
		},
		check: ({ items }) => assert.match(items[0].output, /Bonjour/),
	},
	'AI Agent with a Structured Output Parser': {
		workflow: workflow('parsed', agent(QUESTION, { hasOutputParser: true }), {
			ai_languageModel: [chatModel('parsed')],
			ai_outputParser: [parser({ city: 'Paris' })],
		}),
		answers: { parsed: saying(reasoning, call('format_final_json_response', { output: { city: 'Rome' } })) },
		check: ({ items }) => assert.deepEqual(items, [{ output: { city: 'Rome' } }]),
	},
	'Basic LLM Chain with a parser that mends': {
		workflow: workflow('mended', node('Root', 'chainLlm', 1.9, { promptType: 'define', text: QUESTION, hasOutputParser: true }), {
			ai_languageModel: [chatModel('mended')],
			ai_outputParser: [
				{ ...parser({ city: 'Paris' }, { autoFix: true }), subs: { ai_languageModel: [chatModel('mender', {}, 'Mender')] } },
			],
		}),
		answers: { mended: saying(reasoning, message('It is Rome')), mender: saying(message('{"output": {"city": "Rome"}}')) },
		check: ({ items }) => assert.deepEqual(items, [{ output: { city: 'Rome' } }]),
	},
	'Basic LLM Chain with an image': {
		workflow: workflow(
			'image',
			node('Root', 'chainLlm', 1.9, { promptType: 'define', text: 'What is it?', messages: { messageValues: [imageMessage] } }),
			{ ai_languageModel: [chatModel('image')] },
			withImage,
		),
		answers: { image: saying(message('A dot')) },
		check: ({ bodies, items }) => {
			const parts = [
				{ type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${PNG}` },
				{ type: 'input_text', text: 'What is it?' },
			];
			assert.deepEqual(bodies[0].input, [{ type: 'message', role: 'user', content: parts }]);
			assert.deepEqual(items, [{ text: 'A dot' }]);
		},
	},
	'AI Agent with a model that stands by': {
		workflow: workflow('fallback', agent(QUESTION, { needsFallback: true }), {
			ai_languageModel: [chatModel('fallback', { maxRetries: 0 }), chatModel('standby', {}, 'Standby')],
			ai_tool: [calculator()],
		}),
		answers: { fallback: (body) => answer(body, [], { status: 'failed', error: { message: 'The model broke' } }), standby: twoRounds },
		check: ({ items, errors }) => {
			assert.deepEqual(items, [{ output: 'It is 42.' }]);
			assert.deepEqual([...new Set(errors.map((error) => error.message))], ['The model broke']);
		},
	},
	'Information Extractor': {
		workflow: workflow(
			'extractor',
			node('Root', 'informationExtractor', 1.2, {
				text: 'Bob is 5',
				schemaType: 'fromAttributes',
				attributes: { attributes: [{ name: 'name', type: 'string', description: 'Name' }] },
				options: {},
			}),
			{ ai_languageModel: [chatModel('extractor')] },
		),
		answers: { extractor: saying(reasoning, message('{"name": "Bob"}')) },
		check: ({ items }) => assert.deepEqual(items, [{ output: { name: 'Bob' } }]),
	},
	'Text Classifier': {
		workflow: workflow(
			'classifier',
			node('Root', 'textClassifier', 1.1, {
				inputText: 'I want my money back',
				categories: {
					categories: [
						{ category: 'refund', description: 'Money back' },
						{ category: 'praise', description: 'Praise' },
					],
				},
				options: {},
			}),
			{ ai_languageModel: [chatModel('classifier')] },
		),
		answers: { classifier: saying(reasoning, message('```json\n{"refund": true, "praise": false}\n```')) },
		check: ({ items }) => assert.equal(items.length, 1),
	},
	'Sentiment Analysis': {
		workflow: workflow('sentiment', node('Root', 'sentimentAnalysis', 1.1, { inputText: 'Great!', options: {} }), {
			ai_languageModel: [chatModel('sentiment')],
		}),
		answers: { sentiment: saying(message('{"sentiment": "Positive", "strength": 0.9, "confidence": 1}')) },
		check: ({ items }) => assert.equal(items[0].sentimentAnalysis.category, 'Positive'),
	},
	'Summarization Chain': {
		workflow: workflow('summary', node('Root', 'chainSummarization', 2.1, { options: {} }), { ai_languageModel: [chatModel('summary')] }),
		answers: { summary: saying(reasoning, message('Short.')) },
		check: ({ items }) => assert.equal(JSON.stringify(items).includes('Short.'), true),
	},
	Guardrails: {
		workflow: workflow(
			'guardrails',
			node('Root', 'guardrails', 2, { text: 'Hello', guardrails: { nsfw: { value: { threshold: 0.7 } } } }),
			{
				ai_languageModel: [chatModel('guardrails')],
			},
		),
		answers: { guardrails: saying(message('{"confidenceScore": 0.1, "flagged": false}')) },
		check: ({ items }) => assert.equal(items[0].checks[0].triggered, false),
	},
	'Question and Answer Chain with a vector store': {
		workflow: workflow('documents', node('Root', 'chainRetrievalQa', 1.6, { promptType: 'define', text: 'Who?', options: {} }), {
			ai_languageModel: [chatModel('documents')],
			ai_retriever: [retriever()],
		}),
		answers: { documents: saying(message('Nobody.')) },
		check: ({ items }) => assert.match(JSON.stringify(items), /Nobody\./),
	},
	'A refusal is told': {
		workflow: workflow('refusal', agent(QUESTION), { ai_languageModel: [chatModel('refusal')] }),
		answers: { refusal: saying({ ...SAID, content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] }) },
		check: ({ items }) => assert.deepEqual(items, [{ output: 'I cannot help with that.' }]),
	},
	'A cut answer is told': {
		workflow: workflow('cut', agent(QUESTION), { ai_languageModel: [chatModel('cut')] }),
		answers: {
			cut: (body) => answer(body, [message('Once')], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
		},
		check: ({ items, log }) => {
			assert.match(items[0].output, /^Once\n\n\[The answer was cut off: raise Options > Max Output Tokens/);
			assert.equal(log[0].response.generations[0][0].generationInfo.finish_reason, 'length');
		},
	},
	'What went wrong is told on the model, in the words of the server': {
		workflow: workflow(
			'broken',
			{ ...agent(QUESTION), onError: 'continueRegularOutput' },
			{ ai_languageModel: [chatModel('broken', { temperature: 0.5 })] },
		),
		answers: { broken: (body) => answer(body, [], { status: 'failed', error: { message: 'No such temperature', param: 'temperature' } }) },
		check: ({ items, errors }) => {
			assert.deepEqual(items, [{ error: 'No such temperature' }]);
			assert.equal(errors[0].message, 'No such temperature');
			assert.match(errors[0].description, /./);
		},
	},
};
