import type { INodeExecutionData } from 'n8n-workflow';

import { Fault } from '../../api/errors/api-error';
import type { Gate, Place } from '../../api/scheduling/scheduler';
import { errorItem, rowOf, type RowError } from './execute-item';
import type { Run } from './execution';

/**
 * The outputs of all rows, in input order. With Continue On Fail a failed row gives an error item. So it does for an
 * agent: what a tool throws reaches most agents as an empty text. Otherwise the first failure stops new calls; those in
 * flight end, for they are paid.
 * @throws the first failed row's error, which says how many rows were done
 */
export async function outputsOfRows(run: Run, gate: Gate, count: number): Promise<INodeExecutionData[]> {
	const outputs = new Array<INodeExecutionData[]>(count);
	const continues = run.context.continueOnFail() || run.isTool;
	const atWork = new Set<Promise<void>>();
	let failed: RowError | undefined;
	let done = 0;

	const work = async (index: number, place: Place) => {
		try {
			outputs[index] = await rowOf(run, index, place);
			done++;
		} catch (error) {
			// `rowOf` throws nothing else
			const rowError = error as RowError;
			if (continues && !run.isStopped()) {
				outputs[index] = [errorItem(rowError, index)];
				run.unwell.failed++;
			} else failed ??= rowError;
			if (failed) gate.close(new Fault('Not sent: another item failed before', { code: 'not_sent' }));
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
	if (failed) throw withCount(failed, done, count);
	return outputs.flat();
}

/** The error with how many rows were done, where there were several. */
function withCount(error: RowError, done: number, count: number): RowError {
	if (count === 1) return error;
	const advice = ' and are lost with this one: set On Error to a Continue choice in the Settings of this node to keep them';
	const words = `${done} of ${count} items were done${done > 0 ? advice : ''}`;
	error.description = error.description ? `${error.description}. ${words}` : words;
	return error;
}
