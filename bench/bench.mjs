/**
 * `npm run bench`: our node and its rivals on many rows, against one local server with set latency, limits and faults.
 * All of it takes about 25 minutes and writes docs/benchmark.md. For a part of it:
 * `npm run bench -- limited flaky` (names of scenarios), `--quick` (a fifth of the rows); then nothing is written.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { start } from '../e2e/host/processes.mjs';
import { tableOf } from '../scripts/demo/table.js';
import { AGENT_HEAD, agentRows } from './agent.mjs';
import { LANGCHAIN } from './contenders.mjs';
import { HEAD, notesOf, promisesOf, reportOf, rowsOf } from './report.mjs';
import { scenarios } from './scenarios.mjs';
import { toolRows, TOOLS_HEAD } from './tools.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./scenarios.mjs').Result} Result */
const args = process.argv.slice(2);
const isQuick = args.includes('--quick');
const chosen = args.filter((arg) => !arg.startsWith('--'));
/** What runs in a whole n8n */
const IN_N8N = ['agent', 'tools'];
const isWanted = (/** @type {string} */ name) => (chosen.length === 0 || chosen.includes(name)) && existsSync(LANGCHAIN);
const unknown = chosen.find((name) => !(name in scenarios) && !IN_N8N.includes(name));
if (unknown) throw new Error(`There is no scenario "${unknown}". There are: ${[...Object.keys(scenarios), ...IN_N8N].join(', ')}`);
if (!existsSync(LANGCHAIN)) console.log("n8n's OpenAI node is left out: it needs a whole n8n, which `npm run n8n` installs (3 GB)");

const port = await getPort({ host: '127.0.0.1' });
const url = `http://127.0.0.1:${port}/v1`;
const server = await start(process.execPath, [join(import.meta.dirname, 'server.mjs'), String(port)], `tcp:127.0.0.1:${port}`);

/** One contender, or several at once, each in a fresh process. @type {(scenario: Scenario, names: string[]) => Promise<Result>} */
async function resultOf(scenario, names) {
	const isAlone = names.length === 1;
	if (!isAlone) await fetch(url, { method: 'PUT', body: JSON.stringify(scenario.settings) });
	const measured = names.map(async (name) => {
		const job = JSON.stringify({ ...scenario, name, url, isAlone });
		const { stdout } = await execa(process.execPath, [join(import.meta.dirname, 'contender.mjs'), job]);
		return /** @type {import('./contender.mjs').Measured} */ (JSON.parse(stdout.split('\n').at(-1) ?? ''));
	});
	const parts = await Promise.all(measured);
	const sum = (/** @type {'finished' | 'cpu'} */ key) => parts.reduce((total, part) => total + part[key], 0);
	const most = (/** @type {'ms' | 'peak'} */ key) => Math.max(...parts.map((part) => part[key]));
	const note = parts.map((part) => part.note).find(Boolean);
	const counts = /** @type {import('./server.mjs').Counts} */ (await (await fetch(url)).json());
	return { finished: sum('finished'), cpu: sum('cpu'), ms: most('ms'), peak: most('peak'), note, ...counts };
}

/** The results by contender; they take turns, so that what disturbs the machine disturbs all. @param {Scenario} scenario */
async function resultsOf(scenario) {
	const here = scenario.who.filter((name) => name !== 'openai' || existsSync(LANGCHAIN));
	const turns = scenario.together ? [here] : here.map((name) => [name]);
	/** @type {Record<string, Result[]>} */
	const all = {};
	for (let time = 0; time < (scenario.times ?? 1); time++) {
		for (const names of turns) (all[names[0]] ??= []).push(await resultOf(scenario, names));
	}
	const median = (/** @type {Result[]} */ results) => results.sort((a, b) => a.ms - b.ms)[Math.floor(results.length / 2)];
	return Object.fromEntries(Object.entries(all).map(([name, results]) => [name, median(results)]));
}

/** @type {import('./report.mjs').Done[]} */
const all = [];
for (const name of chosen.length > 0 ? chosen.filter((choice) => !IN_N8N.includes(choice)) : Object.keys(scenarios)) {
	const { rows, ...rest } = scenarios[name];
	const scenario = isQuick ? { ...rest, rows: Math.ceil(rows / 5), times: 1, most: {} } : { ...rest, rows };
	console.log(`\n${name}: ${scenario.title}. ${scenario.rows} rows, ${scenario.concurrency} at once`);
	const done = { name, scenario, results: await resultsOf(scenario) };
	all.push(done);
	console.log(tableOf(HEAD, rowsOf(done), process.stdout.columns ?? 120));
	for (const note of notesOf(done)) console.log(note);
	for (const { cells } of promisesOf(done)) console.log(cells.join('  '));
}
await server.stop();

const agents = isWanted('agent') ? await agentRows() : [];
if (agents.length > 0) console.log(tableOf(AGENT_HEAD, agents, process.stdout.columns ?? 120));
const tools = isWanted('tools') ? await toolRows() : { lines: [], promise: undefined };
if (tools.lines.length > 0) console.log(tableOf(TOOLS_HEAD, tools.lines, process.stdout.columns ?? 120));
console.log(tools.promise?.cells.join('  ') ?? '');

if (chosen.length === 0 && !isQuick)
	writeFileSync(
		'docs/benchmark.md',
		reportOf(all, { agents: [AGENT_HEAD, ...agents], tools: [TOOLS_HEAD, ...tools.lines], promise: tools.promise }),
	);
process.exit([...all.flatMap(promisesOf), tools.promise].some((promise) => promise?.isBroken) ? 1 : 0);
