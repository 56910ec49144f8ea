import { NodeConnectionTypes, type IExecuteFunctions } from 'n8n-workflow';
import type { FunctionTool, Tool } from 'openai/resources/responses/responses';

import type { JsonObject } from '../../../api/json';
import { loadSdk, parametersOf, type Sdk } from '../../shared/ai-sdk';
import { parameterError, type ItemContext } from '../../shared/errors/parameter-error';

/** A tool as n8n's sub-nodes give it, as far as it matters here. */
interface ConnectedTool {
	name: string;
	description?: string;
	/** A schema of zod's, or JSON Schema */
	schema: unknown;
	metadata?: JsonObject;
	invoke(args: JsonObject): Promise<unknown>;
}

/** Several tools of one node, such as those of an MCP server. */
interface Toolkit {
	tools?: ConnectedTool[];
	getTools?(): ConnectedTool[];
}

/** A tool that is connected to the node on the canvas. */
export interface CanvasTool {
	/** What the model is told of it */
	definition: FunctionTool;
	/** Runs it. Throws what the tool throws. */
	invoke(args: JsonObject): Promise<unknown>;
}

/** The connected tools by the names that the model knows. */
export type CanvasTools = ReadonlyMap<string, CanvasTool>;

/** What an older n8n lacks */
const SDK_NEED = {
	needed: 'Tools on the canvas need',
	advice: 'Update n8n, or disconnect the tools: all else of this node works in this version too',
};
/** What the API takes in the name of a function, and how long it may be */
const UNKNOWN_CHARACTERS = /[^a-zA-Z0-9_-]+/g;
const MAX_NAME_LENGTH = 64;

/**
 * The tools that are connected to the node. n8n makes them anew each time it is asked, and mixes up their runs then: it is asked once
 * for all rows. Nothing is loaded where none is connected.
 * @throws NodeOperationError for two tools of one name, a tool that waits for a person, and a host before n8n 2.16
 */
export async function findCanvasTools(context: IExecuteFunctions): Promise<CanvasTools> {
	// n8n's type of it is `unknown`
	const connected = (await context.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Array<ConnectedTool | Toolkit>;
	const tools = connected.flatMap(toolsIn);
	const found = new Map<string, CanvasTool>();
	if (tools.length === 0) return found;
	const item = { context, index: 0 };
	refuseSameNames(
		tools.map(({ name }) => name),
		item,
	);
	const sdk = await loadSdk(item, SDK_NEED);
	for (const tool of tools) {
		refuseWaiting(tool, item);
		const name = freeName(tool.name, found);
		found.set(name, { definition: definitionOf(tool, name, sdk), invoke: async (args) => await tool.invoke(args) });
	}
	return found;
}

/**
 * Refuses functions of the same name: which of them the model means could not be told.
 * @throws NodeOperationError that names them
 */
export function refuseSameFunctions(tools: readonly Tool[], item: ItemContext): void {
	refuseSameNames(
		tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : [])),
		item,
	);
}

function refuseSameNames(names: readonly string[], item: ItemContext): void {
	const same = [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
	if (same.length === 0) return;
	throw parameterError(
		item,
		`Several tools have the same name: ${same.map((name) => `"${name}"`).join(', ')}`,
		'Rename the connected tools, or the functions in Tools, so that each has a name of its own',
	);
}

/** A tool behind a node of n8n's that asks a person first gives nothing here: only n8n's own agent can wait for the answer. */
function refuseWaiting({ name, metadata }: ConnectedTool, item: ItemContext): void {
	if (metadata?.gatedToolNodeName === undefined) return;
	throw parameterError(
		item,
		`The tool "${name}" waits for a person, which this node cannot`,
		"Connect the tool itself, or use n8n's AI Agent with the Responses Chat Model",
	);
}

const toolsIn = (entry: ConnectedTool | Toolkit): ConnectedTool[] =>
	'invoke' in entry ? [entry] : (entry.tools ?? entry.getTools?.() ?? []);

/** The name as the API takes it; names in Chinese, for example, are all alike then, and get numbers. */
function freeName(own: string, found: CanvasTools): string {
	const base = own.replace(UNKNOWN_CHARACTERS, '_').slice(0, MAX_NAME_LENGTH);
	let name = base;
	for (let number = 2; found.has(name); number++) name = `${base.slice(0, MAX_NAME_LENGTH - 4)}_${number}`;
	return name;
}

function definitionOf(tool: ConnectedTool, name: string, sdk: Sdk): FunctionTool {
	const { description = '', schema } = tool;
	const words = name === tool.name ? description : `${tool.name}: ${description}`;
	// n8n's own type of a schema is that of zod
	const parameters = parametersOf({ type: 'function', name, inputSchema: schema as never }, sdk);
	// without `strict` OpenAI makes every parameter a required one
	return { type: 'function', name, ...(words !== '' && { description: words }), parameters, strict: false };
}
