/** What is known of something that went wrong on the way to a response. All of it may be shown. */
export interface ApiErrorDetails {
	/** HTTP status of the reply; absent where none came */
	status?: number;
	/** The server's machine-readable words */
	code?: string;
	type?: string;
	/** The request field that the server complains of */
	param?: string;
	/** The server's id of the call, for its support */
	requestId?: string;
	/** What to do, one or two sentences */
	hint?: string;
	/** The reply's headers in lower case, for the rules of retrying */
	headers?: { [name: string]: string };
	/** Whether another try can help, no answer having begun; where absent the status decides */
	retry?: boolean;
	/** Whether the server has ended the response, so that nothing of it can be had later */
	ended?: boolean;
	/** What came of an answer before it was cut */
	partialText?: string;
	/** Calls made in all */
	attempts?: number;
	/** Milliseconds waited between the calls */
	waitedMs?: number;
}

/**
 * Something went wrong on the way to a response. The message is the server's own words where there are any.
 * It stays inside `api/`: `nodeErrorOf` makes the one error that n8n shows of it.
 */
export class ApiError extends Error {
	constructor(
		message: string,
		readonly details: ApiErrorDetails = {},
	) {
		super(message);
	}

	/** The same fault with more known of it; what was known stays. */
	withDetails(facts: ApiErrorDetails): ApiError {
		return new ApiError(this.message, { ...facts, ...this.details });
	}
}

/** The run was stopped: nothing more is sent, and nothing of the call is reported as a fault of the server. */
export class AbortedError extends Error {
	constructor() {
		// n8n shows a run as canceled, not as failed, by this word
		super('The execution was canceled');
	}
}
