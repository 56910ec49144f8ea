// Each example as its user runs it: by n8n's own command, and live behind a webhook. Judged by n8n's execution data.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { examples, importWorkflows, withWebhook } from './host/examples.mjs';
import { post } from './host/post.mjs';

/**
 * @typedef {import('./host/examples.mjs').Workflow} Workflow
 * @typedef {import('./host/n8n.mjs').N8n} N8n
 * @typedef {import('./host/owner.mjs').Json} Json
 */

const MANUAL = 'n8n-nodes-base.manualTrigger';
const RESPONSES = 'n8n-nodes-responses.responses';

/** @type {(string | object)[]} */
const answers = createRequire(import.meta.url)('../scripts/demo/local-answers.json').map(
	(/** @type {Json} */ { response }) => response.content,
);

/** The others wait for a chat message, which only a person in the editor sends. */
const workflows = (await examples()).filter(({ nodes }) => nodes.some(({ type }) => type === MANUAL));

/**
 * `n8n execute --id`, for which no n8n needs to run.
 * @param {N8n} n8n
 */
export function commandTests(n8n) {
	describe(`n8n ${n8n.install.version} executes by command`, () => {
		for (const workflow of workflows) {
			it(workflow.name, async () => {
				const printed = await n8n.command('execute', `--id=${workflow.id}`, '--rawOutput');
				judge(workflow, JSON.parse(printed.slice(printed.search(/^\{/m), printed.lastIndexOf('\n}') + 2)));
			});
		}
	});
}

/**
 * A production webhook of a running n8n.
 * @param {N8n} n8n
 * @param {import('./host/owner.mjs').Owner} owner
 */
export function webhookTests(n8n, owner) {
	describe(`n8n ${n8n.install.version} executes by production webhook`, () => {
		for (const workflow of workflows) {
			it(workflow.name, async () => {
				const live = withWebhook(workflow);
				await importWorkflows(n8n, [live]);
				await owner.publish(live.id);
				const items = /** @type {Json[]} */ (await (await post(`${n8n.url}/webhook/${workflow.id}`)).json());
				const [{ id }] = await owner.executions(live.id);
				const execution = await owner.execution(id);
				judge(workflow, execution);
				assert.deepEqual(
					items,
					(lastRuns(execution).at(-1) ?? []).map(({ json }) => json),
				);
			});
		}
	});
}

/**
 * As many items came out at the end as went into our first node, each with an answer of its own, each tied to its item.
 * @param {Workflow} workflow
 * @param {Json} execution
 */
function judge(workflow, execution) {
	// Not its status: n8n 2.0 prints `running` of an execution that succeeded.
	assert.equal(execution.finished, true, JSON.stringify(execution.data.resultData.error));
	const ours = workflow.nodes.filter(({ type }) => type === RESPONSES).map(({ name }) => name);
	for (const { json, pairedItem } of ours.flatMap((name) => runsOf(execution, name).flat())) {
		assert.ok(pairedItem !== undefined, JSON.stringify(json));
	}
	const [{ source }] = execution.data.resultData.runData[ours[0]];
	const results = lastRuns(execution).flat();
	assert.equal(results.length, runsOf(execution, source[0].previousNode).flat().length);
	const given = results.map(({ json }) => answers.findIndex((answer) => holds(json, answer)));
	assert.ok(!given.includes(-1), `An item without an answer: ${JSON.stringify(results[given.indexOf(-1)])}`);
	assert.equal(new Set(given).size, results.length, 'An answer was given twice');
}

/**
 * @param {Json} json
 * @param {string | object} answer
 */
function holds(json, answer) {
	if (typeof answer === 'string') return Object.values(json).includes(answer);
	return Object.entries(answer).every(([key, value]) => json[key] === value);
}

/** @param {Json} execution */
function lastRuns(execution) {
	return runsOf(execution, execution.data.resultData.lastNodeExecuted);
}

/**
 * What a node gave, each time that it ran; nodes in a loop run more than once, a node that was not reached never.
 * @param {Json} execution
 * @param {string} node
 * @returns {Json[][]}
 */
function runsOf(execution, node) {
	const runs = execution.data.resultData.runData[node] ?? [];
	return runs.map((/** @type {Json} */ { data }) => data.main[0] ?? []);
}
