import type { Tool } from 'openai/resources/responses/responses';

import type { Body } from '../../../../api/params';
import { isObject, parseJson } from '../../../../api/json';
import { collection, type Field, type ParameterValues } from '../../../shared/description/field';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';
import {
	codeInterpreter,
	fileSearch,
	imageGeneration,
	parallelToolCalls,
	webSearch,
} from '../../../shared/description/fields/built-in-tools';
import { functions, mcp } from '../../../shared/description/fields/function-and-mcp-tools';

const toolsJson: Field = {
	displayName: 'Tools (JSON)',
	name: 'toolsJson',
	type: 'json',
	typeOptions: { rows: 4 },
	default: '[]',
	placeholder: 'e.g. [{"type": "web_search"}]',
	description: 'A list of further tools as the API takes them',
	param: 'tools',
	sends: (value: unknown, _: ParameterValues, item: ItemContext): Body => {
		const list: unknown[] = Array.isArray(value) ? value : [value];
		if (!list.every(isObject)) {
			throw parameterError(item, '"Tools (JSON)" is not a list of JSON objects', 'Give a list such as [{"type": "web_search"}]');
		}
		// sent as the user wrote it: the server judges it
		return list.length === 0 ? {} : { tools: list as unknown as Tool[] };
	},
};

const toolChoice: Field = {
	displayName: 'Tool Choice',
	name: 'toolChoice',
	accepts: 'json',
	type: 'string',
	default: 'auto',
	placeholder: 'e.g. auto',
	description:
		'Which tool the model uses: auto, none, required, the name of a function, or JSON such as {"type": "mcp", "server_label": "shop"}',
	param: 'tool_choice',
	sends: (choice: string, _: ParameterValues, item: ItemContext): Body =>
		choice.trim() === '' ? {} : { tool_choice: toolChoiceOf(choice.trim(), item) },
};

function toolChoiceOf(choice: string, item: ItemContext): Body['tool_choice'] {
	if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
	if (!choice.startsWith('{')) return { type: 'function', name: choice };
	const parsed = parseJson(choice);
	if (!isObject(parsed))
		throw parameterError(
			item,
			'"Tool Choice" is not valid JSON',
			'Correct the JSON, or type auto, none, required or the name of a function',
		);
	// sent as the user wrote it: the server judges it
	return parsed as unknown as Body['tool_choice'];
}

/** The tools that the model may use, and how it uses them. */
export const tools = collection(
	{
		displayName: 'Tools',
		name: 'tools',
		placeholder: 'Add Tool',
		description: 'What the model may use besides its own knowledge; many gateways know functions only',
		// a server's error names the index of a tool, not its kind: the label is that of the whole collection
		param: 'tools',
	},
	// the tools are sent in this order
	[
		webSearch,
		fileSearch,
		codeInterpreter,
		imageGeneration,
		mcp,
		functions,
		toolsJson,
		toolChoice,
		parallelToolCalls,
		{
			displayName: 'Max Tool Calls',
			name: 'maxToolCalls',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10,
			description: "Maximum number of calls of the server's own tools for one answer, 1 or more",
			sends: 'max_tool_calls',
		},
	],
);
