import { Assembly } from '../../../api/decode/response-accumulator';
import { respondInBackground } from '../../../api/background';
import type { Body } from '../../../api/params';
import { respond } from '../../../api/client';
import type { ApiResponse } from '../../../api/decode/normalize';
import { chatChunksOf, type ChatChunks } from '../output/chat-stream';
import { requireModel } from '../../shared/description/fields/model';
import { roadOf, wishOf, type Task } from './operation';
import { outputOf } from '../output/response-item';
import { requestBody } from '../request/request-body';
import type { Output } from '../output/simplify';
import { askedOnce, copyOf } from './share-identical-requests';

/** Asks a model and gives its answer; a chat that waits for it sees it as it comes. */
export async function create(task: Task): Promise<Output[]> {
	requireModel(task.values, task.item);
	const chat = chatChunksOf(task.run, task.item.index);
	const body = streamedFor(chat, await requestBody(task));
	const [asked] = await Promise.allSettled([askedOnce(task, body, () => answered(task, body, chat))]);
	if (asked.status === 'rejected') {
		chat?.fail(asked.reason);
		throw asked.reason;
	}
	const { response, isCopy } = asked.value;
	chat?.end(response);
	const output = await outputOf(response, body, task.settings, task.item);
	if (response.status === 'incomplete') task.run.unwell.incomplete++;
	return [isCopy ? copyOf(output, task) : output];
}

/** A chat shows the answer as it comes, so it is asked for as a stream unless the user says otherwise. */
const streamedFor = (chat: ChatChunks | undefined, body: Body): Body => (chat ? { stream: true, ...body } : body);

async function answered(task: Task, { stream, ...body }: Body, chat?: ChatChunks): Promise<ApiResponse> {
	const { settings } = task;
	const road = await roadOf(task);
	// a stream would last as long as the work that is not to be waited for
	const isLeft = body.background === true && !settings.waitForCompletion;
	const call = {
		method: 'POST' as const,
		path: '/responses',
		body: isLeft || stream === undefined ? body : { ...body, stream },
		stream: stream === true && !isLeft,
	};
	const wish = { ...wishOf(task), assembly: new Assembly(chat && ((text) => chat.text(text))) };
	if (body.background !== true || isLeft) return await respond(road, call, wish);
	return await respondInBackground(road, call, wish, settings.pollTimeout);
}
