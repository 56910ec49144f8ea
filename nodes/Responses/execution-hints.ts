import { accumulateTokenUsage, type IExecuteFunctions } from 'n8n-workflow';

import type { Usage } from '../../api/decode/usage';

/** What the answers of a run cost, in tokens as the servers counted them. */
export class UsageTotals {
	/** Answers whose tokens the server told */
	answers = 0;

	input = 0;

	/** Of the input tokens, those read from the server's cache */
	cached = 0;

	output = 0;

	/** Rows that got the answer of another one */
	reused = 0;

	/** Adds an answer; one whose tokens the server did not tell adds nothing. */
	add(usage: Usage | null): void {
		if (!usage) return;
		this.answers++;
		this.input += usage.input_tokens;
		this.cached += usage.cached_tokens;
		this.output += usage.output_tokens;
	}
}

/** How many rows a run had, and how many calls they took. */
interface CallCounts {
	rows: number;
	calls: number;
	/** Of the calls, those made again after one that failed */
	retries: number;
}

/** Tells n8n what a run cost, and above the output of the node the user, if there were several rows or it cost tokens. */
export function showSummary(context: IExecuteFunctions, bill: UsageTotals, made: CallCounts): void {
	// hosts before 2.20 do not have it
	if (bill.answers > 0) accumulateTokenUsage?.(context, bill.input, bill.output);
	if ((made.rows > 1 || bill.answers > 0) && 'addExecutionHints' in context) {
		context.addExecutionHints({ message: summary(bill, made), type: 'info', location: 'outputPane' });
	}
}

function summary(bill: UsageTotals, { rows, calls, retries }: CallCounts): string {
	const parts = [
		pluralize(rows, 'item'),
		`${pluralize(calls, 'call')} (${pluralize(retries, 'retry', 'retries')})`,
		bill.reused > 0 && `${pluralize(bill.reused, 'answer')} reused`,
		bill.answers > 0 &&
			`${formatNumber(bill.input)} tokens in (${formatNumber(bill.cached)} cached), ${formatNumber(bill.output)} tokens out`,
	];
	return parts.filter(Boolean).join(', ');
}

/** A number with its noun: `1 item`, `1,234 items`. */
export const pluralize = (count: number, one: string, many = `${one}s`) => `${formatNumber(count)} ${count === 1 ? one : many}`;

const formatNumber = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
