import { ApiError, type ApiErrorCode } from '../errors/api-error';
import { isNonRetryable, isRateLimit } from '../errors/error-codes';
import { retryAfterMs } from '../http/retry-after';

/** HTTP statuses of a server, or of the gateway before it, that is not there at this moment. */
const UNAVAILABLE_STATUSES = [502, 503, 504, 521, 522, 523];
/** Of those statuses, the ones of a call that did not reach the server */
const NOT_REACHED_STATUSES = [502, 503, 521, 523];

/** HTTP statuses of a server that takes no call for a time, if it says for how long */
const REFUSING_STATUSES = [503, 529];

/** Errors of a connection that was lost, and those among them of a call that did not reach the server. */
const UNAVAILABLE_CODES: ApiErrorCode[] = ['connection_refused', 'host_not_found', 'dns_unavailable', 'connection_lost', 'tls_handshake'];
const NOT_REACHED_CODES: ApiErrorCode[] = ['connection_refused', 'host_not_found', 'dns_unavailable', 'tls_handshake'];

/**
 * How a call ended, as the scheduler sees it:
 * - `success`: with an answer
 * - `failed`: with an error of its own (a wrong request, a time limit, no balance); the server took the call
 * - `refused`: the server takes no more calls at this moment; waiting costs nothing
 * - `unavailable`: the server is not there
 * - `aborted`: by Stop
 */
export type Outcome = 'success' | 'failed' | 'refused' | 'unavailable' | 'aborted';

/** How a call ended, by the error that it ended with, if any. */
export function outcomeOf(error: unknown): Outcome {
	if (error === undefined) return 'success';
	if (!(error instanceof ApiError)) return 'aborted';
	const { status = 0, headers } = error.details;
	// no balance comes with 429, an unknown model with 503: waiting helps neither
	if (isNonRetryable(error) || headers?.['x-should-retry'] === 'false') return 'failed';
	const saysWhen = REFUSING_STATUSES.includes(status) && retryAfterMs(headers) !== undefined;
	if (error.code === 'http_status' && (isRateLimit(error) || saysWhen)) return 'refused';
	const isUnavailable = UNAVAILABLE_CODES.includes(error.code) || (error.code === 'http_status' && UNAVAILABLE_STATUSES.includes(status));
	return isUnavailable ? 'unavailable' : 'failed';
}

/** Whether a call that an unavailable server did not answer may have been billed all the same. */
export function mayBeBilled({ code, details }: ApiError): boolean {
	return !NOT_REACHED_CODES.includes(code) && !NOT_REACHED_STATUSES.includes(details.status ?? 0);
}
