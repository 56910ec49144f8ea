import { ResponseAccumulator } from '../../../api/decode/response-accumulator';
import { createInBackground } from '../../../api/background';
import type { Body } from '../../../api/params';
import { createResponse } from '../../../api/client';
import type { ApiResponse } from '../../../api/decode/normalize';
import { chatStreamFor, type ChatStream } from '../output/chat-stream';
import { requireModel } from '../../shared/description/fields/model';
import { requestContextOf, responseOptionsOf, type OperationContext } from './operation';
import { toItem } from '../output/response-item';
import { buildRequestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { shareIdentical, markReused } from './share-identical-requests';

/** Asks a model and gives its answer; a chat that waits for it sees it as it comes. */
export async function create(task: OperationContext): Promise<Output[]> {
	requireModel(task.values, task.item);
	const chat = chatStreamFor(task.execution, task.item.index);
	const body = streamedForChat(chat, await buildRequestBody(task));
	const [asked] = await Promise.allSettled([shareIdentical(task, body, () => requestResponse(task, body, chat))]);
	if (asked.status === 'rejected') {
		chat?.fail(asked.reason);
		throw asked.reason;
	}
	const { response, isCopy } = asked.value;
	chat?.finish(response);
	const output = await toItem(response, body, task.settings, task.item);
	if (response.status === 'incomplete') task.execution.failures.incomplete++;
	return [isCopy ? markReused(output, task) : output];
}

/** A chat shows the answer as it comes, so it is asked for as a stream unless the user says otherwise. */
const streamedForChat = (chat: ChatStream | undefined, body: Body): Body => (chat ? { stream: true, ...body } : body);

async function requestResponse(task: OperationContext, { stream, ...body }: Body, chat?: ChatStream): Promise<ApiResponse> {
	const { settings } = task;
	const road = await requestContextOf(task);
	// a stream would last as long as the work that is not to be waited for
	const isLeft = body.background === true && !settings.waitForCompletion;
	const call = {
		method: 'POST' as const,
		path: '/responses',
		body: isLeft || stream === undefined ? body : { ...body, stream },
		stream: stream === true && !isLeft,
	};
	const wish = { ...responseOptionsOf(task), accumulator: new ResponseAccumulator(chat && ((text) => chat.text(text))) };
	if (body.background !== true || isLeft) return await createResponse(road, call, wish);
	return await createInBackground(road, call, wish, settings.pollTimeout);
}
