// The results in words: for the terminal and for docs/benchmark.md.

import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { contenders } from './contenders.mjs';

/**
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {import('./scenarios.mjs').Result} Result
 * @typedef {import('./scenarios.mjs').Promise_} Promise_
 * @typedef {{scenario: Scenario, floor: number, results: Record<string, Result>, promises: Promise_[]}} Done
 */

export const HEAD = ['', 'Rows', 'Seconds', '/ floor', 'Calls', 'Refused', 'Most at once', 'CPU ms/row', 'Memory MB'];

/**
 * One row of the table for each contender.
 * @param {Record<string, Result>} results
 * @param {number} floor ms
 * @param {typeof contenders} named
 */
export const rowsOf = (results, floor, named) =>
	Object.entries(results).map(([name, { finished, ms, calls, refused, mostInFlight, cpu, peak }]) => [
		named[name].title,
		finished,
		(ms / 1000).toFixed(2),
		finished > 0 && floor > 0 ? (ms / floor).toFixed(2) : '–',
		calls,
		refused,
		mostInFlight,
		finished > 0 ? (cpu / finished).toFixed(2) : '–',
		Math.round(peak),
	]);

/** @param {Promise_} promise */
export const kept = ({ text, value, most }) => `${value > most ? 'BROKEN' : 'kept'}  ${text}: ${shown(value)}, at most ${shown(most)}`;

/** @param {number} value */
const shown = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** @param {string} name */
const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;

/** @param {(string | number)[][]} lines */
const markdown = ([head, ...lines]) =>
	[head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** @param {Done} done */
function sectionOf({ scenario, floor, results }) {
	const { title, rows, concurrency, settings, times } = scenario;
	const errors = Object.entries(results).filter(([, { error }]) => error);
	const about = [
		`${rows} rows, ${concurrency} at once, ${settings.latency} ms an answer`,
		floor > 0 && `floor ${(floor / 1000).toFixed(1)} s`,
		times && `median of ${times} runs`,
	];
	return [
		`### ${title}`,
		`${about.filter(Boolean).join(', ')} (\`npm run bench -- ${scenario.name}\`)`,
		markdown([HEAD, ...rowsOf(results, floor, contenders)]),
		...errors.map(([name, { error }]) => `${contenders[name].title} ended with: ${error}`),
	].join('\n\n');
}

/**
 * docs/benchmark.md
 * @param {Done[]} done
 * @param {{streams: string, firstDelta: string}} one what the scripts that measure a single call printed
 */
export function reportOf(done, { streams, firstDelta }) {
	const promises = done.flatMap((entry) => entry.promises);
	const ours = JSON.parse(readFileSync('package.json', 'utf8')).version;
	return `# Benchmark

${INTRODUCTION}

![Time against the least possible](benchmark.svg)

## Results

${done.map(sectionOf).join('\n\n')}

## What this node promises

${markdown([['Figure', 'Measured', 'At most'], ...promises.map(({ text, value, most }) => [text, shown(value), shown(most)])])}

## One long stream

Text in 100,000 pieces, as OpenAI sends it (the whole text again at the end), read by this node in n8n and by the official client
(\`node bench/stream.mjs\`):

\`\`\`
${streams}
\`\`\`

## The first word in a chat

How much later it shows than a client without n8n has it (\`node bench/first-delta.mjs\`):

\`\`\`
${firstDelta}
\`\`\`

## Versions and machine

n8n-nodes-responses ${ours}; n8n-core ${versionOf('n8n-core')} and n8n-nodes-base ${versionOf('n8n-nodes-base')} (HTTP Request 4.2, OpenAI node 2); openai ${versionOf('openai')}; p-limit ${versionOf('p-limit')}; Node.js ${process.versions.node}; ${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}.

## How to repeat it

\`\`\`
npm run n8n      # once, for n8n's OpenAI node: installs a whole n8n (3 GB); without it that line is left out
npm run bench    # about 20 minutes; \`npm run bench -- --quick\` for a first look, \`-- limited\` for one part
\`\`\`

The figures depend on the machine and on what else it does; the ratios less so. The scenarios are in \`bench/scenarios.mjs\`.
`;
}

const INTRODUCTION = `How this node does with many rows, beside what n8n users have otherwise and beside a script. Each runs in a process of its own,
the nodes in n8n's real engine, one after the other against one local server that answers after a set time and refuses what is over its
limits with status 429 and \`Retry-After: 1\`. Written by \`npm run bench\`.

- **Rows**: how many came out as results. A node that ends with an error gives none, even if most calls had been answered.
- **Seconds** of the whole run, and as a multiple of the **floor**: rows x time of an answer / calls at once (of those that the server takes).
- **Calls** the server got, those it **refused**, and the **most at once** of those it took.
- **CPU** time of the process for each row, and how much **memory** it took at its peak beyond what it held before.
- The *bare loop* makes the same calls through the same helper of n8n and does nothing else: the least that any node can take.
- HTTP Request calls for all rows at once; with batching, so many in the time of an answer (the server's limit where it has one). The OpenAI
  node takes one row after the other. The script uses the official client with its own retries, and starts as many at once as this node may.
- When a server asks to wait, this node holds back all its rows, not only the refused one: on a server that refuses by the minute that saves
  calls; where every 20th call is refused whatever comes, as below, it costs the time that the server asked for.`;
