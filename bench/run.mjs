// Runs scenarios: one server for all, a fresh process for each contender.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, VERSION } from '../e2e/host/install.mjs';
import { run, start, waitFor } from '../e2e/host/processes.mjs';

/**
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {import('./scenarios.mjs').Result} Result
 */

const HERE = import.meta.dirname;
/** The whole n8n that holds n8n's OpenAI node */
const host = join(cacheFolder(), `n8n-${VERSION}`);

/** Whether a contender can run here; says how to get what it lacks. @param {string} name */
export function isHere(name) {
	if (name !== 'openai' || existsSync(join(host, 'node_modules'))) return true;
	console.log(`  n8n's OpenAI node is left out: it needs a whole n8n, which \`npm run n8n\` installs (3 GB, some minutes)`);
	return false;
}

/** Starts the server; gives its address and what stops it. */
export async function startServer() {
	const service = start(process.execPath, [join(HERE, 'server.mjs')]);
	const port = await waitFor('The server', service, async () => Number(service.printed()) || undefined);
	return { url: `http://127.0.0.1:${port}/v1`, stop: service.stop };
}

/**
 * @param {string} url of the server
 * @param {Scenario} scenario
 * @param {string} name of the contender
 * @param {boolean} setsServer
 * @returns {Promise<import('./contender-process.mjs').Measured>}
 */
async function measured(url, { rows, concurrency, batch, settings }, name, setsServer) {
	const job = { name, url, rows, concurrency, batch, latency: settings.latency, host, ...(setsServer && { settings }) };
	const printed = await run(process.execPath, [join(HERE, 'contender-process.mjs'), JSON.stringify(job)]);
	return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

/**
 * @param {string} url
 * @returns {Promise<import('./server.mjs').Counts>}
 */
const countsOf = async (url) => JSON.parse(await (await fetch(url)).text());

/**
 * One contender, or several at once, on one scenario.
 * @param {string} url
 * @param {Scenario} scenario
 * @param {string[]} names
 * @returns {Promise<Result>}
 */
async function resultOf(url, scenario, names) {
	const isAlone = names.length === 1;
	if (!isAlone) await fetch(url, { method: 'PUT', body: JSON.stringify(scenario.settings) });
	const parts = await Promise.all(names.map((name) => measured(url, scenario, name, isAlone)));
	const sum = (/** @type {'finished' | 'cpu'} */ key) => parts.reduce((total, part) => total + part[key], 0);
	const most = (/** @type {'ms' | 'peak'} */ key) => Math.max(...parts.map((part) => part[key]));
	const error = parts.map((part) => part.error).find(Boolean);
	return { finished: sum('finished'), cpu: sum('cpu'), ms: most('ms'), peak: most('peak'), error, ...(await countsOf(url)) };
}

/** @param {Result[]} results */
const median = (results) => results.toSorted((a, b) => a.ms - b.ms)[Math.floor(results.length / 2)];

/**
 * The results of a scenario by contender. Contenders take turns, so that what disturbs the machine disturbs all.
 * @param {string} url
 * @param {Scenario} scenario
 * @returns {Promise<Record<string, Result>>}
 */
export async function resultsOf(url, scenario) {
	const turns = scenario.together ? [scenario.who] : scenario.who.filter(isHere).map((name) => [name]);
	/** @type {Record<string, Result[]>} */
	const results = {};
	for (let time = 0; time < (scenario.times ?? 1); time++) {
		for (const names of turns) (results[names[0]] ??= []).push(await resultOf(url, scenario, names));
	}
	return Object.fromEntries(Object.entries(results).map(([name, all]) => [name, median(all)]));
}
