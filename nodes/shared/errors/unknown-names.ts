/** Things that servers keep beside responses, and that a request names */
const THINGS = '(agent|assistant|container|project|thread|vector store|workflow)';
const UNKNOWN_THING = new RegExp(`\\b${THINGS}\\b.*\\b(not found|does not exist)|\\b(unknown|no) ${THINGS}\\b`);

/** Whether a server's words, in lower case, say that it does not know something that the request names, such as an agent. */
export const namesUnknownThing = (message: string): boolean => UNKNOWN_THING.test(withoutPaths(message));

/** Whether a server's words, in lower case, say that it does not know the ID of something that was stored. */
export function namesUnknownId(words: string): boolean {
	const message = withoutPaths(words);
	const at = message.search(/\b(response|conversation|item)/);
	return (
		at !== -1 &&
		(message.includes('not found', at) || (/\bno (response|conversation|item)\b/.test(message) && message.includes('found', at)))
	);
}

/** A message without the addresses in it, whose words say nothing of a model or an ID. */
export const withoutPaths = (message: string): string =>
	message
		.split(/\s+/)
		.filter((word) => !word.includes('/'))
		.join(' ');
