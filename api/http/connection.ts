import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	ISupplyDataFunctions,
} from 'n8n-workflow';

import { parseCredential, type ServerConfig } from '../credential/server';
import { ApiError, AbortedError } from '../errors/api-error';
import { createRedactor, type Redactor } from '../credential/redact';

/** The name of the credential in saved workflows. */
export const CREDENTIAL = 'responsesApi';

/** What `api/` needs of n8n for a whole execution. The credential is decrypted once, when it connects. */
export interface Connection {
	server: ServerConfig;
	redactor: Redactor;
	/** Sends one request; the signal is that of the call. Throws what n8n's helper throws. */
	send(options: IHttpRequestOptions, signal: AbortSignal): Promise<IN8nHttpFullResponse>;
	/**
	 * An abort controller for one call, which Stop aborts too; `unregister` when the call has ended.
	 * @throws AbortedError if the execution was stopped
	 */
	createController(): { controller: AbortController; unregister(): void };
	/** Whether the execution was stopped */
	isCancelled(): boolean;
}

/** The context of whichever node, list or sub-node calls the server. */
export type N8nContext = IExecuteFunctions | ILoadOptionsFunctions | ISupplyDataFunctions;

/**
 * Connects an execution (or the form's model list) with the server of its credential.
 * @throws ApiError `invalid_credential`
 */
export async function connect(context: N8nContext): Promise<Connection> {
	const data = await context.getCredentials<ICredentialDataDecryptedObject>(CREDENTIAL);
	const server = parseServer(data);
	const cancelSignal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return {
		server,
		redactor: createRedactor(server.key, server.extraSecrets),
		send: createSender(context, data),
		...cancelledBy(cancelSignal),
	};
}

/** A connection whose calls end with this signal too, besides the execution's own. */
export function withSignal(connection: Connection, signal: AbortSignal): Connection {
	return {
		...connection,
		createController: () => {
			if (signal.aborted) throw new AbortedError();
			const { controller, unregister } = connection.createController();
			const abort = () => controller.abort();
			signal.addEventListener('abort', abort, { once: true });
			return {
				controller,
				unregister: () => {
					signal.removeEventListener('abort', abort);
					unregister();
				},
			};
		},
		isCancelled: () => connection.isCancelled() || signal.aborted,
	};
}

/** Controllers that a signal aborts, with one listener for all of them. */
function cancelledBy(signal: AbortSignal | undefined): Pick<Connection, 'createController' | 'isCancelled'> {
	const controllers = new Set<AbortController>();
	signal?.addEventListener('abort', () => controllers.forEach((controller) => controller.abort()), { once: true });
	return {
		createController: () => {
			if (signal?.aborted) throw new AbortedError();
			const controller = new AbortController();
			controllers.add(controller);
			return { controller, unregister: () => void controllers.delete(controller) };
		},
		isCancelled: () => signal?.aborted === true,
	};
}

function parseServer(credential: ICredentialDataDecryptedObject): ServerConfig {
	try {
		return parseCredential(credential);
	} catch (error) {
		throw credentialError(error);
	}
}

const credentialError = (error: unknown) =>
	new ApiError('invalid_credential', error instanceof Error ? error.message : String(error), { isRetryable: false });

/**
 * The helper gets a context without the execution's cancel signal: it would replace the signal of the call, and then
 * neither a deadline nor a cancel request after Stop could be had.
 */
function createSender(context: N8nContext, data: ICredentialDataDecryptedObject): Connection['send'] {
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
