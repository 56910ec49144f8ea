/**
 * `npm run bench`: our node and its rivals on many rows, against one local server with set latency, limits and faults.
 * All of it takes about 20 minutes and writes docs/benchmark.md and docs/benchmark.svg. For a part of it:
 * `npm run bench -- limited flaky` (names of scenarios), `--quick` (a fifth of the rows); then nothing is written.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartOf } from './chart.mjs';
import { contenders } from './contenders.mjs';
import { kept, reportOf, rowsOf, HEAD } from './report.mjs';
import { resultsOf, startServer } from './run.mjs';
import { floorOf, scenarios } from './scenarios.mjs';
import { run } from '../e2e/host/processes.mjs';
import { tableOf } from '../scripts/demo/table.js';

const args = process.argv.slice(2);
const isQuick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.find((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown) {
	console.error(`There is no scenario "${unknown}". There are: ${scenarios.map(({ name }) => name).join(', ')}`);
	process.exit(1);
}

const chosen = scenarios
	.filter(({ name }) => names.length === 0 || names.includes(name))
	.map((scenario) => (isQuick ? { ...scenario, rows: scenario.rows / 5, times: 1, promises: undefined } : scenario));
const server = await startServer();
/** @type {import('./report.mjs').Done[]} */
const done = [];
for (const scenario of chosen) {
	const floor = floorOf(scenario);
	console.log(`\n${scenario.name}: ${scenario.title}. ${scenario.rows} rows, ${scenario.concurrency} at once`);
	const results = await resultsOf(server.url, scenario);
	const promises = scenario.promises?.(results, floor) ?? [];
	done.push({ scenario, floor, results, promises });
	console.log(tableOf(HEAD, rowsOf(results, floor, contenders), process.stdout.columns ?? 120));
	for (const promise of promises) console.log(kept(promise));
}
await server.stop();

/** @param {string} name of a script that measures one call */
async function printedBy(name) {
	const printed = await run(process.execPath, [join(import.meta.dirname, name)]);
	console.log(`\n${printed}`);
	return printed.trim();
}

if (names.length === 0 && !isQuick) {
	const one = { streams: await printedBy('stream.mjs'), firstDelta: await printedBy('first-delta.mjs') };
	writeFileSync('docs/benchmark.md', reportOf(done, one));
	writeFileSync('docs/benchmark.svg', chartOf(done));
	console.log('\nWrote docs/benchmark.md and docs/benchmark.svg');
}
process.exit(done.some(({ promises }) => promises.some(({ value, most }) => value > most)) ? 1 : 0);
