import { INCOMPLETE_REASONS } from './quirks';

/** The statuses of a response. https://platform.openai.com/docs/api-reference/responses/object#responses/object-status */
const STATUSES = ['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled'] as const;

/** A status of a response in the API's own words. */
export type Status = (typeof STATUSES)[number];

/** Statuses in the words of other job APIs. A relay of Codex names its last event `response.done` (codex-relay-done.1.sse). */
const JOB_WORDS: { [status in Status]?: string } = {
	queued: 'pending waiting submitted scheduled enqueued in_queue accepted not_started preparing',
	in_progress: 'inprogress running processing started generating working executing thinking cancelling canceling',
	completed: 'complete done succeeded success successful finished ended ok',
	incomplete: 'partial truncated',
	failed: 'failure fail error errored timeout timed_out expired rejected',
	cancelled: 'canceled aborted',
};

/** Why a chat completion has ended, for those whose answer is whole or which failed; gateways also give it as the status. */
const FINISH_WORDS: { [status in Status]?: string } = {
	completed: 'stop stopped stop_sequence end end_turn eos eos_token tool_calls tool_call tool_use function_call',
	failed: 'network_error malformed_function_call',
	cancelled: 'abort',
};

/** Why an answer is cut, by the API's reasons: what such words have in common. Those of the table of quirks count before. */
const CUT_WORDS: ReadonlyArray<readonly [RegExp, string]> = [
	// of the system at DeepSeek: the API has no word for it
	[/^insufficient_system_resource$/, 'insufficient_system_resource'],
	[/length|max(imum)?_(\w+_)?(tokens|output)|(token|output|context)s?_limit|context_window|truncated/, 'max_output_tokens'],
	[/filter|safety|blocklist|recitation|prohibited|moderat|sensitive|spii|refus/, 'content_filter'],
];

/** No word for a status or a finish is as long, in characters. */
const MAX_WORD_LENGTH = 60;

const JOB_STATUSES = statusesByWord(JOB_WORDS);
const FINISH_STATUSES = statusesByWord(FINISH_WORDS);

function statusesByWord(words: { [status in Status]?: string }): Map<string, Status> {
	return new Map(STATUSES.flatMap((status) => [status, ...(words[status]?.split(' ') ?? [])].map((word) => [word, status])));
}

/** A word as the tables have it: `MAX_TOKENS`, `max-tokens`, `Max Tokens` and `FinishReason.MAX_TOKENS` are `max_tokens`. */
function normalized(word: unknown): string {
	if (typeof word !== 'string' || word.length > MAX_WORD_LENGTH) return '';
	return word
		.trim()
		.toLowerCase()
		.replace(/[\s-]/g, '_')
		.replace(/^finish_?reason[._]/, '');
}

/** The status that a server's word means, be it a status, a word of another job API or a finish reason; `undefined` for another word. */
export function statusOf(word: unknown): Status | undefined {
	const known = normalized(word);
	return JOB_STATUSES.get(known) ?? FINISH_STATUSES.get(known) ?? (incompleteReasonOf(word) === undefined ? undefined : 'incomplete');
}

/** The status that an event such as `response.completed` names. */
export const statusOfEvent = (type: string): Status | undefined => {
	const name = /^response\.(\w+)$/.exec(type)?.[1];
	return name === 'created' ? 'in_progress' : JOB_STATUSES.get(normalized(name));
};

/** Why an answer is incomplete, in the API's word, by a server's word for its status or finish; `undefined` for other words. */
export function incompleteReasonOf(word: unknown): string | undefined {
	const known = normalized(word);
	return INCOMPLETE_REASONS.get(known) ?? CUT_WORDS.find(([pattern]) => pattern.test(known))?.[1];
}

/** Whether the server says that it still works on the response. An unknown word does not say so. */
export const isPending = (word: unknown): boolean => ['queued', 'in_progress'].includes(String(statusOf(word)));

/** Whether the server says that the response will not change any more, well or not. An unknown word does not say so. */
export const isFinished = (word: unknown): boolean => statusOf(word) !== undefined && !isPending(word);

/** From good to bad: of several words for one response, the worst counts. A cut answer must not pass for a whole one. */
const FROM_GOOD_TO_BAD: Status[] = ['completed', 'incomplete', 'cancelled', 'failed'];

/** The worst of some words for a finished response; words that do not say that it is finished do not count. */
export function worstOf(words: readonly unknown[]): Status | undefined {
	const statuses = words.map(statusOf);
	return FROM_GOOD_TO_BAD.findLast((status) => statuses.includes(status));
}
