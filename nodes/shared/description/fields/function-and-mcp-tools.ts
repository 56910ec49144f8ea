import type { Tool } from 'openai/resources/responses/responses';

import type { Body } from '../../../../api/params';
import { parameterError, type ItemContext } from '../../errors/parameter-error';
import { optionalNames, unlessEmpty } from '../../request/parameters';
import { fixedCollection, textField, type ParameterValues } from '../field';
import { toolOf } from './built-in-tools';

/** One `mcp` tool for each row: a server of the Model Context Protocol. https://platform.openai.com/docs/guides/tools-connectors-mcp */
export const mcp = fixedCollection(
	{
		displayName: 'MCP Servers',
		name: 'mcp',
		placeholder: 'Add MCP Server',
		description: 'Servers of the Model Context Protocol whose tools the model may use',
		param: 'tools',
		sends: (servers: ParameterValues[], _: ParameterValues, item: ItemContext): Body => ({
			tools: servers.map((server, index) => mcpTool(server, index, item)),
		}),
	},
	'MCP Server',
	[
		textField('Server Label', 'serverLabel', 'e.g. shop', 'Short name of the server, letters, digits, _ and -'),
		textField('Server URL', 'serverUrl', 'e.g. https://mcp.example.com/sse', 'Address of the server; blank for a connector'),
		{
			displayName: 'Connector',
			name: 'connectorId',
			type: 'options',
			default: '',
			options: [
				{ name: 'Dropbox', value: 'connector_dropbox' },
				{ name: 'Gmail', value: 'connector_gmail' },
				{ name: 'Google Calendar', value: 'connector_googlecalendar' },
				{ name: 'Google Drive', value: 'connector_googledrive' },
				{ name: 'Microsoft Teams', value: 'connector_microsoftteams' },
				{ name: 'None, the Server URL Counts', value: '' },
				{ name: 'Outlook Calendar', value: 'connector_outlookcalendar' },
				{ name: 'Outlook Email', value: 'connector_outlookemail' },
				{ name: 'SharePoint', value: 'connector_sharepoint' },
			],
			description: 'Service that OpenAI itself connects to, in place of a Server URL; Authorization then holds your access token for it',
		},
		textField(
			'Server Description',
			'serverDescription',
			'e.g. Orders and stock of our shop',
			'What the server is for, for the model to read',
		),
		{
			...textField('Authorization', 'authorization', '', 'Access token for that server'),
			typeOptions: { password: true },
		},
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'json',
			default: '{}',
			placeholder: 'e.g. {"X-Project": "42"}',
			description: 'Headers that are sent to that server',
		},
		{
			...textField(
				'Allowed Tools',
				'allowedTools',
				'e.g. search, get_order',
				'Only these of its tools, separated by commas; blank allows all',
			),
			accepts: 'list',
		},
		{
			displayName: 'Require Approval',
			name: 'requireApproval',
			type: 'options',
			default: '',
			options: [
				{ name: "Server's Own Rule", value: '' },
				{ name: 'Always', value: 'always' },
				{ name: 'Never', value: 'never' },
			],
			description: 'When the model has to ask before it uses a tool',
		},
	],
);

function mcpTool(server: ParameterValues, index: number, item: ItemContext): Tool {
	if (server.serverLabel === undefined) {
		throw parameterError(item, `MCP server ${index + 1} has no label`, 'Give it a Server Label such as shop');
	}
	const { serverUrl, connectorId } = server;
	if ((serverUrl === undefined) === (connectorId === undefined)) {
		const problem = serverUrl === undefined ? 'neither a Server URL nor a Connector' : 'both a Server URL and a Connector';
		throw parameterError(item, `MCP server ${index + 1} has ${problem}`, 'Give it one of the two and leave the other blank');
	}
	return toolOf({
		type: 'mcp',
		server_label: server.serverLabel,
		server_url: serverUrl,
		connector_id: connectorId,
		server_description: server.serverDescription,
		authorization: server.authorization,
		headers: unlessEmpty(server.headers),
		allowed_tools: optionalNames(server.allowedTools),
		require_approval: server.requireApproval,
	});
}

/** One `function` tool for each row: a function that the workflow runs. https://platform.openai.com/docs/guides/function-calling */
export const functions = fixedCollection(
	{
		displayName: 'Functions',
		name: 'functions',
		placeholder: 'Add Function',
		description: 'Functions of yours that the model may ask for; what it asks comes out in <code>toolCalls</code>',
		param: 'tools',
		sends: (rows: ParameterValues[], _: ParameterValues, item: ItemContext): Body => ({
			tools: rows.map((row, index) => functionTool(row, index, item)),
		}),
	},
	'Function',
	[
		textField('Name', 'name', 'e.g. get_weather', 'Name of the function: letters, digits, _ and -, at most 64'),
		textField(
			'Description',
			'description',
			'e.g. The weather in a city today',
			'What the function does, for the model to know when to use it',
		),
		{
			displayName: 'Parameters',
			name: 'parameters',
			type: 'json',
			typeOptions: { rows: 4 },
			default: '{}',
			placeholder: 'e.g. {"type": "object", "properties": {"city": {"type": "string"}}}',
			description:
				'JSON Schema of what the function takes; blank if nothing; with Strict on all keys must be required and no others allowed',
		},
		{
			displayName: 'Strict',
			name: 'strict',
			type: 'boolean',
			default: true,
			description: 'Whether the server makes sure that the arguments follow the schema',
		},
	],
);

function functionTool(row: ParameterValues, index: number, item: ItemContext): Tool {
	if (row.name === undefined) throw parameterError(item, `Function ${index + 1} has no name`, 'Give it a name such as get_weather');
	return toolOf({
		type: 'function',
		name: row.name,
		description: row.description,
		parameters: unlessEmpty(row.parameters) ?? { type: 'object', properties: {}, required: [], additionalProperties: false },
		strict: row.strict !== false,
	});
}
