/**
 * The button "Test" of a credential. n8n-core sends the request (`RoutingNode`); what n8n's server does around it, the
 * nameless node that asks and the reading of `rules`, is not exported and therefore repeated here.
 */
const { NodeHelpers, Workflow } = require('n8n-workflow');
const { ROOT, StoredCredentials, additionalDataOf, core, loadPackage, nodeTypesOf } = require('./host');

/**
 * @param {import('n8n-workflow').ICredentialDataDecryptedObject} data what the user typed, e.g. `{baseUrl, apiKey}`
 * @param {{type?: string, packageFolder?: string}} [options] type: the credential's, default `responsesApi`
 * @returns {Promise<{ok: boolean, message: string}>} the message n8n shows
 */
async function testCredential(data, { type = 'responsesApi', packageFolder = ROOT } = {}) {
	const loader = await loadPackage(packageFolder);
	const { test } = loader.getCredential(type).type;
	if (!test) throw new Error(`The credential ${type} has no test`);
	try {
		const json = await bodyOf(test.request, type, data, loader);
		const broken = test.rules?.find(
			({ type, properties }) => type === 'responseSuccessBody' && valueAt(json, properties.key) === properties.value,
		);
		return broken ? { ok: false, message: broken.properties.message } : { ok: true, message: 'Connection successful!' };
	} catch (error) {
		return { ok: false, message: messageOf(error, test.rules) };
	}
}

/**
 * @param {any} value
 * @param {string} keyPath e.g. `error.code`
 */
const valueAt = (value, keyPath) => keyPath.split('.').reduce((inner, key) => inner?.[key], value);

/**
 * The reply's JSON to the test request, sent by a node that has nothing but this credential.
 * @param {import('n8n-workflow').ICredentialTestRequest['request']} request
 * @param {string} type
 * @param {import('n8n-workflow').ICredentialDataDecryptedObject} data
 * @param {import('n8n-core').PackageDirectoryLoader} loader
 */
async function bodyOf(request, type, data, loader) {
	const credentialsHelper = new StoredCredentials(loader, { [type]: data });
	const additionalData = additionalDataOf(credentialsHelper);
	const decrypted = {
		id: '',
		name: '',
		type,
		data: await credentialsHelper.getDecrypted(additionalData, { id: '', name: '' }, type, 'internal'),
	};

	const noOp = NodeHelpers.getVersionedNodeType((await nodeTypesOf(loader.directory)).getByName('n8n-nodes-base.noOp'));
	const property = /** @type {import('n8n-workflow').INodeProperties} */ ({
		displayName: 'Temp',
		name: 'temp',
		type: 'string',
		default: '',
		routing: { request },
	});
	const asking = {
		description: { ...noOp.description, credentials: [{ name: type, required: true }], properties: [property] },
	};
	const node = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'temp',
		typeVersion: 1,
		position: /** @type {[number, number]} */ ([0, 0]),
		parameters: {},
		credentials: { [type]: { id: '', name: '' } },
	};
	const nodeTypes = { getByName: () => asking, getByNameAndVersion: () => asking, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });

	const input = { main: [[{ json: {} }]] };
	const run = /** @type {import('n8n-workflow').IRunExecutionData} */ ({ resultData: { runData: {} } });
	const context = new core.ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		run,
		0,
		[],
		input,
		{ node, data: {}, source: null },
		[],
	);
	const output = /** @type {import('n8n-workflow').INodeExecutionData[][]} */ (
		await new core.RoutingNode(context, asking, decrypted).runNode()
	);
	return output[0][0].json;
}

/**
 * What n8n says of a failed test: the rule for the status, else the status, else the error's code, else its words.
 * @param {any} error
 * @param {import('n8n-workflow').ICredentialTestRequest['rules']} [rules]
 * @returns {string}
 */
function messageOf(error, rules) {
	const { response, code } = error.cause ?? {};
	if (!response) return code ?? error.message;
	const rule = rules?.find((candidate) => candidate.type === 'responseCode' && candidate.properties.value === response.status);
	return rule?.properties.message ?? (response.statusText || `Received HTTP status code: ${response.status}`);
}

module.exports = { testCredential };
