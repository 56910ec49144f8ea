// What the queue-mode scenarios run: a webhook, and our node for each row that the webhook brings.

/** @typedef {import('../host/examples.mjs').Workflow} Workflow */

/** Rows in, one answer a row out. */
export const ROWS = workflow('queueRows', { responseData: 'allEntries' }, [
	{ name: 'Split Out', type: 'n8n-nodes-base.splitOut', typeVersion: 1, parameters: { fieldToSplitOut: 'body.rows', options: {} } },
	ours({ prompt: '={{ $json["body.rows"] }}' }),
]);

/** A picture in and a picture out, streamed. */
export const PICTURES = workflow('queuePictures', { responseData: 'firstEntryBinary', responseBinaryPropertyName: 'image' }, [
	ours({ prompt: '={{ $json.body.row }}', binaryFields: 'data', options: { stream: true } }),
]);

/** @param {object} parameters */
function ours(parameters) {
	return {
		name: 'Responses API',
		type: 'n8n-nodes-responses.responses',
		typeVersion: 1,
		parameters: { model: { __rl: true, mode: 'id', value: 'local' }, ...parameters },
		credentials: { responsesApi: { id: 'responsesApi', name: 'Responses API' } },
	};
}

/**
 * A webhook under the workflow's ID, then these nodes one after another; the last one's items are the answer.
 * @param {string} id
 * @param {object} reply
 * @param {Omit<import('../host/examples.mjs').Node, 'position'>[]} steps
 * @returns {Workflow}
 */
function workflow(id, reply, steps) {
	const webhook = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: id,
		parameters: { httpMethod: 'POST', path: id, responseMode: 'lastNode', options: {}, ...reply },
	};
	const chain = [webhook, ...steps];
	return {
		id,
		name: id,
		nodes: chain.map((node, i) => ({ ...node, id: `${id}-${i}`, position: [i * 220, 0] })),
		connections: Object.fromEntries(steps.map(({ name }, i) => [chain[i].name, { main: [[{ node: name, type: 'main', index: 0 }]] }])),
		settings: { executionOrder: 'v1' },
	};
}
