import type { ApiError, ApiErrorCode, ApiErrorDetails } from '../../../api/errors/api-error';
import { formatSeconds } from '../../../api/duration';
import type { FormLabels } from './form-labels';
import { hintForServerError } from './server-hints';

type Hint = string | ((error: ApiError, labels: FormLabels) => string);

const NO_OWN_ENDPOINT = 'It has no such endpoint. If it took the call for Create, an answer was made and may have been billed';
const CHECK_BASE_URL = 'Check that the Base URL leads to a server with the Responses API';

/** What to do about each kind of error, in one or two sentences. */
const HINTS: Record<ApiErrorCode, Hint> = {
	http_status: hintForServerError,
	error_in_body: hintForServerError,
	failed: hintForServerError,
	cancelled: 'It was cancelled while it was waited for: by the operation Cancel, by someone else or by the server',
	empty_reply: 'Check that the Base URL leads to an API, and look at the server for this call',
	web_page: 'This is a web page, not the API: the Base URL in the credential probably lacks /v1 at its end',
	malformed_reply: CHECK_BASE_URL,
	malformed_event: ({ details }, labels) =>
		'A piece of the answer may be missing, so it does not pass for a whole one; what could be read is in partialText of the details. ' +
		`It may have been billed. ${laterById(details) ?? withoutStream(labels)}`,
	nested_too_deeply: 'Look at the server: no normal reply looks like this',
	bad_compression: 'Add an extra header to the credential: Accept-Encoding with the value identity',
	reply_too_large: (_, { requestSettings }) => `Raise Max Reply Size in ${requestSettings} if so large a reply is right`,
	timeout: (_, { requestSettings, longAnswer }) =>
		`Raise Timeout in ${requestSettings}, or ${longAnswer} for long answers. The call may have been billed`,
	cut: 'The connection broke while the answer came. It may have been billed: look at the server before you run it again',
	interrupted: ({ details }, labels) =>
		'The connection broke while the answer came; what had come is in partialText of the details. It may have been billed. ' +
		(laterById(details) ?? withoutStream(labels)),
	redirect: ({ details }) =>
		`It was not followed, so that the key goes nowhere else. If you trust that address, put ${details.location} into Base URL of the credential`,
	cloudflare_challenge:
		'Cloudflare blocked the call before it reached the API: ask the operator of the server to let the address of your n8n pass',
	connection_refused:
		'Check that the server runs, and host and port in Base URL. Inside Docker, localhost is the container itself: use host.docker.internal',
	host_not_found: 'Check the spelling of the host in Base URL',
	dns_unavailable: 'Check the network and DNS of the machine that n8n runs on',
	tls_not_spoken: 'Try http:// instead of https:// in Base URL for a local server',
	tls_handshake:
		'The server, or something on the way to it, refused the secure connection. Run it again later; if it stays so, show these words to the operator of the server or of your network',
	certificate:
		'The certificate of the server cannot be checked: correct it there, or turn on Ignore SSL Issues in the credential for a server of your own',
	address_blocked:
		'n8n blocks this address (its protection of private networks or the domains of the credential): ask who runs n8n to allow the host',
	connection_lost: 'Check that the server and the network are up, and whether Base URL has to begin with https://, then run it again',
	retry_wait_too_long: ({ details: { retryAfterMs = 0, limit = 0 } }, { requestSettings }) =>
		`The server asks to wait ${formatSeconds(retryAfterMs)}, longer than ${retryAfterMs > 1000 * limit ? '' : 'what is left of '}Max Retry Wait ` +
		`in ${requestSettings} (${limit}): raise that, or run it again later`,
	no_calls_taken: ({ details: { limit = 0, retryAfterMs } }, { requestSettings }) =>
		`The server took no calls for ${formatSeconds(1000 * limit)}${retryAfterMs ? `, and asks to wait ${formatSeconds(retryAfterMs)} more` : ''}: ` +
		`run it again later, or raise Max Retry Wait in ${requestSettings}`,
	always_refused:
		'The server refused this item again and again while it took others: it may be too large for the limits of the key. Shorten it, or run it again later',
	not_sent: 'Correct the other item first, or set On Error to a Continue choice in the Settings of this node',
	no_id: 'It cannot be asked for again: turn off Background',
	poll_timeout: ({ details }, { requestSettings }) =>
		`${fateOf(details)}. Raise Poll Timeout in ${requestSettings}, or turn off Wait for Completion and get it later`,
	invalid_id: 'Give the ID as the server returned it, e.g. resp_...',
	invalid_credential: 'Open the credential of this node, correct it there and test it',
	not_deleted: 'It gave no reason: look at the server for it',
	not_counted: NO_OWN_ENDPOINT,
	not_compacted: NO_OWN_ENDPOINT,
	invalid_json:
		'Ask more clearly, choose a model that knows JSON schemas, or take Invalid JSON out of Treat as Errors in Options to get the text',
	invalid_arguments: 'Run it again, or choose a model that is better at calling tools',
	approval_needed: 'Nobody can approve it here: set Require Approval of that MCP server to Never',
	too_many_tool_rounds: ({ details: { limit } }) =>
		`Raise Max Tool Rounds in Options (${limit}) if so many are right; else say in Instructions when the model has to stop, or in the description of a tool what it gives`,
	refusal: 'The model refused to answer: change the prompt',
	incomplete: hintForIncomplete,
	unexpected: 'Look at the message of the server; its operator can tell more of it',
};

