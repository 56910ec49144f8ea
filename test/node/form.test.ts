import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
} from 'n8n-workflow';

import codex from '../../nodes/Responses/Responses.node.json';
import { Responses } from '../../nodes/Responses/Responses.node';

const { description } = new Responses();

/** The names of what the form shows, with what the groups hold below them. */
function shownFor(parameters: INodeParameters, properties = description.properties, root = parameters): string[] {
	const node = { typeVersion: 1 } as INode;
	const isShown = (property: INodeProperties) => NodeHelpers.displayParameter(parameters, property, node, description, root);
	return properties.filter(isShown).flatMap(({ name, type, options }) => {
		if (type !== 'collection') return [name];
		const inner = shownFor({}, options as INodeProperties[], root).map((option) => `${name}.${option}`);
		return [name, ...inner];
	});
}

const of = (operation: string, more: INodeParameters = {}) =>
	shownFor({ resource: 'response', operation, inputType: 'prompt', outputFormat: 'text', returnAll: false, ...more }).filter(
		(name) => !/^(resource|operation|requests.*)$/.test(name),
	);

describe('The form shows', () => {
	test('the groups of Create in their order', () => {
		expect(of('create').filter((name) => !name.includes('.'))).toEqual([
			'model',
			'inputType',
			'prompt',
			'binaryFields',
			'instructions',
			'outputFormat',
			'output',
			'reasoning',
			'sampling',
			'tools',
			'options',
		]);
	});

	test.each([
		['prompt', ['prompt', 'binaryFields']],
		['messages', ['messages']],
		['json', ['inputItems']],
	])('what the input type %s needs', (inputType, names) => {
		const ofInput = ['prompt', 'binaryFields', 'messages', 'inputItems'];
		expect(of('create', { inputType }).filter((name) => ofInput.includes(name))).toEqual(names);
	});

	test.each([
		['text', []],
		['jsonObject', []],
		['jsonSchema', ['schema', 'schemaName', 'schemaDescription', 'strict']],
		['fields', ['outputFields']],
		['example', ['schemaExample']],
	])('what the output format %s needs', (outputFormat, names) => {
		const ofFormat = ['schema', 'schemaExample', 'outputFields', 'schemaName', 'schemaDescription', 'strict'];
		expect(of('create', { outputFormat }).filter((name) => ofFormat.includes(name))).toEqual(names);
	});

	test.each<[string, INodeParameters, boolean]>([
		['Fields', { outputFormat: 'fields', output: 'details' }, true],
		['Fields, once columns are chosen', { outputFormat: 'fields', output: 'inputAndAnswer' }, false],
		['Text', { outputFormat: 'text', output: 'details' }, false],
		['a stored response', { operation: 'get', output: 'details' }, false],
	])('how to get columns: %s', (_, parameters, isShown) => {
		expect(of('create', parameters).includes('columnsNotice')).toBe(isShown);
	});

	test.each<[string, INodeParameters, boolean]>([
		['Answer Only', { output: 'answer' }, true],
		['Input and Answer', { output: 'inputAndAnswer' }, true],
		['Answer and Details', { output: 'details' }, false],
		['Raw Response', { output: 'raw' }, false],
		['Answer Only of an answer that has fields of its own', { output: 'answer', outputFormat: 'fields' }, false],
		['Answer Only of a stored response', { operation: 'get', output: 'answer' }, true],
	])('Answer Field where a text needs a name: %s', (_, parameters, isShown) => {
		expect(of('create', parameters).includes('answerField')).toBe(isShown);
	});

	test('for Compact what its endpoint takes', () => {
		expect(of('compact')).toEqual([
			'model',
			'inputType',
			'prompt',
			'binaryFields',
			'instructions',
			'options',
			...['imageDetail', 'maxFileSize', 'previousResponseId', 'promptCacheKey', 'serviceTier', 'extraBody'].map(
				(name) => `options.${name}`,
			),
		]);
	});

	test('for Count Input Tokens what its endpoint takes', () => {
		const shown = of('countTokens');
		expect(shown).toEqual(
			expect.arrayContaining([
				'model',
				'outputFormat',
				'reasoning.effort',
				'tools.webSearch',
				'tools.toolChoice',
				'options.conversation',
				'options.verbosity',
			]),
		);
		expect(shown.filter((name) => /sampling|output$|answerField|maxToolCalls|stream|store|metadata|promptCacheKey/.test(name))).toEqual([]);
	});

	test.each([
		['response', 'get', ['keptNotice', 'responseId', 'output']],
		['response', 'delete', ['keptNotice', 'responseId']],
		['response', 'getInputItems', ['keptNotice', 'responseId', 'returnAll', 'limit']],
		['conversation', 'create', ['keptNotice', 'conversationItems', 'conversationMetadata']],
		['conversation', 'deleteItem', ['keptNotice', 'conversationId', 'conversationItemId']],
		['model', 'getAll', ['returnAll', 'limit']],
	])('for %s %s', (resource, operation, names) => {
		expect(of(operation, { resource })).toEqual(names);
	});
});

