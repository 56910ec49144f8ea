import { isIncomplete, type ApiResponse } from '../../../api/decode/normalize';
import { sumOfUsages } from '../../../api/decode/usage';
import { ApiError, toApiError, type AbortedError } from '../../../api/errors/api-error';
import { objectIn, type JsonObject } from '../../../api/json';
import type { Body } from '../../../api/params';
import { parameterError } from '../../shared/errors/parameter-error';
import { openItemsOf } from '../../shared/output/answer';
import { MAX_TOOL_ROUNDS } from '../description/fields/options';
import type { OperationContext } from '../operations/operation';
import { callTool, throwIfStopped, toldOf, type ToolRun } from './call-tool';
import { refuseSameFunctions, type CanvasTools } from './canvas-tools';
import { nextRequest } from './next-request';

/** Output items besides calls of functions that somebody else has to answer: without that a server takes no next request */
const OPEN_ITEMS = ['custom_tool_call', 'mcp_approval_request', 'computer_call', 'local_shell_call'];

/**
 * Asks the model, makes the calls of connected tools that it asks for, and asks it again with what they gave, until it calls none.
 * Where it calls functions of the form too, the connected tools are run and the response comes out: the workflow answers the rest.
 * @param request asks the model once
 * @returns the last response, with the usage of all, the images of all and, in its details, the calls
 * @throws ApiError with the calls that were made, AbortedError, and NodeOperationError for what cannot work, before anything is sent
 */
export async function answerWithTools(
	context: OperationContext,
	first: Body,
	tools: CanvasTools,
	request: (body: Body) => Promise<ApiResponse>,
): Promise<ApiResponse> {
	refuseWithoutWaiting(first, context);
	refuseSameFunctions(first.tools ?? [], context.item);
	const functions = namesOfFunctions(first, tools);
	const maxRounds = Number(objectIn(context.values, 'options').maxToolRounds ?? MAX_TOOL_ROUNDS);
	const { cancelSignal } = context.execution;
	const responses: ApiResponse[] = [];
	const runs: ToolRun[] = [];
	for (let body = first; ; ) {
		const response = await request(body).catch((error) => {
			throw withRuns(error, runs);
		});
		responses.push(response);
		const calls = callsToMake(response, functions);
		if (calls.length === 0) return lastResponse(responses, runs);
		if (responses.length > maxRounds) throw tooManyRounds(responses, runs, maxRounds);
		// other rows may be asked while the tools run
		context.slot.pause();
		const outputs = [];
		for (const call of calls) {
			throwIfStopped(cancelSignal);
			// another row has failed and ends the execution: the next request says so
			if (context.slot.isClosed()) break;
			const run = await callTool(call, tools, cancelSignal);
			runs.push(run);
			outputs.push({ call, output: toldOf(run) });
		}
		throwIfStopped(cancelSignal);
		if (openItemsOf(response).some((item) => isOpen(item, functions))) return lastResponse(responses, runs, calls);
		body = nextRequest(body, response, outputs);
	}
}

/** Nobody would be there to make the calls of a response that is not waited for. */
function refuseWithoutWaiting({ background }: Body, { settings, item }: OperationContext): void {
	if (background !== true || settings.waitForCompletion) return;
	throw parameterError(
		item,
		'"Wait for Completion" is off, but tools are connected, which could not be run then',
		'Turn it on in Options, or disconnect the tools',
	);
}

/** The functions that the request names and that no connected tool is. */
const namesOfFunctions = ({ tools: sent = [] }: Body, tools: CanvasTools): ReadonlySet<string> =>
	new Set(sent.flatMap((tool) => (tool.type === 'function' && !tools.has(tool.name) ? [tool.name] : [])));

const isOpen = ({ type, name }: JsonObject, functions: ReadonlySet<string>) =>
	OPEN_ITEMS.includes(String(type)) || (type === 'function_call' && functions.has(String(name)));

/** The calls that wait in a whole answer and are none of the form's functions: those of tools that there are not are answered too. */
function callsToMake(response: ApiResponse, functions: ReadonlySet<string>): JsonObject[] {
	if (isIncomplete(response)) return [];
	return openItemsOf(response).filter((item) => item.type === 'function_call' && !isOpen(item, functions));
}

/** @param answered calls of the last response that nobody else has to answer */
function lastResponse(responses: readonly ApiResponse[], runs: ToolRun[], answered: readonly JsonObject[] = []): ApiResponse {
	const [last, ...before] = responses.toReversed();
	const images = before.toReversed().flatMap(({ output }) => output.filter(({ type }) => type === 'image_generation_call'));
	return {
		...last,
		output: [...images, ...last.output.filter((item) => !answered.includes(item))],
		usage: sumOfUsages(responses.map(({ usage }) => usage)),
		details: { ...last.details, ...(runs.length > 0 && { toolRuns: runs }) },
	};
}

function tooManyRounds(responses: readonly ApiResponse[], toolRuns: ToolRun[], limit: number): ApiError {
	const partialText = responses.flatMap(({ text }) => (text === '' ? [] : [text])).join('\n\n');
	const { details } = responses[responses.length - 1];
	return new ApiError('too_many_tool_rounds', `The model still called tools after ${limit} rounds`, {
		...details,
		limit,
		toolRuns,
		partialText,
	});
}

function withRuns(error: unknown, toolRuns: ToolRun[]): ApiError | AbortedError {
	const known = toApiError(error);
	return known instanceof ApiError && toolRuns.length > 0 ? known.withDetails({ toolRuns }) : known;
}
