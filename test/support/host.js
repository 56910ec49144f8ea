/**
 * What an n8n server gives its engine: the packages, the credentials, the surroundings of a run.
 * The engine, the loaders and the binary store are n8n-core's own; nothing of them is imitated.
 */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

// n8n reads these while it loads. Its folder is ours, so that nothing is written into the user's home.
const folder = mkdtempSync(path.join(tmpdir(), 'n8n-engine-'));
Object.assign(process.env, {
	N8N_USER_FOLDER: folder,
	N8N_ENCRYPTION_KEY: 'test',
	N8N_LOG_LEVEL: 'silent',
	no_proxy: ['127.0.0.1', process.env.no_proxy ?? process.env.NO_PROXY].filter(Boolean).join(','),
});
const removeFolder = () => rmSync(folder, { recursive: true, force: true });
// Jest gives test files a copy of `process` that never emits `exit`.
if ('afterAll' in globalThis) afterAll(removeFolder);
else process.once('exit', removeFolder);

/** Loads what n8n-core itself would load: other packages bring older copies of its parts into the tree. */
const corePath = path.dirname(require.resolve('n8n-core'));
const fromCore = (/** @type {string} */ name) => require(require.resolve(name, { paths: [corePath] }));

fromCore('reflect-metadata');
const core = require('n8n-core');
const { ICredentialsHelper, NodeHelpers, deepCopy } = require('n8n-workflow');
const { Container } = fromCore('@n8n/di');

/**
 * @typedef {import('n8n-workflow').ICredentialDataDecryptedObject} Decrypted
 * @typedef {import('n8n-workflow').INodeType} NodeType
 * @typedef {import('n8n-workflow').IWorkflowExecuteAdditionalData} AdditionalData
 */

/** @type {Map<string, Promise<import('n8n-core').PackageDirectoryLoader>>} */
const loaders = new Map();

/**
 * The package in a folder, loaded by n8n's loader as n8n loads a community package: by the `n8n` block of its
 * package.json, from `dist`. Loaded once per folder and process.
 * @param {string} directory
 */
function loadPackage(directory, Loader = core.PackageDirectoryLoader) {
	const load = async () => {
		const loader = new Loader(directory);
		await loader.loadAll();
		return loader;
	};
	const loading = loaders.get(directory) ?? load();
	loaders.set(directory, loading);
	return loading;
}

/** n8n's own nodes, known by its index; a class is loaded when a workflow asks for it. */
const loadBaseNodes = () => loadPackage(path.dirname(require.resolve('n8n-nodes-base/package.json')), core.LazyPackageDirectoryLoader);

/**
 * The node as n8n offers it to agents (`usableAsTool`): the same code with another description.
 * @param {NodeType} type
 * @returns {NodeType}
 */
function asTool(type) {
	const { properties, name, displayName, ...rest } = type.description;
	/** @type {import('n8n-workflow').INodeProperties} */
	const toolDescription = {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: rest.description,
	};
	return Object.create(type, {
		description: {
			value: {
				...rest,
				name: `${name}Tool`,
				displayName: `${displayName} Tool`,
				inputs: [],
				outputs: ['ai_tool'],
				properties: properties.some((property) => property.name === 'toolDescription') ? properties : [toolDescription, ...properties],
			},
		},
	});
}

/**
 * The nodes of our package in `directory`, of `n8n-nodes-base`, and `extra` ones by full type name.
 * @param {string} directory
 * @param {Record<string, NodeType>} [extra]
 * @returns {Promise<import('n8n-workflow').INodeTypes>}
 */
async function nodeTypesOf(directory, extra = {}) {
	const packages = [await loadPackage(directory), await loadBaseNodes()];
	/** @param {string} fullName */
	const loaded = (fullName) => {
		const [packageName, name] = fullName.split('.');
		const loader = packages.find((candidate) => candidate.packageName === packageName);
		if (!loader) throw new Error(`No package here has the node ${fullName}`);
		return name in loader.known.nodes || !name.endsWith('Tool')
			? loader.getNode(name).type
			: asTool(NodeHelpers.getVersionedNodeType(loader.getNode(name.slice(0, -'Tool'.length)).type));
	};
	return {
		getByName: (name) => extra[name] ?? loaded(name),
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(extra[name] ?? loaded(name), version),
		getKnownTypes: () => ({}),
	};
}

