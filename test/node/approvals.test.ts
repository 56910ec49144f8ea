import type { ResponseCreateParams } from 'openai/resources/responses/responses';

import { runWorkflow } from '../support/engine';
import { ANSWER } from '../support/one-item';
import { fixture, json } from '../support/replies';
import { startServer } from '../support/server';

const TYPE = 'n8n-nodes-responses.responses';
const mcp = { values: [{ serverLabel: 'shop', serverUrl: 'https://shop.example.com', requireApproval: 'always' }] };
const common = { model: { __rl: true, mode: 'id', value: 'gpt-5.4' }, tools: { mcp } };
/** What README says to put into Input Items */
const APPROVE =
	"={{ $json.approvalRequests.map(({ id }) => ({ type: 'mcp_approval_response', approval_request_id: id, approve: true })) }}";

const base = { typeVersion: 1, position: [0, 0] as [number, number], credentials: { responsesApi: { id: '1', name: 'Server' } } };
const workflow = {
	nodes: [
		{ ...base, id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {}, credentials: undefined },
		{ ...base, id: '2', name: 'Ask', type: TYPE, parameters: { ...common, prompt: 'What of order 4711?' } },
		{
			...base,
			id: '3',
			name: 'Approve',
			type: TYPE,
			parameters: { ...common, inputType: 'json', inputItems: APPROVE, options: { previousResponseId: '={{ $json.id }}' } },
		},
	],
	connections: {
		Start: { main: [[{ node: 'Ask', type: 'main' as const, index: 0 }]] },
		Ask: { main: [[{ node: 'Approve', type: 'main' as const, index: 0 }]] },
	},
};

test("A second node approves the calls of an MCP server's tools, and gets the answer", async () => {
	const server = await startServer([fixture('openai-approval.1.json'), json(ANSWER)]);
	try {
		const { status, items } = await runWorkflow(workflow, {
			credentials: { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } },
		});
		expect(status).toBe('success');
		expect(items('Ask').map(({ json: { text } }) => text)).toEqual(['']);
		expect(items('Approve').map(({ json: { text } }) => text)).toEqual(['Hello!']);
		expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill('POST /v1/responses'));
		expect(server.requests[1].body).toEqual({
			model: 'gpt-5.4',
			input: ['mcpr_01', 'mcpr_02'].map((id) => ({ type: 'mcp_approval_response' as const, approval_request_id: id, approve: true })),
			previous_response_id: 'resp_approval01',
			tools: [{ type: 'mcp', server_label: 'shop', server_url: 'https://shop.example.com', require_approval: 'always' }],
		} satisfies ResponseCreateParams);
	} finally {
		await server.close();
	}
});
