import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	INode,
} from 'n8n-workflow';

import { parseCredential, type ServerConfig } from '../credential/server';
import { ApiError, AbortedError } from '../errors/api-error';
import { createRedactor, type Redactor } from '../credential/redact';

/** The name of the credential in saved workflows. */
export const CREDENTIAL = 'responsesApi';

/**
 * What `api/` needs of n8n for a whole run: authenticated requests, when to stop, and the node for errors.
 * The credential is decrypted once, when the run connects.
 */
export interface Connection {
	node: INode;
	server: ServerConfig;
	redactor: Redactor;
	/** Sends one request; the signal is the call's own. Throws what n8n's helper throws. */
	send(options: IHttpRequestOptions, signal: AbortSignal): Promise<IN8nHttpFullResponse>;
	/** An abort controller for one call that ends with the run, and what gives it back */
	open(): { controller: AbortController; close(): void };
	/** Whether the run was stopped */
	isCancelled(): boolean;
}

/**
 * Connects a run (or the form's model list) with the server of its credential.
 * @throws Fault if the credential is wrong.
 */
export async function connect(context: IExecuteFunctions | ILoadOptionsFunctions): Promise<Connection> {
	const data = await context.getCredentials<ICredentialDataDecryptedObject>(CREDENTIAL);
	const endpoint = parseServer(data);
	const cancel = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const open = new Set<AbortController>();
	// one listener for the run instead of one a call
	cancel?.addEventListener('abort', () => open.forEach((controller) => controller.abort()), { once: true });
	return {
		node: context.getNode(),
		server: endpoint,
		redactor: createRedactor(endpoint.key, endpoint.extraSecrets),
		send: createSender(context, data),
		open: () => {
			if (cancel?.aborted) throw new AbortedError();
			const controller = new AbortController();
			open.add(controller);
			return { controller, close: () => open.delete(controller) };
		},
		isCancelled: () => cancel?.aborted === true,
	};
}

function parseServer(credential: ICredentialDataDecryptedObject): ServerConfig {
	try {
		return parseCredential(credential);
	} catch (error) {
		throw credentialError(error);
	}
}

function credentialError(error: unknown): ApiError {
	const message = error instanceof Error ? error.message : String(error);
	return new ApiError(message, { retry: false, hint: 'Open the credential of this node, correct it there and test it' });
}

/**
 * The helper is called without the run's own cancel signal in reach: it would replace the call's,
 * and then neither a deadline nor a remote cancel after Stop could be had.
 */
function createSender(context: IExecuteFunctions | ILoadOptionsFunctions, data: ICredentialDataDecryptedObject): Connection['send'] {
	const narrow = {
		getNode: () => context.getNode(),
		getCredentials: async () => data,
		helpers: context.helpers,
		logger: context.logger,
		// n8n's type asks for the whole context; its helper uses these four of it
	} as unknown as IExecuteFunctions;
	const request = context.helpers.httpRequestWithAuthentication;
	const decrypted = { credentialsDecrypted: { id: '', name: '', type: CREDENTIAL, data } };
	return async (options, abortSignal) =>
		// the type of the reply follows `returnFullResponse`, which n8n's signature does not know
		(await request.call(narrow, CREDENTIAL, { ...options, abortSignal }, decrypted)) as IN8nHttpFullResponse;
}
