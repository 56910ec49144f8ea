import { accumulateTokenUsage, type IExecuteFunctions, type INodeParameters } from 'n8n-workflow';

import type { Usage } from '../../api/decode/usage';
import type { WaitTimes } from '../../api/scheduling/wait-log';
import { KNOWS_DETAILS } from '../shared/errors/node-error';

/** Shorter waits are not shown */
const SHOWN_WAIT_MS = 3000;

/** The tokens that the responses of an execution used, as the servers counted them. */
export class UsageTotals {
	/** Responses for which the server told the tokens */
	answers = 0;

	input = 0;

	/** Of the input tokens, those read from the server's cache */
	cached = 0;

	output = 0;

	/** Money, in the unit of the servers or of the prices that the user set */
	cost = 0;

	/** Of the responses, those whose cost is known */
	priced = 0;

	/** Rows that got the response of another row */
	reused = 0;

	/** Adds the tokens of one response; `null` (the server did not tell them) adds nothing. */
	add(usage: Usage | null): void {
		if (!usage) return;
		this.answers++;
		this.input += usage.input_tokens;
		this.cached += usage.cached_tokens;
		this.output += usage.output_tokens;
		if (usage.cost === undefined) return;
		this.priced++;
		this.cost += usage.cost;
	}
}

/** What is told where nothing of the items went into the requests: a newcomer pays for the same answer again and again */
const SAME_PROMPT = 'Every item sent the same prompt: drag the fields that it is about from the input into Prompt';

/** Most warnings of the items that are shown, such as those about attachments that were left out */
const MAX_WARNINGS = 10;

/** How many rows an execution had, and how many calls they took. */
interface CallCounts {
	rows: number;
	calls: number;
	/** Of the calls, those that repeated a failed call */
	retries: number;
}

/** Failed rows and other results that the user may not expect, although the execution went on. */
export interface Failures {
	/** Rows that came out as error items */
	failed: number;
	/** Answers that were cut off */
	incomplete: number;
	/** Names of fields of the input that the output replaced */
	replacedFields: Set<string>;
	/** Further sentences for the user */
	warnings: Set<string>;
}

/** Tells n8n the tokens of an execution, and shows rows, calls and tokens above the output; not for one row without tokens. */
export function showSummary(context: IExecuteFunctions, usage: UsageTotals, counts: CallCounts): void {
	// hosts before 2.20 lack the function
	if (usage.answers > 0) accumulateTokenUsage?.(context, usage.input, usage.output);
	if (counts.rows > 1 || usage.answers > 0) showHint(context, 'info', summaryText(usage, counts));
}

/** Shows above the output what held the execution back for more than a few seconds. */
export function showWaits(context: IExecuteFunctions, { limit, outage, headers }: WaitTimes, callsPerMinute = 0): void {
	const rate = Math.round(callsPerMinute);
	const limitText = rate > 0 ? `took about ${pluralize(rate, 'call')} a minute` : 'took no more calls for a time';
	const waits: Array<[number, string]> = [
		[limit, limitText],
		[outage, 'was away for a time'],
		[headers, 'said that its limits were nearly used up'],
	];
	for (const [milliseconds, text] of waits) {
		if (milliseconds >= SHOWN_WAIT_MS) showHint(context, 'info', `The server ${text}: the run waited ${Math.round(milliseconds / 1000)} s`);
	}
}

/** Shows above the output what a user may overlook in it, such as failed rows, cut answers and replaced fields. */
export function showWarnings(context: IExecuteFunctions, failures: Failures, rows: number): void {
	const { failed, incomplete, replacedFields } = failures;
	const reasonField = context.getNode().parameters.output === 'raw' ? 'incomplete_details' : 'incompleteReason';
	const messages = [
		failed > 0 && `${failed} of ${pluralize(rows, 'item')} failed: see "error" and "${KNOWS_DETAILS ? 'details' : 'message'}" there`,
		incomplete > 0 &&
			`${pluralize(incomplete, 'answer')} cut off: "${reasonField}" says why. For max_output_tokens, raise Max Output Tokens in Sampling`,
		replacedFields.size > 0 &&
			`The output replaced fields of the input: ${[...replacedFields].join(', ')}. To keep them, rename them before this node, or take another name in Output Fields or Answer Field`,
		...limitWarnings([...failures.warnings]),
		...plainExpressionWarnings(context),
	];
	for (const message of messages) {
		if (message) showHint(context, 'warning', message);
	}
	if (rows > 1 && isSameForAll(context.getNode().parameters)) showHint(context, 'info', SAME_PROMPT);
}

/** The first of many sentences, and how many more there are. */
const limitWarnings = (messages: string[]) =>
	messages.length > MAX_WARNINGS
		? [...messages.slice(0, MAX_WARNINGS), `${messages.length - MAX_WARNINGS} more warnings like these`]
		: messages;

/** Older hosts have no place for hints. */
function showHint(context: IExecuteFunctions, type: 'info' | 'warning', message: string): void {
	if ('addExecutionHints' in context) context.addExecutionHints({ message, type, location: 'outputPane' });
}

function summaryText(usage: UsageTotals, { rows, calls, retries }: CallCounts): string {
	const parts = [
		pluralize(rows, 'item'),
		`${pluralize(calls, 'call')} (${pluralize(retries, 'retry', 'retries')})`,
		usage.reused > 0 && `${pluralize(usage.reused, 'answer')} reused`,
		usage.answers > 0 &&
			`${formatNumber(usage.input)} tokens in (${formatNumber(usage.cached)} cached), ${formatNumber(usage.output)} tokens out`,
		usage.priced > 0 && costText(usage),
	];
	return parts.filter(Boolean).join(', ');
}

/** The sum of the costs, and of how many answers it is if some costs are unknown. At most 12 digits, never written as `3e-7`. */
function costText({ cost, priced, answers }: UsageTotals): string {
	const sum = new Intl.NumberFormat('en', { maximumSignificantDigits: 12 }).format(cost);
	return `cost ${sum}${priced < answers ? ` (known for ${formatNumber(priced)} of ${pluralize(answers, 'answer')})` : ''}`;
}

/** One warning for each field that holds an expression as plain text: every item then sends the same words. */
function plainExpressionWarnings(context: IExecuteFunctions): string[] {
	const { parameters } = context.getNode();
	const fields = [
		['prompt', 'Prompt'],
		['instructions', 'Instructions'],
	];
	return fields
		.filter(([name]) => isPlainExpression(parameters[name]))
		.map(
			([, label]) => `"${label}" was sent with its {{ }} as plain text: click Expression above the field, so that each item fills it in`,
		);
}

const isPlainExpression = (value: unknown) => typeof value === 'string' && !value.startsWith('=') && /\{\{.*\$.*\}\}/s.test(value);

/** Whether the prompt stands alone: no field holds an expression, and no file goes with it. n8n leaves out what is at its default. */
function isSameForAll(parameters: INodeParameters): boolean {
	const { operation = 'create', inputType = 'prompt', prompt = '', binaryFields = '' } = parameters;
	const isPromptAlone =
		operation === 'create' && inputType === 'prompt' && prompt !== '' && !isPlainExpression(prompt) && binaryFields === '';
	return isPromptAlone && !JSON.stringify(parameters).includes('"=');
}

/** A number with its noun: `1 item`, `1,234 items`. */
const pluralize = (count: number, one: string, many = `${one}s`) => `${formatNumber(count)} ${count === 1 ? one : many}`;

const formatNumber = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
