/** The statuses of a response. https://platform.openai.com/docs/api-reference/responses/object#responses/object-status */
const STATUSES = ['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled'] as const;

export type Status = (typeof STATUSES)[number];

/**
 * Other words for the same. A relay of Codex names its last event `response.done` (codex-relay-done.1.sse); the others are words of
 * other job APIs. Without them a background response that has ended would be polled until the deadline.
 */
const ALIASES = new Map<unknown, Status>([
	['canceled', 'cancelled'],
	['done', 'completed'],
	['succeeded', 'completed'],
	['success', 'completed'],
]);

/** The status that a server's word means; `undefined` for a word that is neither a status nor an alias of one. */
export const statusOf = (word: unknown): Status | undefined => STATUSES.find((status) => status === word) ?? ALIASES.get(word);

/** Whether the server says that it still works on the response. An unknown word does not say so. */
export const isPending = (word: unknown): boolean => ['queued', 'in_progress'].includes(String(statusOf(word)));

/** Whether the server says that the response will not change any more, well or not. An unknown word does not say so. */
export const isFinished = (word: unknown): boolean => statusOf(word) !== undefined && !isPending(word);
