import type { Body } from '../../../api/params';
import { isIncomplete, type ApiResponse } from '../../../api/decode/normalize';
import { objectIn } from '../../../api/json';
import { readPrices, type Prices } from '../description/fields/prices';
import { chatStreamFor, type ChatStream } from '../output/chat-stream';
import { requireModel } from '../../shared/description/fields/model';
import { withCost } from '../output/cost';
import { addDownloads, downloadFiles } from '../output/files';
import { requestOptionsOf, type OperationContext } from './operation';
import { toItem } from '../output/response-item';
import { buildRequestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { answerWithTools } from '../tools/tool-rounds';
import { shareIdentical, markReused } from './share-identical-requests';

/** Creates a response and gives its output. A chat that called the workflow shows the answer while it arrives. */
export async function create(context: OperationContext): Promise<Output[]> {
	requireModel(context.values, context.item);
	const prices = readPrices(context.values, context.item);
	const chat = chatStreamFor(context.execution, context.item.index);
	const { requested, expected } = await beginRequest(context, prices, chat);
	const { response, isReused } = await requested.catch((error) => {
		chat?.fail(error);
		throw error;
	});
	if (isReused) chat?.complete(response);
	chat?.finish();
	const settings = isUnexplained(response, context) ? { treatAsErrors: ['incomplete'], ...context.settings } : context.settings;
	const made = await toItem(response, expected, settings, context.item);
	const output = addDownloads(made, response, context);
	if (isIncomplete(response)) context.execution.failures.incomplete++;
	return [isReused ? markReused(output, context) : output];
}

/**
 * Whether nothing came, and no reason for it, while the server was waited for. Mastra ends a stream so where its model fails:
 * mastra-incomplete.1.sse
 */
const isUnexplained = (response: ApiResponse, { values }: OperationContext) =>
	isIncomplete(response) &&
	response.output.length === 0 &&
	response.incompleteReason === undefined &&
	objectIn(values, 'options').background !== true;

/** The schema for the answer, and the request, which has been started. Nothing here keeps the body: it may hold large files. */
async function beginRequest(context: OperationContext, prices: Prices | undefined, chat: ChatStream | undefined) {
	const tools = await context.execution.canvasTools();
	const definitions = [...tools.values()].map(({ definition }) => definition);
	const { body, expected } = await buildRequestBody(context, definitions);
	const receive = (response: ApiResponse) => {
		const received = withCost(response, prices);
		context.execution.usage.add(received.usage);
		chat?.complete(received);
		return received;
	};
	const ask = (request: Body) => requestResponse(context, request, chat).then(receive);
	const answer = (request: Body) =>
		(tools.size > 0 ? answerWithTools(context, request, tools, ask) : ask(request)).then(async (response) => {
			await downloadFiles(response, context);
			return response;
		});
	return { requested: shareIdentical(context, streamedForChat(chat, body), answer, tools.size > 0), expected };
}

/** For a chat the response is requested as a stream, unless the user has set Stream. */
const streamedForChat = (chat: ChatStream | undefined, body: Body): Body => (chat ? { stream: true, ...body } : body);

function requestResponse(context: OperationContext, body: Body, chat?: ChatStream): Promise<ApiResponse> {
	const { waitForCompletion, pollTimeout } = context.settings;
	const options = {
		...requestOptionsOf(context),
		onText: chat && ((text: string) => chat.text(text)),
		waitForCompletion,
		pollTimeout,
	};
	return context.execution.client().then(({ responses }) => responses.create(body, options));
}
