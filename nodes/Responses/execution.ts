import type { IExecuteFunctions } from 'n8n-workflow';

import { createClient, type ResponsesClient } from '../../api/client';
import { UsageTotals } from './execution-hints';
import type { SharedResponses } from './operations/share-identical-requests';
import type { Failures } from './warnings';

/** One execution of the node: what all its rows share. */
export interface Execution {
	context: IExecuteFunctions;
	/** Whether an agent uses the node as its tool */
	isTool: boolean;
	/** What its answers cost */
	usage: UsageTotals;
	/** What did not come out well */
	failures: Failures;
	/** Its answers, for rows that ask the same */
	sharedResponses: SharedResponses;
	/** Whether the execution was stopped */
	isCancelled(): boolean;
	/** The client, made at the first call. Throws the ApiError of a wrong credential each time. */
	client(): Promise<ResponsesClient>;
}

/** The run that this execution of the node is. */
export function createExecution(context: IExecuteFunctions): Execution {
	let client: Promise<ResponsesClient> | undefined;
	return {
		context,
		usage: new UsageTotals(),
		failures: { failed: 0, incomplete: 0 },
		sharedResponses: new Map(),
		isTool: isUsedAsTool(context),
		isCancelled: cancelCheck(context),
		client: () => (client ??= createClient(context)),
	};
}

/**
 * Some agents call their tools themselves; for newer ones the engine runs them like any node, and then only the type
 * tells, to whose name n8n has added `Tool`. Hosts before 2.x cannot be asked.
 */
function isUsedAsTool(context: IExecuteFunctions): boolean {
	return ('isToolExecution' in context && context.isToolExecution()) || context.getNode().type.endsWith('Tool');
}

/** Tells whether an execution was stopped; hosts before 1.100 cannot. */
export function cancelCheck(context: IExecuteFunctions): () => boolean {
	const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return () => signal?.aborted === true;
}
