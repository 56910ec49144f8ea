import type { IExecuteFunctions } from 'n8n-workflow';

import { connect, type Connection } from '../../api/http/connection';
import { Bill } from './execution-hints';
import type { Answers } from './operations/share-identical-requests';
import type { Unwell } from './warnings';

/** One execution of the node: what all its rows share. */
export interface Run {
	context: IExecuteFunctions;
	/** Whether an agent uses the node as its tool */
	isTool: boolean;
	/** What its answers cost */
	bill: Bill;
	/** What did not come out well */
	unwell: Unwell;
	/** Its answers, for rows that ask the same */
	answers: Answers;
	/** Whether the execution was stopped */
	isStopped(): boolean;
	/** Connects at the first call, once. Throws the Fault of a wrong credential each time. */
	connection(): Promise<Connection>;
}

/** The run that this execution of the node is. */
export function runOf(context: IExecuteFunctions): Run {
	let connected: Promise<Connection> | undefined;
	return {
		context,
		bill: new Bill(),
		unwell: { failed: 0, incomplete: 0 },
		answers: new Map(),
		isTool: isToolOf(context),
		isStopped: stopOf(context),
		connection: () => (connected ??= connect(context)),
	};
}

/**
 * Some agents call their tools themselves; for newer ones the engine runs them like any node, and then only the type
 * tells, to whose name n8n has added `Tool`. Hosts before 2.x cannot be asked.
 */
function isToolOf(context: IExecuteFunctions): boolean {
	return ('isToolExecution' in context && context.isToolExecution()) || context.getNode().type.endsWith('Tool');
}

/** Tells whether an execution was stopped; hosts before 1.100 cannot. */
export function stopOf(context: IExecuteFunctions): () => boolean {
	const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return () => signal?.aborted === true;
}