/**
 * A node's form as n8n's editor gets it: from the description that its package ships, without loading its code.
 * `undefined` for a node of a package that is not here.
 * @param {Pick<import('n8n-workflow').INode, 'type' | 'typeVersion'>} node
 * @returns {Promise<import('n8n-workflow').INodeTypeDescription | undefined>}
 */
async function formOf({ type, typeVersion }) {
	const [packageName, name] = type.split('.');
	const packages = [await loadPackage(ROOT), await loadBaseNodes()];
	const nodes = packages.find((candidate) => candidate.packageName === packageName)?.types.nodes ?? [];
	return nodes.find((node) => node.name === name && [node.version].flat().includes(typeVersion));
}

/** Credentials in memory, read the way n8n reads its database: each time a fresh copy with the defaults filled in. */
class StoredCredentials extends ICredentialsHelper {
	/** How often a credential was decrypted. */
	decryptions = 0;

	/**
	 * @param {import('n8n-core').PackageDirectoryLoader} loader
	 * @param {Record<string, Decrypted>} stored decrypted data by credential type
	 */
	constructor(loader, stored) {
		super();
		this.loader = loader;
		this.stored = stored;
	}

	/** @param {string} type */
	getCredentialsProperties(type) {
		return this.loader.getCredential(type).type.properties;
	}

	/** @type {ICredentialsHelper['getDecrypted']} */
	async getDecrypted(_additionalData, _node, type, mode, executeData, _raw, resolve) {
		if (!this.stored[type]) throw new Error(`The run has no credentials of type ${type}`);
		this.decryptions += 1;
		const data = NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			/** @type {import('n8n-workflow').INodeParameters} */ (deepCopy(this.stored[type])),
			true,
			false,
			null,
			null,
		);
		if (!resolve) return /** @type {Decrypted} */ (data);
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = resolve;
		return /** @type {Decrypted} */ (
			workflow.expression.getParameterValue(
				data ?? {},
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				{},
				executeData,
			)
		);
	}

	/** @type {ICredentialsHelper['authenticate']} */
	async authenticate(data, type, request) {
		const { authenticate } = this.loader.getCredential(type).type;
		const options = /** @type {import('n8n-workflow').IHttpRequestOptions} */ (request);
		if (typeof authenticate !== 'function') throw new Error(`${type} has no authenticate function`);
		return await authenticate(data, options);
	}

	getParentTypes() {
		return [];
	}
	isCredentialUsableByNode() {
		return true;
	}
	async preAuthentication() {
		return undefined;
	}
	async runPreAuthentication() {
		return undefined;
	}
	/** @returns {Promise<never>} */
	async getCredentials() {
		throw new Error('Encrypted credentials are not kept here');
	}
	async updateCredentials() {}
	async updateCredentialsOauthTokenData() {}
}

/**
 * The surroundings of one run. The URLs are never called, but n8n parses them.
 * @param {StoredCredentials} credentialsHelper
 * @param {Partial<AdditionalData>} [more]
 */
function additionalDataOf(credentialsHelper, more) {
	const url = 'http://127.0.0.1/';
	const data = {
		credentialsHelper,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: url,
		instanceBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		formWaitingBaseUrl: url,
		externalSecretsProxy: Container.get(core.ExternalSecretsProxy),
		logAiEvent() {},
		setExecutionStatus() {},
		...more,
	};
	return /** @type {AdditionalData} */ (/** @type {unknown} */ (data));
}

/** n8n's store of binary data, on disk in n8n's folder as on a server. */
const binaryStore = () => /** @type {import('n8n-core').BinaryDataService} */ (Container.get(core.BinaryDataService));
const binaryStoreReady = binaryStore().init();

module.exports = {
	ROOT,
	StoredCredentials,
	additionalDataOf,
	binaryStore,
	binaryStoreReady,
	core,
	formOf,
	loadPackage,
	nodeTypesOf,
};
