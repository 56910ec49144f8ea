import { isObject, objectIn, objectsIn, textIn, type JsonObject } from '../../api/json';
import type { Body } from '../../api/params';
import { ResponsesChatModel } from './model';

/** The members of LangChain's message that are used here. */
interface LangChainMessage {
	content: unknown;
	additional_kwargs: JsonObject;
	response_metadata: JsonObject;
}

/** An answer of LangChain's, or a piece of one. */
interface Generation {
	message: LangChainMessage;
	generationInfo?: JsonObject;
}

/** n8n's adapter of a chat model for LangChain: the members that are used here. */
export interface LangChainModel {
	/** The model that the adapter was made for */
	chatModel: unknown;
	callbacks?: unknown;
	_generate(messages: LangChainMessage[], ...rest: unknown[]): Promise<{ generations: Generation[] }>;
	_streamResponseChunks(messages: LangChainMessage[], ...rest: unknown[]): AsyncIterable<Generation>;
	bindTools(tools: unknown[], options?: JsonObject): LangChainModel;
	getNumTokens(content: unknown): Promise<number>;
}

/**
 * The model of n8n's adapter with what the adapter loses: images and files, the answer as plain text, the tokens of a
 * streamed answer in the log, a tool that has to be called, and a count of tokens without the Internet. Seen in n8n 2.16 to 2.41.
 */
export function completeAdapter(model: LangChainModel): LangChainModel {
	const generate = model._generate.bind(model);
	const stream = model._streamResponseChunks.bind(model);
	const bindTools = model.bindTools.bind(model);
	model._generate = async (messages, ...rest) => {
		const result = await generate(messages.map(withKnownParts), ...rest);
		return { ...result, generations: result.generations.map(withFinishReason).map(withPlainText) };
	};
	model._streamResponseChunks = async function* (messages, ...rest) {
		let calls = 0;
		for await (const chunk of stream(messages.map(withKnownParts), ...rest)) {
			// the adapter gives all calls the index 0, so LangChain would join them into one
			for (const call of objectsIn(chunk.message, 'tool_call_chunks')) call.index = calls++;
			yield withPlainText(chunk);
		}
	};
	model.bindTools = (tools, options) => {
		const bound = bindTools(tools);
		const toolChoice = fromLangChainToolChoice(options?.tool_choice);
		if (toolChoice !== undefined && bound.chatModel instanceof ResponsesChatModel)
			bound.chatModel = bound.chatModel.withToolChoice(toolChoice);
		return completeAdapter(bound);
	};
	// LangChain would fetch the words of GPT-2 from the Internet, which takes more than a minute where there is none
	model.getNumTokens = async (content) => tokensOf(typeof content === 'string' ? content : JSON.stringify(content));
	readBothUsages(model);
	return model;
}

/** About how many tokens a text has: four characters each, but one for each Chinese or Japanese character. */
function tokensOf(text: string): number {
	const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
	return wide + Math.ceil((text.length - wide) / 4);
}

/** A copy of a message in parts that the adapter knows; it drops all others without an error. */
function withKnownParts(message: LangChainMessage): LangChainMessage {
	if (!Array.isArray(message.content)) return message;
	const copy: LangChainMessage = Object.assign(Object.create(Object.getPrototypeOf(message)), message);
	copy.content = message.content.map((part: unknown) => (isObject(part) ? toKnownPart(part) : part));
	return copy;
}

function toKnownPart(part: JsonObject): JsonObject {
	if (part.type === 'image_url') {
		const { url, detail } = isObject(part.image_url) ? part.image_url : { url: part.image_url, detail: undefined };
		return { type: 'image', mimeType: 'image/*', url, metadata: { detail } };
	}
	// of LangChain before 1.0: agents send PDFs so
	if (part.source_type !== undefined) {
		const mimeType = part.mime_type ?? (part.type === 'image' ? 'image/*' : undefined);
		const source = part.source_type === 'url' ? { url: part.url } : part.source_type === 'id' ? { fileId: part.id } : { data: part.data };
		return { type: 'file', mimeType, ...source, metadata: { ...objectIn(part, 'metadata') } };
	}
	// in the API's own words
	const isApiPart = ['input_text', 'input_image', 'input_file'].includes(String(part.type));
	return isApiPart ? { type: 'non_standard', value: part } : part;
}

/**
 * An answer without files as one text, as most models give it: parsers and agents join parts in different ways, and a chat shows
 * an empty piece for each part without text. The reasoning goes where LangChain expects it beside a plain text.
 */
function withPlainText<T extends Generation>(generation: T): T {
	const { message } = generation;
	const parts: unknown[] = Array.isArray(message.content) ? message.content : [];
	if (!Array.isArray(message.content) || !parts.every((part) => ['text', 'reasoning'].includes(textIn(part, 'type') ?? '')))
		return generation;
	const reasoning = parts.map((part) => textIn(part, 'reasoning') ?? '').join('');
	if (reasoning !== '') message.additional_kwargs = { ...message.additional_kwargs, reasoning_content: reasoning };
	message.content = parts.map((part) => textIn(part, 'text') ?? '').join('');
	return generation;
}

/** Why the answer ended, for n8n's log; a streamed answer has it. */
function withFinishReason(generation: Generation): Generation {
	const { finish_reason } = generation.message.response_metadata;
	return { ...generation, generationInfo: { ...generation.generationInfo, finish_reason } };
}

/** n8n's log reads the tokens by the names of a plain answer; LangChain names those of a streamed one otherwise. */
function readBothUsages({ callbacks }: LangChainModel): void {
	for (const callback of Array.isArray(callbacks) ? callbacks : []) {
		const options = objectIn(callback, 'options');
		if (!('tokensUsageParser' in options)) continue;
		options.tokensUsageParser = (result: { llmOutput?: JsonObject }) => {
			const usage = objectIn(result.llmOutput, 'tokenUsage');
			const promptTokens = Number(usage.input_tokens ?? usage.promptTokens ?? 0);
			const completionTokens = Number(usage.output_tokens ?? usage.completionTokens ?? 0);
			const totalTokens = Number(usage.total_tokens ?? usage.totalTokens ?? promptTokens + completionTokens);
			return { completionTokens, promptTokens, totalTokens };
		};
	}
}

/** LangChain's words for which tool has to be called, as the API's. */
function fromLangChainToolChoice(choice: unknown): Body['tool_choice'] {
	if (choice === undefined || choice === null) return undefined;
	if (choice === 'any') return 'required';
	if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
	const name = typeof choice === 'string' ? choice : textIn(objectIn(choice, 'function'), 'name');
	return name === undefined ? undefined : { type: 'function', name };
}
