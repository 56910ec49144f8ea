import { longTask } from '../../api/long-task';
import { oneLoop } from '../support/memory';

describe('Long tasks', () => {
	test('run one at a time, with the event loop between them', async () => {
		const events: string[] = [];
		const tasks = ['a', 'b', 'c'].map(async (name) => await longTask(() => events.push(name), true));
		while (!events.includes('c')) {
			await oneLoop();
			if (events.at(-1) !== 'loop') events.push('loop');
		}
		await Promise.all(tasks);
		expect(events).toEqual(['loop', 'a', 'loop', 'b', 'loop', 'c', 'loop']);
	});

	test('of work that has begun go before those that begin other work', async () => {
		const events: string[] = [];
		const work = async (name: string) => {
			await longTask(() => events.push(`${name}1`), true);
			await longTask(() => events.push(`${name}2`));
		};
		await Promise.all(['a', 'b', 'c'].map(work));
		expect(events).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
	});

	test('that fail leave the others alone', async () => {
		const failing = longTask(() => {
			throw new Error('Oops');
		});
		await expect(failing).rejects.toThrow('Oops');
		expect(await longTask(async () => 'done')).toBe('done');
	});
});
