// Runs one contender on one scenario in a process of its own, and prints what it took as the last line.

import { contenders } from './contenders.mjs';

/**
 * @typedef {import('./contenders.mjs').Task & {name: string, rows: number, settings?: import('./server.mjs').Settings}} Job
 *
 * @typedef {object} Measured
 * @property {number} finished rows
 * @property {number} ms wall time
 * @property {number} cpu ms of processor time
 * @property {number} peak MB of memory beyond what the process had before
 * @property {string} [error]
 * @property {string} [note]
 */

const WARM_UP = 20;

/** @type {Job} */
const job = JSON.parse(process.argv[2]);

/** @param {import('./server.mjs').Settings} settings */
const set = (settings) => fetch(`${job.url}/settings`, { method: 'PUT', body: JSON.stringify(settings) });

const run = await contenders[job.name].ready(job);
if (job.settings) {
	await set({ latency: 0 });
	await run(rowsOf(WARM_UP));
	await set(job.settings);
}
const rows = rowsOf(job.rows);
const memory = process.memoryUsage.rss();
let peak = memory;
const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
const cpu = process.cpuUsage();
const begin = performance.now();
const outcome = await run(rows);
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpu);
clearInterval(look);
console.log(
	JSON.stringify({ ...outcome, ms, cpu: (user + system) / 1000, peak: (Math.max(peak, process.memoryUsage.rss()) - memory) / 2 ** 20 }),
);
process.exit();

/** @param {number} count */
function rowsOf(count) {
	return Array.from(
		{ length: count },
		(_, row) => `Row ${row}: summarise in one sentence what a customer wrote about a parcel that came late.`,
	);
}
