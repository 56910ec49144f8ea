// n8n's own tools connected to our node in the whole n8n: three rows, of which each calls the tool with arguments of its own.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CREDENTIALS, node, workflow } from './chat-model/nodes.mjs';
import { answer, call, message, startModels } from './chat-model/server.mjs';
import { installedN8n } from './host/install.mjs';
import { withWebhook } from './host/workflows.mjs';

/** @typedef {import('./chat-model/server.mjs').Json} Json */
/** @typedef {(row: string) => Json} ByRow */
/** @typedef {{tool: import('./host/workflows.mjs').Node, name?: string, args: ByRow, gives: (row: string) => string}} Case `name` and arguments of the call, and what the tool gives */

const { folder } = await installedN8n();
const hosts = createRequire(join(folder, 'package.json'));
const { McpServer } = hosts('@modelcontextprotocol/sdk/server/mcp.js');
const { StreamableHTTPServerTransport } = hosts('@modelcontextprotocol/sdk/server/streamableHttp.js');

/** A shop: what is in stock by HTTP, and the same as a tool by MCP. */
const shop = createServer(async (request, response) => {
	const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
	if (pathname === '/stock') return response.end(`${searchParams.get('article')} in stock`);
	const server = new McpServer({ name: 'shop', version: '1.0.0' });
	const inputSchema = { article: hosts('zod').z.string() };
	server.registerTool('get_stock', { description: 'The stock', inputSchema }, (/** @type {{article: string}} */ { article }) => ({
		content: [{ type: 'text', text: `${article} in stock` }],
	}));
	const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
	response.on('close', () => server.close());
	await server.connect(transport);
	return await transport.handleRequest(request, response);
});
await new Promise((resolve) => shop.listen(0, '127.0.0.1', () => resolve(undefined)));
const shopUrl = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (shop.address()).port}`;

const BASE = 'n8n-nodes-base.';
const credentials = { credentials: { responsesApi: CREDENTIALS.responsesApi } };
const model = (/** @type {string} */ value) => ({ __rl: true, mode: 'id', value });
const filledIn = (/** @type {string} */ name) => `{{ $fromAI('${name}', '', 'string') }}`;
const stockOf = (/** @type {string} */ row) => `${row} in stock`;
const code = (/** @type {string} */ jsCode) => node('Code Tool', 'toolCode', 1.3, { description: 'The stock', jsCode });
/** A workflow that the tool runs. */
export const shopWorkflow = {
	...workflow(
		'stock',
		node('Stock', `${BASE}set`, 3.4, { mode: 'raw', jsonOutput: '={{ { said: $json.article + " in stock" } }}', options: {} }),
		{},
		[
			node('Start', `${BASE}executeWorkflowTrigger`, 1.1, {
				workflowInputs: { values: [{ name: 'article', type: 'string' }] },
			}),
		],
	),
	id: 'tool-workflow',
};
const article = { id: 'article', displayName: 'article', type: 'string', required: false, display: true };

/** @type {Record<string, Case>} */
const CASES = {
	calculator: {
		tool: node('Calculator', 'toolCalculator', 1),
		args: (row) => ({ input: `${row}*7` }),
		gives: (row) => String(Number(row) * 7),
	},
	code: { tool: code('return `${query} in stock`'), args: (row) => ({ input: row }), gives: stockOf },
	slow: {
		tool: code('await new Promise((resolve) => setTimeout(resolve, 2000)); return `${query} in stock`'),
		args: (row) => ({ input: row }),
		gives: stockOf,
	},
	http: {
		tool: node('HTTP Request', `${BASE}httpRequestTool`, 4.2, { url: `=${shopUrl}/stock?article=${filledIn('article')}`, options: {} }),
		args: (row) => ({ article: row }),
		gives: (row) => JSON.stringify([{ data: stockOf(row) }]),
	},
	workflow: {
		tool: node('Stock Workflow', 'toolWorkflow', 2.2, {
			description: 'The stock',
			workflowId: model(shopWorkflow.id),
			workflowInputs: { mappingMode: 'defineBelow', value: { article: `=${filledIn('article')}` }, schema: [article] },
		}),
		args: (row) => ({ article: row }),
		gives: (row) => JSON.stringify([{ said: stockOf(row) }], null, 2),
	},
	ours: {
		tool: node(
			'Translator',
			'n8n-nodes-responses.responsesTool',
			1,
			{ model: model('translator'), prompt: `=${filledIn('text')}` },
			credentials,
		),
		args: (row) => ({ text: row }),
		gives: (row) => JSON.stringify([{ answer: stockOf(row) }]),
	},
	mcp: {
		tool: node('Shop', 'mcpClientTool', 1.2, { endpointUrl: `${shopUrl}/mcp`, options: {} }),
		name: 'Shop_get_stock',
		args: (row) => ({ article: row }),
		gives: (row) => JSON.stringify([{ type: 'text', text: stockOf(row) }]),
	},
};
const nameOf = (/** @type {Case} */ { tool, name = tool.name.replaceAll(' ', '_') }) => name;

const server = await startModels({
	translator: (body) => answer(body, [message(stockOf(body.input[0].content))]),
	...Object.fromEntries(
		Object.entries(CASES).map(([id, entry]) => [
			`tool-${id}`,
			(/** @type {Json} */ body, /** @type {number} */ round) =>
				answer(body, [round === 0 ? call(nameOf(entry), entry.args(body.input[0].content)) : message(body.input.at(-1).output)]),
		]),
	),
});
export const toolCredentials = [
	{
		...CREDENTIALS.responsesApi,
		id: 'responsesOfTools',
		type: 'responsesApi',
		data: { apiKey: 'sk-tools', baseUrl: `${server.url}/v1` },
	},
];
credentials.credentials.responsesApi = { ...CREDENTIALS.responsesApi, id: 'responsesOfTools' };

const rows = ['1', '2', '3'];
export const toolWorkflows = [
	shopWorkflow,
	...Object.entries(CASES).map(([id, { tool }]) => {
		const asks = node('Root', 'n8n-nodes-responses.responses', 1, { model: model(`tool-${id}`), prompt: '={{ $json.row }}' }, credentials);
		const start = [
			node('Start', `${BASE}manualTrigger`, 1),
			node('Row', `${BASE}set`, 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ row: rows }), options: {} }),
			node('Rows', `${BASE}splitOut`, 1, { fieldToSplitOut: 'row', options: {} }),
		];
		return withWebhook({ ...workflow(id, asks, { ai_tool: [tool] }, start), id: `tool-${id}` });
	}),
];

/** @type {(owner: import('./host/n8n.mjs').Owner) => void} */
export function canvasToolTests(owner) {
	describe('Tools on the canvas', () => {
		after(() => server.close());
		after(() => shop.close());

		for (const [id, entry] of Object.entries(CASES)) {
			it(entry.tool.name + (id === 'slow' ? ', slow' : ''), async () => {
				if (id === 'workflow') await owner.publish(shopWorkflow.id);
				const items = await owner.run(`tool-${id}`);
				const expected = rows.map((row) => ({ arguments: entry.args(row), name: nameOf(entry), output: entry.gives(row) }));
				assert.deepEqual(
					items.map(({ text, toolRuns }) => ({ text, toolRuns })),
					expected.map((run) => ({ text: run.output, toolRuns: [run] })),
				);
				const bodies = server.bodiesOf(`tool-${id}`);
				assert.equal(bodies.length, 2 * rows.length);
				const [{ tools }] = bodies;
				assert.deepEqual(Object.keys(tools[0].parameters.properties), Object.keys(entry.args('1')));
			});
		}
	});
}
