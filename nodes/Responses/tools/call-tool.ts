import { AbortedError } from '../../../api/errors/api-error';
import { isObject, parseJson, textIn, type JsonObject } from '../../../api/json';
import type { CanvasTools } from './canvas-tools';

/** One call of a tool, as the output tells it; either `output` or `error` is there. */
export interface ToolRun extends JsonObject {
	name: string;
	/** An object, unless the model gave none */
	arguments: unknown;
	/** What the model was told */
	output?: string;
	error?: string;
}

/**
 * Makes a call that the model asks for. Whatever goes wrong is told to the model, which may put it right.
 * @param call an output item of the type `function_call`
 * @throws AbortedError when the execution was stopped
 */
export async function callTool(call: JsonObject, tools: CanvasTools, signal: AbortSignal | undefined): Promise<ToolRun> {
	const name = textIn(call, 'name') ?? '';
	const args = argumentsOf(call);
	const tool = tools.get(name);
	if (!tool) {
		return { name, arguments: args, error: `There is no tool "${name}". There are: ${[...tools.keys()].join(', ')}` };
	}
	if (!isObject(args)) return { name, arguments: args, error: `The arguments are no JSON object: ${String(args)}` };
	try {
		return { name, arguments: args, output: textOf(await unlessStopped(tool.invoke(args), signal)) };
	} catch (error) {
		throwIfStopped(signal);
		return { name, arguments: args, error: error instanceof Error ? error.message : String(error) };
	}
}

/** What the model is told of a call. */
export const toldOf = ({ output, error }: ToolRun): string => output ?? `Error: ${error}`;

/** @throws AbortedError when the execution was stopped */
export function throwIfStopped(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new AbortedError();
}

/** The arguments as an object; what is none stays as it came. A tool that takes nothing may be called with nothing. */
function argumentsOf({ arguments: given }: JsonObject): unknown {
	if (typeof given !== 'string') return given ?? {};
	if (given.trim() === '') return {};
	const parsed = parseJson(given);
	return isObject(parsed) ? parsed : given;
}

/** What a tool gave, as a text: most give one, some an object or parts. */
const textOf = (given: unknown): string => (typeof given === 'string' ? given : (JSON.stringify(given) ?? ''));

/** Waits for a tool, but no longer than to Stop: n8n cannot end every tool. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return await work;
	throwIfStopped(signal);
	return await new Promise<T>((resolve, reject) => {
		const stop = () => reject(new AbortedError());
		signal.addEventListener('abort', stop, { once: true });
		const leave = () => signal.removeEventListener('abort', stop);
		work.then(resolve, reject).finally(leave);
	});
}
