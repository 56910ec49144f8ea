import { sleep, type INodeExecutionData } from 'n8n-workflow';

import { ApiError } from '../../api/errors/api-error';
import type { Scheduler } from '../../api/scheduling/scheduler';
import type { Slot } from '../../api/scheduling/slot';
import type { NodeError } from '../shared/errors/node-error';
import { executeItem } from './execute-item';
import type { Execution } from './execution';
import { toErrorItem } from './output/error-item';

/** Rows that are made ready before the event loop runs: only then do their calls go out, and does the rest of n8n go on */
const ROWS_PER_TURN = 5;

/**
 * The output items of all rows, in the order of the input items. A failed row gives an error item if the node continues on
 * failure. The same holds for an agent's tool, because most agents show a thrown error as an empty text. Otherwise the first
 * failed row stops new calls. Calls in flight are awaited, because they are billed.
 * @throws the error of the first failed row; its description says how many rows were done
 */
export async function executeItems(execution: Execution, scheduler: Scheduler, count: number): Promise<INodeExecutionData[]> {
	const outputs = new Array<INodeExecutionData[]>(count);
	const continuesOnFail = execution.context.continueOnFail() || execution.isTool;
	const running = new Set<Promise<void>>();
	let firstError: NodeError | undefined;
	let done = 0;

	const executeRow = async (index: number, slot: Slot) => {
		try {
			outputs[index] = await executeItem(execution, index, slot);
			done++;
		} catch (error) {
			// `executeItem` throws nothing else
			const itemError = error as NodeError;
			if (continuesOnFail && !execution.isCancelled()) {
				outputs[index] = [toErrorItem(itemError, execution, index)];
				execution.failures.failed++;
			} else firstError ??= itemError;
			if (firstError) scheduler.close(new ApiError('not_sent', 'Not sent: another item failed before'));
		} finally {
			slot.done();
		}
	};
	for (let index = 0; index < count; index++) {
		if (index > 0 && index % ROWS_PER_TURN === 0) await sleep(0);
		const slot = await scheduler.admit();
		if (firstError) break;
		const row = executeRow(index, slot);
		running.add(row);
		void row.then(() => running.delete(row));
	}
	await Promise.all(running);
	if (firstError) throw withProgress(firstError, done, count);
	return outputs.flat();
}

/** The error, and in its description how many rows were done, where there were several. */
function withProgress(error: NodeError, done: number, count: number): NodeError {
	if (count === 1) return error;
	const said = error.description ? `${error.description}. ` : '';
	const advice = said.includes('On Error') ? '' : ': set On Error to a Continue choice in the Settings of this node to keep them';
	const lost = done > 0 ? ` and are lost with this one${advice}` : '';
	error.description = `${said}${done} of ${count} items were done${lost}`;
	return error;
}
