// Runs the example workflows in n8n's engine, against the local example server or the one named in the environment.

import { exampleOf, ourNodes, runExample } from './demo/examples.js';
import { MODEL, startLocalServer } from './demo/local-server.js';
import { tableOf } from './demo/table.js';

/**
 * @typedef {import('./demo/examples.js').Server} Server
 * @typedef {import('n8n-workflow').IDataObject} Json
 * @typedef {{ inputTokens: number, outputTokens: number }} Tokens
 * @typedef {(node: string) => Json[]} FieldsOf the fields of the items that a node gave out
 * @typedef {{ example: string, head: string[], rows: (fieldsOf: FieldsOf) => unknown[][] }} Shown what the table of an example shows
 */

/** @type {Shown[]} */
const SHOWN = [
	{
		example: 'summarise-emails',
		head: ['E-mail', 'Summary'],
		rows: (fieldsOf) => fieldsOf('Summarise e-mail').map((row) => [row.subject, row.summary]),
	},
	{
		example: 'enrich-rows',
		head: ['Company', 'Industry', 'Size', 'Pitch'],
		rows: (fieldsOf) => fieldsOf('Enrich company').map((row) => [row.company, row.industry, row.size_class, row.pitch]),
	},
	{
		example: 'chained-steps',
		head: ['Brief', 'Step', 'Answer', 'Tokens'],
		rows: (fieldsOf) =>
			fieldsOf('One item per brief').flatMap(({ title }, at) =>
				['Draft', 'Critique', 'Rewrite'].map((step) => [title, step, fieldsOf(step)[at].text, totalOf(fieldsOf(step)[at])]),
			),
	},
	{
		example: 'long-report',
		head: ['Report', 'Begins with'],
		rows: (fieldsOf) => fieldsOf('Finished report').map(({ title, report }) => [title, String(report).split('\n\n')[0]]),
	},
];

/** @param {Json} row */
const usageOf = ({ usage }) => /** @type {Record<string, number>} */ (usage ?? {});
const totalOf = (/** @type {Json} */ row) => usageOf(row).total_tokens;

/**
 * The server that the environment names, or the local one.
 * @returns {Promise<Server & { name: string, stop?: () => Promise<void> }>}
 */
async function serverOfEnvironment() {
	const { RESPONSES_BASE_URL: baseUrl, RESPONSES_API_KEY: apiKey = '', RESPONSES_MODEL: model } = process.env;
	// The host alone: the rest of a base URL may hold what is nobody's business.
	if (baseUrl) return { name: URL.canParse(baseUrl) ? new URL(baseUrl).host : 'RESPONSES_BASE_URL', baseUrl, apiKey, model };
	if (apiKey || model)
		throw new Error('RESPONSES_BASE_URL is not set, RESPONSES_API_KEY or RESPONSES_MODEL is. Set the base URL too, or none of them.');
	const { url, ...local } = await startLocalServer();
	return { name: 'the local example server', baseUrl: url, ...local };
}

/**
 * Shows what runs, and for how long: one line that is rewritten in a terminal, elsewhere a line a step.
 * @param {string} title
 */
function progressOf(title) {
	const { stdout } = process;
	const began = performance.now();
	const say = () => {
		const line = `${title} > ${progress.step} > ${((performance.now() - began) / 1000).toFixed(1)} s`;
		stdout.write(stdout.isTTY ? `\r\x1b[K${line.slice(0, stdout.columns - 1)}` : `${line}\n`);
	};
	const timer = stdout.isTTY ? setInterval(say, 100) : undefined;
	const end = () => {
		clearInterval(timer);
		if (stdout.isTTY) stdout.write('\r\x1b[K');
	};
	const progress = { step: 'started', say, end };
	say();
	return progress;
}

/** @type {(row: Json) => Tokens} */
const tokensIn = (row) => ({ inputTokens: usageOf(row).input_tokens ?? 0, outputTokens: usageOf(row).output_tokens ?? 0 });

/** @param {Tokens[]} all */
const sum = (all) => ({
	inputTokens: all.reduce((total, { inputTokens }) => total + inputTokens, 0),
	outputTokens: all.reduce((total, { outputTokens }) => total + outputTokens, 0),
});

/** @param {Tokens} tokens */
function inWords({ inputTokens, outputTokens }) {
	if (inputTokens + outputTokens === 0) return 'tokens not reported';
	const [total, input, output] = [inputTokens + outputTokens, inputTokens, outputTokens].map((n) => n.toLocaleString('en-US'));
	return `${total} tokens (${input} in, ${output} out)`;
}

/** A failed run in words: where it stopped, the server's or node's message, and what to do. */
function failureOf(/** @type {any} */ error) {
	const where = error?.node?.name ? `stopped at "${error.node.name}": ` : '';
	return [`FAILED ${where}${error?.message ?? 'without a message'}`, error?.description].filter(Boolean).join('\n');
}

/**
 * Runs one example and prints its table; gives its tokens: from n8n's record of each node of ours, else from what its items say.
 * @param {Shown} shown
 * @param {Server} server
 */
async function show({ example, head, rows }, server) {
	const workflow = exampleOf(example);
	const names = ourNodes(workflow).map(({ name }) => name);
	const progress = progressOf(workflow.name);
	const onNodeDone = (/** @type {string} */ node) => {
		if (names.includes(node)) Object.assign(progress, { step: node }).say();
	};
	const run = await runExample(workflow, server, onNodeDone).finally(progress.end);
	if (run.status !== 'success') throw run.error ?? new Error(`The run ended as ${run.status}`);

	const cells = rows((node) => run.items(node).map(({ json }) => json));
	const printed = cells.map((row) => row.map((cell) => (typeof cell === 'number' ? cell : String(cell ?? ''))));
	const tokens = sum(names.flatMap((name) => run.task(name)?.metadata?.tokenUsage ?? run.items(name).map(({ json }) => tokensIn(json))));
	console.log(`\n${workflow.name}\n\n${tableOf(head, printed, process.stdout.columns || 100)}`);
	console.log(`\n${cells.length} answers, ${inWords(tokens)}\n`);
	return tokens;
}

/**
 * Runs all examples, whether or not one of them fails.
 * @param {Server} server
 */
async function showAll(server) {
	/** @type {Tokens[]} */
	const used = [];
	for (const shown of SHOWN) {
		try {
			used.push(await show(shown, server));
		} catch (error) {
			process.exitCode = 1;
			console.error(`\n${exampleOf(shown.example).name}\n\n${failureOf(error)}\n`);
		}
	}
	console.log(`${used.length} of ${SHOWN.length} workflows succeeded, ${inWords(sum(used))} in all.`);
}

try {
	const server = await serverOfEnvironment();
	console.log(`Server: ${server.name}, model ${server.model || MODEL}\n`);
	await showAll(server).finally(server.stop);
} catch (error) {
	process.exitCode = 1;
	console.error(failureOf(error));
}
