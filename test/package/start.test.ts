import { runStart } from '../support/start';

test('npm start counts no workflow as a success where nothing answers at the base URL', () => {
	const { stdout, status } = runStart('http://127.0.0.1:9/v1');
	expect(stdout).toContain('0 of 6 workflows succeeded');
	expect(status).toBe(1);
});
