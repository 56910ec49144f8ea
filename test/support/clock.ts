/**
 * A clock for the tests of a file that they put forward instead of waiting for a deadline: `Date.now()`, by which the
 * package knows the time. What it waits for meanwhile passes at its own speed.
 */
export function testClock() {
	const now = Date.now.bind(Date);
	let ahead = 0;
	beforeEach(() => {
		ahead = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
	});
	afterEach(() => jest.restoreAllMocks());
	return {
		/** @param seconds by how much it is later from now on */
		putForward: (seconds: number) => void (ahead += seconds * 1000),
	};
}
