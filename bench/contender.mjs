// Runs one contender on one scenario in a process of its own, and prints what it took as the last line.
import { contenders } from './contenders.mjs';

/** @typedef {{ms: number, cpu: number, peak: number}} Cost wall and processor time in ms; MB of memory at its peak beyond the peak before */
/** @typedef {Cost & {finished: number, note?: string}} Measured `finished`: rows */

const { name, rows, isAlone, ...task } = JSON.parse(process.argv[2]);
const texts = (/** @type {number} */ length) =>
	Array.from({ length }, (_, row) => `Row ${row}: summarise in one sentence what a customer wrote about a parcel that came late.`);
const set = (/** @type {object} */ settings) => fetch(task.url, { method: 'PUT', body: JSON.stringify(settings) });

const run = contenders[name](task);
if (isAlone) {
	const { stream } = task.settings;
	await set({ latency: 0, stream: stream && { pieces: 100, megabytes: 1 } });
	await run(texts(stream ? 1 : 20)); // loads what is needed
	await set(task.settings);
}
const prompts = texts(rows);
const [cpuBefore, peakBefore, begin] = [process.cpuUsage(), process.resourceUsage().maxRSS, performance.now()];
const outcome = await run(prompts);
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
const peak = (process.resourceUsage().maxRSS - peakBefore) / 1024;
console.log(JSON.stringify({ ...outcome, ms, cpu: (user + system) / 1000, peak }));
process.exit();
