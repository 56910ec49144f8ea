// The least that a node can do: the same calls through the same helper of n8n, so many at once, and nothing else.
import pLimit from 'p-limit';

const about = { name: 'bareLoop', displayName: 'Bare Loop', version: 1, defaults: {}, inputs: ['main'], outputs: ['main'] };
const credentials = [{ name: 'responsesApi', required: true }];
const properties = [{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 5 }];
const raw = { encoding: 'stream', returnFullResponse: true, ignoreHttpStatusErrors: true, disableFollowRedirect: true };

/** @type {import('n8n-workflow').INodeType} */
export const bareLoop = /** @type {never} */ ({
	description: { ...about, credentials, properties },
	/** @this {import('n8n-workflow').IExecuteFunctions} */
	async execute() {
		const data = await this.getCredentials('responsesApi');
		const credential = /** @type {never} */ ({ credentialsDecrypted: { id: '', name: '', type: 'responsesApi', data } });
		const send = (/** @type {object} */ body) => {
			const request = /** @type {never} */ ({ method: 'POST', url: '/responses', timeout: 600_000, body, ...raw });
			return this.helpers.httpRequestWithAuthentication.call(this, 'responsesApi', request, credential);
		};
		const limit = pLimit(Number(this.getNodeParameter('concurrency', 0)));
		const rows = this.getInputData().map(({ json: { text } }, item) =>
			limit(async () => {
				const { body } = await send({ model: 'bench', input: [{ type: 'message', role: 'user', content: text }] });
				return { json: JSON.parse(Buffer.concat(await body.toArray()).toString()), pairedItem: { item } };
			}),
		);
		return [await Promise.all(rows)];
	},
});
