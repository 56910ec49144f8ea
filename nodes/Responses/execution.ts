import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { createClient, type ResponsesClient } from '../../api/client';
import type { ApiResponse } from '../../api/decode/normalize';
import type { LastTaken } from '../../api/scheduling/patience';
import type { ItemContext } from '../shared/errors/parameter-error';
import { UsageTotals, type Failures } from './execution-hints';
import { findCanvasTools, type CanvasTools } from './tools/canvas-tools';

/**
 * The responses that rows with the same request share, by the hash of the request. The hash keeps the memory small:
 * requests may be long, and there may be many.
 */
export type SharedResponses = Map<string, Promise<ApiResponse>>;

/** The files that the model made for one response, where the user wants them. */
export interface Downloads {
	/** `file`, then `file2` and so on */
	binary: IBinaryKeyData;
	/** The entries of `files` in the output, with the `error` of those that did not come */
	entries: IDataObject[];
}

/** One execution of the node: what all its rows share. */
export interface Execution {
	context: IExecuteFunctions;
	/** Whether an agent calls the node as its tool */
	isTool: boolean;
	/** Tokens that the responses of all rows used */
	usage: UsageTotals;
	/** Failed rows and other results that the user may not expect */
	failures: Failures;
	sharedResponses: SharedResponses;
	/** By response the files that were downloaded for it: rows that share it share them */
	downloads: WeakMap<ApiResponse, Downloads>;
	/** Whether the user stopped the execution */
	isCancelled(): boolean;
	/** Is aborted when the user stops the execution; absent in n8n before 1.100 */
	cancelSignal?: AbortSignal;
	/** The tools that are connected on the canvas, for all rows; none where an agent calls the node. Only Create has the input for them. */
	canvasTools(): Promise<CanvasTools>;
	/** The client. The credential is read once, at the first call; with an invalid credential each call throws its ApiError. */
	client(): Promise<ResponsesClient>;
}

/** Creates what the rows of this execution share; nothing is sent yet. */
export function createExecution(context: IExecuteFunctions): Execution {
	let client: Promise<ResponsesClient> | undefined;
	let tools: Promise<CanvasTools> | undefined;
	const isTool = isUsedAsTool(context);
	return {
		context,
		usage: new UsageTotals(),
		failures: { failed: 0, incomplete: 0, replacedFields: new Set(), warnings: new Set() },
		sharedResponses: new Map(),
		downloads: new WeakMap(),
		isTool,
		isCancelled: cancelCheck(context),
		cancelSignal: cancelSignalOf(context),
		canvasTools: () => (tools ??= isTool ? Promise.resolve(new Map()) : findCanvasTools(context)),
		client: () => (client ??= createClient(context)),
	};
}

/** One input item; its warnings are shown above the output of the node. */
export const itemContext = ({ context, failures }: Execution, index: number): ItemContext => ({
	context,
	index,
	warn: (message) => failures.warnings.add(message),
});

/**
 * Whether an agent calls the node. Some agents call their tools themselves, and n8n says so by `isToolExecution`, which versions
 * before 2.x lack. For newer agents the engine runs a tool like any other node: then only the type of the node shows it, because
 * n8n adds `Tool` to the name of the type.
 */
function isUsedAsTool(context: IExecuteFunctions): boolean {
	return ('isToolExecution' in context && context.isToolExecution()) || context.getNode().type.endsWith('Tool');
}

/** By workflow and node: few bytes for each node that this process has run */
const lastTakenByNode = new Map<string, LastTaken>();

/** What the executions of a node share that run at the same time in one process: each of many e-mails may begin one. */
export function lastTakenOf(context: IExecuteFunctions): LastTaken {
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const lastTaken = lastTakenByNode.get(key) ?? {};
	lastTakenByNode.set(key, lastTaken);
	return lastTaken;
}

/** A function that says whether the execution was stopped; always `false` in n8n before 1.100, which does not say. */
export function cancelCheck(context: IExecuteFunctions): () => boolean {
	const signal = cancelSignalOf(context);
	return () => signal?.aborted === true;
}

const cancelSignalOf = (context: IExecuteFunctions): AbortSignal | undefined =>
	'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
