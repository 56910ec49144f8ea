import type { ChatModel, ChatModelConfig, GenerateResult, Message, MessageContent, StreamChunk, Tool } from '@n8n/ai-node-sdk';
import type { FunctionTool as ApiFunctionTool, Tool as ApiTool } from 'openai/resources/responses/responses';

import type { ResponsesClient } from '../../api/client';
import type { ApiResponse } from '../../api/decode/normalize';
import type { RequestLimits } from '../../api/http/request';
import type { JsonObject } from '../../api/json';
import type { Body } from '../../api/params';
import type { ItemContext } from '../shared/errors/parameter-error';
import { openItemsOf } from '../shared/output/answer';
import type { OutputItemCache } from '../shared/output-items';
import { applyExtraBody } from '../shared/request/build-body';
import { toAnswer, type Answer } from './answer';
import { toModelInput, type ModelInput } from './input';
import { toSubNodeError } from './sub-node-error';
import { TextQueue } from './text-queue';

/** n8n gives the signal of the execution under the first name, whatever its type says. */
type Config = ChatModelConfig & { signal?: AbortSignal };

type FunctionTool = Extract<Tool, { type: 'function' }>;

/** What all calls of a model share. */
export interface ModelSettings {
	client: ResponsesClient;
	/** What the form sends */
	body: Body;
	/** Extra Body, which replaces everything else of the same name */
	extraBody: JsonObject;
	limits: RequestLimits;
	cache: OutputItemCache;
	/** Identifies this model, see `InputContext` */
	scope: string;
	executionId?: string;
	item: ItemContext;
	/** The JSON Schema of what a tool takes */
	parametersOf(tool: FunctionTool): JsonObject;
}

/** What an agent adds to these settings. */
interface AgentTools {
	tools: readonly Tool[];
	toolChoice?: Body['tool_choice'];
}

/** A model of the Responses API for n8n's agents and chains. Every method throws what n8n shows on the node. */
export class ResponsesChatModel implements ChatModel<Config> {
	readonly provider = 'responses-api';

	readonly modelId: string;

	constructor(
		private readonly settings: ModelSettings,
		private readonly agent: AgentTools = { tools: [] },
	) {
		this.modelId = settings.body.model ?? '';
	}

	/** The same model with these tools too; n8n's agent gives the same ones twice where it forces a call. */
	withTools(tools: Tool[]): ResponsesChatModel {
		const others = this.agent.tools.filter(({ name }) => !tools.some((tool) => tool.name === name));
		return new ResponsesChatModel(this.settings, { ...this.agent, tools: [...others, ...tools] });
	}

	/** The same model with a rule whether, and which, tool it calls. */
	withToolChoice(toolChoice: Body['tool_choice']): ResponsesChatModel {
		return new ResponsesChatModel(this.settings, { ...this.agent, toolChoice });
	}

	async generate(messages: Message[], config: Config = {}): Promise<GenerateResult> {
		const { response, answer } = await this.ask(messages, config);
		const { finishReason, usage } = answer;
		return {
			id: response.id ?? undefined,
			finishReason,
			usage,
			message: { role: 'assistant', content: answerParts(answer) },
			providerMetadata: { finish_reason: finishReason },
		};
	}

	async *stream(messages: Message[], config: Config = {}): AsyncGenerator<StreamChunk> {
		const left = new AbortController();
		const signals = [left.signal, config.signal, config.abortSignal].filter((signal) => signal !== undefined);
		const pieces = new TextQueue();
		const asked = this.ask(messages, { signal: AbortSignal.any(signals) }, pieces.push).finally(pieces.end);
		// thrown below, unless the reader has left
		asked.catch(() => {});
		let shown = '';
		try {
			for await (const delta of pieces) {
				shown += delta;
				yield { type: 'text-delta', delta };
			}
			const { response, answer } = await asked;
			// the whole text, if the reply was no stream; nothing, if the text differs from its pieces, which cannot be taken back
			const missing = response.text.startsWith(shown) ? response.text.slice(shown.length) : '';
			if (missing + answer.note !== '') yield { type: 'text-delta', delta: missing + answer.note };
			for (const content of answerParts({ ...answer, text: '', note: '', calls: [] })) yield { type: 'content', content };
			for (const { toolCallId, toolName, input } of answer.calls) {
				yield { type: 'tool-call-delta', id: toolCallId, name: toolName, argumentsDelta: input };
			}
			yield { type: 'finish', finishReason: answer.finishReason, usage: answer.usage };
		} finally {
			left.abort();
		}
	}

	/** One request. `onText` is given the pieces of the answer's text; with it the answer is asked for as a stream. */
	private async ask(
		messages: readonly Message[],
		config: Config,
		onText?: (text: string) => void,
	): Promise<{ response: ApiResponse; answer: Answer }> {
		const { client, limits, item, cache } = this.settings;
		try {
			const { origin, ...asked } = this.inputOf(messages);
			const response = await client.responses.create(this.bodyOf(asked, onText !== undefined), {
				limits,
				signal: config.signal ?? config.abortSignal,
				onText,
			});
			const answer = toAnswer(response, messages);
			if (answer.calls.length > 0)
				cache.add({ items: openItemsOf(response), callIds: answer.calls.map(({ toolCallId }) => toolCallId) }, origin);
			return { response, answer };
		} catch (error) {
			throw toSubNodeError(error, item);
		}
	}

	private inputOf(messages: readonly Message[]): ModelInput {
		const { scope, executionId, cache, body, extraBody } = this.settings;
		return toModelInput(messages, { scope, executionId, cache, isStored: (extraBody.store ?? body.store) !== false });
	}

	private bodyOf(asked: Pick<Body, 'instructions' | 'input'>, isStream: boolean): Body {
		const { body, extraBody } = this.settings;
		const { toolChoice, tools: agentTools } = this.agent;
		const tools = [...(body.tools ?? []), ...agentTools.map((tool) => this.toApiTool(tool))];
		return {
			...applyExtraBody(
				{
					...body,
					...asked,
					...(tools.length > 0 && { tools }),
					...(toolChoice !== undefined && tools.length > 0 && { tool_choice: toolChoice }),
				},
				extraBody,
			),
			...(isStream && { stream: true }),
		};
	}

	private toApiTool(tool: Tool): ApiTool {
		// a tool of the server in the API's own words
		if (tool.type === 'provider') return { type: tool.name, ...tool.args } as unknown as ApiTool;
		const { name, description, strict = false } = tool;
		const parameters = this.settings.parametersOf(tool);
		// without `strict` OpenAI makes every parameter a required one
		return { type: 'function', name, ...(description && { description }), parameters, strict } satisfies ApiFunctionTool;
	}
}

/** The parts of an answer, without blank ones. */
function answerParts({ text, note, reasoning, calls, files }: Answer): MessageContent[] {
	return [
		...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
		...(text + note === '' ? [] : [{ type: 'text' as const, text: text + note }]),
		...files,
		...calls,
	];
}
