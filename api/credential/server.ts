import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { objectsIn } from '../json';

/** Where the calls go and what each carries: a credential that was checked. */
export interface ServerConfig {
	/** Without trailing slash and query, e.g. `https://www.anyfast.ai/v1` */
	baseUrl: string;
	/** The base URL's own query, sent with every call (Azure's `api-version`) */
	query: { [name: string]: string };
	/** The key and the credential's extra headers */
	headers: { [name: string]: string };
	/** Whether certificates are not checked */
	ignoreCertificates: boolean;
	/** Must never be shown; "" if there is none */
	key: string;
	/** Further secrets: values of extra headers and of the base URL's query, but for those that clearly are none */
	extraSecrets: string[];
}

const EXAMPLE = 'type it as in https://www.anyfast.ai/v1';
/** Names of headers and query parameters with secret values, and names of some whose values everybody may see */
const SECRET = /key|token|secret|auth|passw|cookie|session/i;
const PUBLIC = /^(accept.*|content-type|origin|(http-)?referer|user-agent|x-title)$|version|beta|organi[sz]ation|project|region|language/i;
/** Values that are no secret under any name, and those that are none under most: they stand in many texts */
const SETTING = /^(true|false)$/i;
const PLAIN = /^([a-z_ -]{0,15}|\d{1,5})$/i;
/** Latin-1 without control characters: anything else cannot travel in a header */
const SENDABLE = /^[\x20-\x7e\xa0-\xff]*$/;

/**
 * The one place that knows the rules of the credential; its test and every call use it.
 * @throws Error that says in one sentence what is wrong with the credential and what to type. It never holds the key.
 */
export function parseCredential(credential: ICredentialDataDecryptedObject): ServerConfig {
	const url = parseBaseUrl(trimmedText(credential.baseUrl));
	const key = parseKey(trimmedText(credential.apiKey));
	const extra = parseHeaders(credential.headers);
	const query = Object.fromEntries(url.searchParams);
	return {
		baseUrl: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
		query,
		headers: { ...(key && { Authorization: `Bearer ${key}` }), ...extra },
		ignoreCertificates: credential.allowUnauthorizedCerts === true,
		key,
		extraSecrets: Object.entries({ ...query, ...extra }).flatMap(([name, value]) => (isSecret(name, value) ? [value] : [])),
	};
}

const isSecret = (name: string, value: string) => !SETTING.test(value) && (SECRET.test(name) || !(PUBLIC.test(name) || PLAIN.test(value)));

const trimmedText = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function parseBaseUrl(typed: string): URL {
	if (typed === '') throw new Error(`The Base URL is blank: ${EXAMPLE}`);
	if (!/^https?:\/\//i.test(typed)) throw new Error(`The Base URL does not start with http:// or https://: ${EXAMPLE}`);
	if (!URL.canParse(typed)) throw new Error(`The Base URL is not an address (a blank in it, a wrong port or no host): ${EXAMPLE}`);
	const url = new URL(typed);
	if (url.username || url.password) {
		throw new Error('The Base URL carries a user name or password: remove the part before the @ and put the key in the API Key field');
	}
	url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/responses$/, '');
	url.pathname = url.pathname.replace(/\/+$/, '');
	return url;
}

function parseKey(typed: string): string {
	const key = typed.replace(/^Bearer\s+/i, '').trim();
	if (!SENDABLE.test(key)) {
		throw new Error('The API Key holds a character that cannot be sent (a line break or an invisible one): copy the key again, alone');
	}
	return key;
}

function parseHeaders(headers: unknown): { [name: string]: string } {
	const named = objectsIn(headers, 'values').map((row) => [trimmedText(row.name), trimmedText(row.value)] as const);
	for (const [index, [name, value]] of named.entries()) {
		if (name === '' && value === '') continue;
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !SENDABLE.test(value)) {
			throw new Error(`Extra header ${index + 1} cannot be sent: its name may hold letters, digits and hyphens, its value no line break`);
		}
	}
	return Object.fromEntries(named.filter(([name, value]) => name !== '' && value !== ''));
}
