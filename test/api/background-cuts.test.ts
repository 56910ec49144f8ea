import { runNode } from '../support/engine';
import { WORDS, startStatefulServer } from '../support/stateful-server';

const TEXT = WORDS.join('');

/** Numbers from 0 to 1 that are the same for the same seed (a linear congruential generator). */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
}

/** What comes of a stream that is cut five times at random bytes: the item, and what a chat saw of it. */
async function cutAtRandom(seed: number) {
	const randomCuts = { count: 5, random: randomOf(seed) };
	const server = await startStatefulServer({ randomCuts, states: ['in_progress', 'completed'], text: TEXT });
	const { items, chunks, error } = await runNode(
		{ model: 'gpt-5.4', prompt: 'Write the report', options: { background: true, stream: true } },
		{ credentials: { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } }, isStreaming: true },
	);
	await server.close();
	const shown = chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
	return { error, text: items[0]?.json.text, shown: shown.join('') };
}

test('A stream in the background gives the same text, and no piece twice, wherever it is cut', async () => {
	const runs = await Promise.all(Array.from({ length: 40 }, (_, seed) => cutAtRandom(seed)));
	expect(runs).toEqual(runs.map(() => ({ error: undefined, text: TEXT, shown: TEXT })));
});
