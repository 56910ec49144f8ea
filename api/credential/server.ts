import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { objectsIn } from '../json';
import { isSecret } from './secrets';

/** Where requests go and what each carries: the checked credential. */
export interface ServerConfig {
	/** Without trailing slash and query, e.g. `https://www.anyfast.ai/v1` */
	baseUrl: string;
	/** The query of the base URL, sent with every request (Azure's `api-version`) */
	query: { [name: string]: string };
	/** The key and the extra headers of the credential */
	headers: { [name: string]: string };
	/** Whether certificates are not checked */
	ignoreCertificates: boolean;
	/** The API key, which must never be shown; "" if there is none */
	key: string;
	/** Values of extra headers and of the base URL's query that must not be shown either */
	extraSecrets: string[];
}

const EXAMPLE = 'type it as in https://www.anyfast.ai/v1';
/** Latin-1 without control characters: nothing else can be sent in a header */
const SENDABLE = /^[\x20-\x7e\xa0-\xff]*$/;

/** Servers by their credential object, which n8n gives anew for each execution and with each request of it */
const checked = new WeakMap<ICredentialDataDecryptedObject, ServerConfig>();

/**
 * The server of a credential. The rules of its fields are here alone: the credential's test and every request use them.
 * @throws Error that says in one sentence what is wrong with the credential and what to type. It never holds the key.
 */
export function parseCredential(credential: ICredentialDataDecryptedObject): ServerConfig {
	const server = checked.get(credential) ?? checkCredential(credential);
	checked.set(credential, server);
	return server;
}

function checkCredential(credential: ICredentialDataDecryptedObject): ServerConfig {
	const url = parseBaseUrl(typedText(credential.baseUrl));
	const key = parseKey(typedText(credential.apiKey));
	const extraHeaders = parseHeaders(credential.headers);
	// in a typed address a plus is meant as one, not as a blank
	const query = Object.fromEntries(new URLSearchParams(url.search.replaceAll('+', '%2B')));
	const named = Object.entries({ ...query, ...extraHeaders });
	return {
		baseUrl: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
		query,
		headers: { ...(key && { Authorization: `Bearer ${key}` }), ...extraHeaders },
		ignoreCertificates: credential.allowUnauthorizedCerts === true,
		key,
		extraSecrets: named.filter(([name, value]) => isSecret(name, value)).map(([, value]) => value),
	};
}

const typedText = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function parseBaseUrl(typed: string): URL {
	if (typed === '') throw new Error(`The Base URL is blank: ${EXAMPLE}`);
	if (!/^https?:\/\//i.test(typed)) throw new Error(`The Base URL does not start with http:// or https://: ${EXAMPLE}`);
	if (/^https?:\/*https?:/i.test(typed)) throw new Error(`The Base URL has http:// or https:// twice: ${EXAMPLE}`);
	if (!URL.canParse(typed)) throw new Error(`The Base URL is not an address (a blank in it, a wrong port or no host): ${EXAMPLE}`);
	const url = new URL(typed);
	if (url.username || url.password) {
		throw new Error('The Base URL carries a user name or password: remove the part before the @ and put the key in the API Key field');
	}
	url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/(responses|chat\/completions|models)$/, '');
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
	const named = objectsIn(headers, 'values').map((row) => [typedText(row.name), typedText(row.value)] as const);
	for (const [index, [name, value]] of named.entries()) {
		if (name === '' && value === '') continue;
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !SENDABLE.test(value)) {
			throw new Error(`Extra header ${index + 1} cannot be sent: its name may hold letters, digits and hyphens, its value no line break`);
		}
	}
	return Object.fromEntries(named.filter(([name, value]) => name !== '' && value !== ''));
}
