// Runs the example workflows in n8n's engine, against the local example server or the one named in the environment.
import { exampleOf, ourNodes, runExample } from './demo/examples.js';
import { MODEL, startLocalServer } from './demo/local-server.js';
import { tableOf } from './demo/table.js';

/** @typedef {import('n8n-workflow').IDataObject} Json */
/** @typedef {[input: number, output: number]} Tokens */
/** @typedef {(node: string) => Json[]} FieldsOf the fields of the items that a node gave out */
/** @typedef {{ head: string[], rows: (fieldsOf: FieldsOf) => unknown[][], shown?: (rows: unknown[][]) => unknown[][] }} Table `shown`: of many rows */
/** What the table of each example shows. @type {Record<string, Table>} */
const TABLES = {
	'summarise-emails': {
		head: ['E-mail', 'Urgency', 'Summary'],
		rows: (fieldsOf) => fieldsOf('Summarise e-mail').map(({ subject, urgency, summary }) => [subject, urgency, summary]),
	},
	'mailbox-to-table': {
		head: ['E-mail', 'Urgency', 'Due', 'Next step'],
		rows: (fieldsOf) => [
			...fieldsOf('Row for the table').map((row) => [row.subject, row.urgency, row.due_date, row.next_step]),
			...fieldsOf('Row for failed e-mails').map(({ subject, error }) => [subject, 'failed', '', error]),
		],
	},
	'enrich-rows': {
		head: ['Company', 'Industry', 'Size', 'Pitch'],
		rows: (fieldsOf) => fieldsOf('Enrich company').map((row) => [row.company, row.industry, row.size_class, row.pitch]),
	},
	'spreadsheet-in-spreadsheet-out': {
		head: ['Order', 'Comment', 'Topic', 'Reply'],
		rows: (fieldsOf) => fieldsOf('Columns').map(({ order, comment, topic, reply, error }) => [`${order}`, comment, topic, reply ?? error]),
		shown: (rows) => [...rows.slice(0, 5), ...rows.slice(5).filter(([, , topic]) => !topic)].slice(0, 10),
	},
	'chained-steps': {
		head: ['Brief', 'Step', 'Answer', 'Tokens'],
		rows: (fieldsOf) => {
			const answers = ['Draft', 'Critique', 'Rewrite'].map((step) => ({ step, rows: fieldsOf(step) }));
			const rowsOf = (/** @type {Json} */ { title }, /** @type {number} */ at) =>
				answers.map(({ step, rows }) => [title, step, rows[at].text, usageOf(rows[at]).total_tokens]);
			return fieldsOf('One item per brief').flatMap(rowsOf);
		},
	},
	'long-report': {
		head: ['Report', 'Begins with'],
		rows: (fieldsOf) => fieldsOf('Finished report').map(({ title, report }) => [title, String(report).split('\n\n')[0]]),
	},
};

const usageOf = (/** @type {Json} */ { usage }) => /** @type {Record<string, number>} */ (usage ?? {});

/** The server that the environment names, or the local one. */
async function serverOfEnvironment() {
	const { RESPONSES_BASE_URL: baseUrl = '', RESPONSES_API_KEY: apiKey = '', RESPONSES_MODEL: model } = process.env;
	// The host alone: the rest of a base URL may hold what is nobody's business.
	const name = URL.canParse(baseUrl) ? new URL(baseUrl).host : 'RESPONSES_BASE_URL';
	if (baseUrl) return { name, baseUrl, apiKey, model, stop: async () => {} };
	if (apiKey || model)
		throw new Error('RESPONSES_BASE_URL is not set, RESPONSES_API_KEY or RESPONSES_MODEL is. Set the base URL too, or none of them.');
	const { url, ...local } = await startLocalServer();
	return { name: 'the local example server', baseUrl: url, model, ...local };
}

