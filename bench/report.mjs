// The results in words: for the terminal and for docs/benchmark.md, which is made of report.md.

import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { contenders } from './contenders.mjs';
import { floorOf, measures } from './scenarios.mjs';

/** @typedef {{name: string, scenario: import('./scenarios.mjs').Scenario, results: Record<string, import('./scenarios.mjs').Result>}} Done */

export const HEAD = ['', 'Rows', 'Seconds', '/ floor', 'Calls', 'Refused', 'Most at once', 'CPU ms/row', 'Memory MB'];

/** How many times the floor a contender took; "–" where there is none. @type {(done: Done, name: string) => string} */
const multipleOf = ({ scenario, results }, name) => {
	const floor = floorOf(scenario);
	return results[name].finished > 0 && floor > 0 ? (results[name].ms / floor).toFixed(2) : '–';
};

/** One row of the table for each contender. @param {Done} done */
export const rowsOf = (done) =>
	Object.entries(done.results).map(([name, { finished, ms, calls, refused, mostInFlight, cpu, peak }]) => {
		const cpuOfRow = finished > 0 ? (cpu / finished).toFixed(2) : '–';
		const seconds = (ms / 1000).toFixed(2);
		return [contenders[name].title, finished, seconds, multipleOf(done, name), calls, refused, mostInFlight, cpuOfRow, Math.round(peak)];
	});

/** What a table has no room for. @param {Done} done */
export const notesOf = ({ results }) =>
	Object.entries(results).flatMap(([name, { error, note }]) => {
		const words = error ? `ended with: ${error}` : note;
		return words ? [`${contenders[name].title} ${words}`] : [];
	});

/** What was promised of a scenario, and whether it was kept. @param {Done} done */
export const promisesOf = ({ name, scenario, results }) =>
	Object.entries(scenario.most ?? {}).map(([measure, most]) => {
		const value = measures[measure](results, scenario);
		const [shown, atMost] = [value, most].map((figure) => (Number.isInteger(figure) ? String(figure) : figure.toFixed(2)));
		return { cells: [`${name}: ${measure}`, shown, atMost, value > most ? 'BROKEN' : 'kept'], isBroken: value > most };
	});

/** @param {(string | number)[][]} lines */
const markdown = ([head, ...lines]) => {
	const alignment = head.map((_, column) => (column === 0 ? '---' : '--:'));
	return [head, alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** @param {Done} done */
function sectionOf(done) {
	const { title, rows, concurrency, settings, times } = done.scenario;
	const about = [`${rows} rows, ${concurrency} at once, ${settings.latency} ms an answer`];
	if (floorOf(done.scenario) > 0) about.push(`floor ${(floorOf(done.scenario) / 1000).toFixed(1)} s`);
	if (times) about.push(`median of ${times} runs`);
	const heading = `### ${title}\n\n${about.join(', ')} (\`npm run bench -- ${done.name}\`)`;
	return [heading, markdown([HEAD, ...rowsOf(done)]), ...notesOf(done)].join('\n\n');
}

/** A bar chart that GitHub draws; a contender that lost rows has no bar. @param {Done} done */
function chartOf(done) {
	const { title, rows } = done.scenario;
	const names = Object.keys(done.results);
	const bars = names.map((name) => (done.results[name].finished < rows ? 0 : multipleOf(done, name)));
	const labels = names.map((name) => JSON.stringify(contenders[name].title));
	const chart = [`title ${JSON.stringify(title)}`, `x-axis [${labels}]`, 'y-axis "Times the floor"', `bar [${bars}]`];
	return ['```mermaid', 'xychart-beta horizontal', ...chart, '```'].join('\n');
}

/** @param {string} folder that holds a package.json */
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** docs/benchmark.md. @param {Done[]} all */
export function reportOf(all) {
	const versions = ['n8n-core', 'n8n-nodes-base', 'openai', 'p-limit'].map((name) => `${name} ${versionOf(`node_modules/${name}`)}`);
	const machine = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`;
	const promises = all.flatMap(promisesOf).map(({ cells }) => cells);
	/** @type {Record<string, string>} */
	const parts = {
		charts: all
			.filter(({ name }) => ['open', 'limited', 'flaky'].includes(name))
			.map(chartOf)
			.join('\n\n'),
		results: all.map(sectionOf).join('\n\n'),
		promises: markdown([['Figure', 'Measured', 'At most', ''], ...promises]),
		versions: [`n8n-nodes-responses ${versionOf('.')}`, ...versions, `Node.js ${process.versions.node}`, machine].join('; '),
	};
	return readFileSync(join(import.meta.dirname, 'report.md'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
}
