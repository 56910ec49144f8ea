import type { INodeExecutionData } from 'n8n-workflow';

import { ApiError } from '../../api/errors/api-error';
import type { Gate, Place } from '../../api/scheduling/scheduler';
import { toErrorItem, executeItem, type ItemError } from './execute-item';
import type { Execution } from './execution';

/**
 * The outputs of all rows, in input order. With Continue On Fail a failed row gives an error item. So it does for an
 * agent: what a tool throws reaches most agents as an empty text. Otherwise the first failure stops new calls; those in
 * flight end, for they are paid.
 * @throws the first failed row's error, which says how many rows were done
 */
export async function executeItems(run: Execution, gate: Gate, count: number): Promise<INodeExecutionData[]> {
	const outputs = new Array<INodeExecutionData[]>(count);
	const continues = run.context.continueOnFail() || run.isTool;
	const atWork = new Set<Promise<void>>();
	let failed: ItemError | undefined;
	let done = 0;

	const work = async (index: number, place: Place) => {
		try {
			outputs[index] = await executeItem(run, index, place);
			done++;
		} catch (error) {
			// `rowOf` throws nothing else
			const rowError = error as ItemError;
			if (continues && !run.isCancelled()) {
				outputs[index] = [toErrorItem(rowError, index)];
				run.failures.failed++;
			} else failed ??= rowError;
			if (failed) gate.close(new ApiError('not_sent', 'Not sent: another item failed before'));
		} finally {
			place.leave();
		}
	};
	for (let index = 0; index < count; index++) {
		const place = await gate.enter();
		if (failed) break;
		const row = work(index, place);
		atWork.add(row);
		void row.then(() => atWork.delete(row));
	}
	await Promise.all(atWork);
	if (failed) throw withProgress(failed, done, count);
	return outputs.flat();
}

/** The error with how many rows were done, where there were several. */
function withProgress(error: ItemError, done: number, count: number): ItemError {
	if (count === 1) return error;
	const advice = ' and are lost with this one: set On Error to a Continue choice in the Settings of this node to keep them';
	const words = `${done} of ${count} items were done${done > 0 ? advice : ''}`;
	error.description = error.description ? `${error.description}. ${words}` : words;
	return error;
}
