import { sleep } from 'n8n-workflow';

/** Tasks that wait, the next one last: further ones of work that has begun, before the first ones of other work. */
const waiting: { begun: Array<() => void>; fresh: Array<() => void> } = { begun: [], fresh: [] };

let isRunning = false;

/**
 * Runs a task that takes long without waiting for anything, such as making megabytes of JSON: one such task at a time, and
 * the event loop runs before each. Many rows that are made ready together would otherwise stop the whole of n8n for
 * seconds.
 * @param isFirst whether work begins with it; what has begun goes first, so that few large things are half done at a time
 */
export async function longTask<T>(task: () => T | Promise<T>, isFirst = false): Promise<T> {
	await new Promise<void>((start) => {
		waiting[isFirst ? 'fresh' : 'begun'].push(start);
		void runAll();
	});
	return await task();
}

async function runAll() {
	if (isRunning) return;
	isRunning = true;
	for (;;) {
		await sleep(0);
		const start = waiting.begun.pop() ?? waiting.fresh.shift();
		if (!start) break;
		start();
	}
	isRunning = false;
}
