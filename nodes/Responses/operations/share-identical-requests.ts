import { createHash } from 'node:crypto';

import type { ApiResponse } from '../../../api/decode/normalize';
import type { Output } from '../output/simplify';
import type { OperationContext } from './operation';

/**
 * The response to a request. With Reuse Identical an identical request is sent once in an execution: all rows that make
 * it share the response, or the error. A row that waits for the response of another row gives its slot free.
 * The body is not kept meanwhile: it may hold large files. Rows with tools share nothing: their tools may do something for each.
 */
export function shareIdentical<Request extends object>(
	{ settings, execution, slot }: OperationContext,
	body: Request,
	requestResponse: (body: Request) => Promise<ApiResponse>,
	hasTools: boolean,
): Promise<{ response: ApiResponse; isReused: boolean }> {
	const key = settings.reuseIdentical && !hasTools ? hashOf([body, settings.waitForCompletion]) : undefined;
	const shared = key === undefined ? undefined : execution.sharedResponses.get(key);
	if (shared) {
		slot.done();
		return shared.then((response) => {
			execution.usage.reused++;
			return { response, isReused: true };
		});
	}
	const requested = requestResponse(body);
	if (key !== undefined) execution.sharedResponses.set(key, requested);
	return requested.then((response) => ({ response, isReused: false }));
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64');

/**
 * Sets `reused: true` and zero usage in the output of a row that got the response of another row: the tokens were billed
 * once. The answer alone stays as it is.
 */
export function markReused(output: Output, { settings }: OperationContext): Output {
	const { json } = output;
	if (settings.output !== 'raw' && settings.output !== 'details') return output;
	if (settings.output === 'raw') return { ...output, json: { ...json, reused: true } };
	const usage = json.usage && Object.fromEntries(Object.keys(json.usage).map((name) => [name, 0]));
	return { ...output, json: { ...json, usage, reused: true } };
}