/** Shows what runs, and for how long: one line that is rewritten in a terminal, elsewhere a line a step. @param {string} title */
function progressOf(title) {
	const { stdout } = process;
	const began = performance.now();
	let step = 'started';
	const say = (next = step) => {
		step = next;
		const line = `${title} > ${step} > ${((performance.now() - began) / 1000).toFixed(1)} s`;
		stdout.write(stdout.isTTY ? `\r\x1b[K${line.slice(0, stdout.columns - 1)}` : `${line}\n`);
	};
	const timer = stdout.isTTY ? setInterval(say, 100) : undefined;
	const end = () => {
		clearInterval(timer);
		if (stdout.isTTY) stdout.write('\r\x1b[K');
	};
	say();
	return { say, end };
}

/** @type {(all: Tokens[]) => Tokens} */
const sum = (all) => all.reduce(([inputs, outputs], [input, output]) => [inputs + input, outputs + output], [0, 0]);
/** @param {Tokens} tokens */
function inWords([input, output]) {
	if (input + output === 0) return 'tokens not reported';
	const [all, into, out] = [input + output, input, output].map((n) => n.toLocaleString('en-US'));
	return `${all} tokens (${into} in, ${out} out)`;
}

/** A failed run in words: where it stopped, the server's or node's message, and what to do. @param {any} error */
function failureOf(error) {
	const where = error?.node?.name ? `stopped at "${error.node.name}": ` : '';
	return [`FAILED ${where}${error?.message ?? 'without a message'}`, error?.description].filter(Boolean).join('\n');
}

/**
 * Runs one example and prints its table; gives its tokens: from n8n's record of each node of ours, else from what its items say.
 * @type {(example: string, server: import('./demo/examples.js').Server) => Promise<Tokens>}
 */
async function show(example, server) {
	const workflow = exampleOf(example);
	const names = ourNodes(workflow).map(({ name }) => name);
	const progress = progressOf(workflow.name);
	const run = await runExample(workflow, server, (node) => names.includes(node) && progress.say(node)).finally(progress.end);
	if (run.status !== 'success') throw run.error ?? new Error(`The run ended as ${run.status}`);

	const fieldsOf = (/** @type {string} */ node) => run.items(node).map(({ json }) => json);
	const { head, shown = (all) => all, ...table } = TABLES[example];
	const rows = table.rows(fieldsOf);
	const cells = shown(rows).map((row) => row.map((cell) => (typeof cell === 'number' ? cell : String(cell ?? ''))));
	/** @type {(node: string) => Tokens} */
	const tokensOf = (node) => {
		const recorded = run.task(node)?.metadata?.tokenUsage;
		if (recorded) return [recorded.inputTokens, recorded.outputTokens];
		return sum(fieldsOf(node).map((row) => [usageOf(row).input_tokens ?? 0, usageOf(row).output_tokens ?? 0]));
	};
	const tokens = sum(names.map(tokensOf));
	console.log(`\n${workflow.name}\n\n${tableOf(head, cells, process.stdout.columns || 100)}`);
	const hidden = cells.length < rows.length ? ` (${cells.length} shown)` : '';
	console.log(`\n${rows.length} rows${hidden}, ${inWords(tokens)}\n`);
	// a workflow that goes on with failed rows ends as a success, whatever became of them
	const isAnswered = names.some((node) => fieldsOf(node).some(({ error }) => !error));
	if (!isAnswered) throw new Error('No row got an answer: the table above says why');
	return tokens;
}

try {
	const server = await serverOfEnvironment();
	console.log(`Server: ${server.name}, model ${server.model || MODEL}\n`);
	/** @type {Tokens[]} */
	const used = [];
	for (const example of Object.keys(TABLES)) {
		try {
			used.push(await show(example, server));
		} catch (error) {
			process.exitCode = 1;
			console.error(`\n${exampleOf(example).name}\n\n${failureOf(error)}\n`);
		}
	}
	console.log(`${used.length} of ${Object.keys(TABLES).length} workflows succeeded, ${inWords(sum(used))} in all.`);
	await server.stop();
} catch (error) {
	process.exitCode = 1;
	console.error(failureOf(error));
}
