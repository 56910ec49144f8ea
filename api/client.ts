import { createInBackground } from './background';
import type { ApiResponse } from './decode/normalize';
import { ResponseAccumulator } from './decode/response-accumulator';
import { skipReasoning } from './decode/think-tags';
import { ApiError, toApiError } from './errors/api-error';
import { fetchFile, fetchJson, fetchResponse, type FileContent } from './fetch-response';
import { connect, withSignal, type Connection, type N8nContext } from './http/connection';
import type { RequestContext } from './http/context';
import { encodeBody } from './http/encode-body';
import { pathOf } from './http/path';
import type { RateLimiter } from './http/rate-limiter';
import type { ApiRequest, RequestLimits } from './http/request';
import { definedKeys, objectsIn, type JsonObject } from './json';
import { loneCall } from './lone-call';
import { modelsIn } from './models';
import { listAll } from './pagination';
import type { Body } from './params';

/** How one request is made. */
export interface RequestOptions {
	limits: RequestLimits;
	/** Decides when calls may start; absent: at once, and a refusal is waited out */
	rateLimiter?: RateLimiter;
	/** Ends the request, besides Stop */
	signal?: AbortSignal;
}

/** How a response is created. */
export interface CreateOptions extends RequestOptions {
	/** Is given the pieces of the answer's text as they come, where the answer is streamed; the last one may be missing */
	onText?: (text: string) => void;
	/** Whether to wait until a background response is finished (default true) */
	waitForCompletion?: boolean;
	/** Seconds in all to wait for a background response, 0 for no limit (default) */
	pollTimeout?: number;
}

/** How a list is read. */
export interface ListOptions extends RequestOptions {
	/** Entries at most */
	limit: number;
}

/**
 * The client for one execution of a node: its credential is read once.
 * @throws ApiError `invalid_credential`
 */
export async function createClient(context: N8nContext): Promise<ResponsesClient> {
	return new ResponsesClient(await connect(context));
}

/**
 * The Responses API in the words of the official client (https://github.com/openai/openai-node), over n8n's HTTP helper.
 * Every method throws ApiError, whose texts hold no secret, or AbortedError after Stop.
 */
export class ResponsesClient {
	constructor(private readonly connection: Connection) {}

	/** https://platform.openai.com/docs/api-reference/responses */
	readonly responses = {
		create: (body: Body, options: CreateOptions): Promise<ApiResponse> => this.create(body, options),

		retrieve: async (id: string, options: RequestOptions): Promise<ApiResponse> =>
			await this.fetchStored({ method: 'GET', path: pathOf('responses', id) }, options),

		cancel: async (id: string, options: RequestOptions): Promise<ApiResponse> =>
			await this.fetchStored({ method: 'POST', path: `${pathOf('responses', id)}/cancel` }, options),

		delete: async (id: string, options: RequestOptions): Promise<void> => await this.delete(pathOf('responses', id), id, options),

		inputItems: async (id: string, options: ListOptions): Promise<JsonObject[]> =>
			await this.list(`${pathOf('responses', id)}/input_items`, options),

		compact: async (body: Body, options: RequestOptions): Promise<JsonObject> =>
			compactionOf(await this.fetch({ method: 'POST', path: '/responses/compact', body }, options)),

		countTokens: async (body: Body, options: RequestOptions): Promise<JsonObject> => {
			const count = await this.fetch({ method: 'POST', path: '/responses/input_tokens', body }, options);
			if (/^\d+$/.test(String(count.input_tokens))) return count;
			throw new ApiError('not_counted', 'The server gave no count of tokens');
		},
	};

	/** https://platform.openai.com/docs/api-reference/conversations */
	readonly conversations = {
		create: async (body: object, options: RequestOptions): Promise<JsonObject> =>
			await this.fetch({ method: 'POST', path: '/conversations', body }, options),

		retrieve: async (id: string, options: RequestOptions): Promise<JsonObject> =>
			await this.fetch({ method: 'GET', path: pathOf('conversations', id) }, options),

		update: async (id: string, body: object, options: RequestOptions): Promise<JsonObject> =>
			await this.fetch({ method: 'POST', path: pathOf('conversations', id), body }, options),

		delete: async (id: string, options: RequestOptions): Promise<void> => await this.delete(pathOf('conversations', id), id, options),

		items: {
			create: async (id: string, items: readonly unknown[], options: RequestOptions): Promise<JsonObject> =>
				await this.fetch({ method: 'POST', path: `${pathOf('conversations', id)}/items`, body: { items } }, options),

			list: async (id: string, options: ListOptions): Promise<JsonObject[]> =>
				await this.list(`${pathOf('conversations', id)}/items`, options),

			delete: async (id: string, itemId: string, options: RequestOptions): Promise<void> =>
				await this.delete(pathOf('conversations', id, 'items', itemId), itemId, options),
		},
	};

