// The least that a node can do: the same calls through the same helper of n8n, so many at once, and nothing else.

/** @type {import('n8n-workflow').INodeType} */
export const bareLoop = /** @type {never} */ ({
	description: {
		name: 'bareLoop',
		displayName: 'Bare Loop',
		description: '',
		group: ['transform'],
		version: 1,
		defaults: {},
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'responsesApi', required: true }],
		properties: [{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 5 }],
	},
	/** @this {import('n8n-workflow').IExecuteFunctions} */
	async execute() {
		const input = this.getInputData();
		const data = await this.getCredentials('responsesApi');
		const decrypted = { credentialsDecrypted: { id: '', name: '', type: 'responsesApi', data } };
		/** @type {import('n8n-workflow').INodeExecutionData[]} */
		const outputs = [];
		let next = 0;
		const work = async () => {
			for (let index = next++; index < input.length; index = next++) {
				const reply = await this.helpers.httpRequestWithAuthentication.call(
					this,
					'responsesApi',
					{
						method: 'POST',
						url: '/responses',
						body: { model: 'bench', input: [{ type: 'message', role: 'user', content: input[index].json.text }] },
						encoding: 'stream',
						returnFullResponse: true,
						ignoreHttpStatusErrors: true,
						disableFollowRedirect: true,
						timeout: 600_000,
					},
					/** @type {never} */ (decrypted),
				);
				const chunks = [];
				for await (const chunk of reply.body) chunks.push(chunk);
				outputs[index] = { json: JSON.parse(Buffer.concat(chunks).toString()), pairedItem: { item: index } };
			}
		};
		await Promise.all(Array.from({ length: Number(this.getNodeParameter('concurrency', 0)) }, work));
		return [outputs];
	},
});