describe('Every field', () => {
	/** With the fields in groups and rows. */
	const all = (properties: INodeProperties[]): INodeProperties[] =>
		properties.flatMap((property) => {
			const { type, options = [] } = property;
			if (type === 'collection') return [property, ...all(options as INodeProperties[])];
			if (type === 'fixedCollection') return [property, ...all((options as INodePropertyCollection[]).flatMap(({ values }) => values))];
			return [property];
		});
	const fields = all(description.properties).filter(({ name, type }) => type !== 'notice' && name !== 'resource' && name !== 'operation');
	const thatLack = (has: (field: INodeProperties) => boolean) => fields.filter((field) => !has(field)).map(({ name }) => name);

	test('is described in one sentence', () => {
		expect(thatLack((field) => /^[A-Z"](?!.*\. [A-Z]).*[^.]$/.test(field.description ?? ''))).toEqual([]);
	});

	test('of text shows an example, unless it is a secret or has a default', () => {
		const isText = ({ type, typeOptions, default: preset }: INodeProperties) =>
			(type === 'string' || type === 'json') && !typeOptions?.password && preset === '';
		expect(thatLack((field) => !isText(field) || /^e\.g\. /.test(field.placeholder ?? ''))).toEqual([]);
	});

	test('of numbers says its range or its unit', () => {
		expect(thatLack(({ type, description: words = '' }) => type !== 'number' || /\d|Max number/.test(words))).toEqual([]);
	});

	test('in a row of a list that may stay blank is blank at first', () => {
		const rows = fields
			.filter(({ type }) => type === 'fixedCollection')
			.flatMap(({ options }) => (options as INodePropertyCollection[])[0].values);
		// an empty JSON text would be marked as broken before anything is typed: {} is blank there
		const preset = rows
			.filter(({ type, default: value }) => value !== (type === 'json' ? '{}' : ''))
			.map(({ name, default: value }) => [name, value]);
		expect(preset).toEqual([
			['role', 'user'],
			['type', 'string'],
			['strict', true],
		]);
	});
});

describe('The node is found', () => {
	const optionsOf = (resource: string) =>
		description.properties
			.filter(({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.resource?.includes(resource))
			.flatMap(({ options }) => options as INodePropertyOptions[]);

	test('with Create as the first operation and the first action', () => {
		expect(optionsOf('response').map(({ value }) => value)).toEqual([
			...['create', 'get', 'getInputItems', 'cancel', 'delete', 'compact', 'countTokens'],
		]);
		expect(optionsOf('response')[0].action).toBe('Create response');
		expect(optionsOf('conversation')[0].value).toBe('create');
		const [firstOperation] = description.properties.filter(({ name }) => name === 'operation');
		expect(firstOperation.displayOptions?.show?.resource).toEqual(['response']);
	});

	test.each([
		...['summary', 'summarise', 'model', 'prompt', 'ask', 'text', 'classify', 'extract', 'translate', 'spam', 'enrich', 'image'],
		...['claude', 'gemini', 'deepseek', 'qwen', 'gateway', 'openai compatible', 'one-api', 'new-api', 'base url'],
		...['openai-compatible', 'ask ai', 'message a model', 'question', 'label', 'tag', 'priority', 'analyse', 'draft', 'write text'],
	])('by the word %s', (word) => expect(codex.alias).toContain(word));

	test('outside of the category AI, which n8n keeps for sub-nodes', () => expect(codex.categories).not.toContain('AI'));

	test.each<[string, INodeParameters]>([
		['gpt-5.4', { resource: 'response', operation: 'create', model: { __rl: true, mode: 'id', value: 'gpt-5.4' } }],
		['gpt-5.4', { resource: 'response', operation: 'create', model: 'gpt-5.4' }],
		['create: response', { resource: 'response', operation: 'create', model: { __rl: true, mode: 'list', value: '' } }],
		['get: response', { resource: 'response', operation: 'get' }],
		['create: conversation', { resource: 'conversation', operation: 'create', model: 'gpt-5.4' }],
	])('on the canvas, where it says %s below its name', (subtitle, parameters) => {
		const node = { id: '1', name: 'Node', type: 'responses', typeVersion: 1, position: [0, 0], parameters } as INode;
		const nodeTypes = { getByName: () => new Responses(), getByNameAndVersion: () => new Responses(), getKnownTypes: () => ({}) };
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		const shown = workflow.expression.getSimpleParameterValue({ ...node, parameters }, description.subtitle, 'internal', {});
		expect(shown).toBe(subtitle);
	});
});
