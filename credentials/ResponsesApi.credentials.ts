import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { parseCredential } from '../api/credential/server';

const properties: INodeProperties[] = [
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://www.anyfast.ai/v1',
		description: 'Address of the server up to and including its version; the node adds <code>/responses</code> by itself',
		hint: 'The address from the documentation of your provider; it mostly ends in /v1',
	},
	{
		displayName: 'API Key',
		name: 'apiKey',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Sent as <code>Authorization: Bearer</code>',
		hint: 'Leave it blank only for a local server that asks for none',
	},
	{
		displayName: 'Extra Headers',
		name: 'headers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		placeholder: 'Add Header',
		description: 'Headers that the server wants with every call besides the key, such as a project or an organization',
		options: [
			{
				displayName: 'Header',
				name: 'values',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. api-key',
						description: 'Name of the header',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						typeOptions: { password: true },
						default: '',
						description: 'Value of the header, kept secret like the key',
					},
				],
			},
		],
	},
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description:
			'Whether to connect even if the certificate of the server cannot be checked, as with a self-signed one in your own network',
	},
];

/** Adds the credential to a request. All items share the credential object: it is read and never changed. */
async function authenticate(credential: ICredentialDataDecryptedObject, options: IHttpRequestOptions): Promise<IHttpRequestOptions> {
	const server = parseCredential(credential);
	// the address of a redirect is whole and has its own query
	const query = /^https?:/.test(options.url) ? {} : server.query;
	return {
		...options,
		baseURL: server.baseUrl,
		qs: { ...query, ...options.qs },
		headers: { ...options.headers, ...server.headers },
		skipSslCertificateValidation: server.ignoreCertificates,
	};
}

const onStatus = (value: number, message: string) => ({ type: 'responseCode' as const, properties: { value, message } });

/** What the test of the credential says. n8n takes rules of both kinds in one list, which its type does not allow. */
const rules = [
	onStatus(
		401,
		'The server does not accept this API Key, or asks for one and the field is blank: copy it again from the page of the server that issued it',
	),
	onStatus(403, 'The server knows this API Key but refuses it: it may be blocked, out of balance or not allowed from this place'),
	onStatus(
		404,
		'The server has no list of models at this address: check that the Base URL ends as the server says, mostly in /v1. A server without such a list works all the same: type the model by ID',
	),
	...[301, 302, 307, 308].map((status) =>
		onStatus(
			status,
			'The server sends this address on to another one: put the address that it leads to into Base URL, mostly with https:// for http://',
		),
	),
	{
		// the first character of an HTML page; n8n reads a key of the body's text
		type: 'responseSuccessBody' as const,
		properties: {
			key: '0',
			value: '<',
			message: 'The server answered with a web page, not with the API: the Base URL probably lacks /v1 at its end',
		},
	},
];

/** Base URL and key of a server of the Responses API. The rules for its fields are in `api/credential/server.ts`. */
export class ResponsesApi implements ICredentialType {
	name = 'responsesApi';

	displayName = 'Responses API';

	icon: Icon = {
		light: 'file:../nodes/Responses/responses.svg',
		dark: 'file:../nodes/Responses/responses.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-responses/n8n-nodes-responses#credentials';

	properties = properties;

	authenticate: IAuthenticate = authenticate;

	test: ICredentialTestRequest = {
		request: { url: '/models', timeout: 30_000, disableFollowRedirect: true },
		rules: rules as ICredentialTestRequest['rules'],
	};
}
