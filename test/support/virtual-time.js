/** Time that passes only where somebody waits for it, so that hours of waiting are tested in milliseconds. */

/** A number from 0 to 1 each time, the same row of them for the same seed (mulberry32). @param {number} seed */
function seededRandom(seed) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** The moment at which virtual time begins, in milliseconds since 1970. */
const START = 1_800_000_000_000;

/** @typedef {{ at: number, order: number, wake: () => void }} Timer */

class VirtualTime {
	/** @param {number} seed */
	constructor(seed) {
		/** Milliseconds since the start */
		this.time = 0;
		this.random = seededRandom(seed);
		this.timers = /** @type {Timer[]} */ ([]);
		this.order = 0;
		this.now = () => START + this.time;
		this.sleep = (/** @type {number} */ milliseconds) => {
			/** @type {Promise<void>} */
			const slept = new Promise((wake) => this.at(milliseconds, () => wake()));
			return slept;
		};
	}

	/**
	 * Does something after so many milliseconds.
	 * @param {number} milliseconds
	 * @param {() => void} wake
	 */
	at(milliseconds, wake) {
		this.push({ at: this.time + Math.max(0, milliseconds), order: this.order++, wake });
	}

	/** Lets time pass until nothing is left to happen, where nobody awaits a promise. */
	runTimers() {
		for (let timer = this.pop(); timer; timer = this.pop()) {
			this.time = timer.at;
			timer.wake();
		}
	}

	/**
	 * Lets time pass until the work is done.
	 * @template T
	 * @param {Promise<T>} work
	 * @returns {Promise<T>}
	 */
	async run(work) {
		let isDone = false;
		const end = () => (isDone = true);
		work.then(end, end);
		for (;;) {
			// all that can happen at this moment happens
			await new Promise((resolve) => setImmediate(resolve));
			if (isDone) return await work;
			const next = this.pop();
			if (!next) throw new Error('Everybody waits, and nothing is left to happen');
			this.time = next.at;
			next.wake();
			while (this.timers[0]?.at === this.time) this.pop()?.wake();
		}
	}

	/** @param {Timer} timer */
	push(timer) {
		const heap = this.timers;
		let index = heap.push(timer) - 1;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			if (isBefore(heap[parent], timer)) break;
			heap[index] = heap[parent];
			index = parent;
		}
		heap[index] = timer;
	}

	pop() {
		const heap = this.timers;
		const [first] = heap;
		const last = heap.pop();
		if (!last || heap.length === 0) return first;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
			if (child >= heap.length || isBefore(last, heap[child])) break;
			heap[index] = heap[child];
			index = child;
		}
		heap[index] = last;
		return first;
	}
}

/** @param {Timer} a @param {Timer} b */
const isBefore = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order);

module.exports = { START, VirtualTime, seededRandom };
