// The results in words: for the terminal and for docs/benchmark.md, which is made of report.md.
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { titles } from './contenders.mjs';
import { floorOf, measures } from './scenarios.mjs';

/** @typedef {{name: string, scenario: import('./scenarios.mjs').Scenario, results: Record<string, import('./scenarios.mjs').Result>}} Done */
const COLOUR = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#0f7b6c"}}}}%%';
export const HEAD = ['', 'Rows', 'Seconds', '/ floor', 'Calls', 'Refused', 'Most at once', 'CPU ms/row', 'Memory MB'];

/** How many times the floor a contender took; "–" where there is none. @type {(done: Done, name: string) => string} */
const multipleOf = ({ scenario, results }, name) => {
	const floor = floorOf(scenario);
	return results[name].finished > 0 && floor > 0 ? (results[name].ms / floor).toFixed(2) : '–';
};

/** One row of the table for each contender. @param {Done} done */
export const rowsOf = (done) =>
	Object.entries(done.results).map(([name, { finished, ms, calls, refused, mostInFlight, cpu, peak }]) => {
		const [seconds, cpuOfRow] = [(ms / 1000).toFixed(2), finished > 0 ? (cpu / finished).toFixed(2) : '–'];
		return [titles[name], finished, seconds, multipleOf(done, name), calls, refused, mostInFlight, cpuOfRow, Math.round(peak)];
	});

/** What a table has no room for. @param {Done} done */
export const notesOf = ({ results }) => Object.entries(results).flatMap(([name, { note }]) => (note ? [`${titles[name]} ${note}`] : []));

/** What was promised of a scenario, and whether it was kept. @param {Done} done */
export const promisesOf = ({ name, scenario, results }) =>
	Object.entries(scenario.most ?? {}).map(([measure, most]) => {
		const value = measures[measure](results.ours ?? results.auto, results, scenario);
		const [shown, atMost] = [value, most].map((figure) => (Number.isInteger(figure) ? String(figure) : figure.toFixed(2)));
		return { cells: [`${name}: ${measure}`, shown, `at most ${atMost}`, value > most ? 'BROKEN' : 'kept'], isBroken: value > most };
	});

const markdown = (/** @type {(string | number)[][]} */ [head, ...lines]) => {
	const alignment = head.map((_, column) => (column === 0 ? '---' : '--:'));
	return [head, alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** @param {Done} done */
function sectionOf(done) {
	const { title, rows, concurrency, settings, times } = done.scenario;
	const load = `${rows} rows, ${concurrency} at once, ${settings.latency} ms an answer`;
	const about = `${load}, floor ${(floorOf(done.scenario) / 1000).toFixed(1)} s${times ? `, median of ${times} runs` : ''}`;
	const heading = `### ${title}\n\n${about} (\`npm run bench -- ${done.name}\`)`;
	return [heading, markdown([HEAD, ...rowsOf(done)]), ...notesOf(done)].join('\n\n');
}

/** A bar chart that GitHub draws; who lost rows has no bar. @param {Done} done */
function chartOf(done) {
	const { title, rows } = done.scenario;
	const all = Object.entries(done.results);
	const labels = all.map(([name, { finished }]) => titles[name] + (finished < rows ? `: ${finished} of ${rows} rows` : ''));
	const bars = all.map(([name, { finished }]) => (finished < rows ? 0 : multipleOf(done, name)));
	const axes = `x-axis ${JSON.stringify(labels)}\ny-axis "Times the floor" 0 --> 12`;
	return ['```mermaid', COLOUR, 'xychart-beta horizontal', `title ${JSON.stringify(title)}`, axes, `bar [${bars}]`, '```'].join('\n');
}

/** @typedef {{agents: (string | number)[][], tools: (string | number)[][], promise?: {cells: string[]}}} InN8n the tables of what runs in a whole n8n */
/** docs/benchmark.md. @param {Done[]} all @param {InN8n} inN8n */
export function reportOf(all, { agents, tools, promise }) {
	const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
	const versions = ['n8n-core', 'n8n-nodes-base', 'openai', 'p-limit'].map((name) => `${name} ${devDependencies[name]}`);
	const machine = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`;
	const promises = [...all.flatMap(promisesOf), ...(promise ? [promise] : [])].map(({ cells }) => cells);
	const charted = all.filter(({ name }) => ['open', 'limited', 'flaky'].includes(name));
	/** @type {Record<string, string>} */
	const parts = {
		charts: charted.map(chartOf).join('\n\n'),
		results: all.map(sectionOf).join('\n\n'),
		agents: markdown(agents),
		tools: markdown(tools),
		promises: markdown([['Figure', 'Measured', 'Promised', ''], ...promises]),
		versions: [`n8n-nodes-responses ${version}`, ...versions, `Node.js ${process.versions.node}`, machine].join('; '),
	};
	return readFileSync(join(import.meta.dirname, 'report.md'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
}
