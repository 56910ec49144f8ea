import type { IExecuteFunctions } from 'n8n-workflow';

import { pluralize } from './execution-hints';

/** How many rows did not come out as they should, though the run went on. */
export interface Failures {
	/** Rows that came out as error items */
	failed: number;
	/** Answers that were cut off */
	incomplete: number;
}

/** Shows above the output of the node what a user may overlook in it. */
export function showWarnings(context: IExecuteFunctions, { failed, incomplete }: Failures, rows: number): void {
	if (!('addExecutionHints' in context)) return;
	const warnings = [
		failed > 0 && `${failed} of ${pluralize(rows, 'item')} failed: see "error" and "details" there`,
		incomplete > 0 && `${pluralize(incomplete, 'answer')} cut off: "incompleteReason" says why, with Simplify on`,
		...fieldsWithPlainExpressions(context),
	];
	for (const message of warnings) {
		if (message) context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}
}

/** Fields into which an expression was typed, but as plain text: then every item is asked the same. */
function fieldsWithPlainExpressions(context: IExecuteFunctions): string[] {
	const { parameters } = context.getNode();
	const isPlain = (value: unknown) => typeof value === 'string' && !value.startsWith('=') && /\{\{.*\$.*\}\}/s.test(value);
	return [
		['prompt', 'Prompt'],
		['instructions', 'Instructions'],
	]
		.filter(([name]) => isPlain(parameters[name]))
		.map(
			([, label]) => `"${label}" was sent with its {{ }} as plain text: click Expression above the field, so that each item fills it in`,
		);
}
