/** For tests of hostile input: what work costs, and how the cost grows with the size. */

/** The sizes, in characters; the larger one is eight times the smaller. */
const SMALL = 128 * 1024;
const LARGE = 1024 * 1024;
/** Milliseconds of CPU under which work is cheap, whatever the ratio of so small numbers is */
const CHEAP_MS = 250;
/** Linear work costs eight times as much for the larger size, quadratic work 64 times as much */
const MOST_GROWTH = 32;
/** How often it is measured, at most */
const MEASUREMENTS = 3;

/**
 * The milliseconds of CPU time that work takes; time in which other programs run does not count.
 * @param {() => unknown} work
 */
function cost(work) {
	const begin = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1000;
}

/**
 * Whether the cost of work does not grow faster than about its size. Garbage collection, compilation and a busy machine can
 * only add to a cost, so the least of several measurements counts.
 * @param {(text: string) => unknown} work
 * @param {(size: number) => string} textOf gives a text of about that many characters
 */
function isLinear(work, textOf) {
	const [small, large] = [SMALL, LARGE].map(textOf);
	work(textOf(1000));
	let [least, most] = [Infinity, Infinity];
	for (let time = 0; time < MEASUREMENTS; time++) {
		least = Math.min(
			least,
			cost(() => work(small)),
		);
		most = Math.min(
			most,
			cost(() => work(large)),
		);
		if (most <= CHEAP_MS || most <= MOST_GROWTH * least) return true;
	}
	return false;
}

module.exports = { isLinear };