	/** https://platform.openai.com/docs/api-reference/container-files */
	readonly containers = {
		files: {
			content: async (containerId: string, fileId: string, options: RequestOptions): Promise<FileContent> => {
				const path = `${pathOf('containers', containerId, 'files', fileId)}/content`;
				return await this.run(options, (context) => fetchFile(context, { method: 'GET', path, accept: 'application/binary' }));
			},
		},
	};

	/** https://platform.openai.com/docs/api-reference/models */
	readonly models = {
		list: async (options: RequestOptions): Promise<JsonObject[]> => modelsIn(await this.fetch({ method: 'GET', path: '/models' }, options)),
	};

	/** Not `async`, so that the body, which may hold large files, is kept by nobody once its bytes are made. */
	private create({ stream, ...body }: Body, options: CreateOptions): Promise<ApiResponse> {
		const isBackground = body.background === true;
		const isWaitedFor = !isBackground || options.waitForCompletion !== false;
		const { model } = body;
		const accumulator = new ResponseAccumulator(options.onText && skipReasoning(this.connection.redactor.pieces(options.onText)));
		const readOptions = { requested: { model, max_output_tokens: maxTokensIn(body) }, accumulator };
		// a stream would last as long as the work that is not to be waited for
		const isStream = stream === true && isWaitedFor;
		return encodeBody(isWaitedFor ? { ...body, ...definedKeys({ stream }) } : body).then((bytes) => {
			const request: ApiRequest = { method: 'POST', path: '/responses', body: bytes, stream: isStream };
			return this.run(options, (context) =>
				isBackground && isWaitedFor
					? createInBackground(context, request, readOptions, options.pollTimeout ?? 0)
					: fetchResponse(context, request, readOptions),
			);
		});
	}

	private async fetchStored(request: ApiRequest, options: RequestOptions): Promise<ApiResponse> {
		return await this.run(options, (context) => fetchResponse(context, request, { mayBeCancelled: true }));
	}

	private async fetch({ body, ...request }: Omit<ApiRequest, 'body'> & { body?: object }, options: RequestOptions): Promise<JsonObject> {
		const bytes = body && (await encodeBody(body));
		return await this.run(options, (context) => fetchJson(context, { ...request, body: bytes }));
	}

	private async list(path: string, options: ListOptions): Promise<JsonObject[]> {
		return await listAll((query) => this.fetch({ method: 'GET', path, query }, options), options.limit);
	}

	private async delete(path: string, id: string, options: RequestOptions): Promise<void> {
		const reply = await this.fetch({ method: 'DELETE', path }, options);
		if (reply.deleted === false) throw new ApiError('not_deleted', `The server did not delete "${id}"`);
	}

	/** Runs one request; an error that leaves the client holds no secret. */
	private async run<T>(options: RequestOptions, request: (context: RequestContext) => Promise<T>): Promise<T> {
		const { limits, signal } = options;
		const connection = signal ? withSignal(this.connection, signal) : this.connection;
		const rateLimiter = options.rateLimiter ?? loneCall(connection, limits);
		try {
			return await request({ connection, limits, rateLimiter });
		} catch (thrown) {
			const error = toApiError(thrown);
			const { key, extraSecrets } = connection.server;
			const isKeyMissing = key === '' && extraSecrets.length === 0;
			throw error instanceof ApiError ? error.redacted(connection.redactor.text).withDetails({ isKeyMissing }) : error;
		}
	}
}

/** A compacted input. OmniRoute and 9router take the path for that of Create, and answer. */
function compactionOf(reply: JsonObject): JsonObject {
	const hasCompaction = objectsIn(reply, 'output').some(({ type }) => /^compaction/.test(String(type)));
	if (reply.object === 'response.compaction' || hasCompaction) return reply;
	throw new ApiError('not_compacted', 'The server gave no compacted input');
}

/** The most tokens that an answer may have. Extra Body may hold it by the names of the chat API. */
const maxTokensIn = (body: Body & { max_completion_tokens?: unknown; max_tokens?: unknown }): unknown =>
	body.max_output_tokens ?? body.max_completion_tokens ?? body.max_tokens;
