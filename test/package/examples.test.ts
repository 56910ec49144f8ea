import type { INode, INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { exampleOf, ourNodes, runExample } from '../../scripts/demo/examples';
import { MODEL, startLocalServer } from '../../scripts/demo/local-server';
import { runWorkflow } from '../support/engine';
import { formOf } from '../support/host';

const NAMES = [
	'summarise-emails',
	'mailbox-to-table',
	'enrich-rows',
	'spreadsheet-in-spreadsheet-out',
	'overnight-enrichment',
	'chained-steps',
	'look-up-and-decide',
	'long-report',
	'chat',
	'agent-on-your-gateway',
	'ask-your-documents',
];
const NOTE = 'n8n-nodes-base.stickyNote';
const OURS = 'n8n-nodes-responses.responses';
/** Nodes in a package of its own that the engine's lacks: only a whole n8n can check their forms and run them. */
const AI_NODES = '@n8n/n8n-nodes-langchain.';
/** The node as an agent's tool: a form that only a whole n8n makes. */
const OUR_TOOL = 'n8n-nodes-responses.responsesTool';
const ALLOWED = [
	'n8n-nodes-base.manualTrigger',
	'n8n-nodes-base.set',
	'n8n-nodes-base.splitOut',
	'n8n-nodes-base.convertToFile',
	'n8n-nodes-base.extractFromFile',
	'n8n-nodes-base.wait',
	'n8n-nodes-base.if',
	// the overnight example says which n8n it needs
	'n8n-nodes-base.dataTable',
	'n8n-nodes-base.scheduleTrigger',
	'n8n-nodes-base.switch',
	NOTE,
	OURS,
	'n8n-nodes-responses.lmChatResponses',
	OUR_TOOL,
];

/** Width and height of a node on the canvas, with its name below. Ours is a wide one: tools are connected to it. */
const NODE_SIZE = [96, 140];
const OUR_SIZE = [256, 140];
/** From one node to the next in a workflow with ours, in the canvas's pixels. */
const STEP = 350;

let server: Awaited<ReturnType<typeof startLocalServer>>;

beforeAll(async () => {
	server = await startLocalServer();
});
afterAll(async () => await server.stop());

/** Nodes and their forms. */
async function withForms(nodes: INode[]): Promise<Array<[INode, INodeTypeDescription]>> {
	const forms = await Promise.all(
		nodes.map(async (node): Promise<[INode, INodeTypeDescription | undefined]> => [node, await formOf(node)]),
	);
	return forms.filter((pair): pair is [INode, INodeTypeDescription] => pair[1] !== undefined);
}

/** What a saved parameter holds that the form does not know: names at every level, and values of fixed lists. */
function unknownIn(value: object, form: INodeProperties[], path = ''): string[] {
	return Object.entries(value).flatMap(([name, held]) => {
		const fields = form.filter((field) => field.name === name);
		const unknown = fields.map((field) => unknownInField(held, field, `${path}${name}`));
		return unknown.find(({ length }) => length === 0) ?? unknown[0] ?? [`${path}${name}`];
	});
}

function unknownInField(held: unknown, { type, typeOptions, options = [] }: INodeProperties, path: string): string[] {
	// the table itself says what there is to choose
	if (typeOptions?.loadOptionsMethod) return [];
	if (type === 'collection') return unknownIn(held as object, options as INodeProperties[], `${path}.`);
	if (type === 'options') return (options as INodePropertyOptions[]).some(({ value }) => value === held) ? [] : [`${path}: ${held}`];
	if (type !== 'fixedCollection') return [];
	return Object.entries(held as object).flatMap(([group, rows]) => {
		const found = (options as INodePropertyCollection[]).find(({ name }) => name === group);
		if (!found) return [`${path}.${group}`];
		return [rows].flat().flatMap((row: object) => unknownIn(row, found.values, `${path}.${group}.`));
	});
}

const rectangleOf = ({ type, position: [x, y], parameters }: INode) => {
	const note = [parameters.width as number, parameters.height as number];
	const [width, height] = type === NOTE ? note : type === OURS ? OUR_SIZE : NODE_SIZE;
	return { left: x, right: x + width, top: y, bottom: y + height };
};

function overlap(one: INode, other: INode) {
	const [a, b] = [rectangleOf(one), rectangleOf(other)];
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe.each(NAMES)('%s', (name) => {
	const workflow = exampleOf(name);
	const steps = workflow.nodes.filter(({ type }) => type !== NOTE);

	it('uses only nodes that every n8n has, and ours', () => {
		expect(workflow.nodes.filter(({ type }) => !ALLOWED.includes(type) && !type.startsWith(AI_NODES))).toEqual([]);
	});

	it('carries its sample data in a node, not as pinned data', () => {
		expect(workflow.pinData).toBeUndefined();
	});

	it('has nodes whose forms are known here', async () => {
		const known = (await withForms(workflow.nodes)).map(([{ type }]) => type);
		expect(known).toEqual(workflow.nodes.map(({ type }) => type).filter((type) => type !== OUR_TOOL && !type.startsWith(AI_NODES)));
	});

	it('sets only what the forms of its nodes offer', async () => {
		const forms = await withForms(workflow.nodes);
		expect(forms.flatMap(([node, { properties }]) => unknownIn(node.parameters, properties, `${node.name}: `))).toEqual([]);
	});

	it('is as the editor saves it: no default, no hidden field', async () => {
		const shown = (await withForms(ourNodes(workflow))).map(([node, form]) =>
			NodeHelpers.getNodeParameters(form.properties, node.parameters, false, false, node, form),
		);
		expect(shown).toEqual(ourNodes(workflow).map(({ parameters }) => parameters));
	});

	it('has nothing that n8n marks red', async () => {
		const forms = await withForms(workflow.nodes);
		expect(forms.map(([node, form]) => NodeHelpers.getNodeParametersIssues(form.properties, node, form)).filter(Boolean)).toEqual([]);
	});

	it('names the credential and the model of the local server in each node of ours', () => {
		const all = workflow.nodes.filter(({ type }) => type.startsWith('n8n-nodes-responses.'));
		const named = all.map(({ credentials, parameters }) => ({ credentials, model: parameters.model }));
		const model = { __rl: true, mode: 'id', value: MODEL };
		const expected = all.map(({ parameters }) => ({
			credentials: { responsesApi: { id: 'responsesApi', name: 'Responses API' } },
			model: parameters.operation === 'get' ? undefined : model,
		}));
		expect(named).toEqual(expected);
	});

	it('leads from its trigger to every node', () => {
		const reached = new Set(steps.filter(({ type }) => /Trigger$/.test(type)).map((node) => node.name));
		const linked = Object.entries(workflow.connections).flatMap(([from, kinds]) =>
			Object.entries(kinds).flatMap(([kind, targets]) =>
				targets.flat().flatMap((target) => (target ? [{ from, kind, to: target.node }] : [])),
			),
		);
		for (const node of reached) {
			// a sub-node belongs to the node that it leads to
			for (const { from, kind, to } of linked) {
				if (kind === 'main' && from === node) reached.add(to);
				if (kind !== 'main' && to === node) reached.add(from);
			}
		}
		expect([...reached].sort()).toEqual(steps.map((node) => node.name).sort());
	});

	it('covers no node with a note', () => {
		const pairs = workflow.nodes.flatMap((one, at) => workflow.nodes.slice(at + 1).map((other) => [one, other]));
		expect(pairs.filter(([one, other]) => overlap(one, other)).map((pair) => pair.map((node) => node.name))).toEqual([]);
	});

	it('leaves room between its nodes for the wide one', () => {
		const places = steps.some(({ type }) => type === OURS) ? steps.map(({ position: [x] }) => x) : [];
		expect(places.filter((x) => x % STEP !== 0)).toEqual([]);
	});

	it('gives each node an ID of its own', () => {
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(workflow.nodes.length);
	});
});

/** The fields that each node gives out in a run against the local server. */
async function outputOf(name: string, model?: string) {
	const workflow = exampleOf(name);
	const run = await runExample(workflow, { baseUrl: server.url, apiKey: server.apiKey, model });
	expect(run.error?.message).toBeUndefined();
	return Object.fromEntries(workflow.nodes.map((node) => [node.name, run.items(node.name).map(({ json }) => json)]));
}

describe('in the engine, against the local server', () => {
	it('summarises each e-mail and keeps it beside the summary', async () => {
		const { 'Summarise e-mail': rows } = await outputOf('summarise-emails');
		const beginningOf = (text: unknown) => String(text).split(' ').slice(0, 4).join(' ');
		expect(rows.map(({ subject, summary, urgency }) => [subject, beginningOf(summary), urgency])).toEqual([
			['Delivery 4471: two pallets short, one carton wet', 'Fjällrost received 4 of', 'high'],
			['关于十二月茶叶礼盒交期及价格调整的说明', 'Order LT-2611-08 is split:', 'high'],
			['Your plan renews on 1 December: what changes', 'The Parcelkite Team plan', 'medium'],
			['RE: RE: RE: Harlow move: go-live date and open points', 'Helen asks for one', 'high'],
			['Tasting on the 3rd, can you say a few words?', 'Lucy asks Priya to', 'medium'],
		]);
	});

	it('makes a row of each mail, a message of an urgent one, and a row of its own of one that failed', async () => {
		const output = await outputOf('mailbox-to-table');
		const columns = ['received', 'sender', 'subject', 'summary', 'urgency', 'next_step', 'due_date'];
		expect(output['Row for the table'].map((row) => Object.keys(row))).toEqual(Array(6).fill(columns));
		expect(output['Row for the table'].map(({ subject, urgency, due_date: due }) => [subject, urgency, due])).toEqual([
			['RE: RE: RE: Water in aisle 4', 'high', '2026-11-27'],
			['发票 QL-8831 金额有误，请确认', 'high', '2026-12-01'],
			['Your winter rates are ready', 'medium', '2026-12-09'],
			['Invitation: cupping of the new Kenya lots', 'medium', '2026-12-01'],
			['Invoice 88213, rent of Hall 3 for December', 'medium', '2026-12-15'],
			['Five cups for cold mornings', 'low', null],
		]);
		expect(output['Message to us'].map(({ message }) => String(message).split(':')[0])).toEqual([
			'Urgent, by 2026-11-27',
			'Urgent, by 2026-12-01',
		]);
		expect(output['Row for failed e-mails']).toEqual([
			{
				received: '2026-11-27T09:15:00Z',
				sender: 'Weighbridge 2 <scale2@tallowreed.example>',
				subject: 'FW: FW: log of the scale, all of November',
				error: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
				advice: expect.stringMatching(/./),
			},
		]);
	});

	it('gives each comment of a spreadsheet its reply, and one that failed its error, in order', async () => {
		const { 'One item per row': before, Columns: after, 'New spreadsheet': files } = await outputOf('spreadsheet-in-spreadsheet-out');
		expect(after.map(({ order }) => order)).toEqual(before.map(({ order }) => order));
		const failed = after.filter(({ error }) => error !== '');
		expect(failed.map(({ order, reply, error }) => [order, reply, error])).toEqual([
			[20442, undefined, '"Prompt" is blank for this item'],
			[20518, undefined, 'The prompt was refused by the content filter of this server.'],
		]);
		const answered = after.filter((row) => !failed.includes(row));
		expect(answered.map(({ comment }) => comment)).toEqual(
			before.filter(({ order }) => order !== 20442 && order !== 20518).map(({ comment }) => comment),
		);
		expect(answered.filter(({ topic, answer_needed: needed, reply }) => !topic || !needed || !reply)).toEqual([]);
		expect(files).toHaveLength(1);
	});

	it('adds three columns to each company', async () => {
		const { 'Enrich company': rows } = await outputOf('enrich-rows');
		const columns = ['company', 'website', 'country', 'employees', 'about', 'industry', 'size_class', 'pitch'];
		expect(rows.map((row) => Object.keys(row))).toEqual(Array(20).fill(columns));
	});

	it.each(['summarise-emails', 'mailbox-to-table', 'enrich-rows', 'spreadsheet-in-spreadsheet-out'])(
		'fills the columns of %s with allowed values only',
		async (example) => {
			const [{ name: ours, parameters }] = ourNodes(exampleOf(example));
			const { values } = parameters.outputFields as { values: Array<{ name: string; options?: string }> };
			const { [ours]: rows } = await outputOf(example);
			const answered = rows.filter(({ error }) => error === undefined);
			const allowed = values.map(({ name, options }) => answered.map((row) => !options || options.split(', ').includes(String(row[name]))));
			expect(answered.length).toBeGreaterThan(0);
			expect(allowed).toEqual(values.map(() => answered.map(() => true)));
		},
	);

	it('drafts, criticises and rewrites each brief', async () => {
		const { Draft, Critique, Rewrite } = await outputOf('chained-steps');
		const beginnings = [Draft, Critique, Rewrite].map((rows) => rows.map(({ text }) => String(text).split(' ').slice(0, 3).join(' ')));
		expect(beginnings).toEqual([
			['Meet Pip, the', 'Dear customer,\n\nWe are', 'We are looking'],
			['1. "Ultimate", "premium"', '1. The one', '1. Lead with'],
			['Two good cups,', 'Subject: 11 to', 'Night-shift picker, Harlow:'],
		]);
	});

	it('counts the tokens of every step', async () => {
		const { Draft, Critique, Rewrite } = await outputOf('chained-steps');
		expect([...Draft, ...Critique, ...Rewrite].map(({ usage }) => usage)).toEqual(
			Array(9).fill(expect.objectContaining({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) })),
		);
	});

	it('uses another model when one is wanted', async () => {
		const { Draft } = await outputOf('chained-steps', 'another-model');
		expect(Draft.map(({ model }) => model)).toEqual(Array(3).fill('another-model'));
	});

	// n8n's chat trigger is not here: another one gives what it gives, and n8n's engine streams as for a chat
	it('answers a chat piece by piece', async () => {
		const { nodes, connections } = exampleOf('chat');
		const [trigger, ...others] = nodes;
		const workflow = {
			nodes: [{ ...trigger, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }, ...others],
			connections,
		};
		const run = await runWorkflow(workflow, {
			credentials: { responsesApi: { baseUrl: server.url, apiKey: server.apiKey } },
			items: [{ json: { sessionId: '1', action: 'sendMessage', chatInput: 'Which tea keeps me awake?' } }],
			isStreaming: true,
		});
		const pieces = run.chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
		expect(pieces.length).toBeGreaterThan(5);
		expect(pieces.join('')).toBe(run.items('Answer')[0].json.text);
	});
});

// The long report is run by `npm start`: Jest cannot load n8n's Wait node, a package of which is an ES module.