/** What to do about an error, in one or two sentences. */
export function hintFor(error: ApiError, labels: FormLabels): string {
	const { responseId, hasEnded } = error.details;
	if (responseId !== undefined && !hasEnded && !['interrupted', 'malformed_event', 'poll_timeout'].includes(error.code)) {
		// no advice to run it again: the answer may be there, and paid for
		return `The server may go on with the response, and bill it: get it later by its ID ${responseId}. If this server keeps no responses, turn off Background`;
	}
	const hint = HINTS[error.code];
	return (typeof hint === 'string' ? hint : hint(error, labels)) + warningOfRuns(error.details);
}

/** Tools may have changed something, which another run of the item does again. */
const warningOfRuns = ({ toolRuns = [] }: ApiErrorDetails) =>
	toolRuns.length === 0
		? ''
		: `. Connected tools had already run (toolRuns of the details tells what they did): if the item is run again, they are too`;

const laterById = ({ responseId }: ApiErrorDetails) =>
	responseId && `If the server keeps responses, get this one later by its ID, ${responseId}`;

const withoutStream = ({ sentFieldOf }: FormLabels) =>
	sentFieldOf('stream') ? `Turn off ${sentFieldOf('stream')} if it happens often` : 'Run it again later';

function fateOf({ isCancelledAtServer, responseId }: ApiErrorDetails): string {
	if (isCancelledAtServer) return 'It was cancelled at the server';
	return `It could not be cancelled at the server and may still be billed${responseId ? `: its ID is ${responseId}` : ''}`;
}

function hintForIncomplete({ details: { incompleteReason, isReasoningOnly } }: ApiError, { fieldOf }: FormLabels): string {
	if (incompleteReason === 'content_filter') return 'The content filter of the server stopped the answer: change the prompt';
	if (incompleteReason === undefined) {
		return 'The server does not say why; often the model behind it failed: look at the server, or run it again. It may have been billed';
	}
	const maxTokens = fieldOf('max_output_tokens') ?? 'Max Output Tokens';
	if (!isReasoningOnly) return `The answer was cut off: raise ${maxTokens}, or ask for a shorter one`;
	return `All tokens went into reasoning: raise ${maxTokens}, or lower ${fieldOf('reasoning.effort') ?? 'Effort'}`;
}
