import { createHash } from 'node:crypto';

import type { ApiResponse } from '../../../api/decode/normalize';
import type { OperationContext } from './operation';
import type { Output } from '../output/simplify';

/**
 * The response to a body, asked for once in a run if the user wants that; every row that asks the same gets it, or the
 * error it ended with. A row that waits for another's answer lets the next one work.
 */
export async function shareIdentical(
	{ settings, execution: run, slot: place }: OperationContext,
	body: object,
	ask: () => Promise<ApiResponse>,
): Promise<{ response: ApiResponse; isCopy: boolean }> {
	const key = settings.reuseIdentical ? hashOf([body, settings.waitForCompletion]) : undefined;
	const known = key === undefined ? undefined : run.sharedResponses.get(key);
	if (known) {
		place.leave();
		const response = await known;
		run.usage.reused++;
		return { response, isCopy: true };
	}
	const asking = ask();
	if (key !== undefined) run.sharedResponses.set(key, asking);
	const response = await asking;
	run.usage.add(response.usage);
	return { response, isCopy: false };
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64');

/**
 * The output of a row that got the answer of another: it says so, and its tokens are none, for they are paid once. The
 * answer alone stays as it is.
 */
export function markReused(output: Output, { settings }: OperationContext): Output {
	const { json } = output;
	if (settings.answerOnly) return output;
	if (!settings.simplify) return { ...output, json: { ...json, reused: true } };
	const usage = json.usage && Object.fromEntries(Object.keys(json.usage).map((name) => [name, 0]));
	return { ...output, json: { ...json, usage, reused: true } };
}
