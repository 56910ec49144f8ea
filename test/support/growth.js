/** For tests of hostile input: what work costs, and how the cost grows with the size. */

/** The sizes, in characters; the larger one is eight times the smaller. */
const SMALL = 128 * 1024;
const LARGE = 1024 * 1024;
/** Milliseconds of CPU under which work is cheap, whatever the ratio of so small numbers is */
const CHEAP_MS = 250;
/** Linear work costs eight times as much for the larger size, quadratic work 64 times as much */
const MOST_GROWTH = 32;

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
 * Whether the cost of work does not grow faster than about its size.
 * @param {(text: string) => unknown} work
 * @param {(size: number) => string} textOf gives a text of about that many characters
 */
function isLinear(work, textOf) {
	const [small, large] = [SMALL, LARGE].map(textOf);
	work(textOf(1000));
	const least = cost(() => work(small));
	const most = cost(() => work(large));
	return most <= CHEAP_MS || most <= MOST_GROWTH * least;
}

module.exports = { isLinear };
