import { collection, type Field } from '../field';

/** How often a call is made again. */
export const maxRetries: Field = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 2,
	description:
		'How often a call is made again when the server is busy or fails, or the connection is lost before a reply, 0 for never (default 2); never once an answer has begun',
	hint: 'A call that a server gives up with status 408 or 504 may be billed each time',
};

/** How long a call waits for its next try. */
export const maxRetryWait: Field = {
	displayName: 'Max Retry Wait (Seconds)',
	name: 'maxRetryWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 60,
	description: 'Maximum time in seconds to wait before the next try (default 60); if the server asks for more, the item fails at once',
};

/** How long a call may take. */
export const timeout: Field = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 600,
	description: 'Maximum time in seconds for one call (default 600); with Stream the longest silence between two pieces',
};

/** How the calls are made. None of these settings is sent. */
export const requests = collection(
	{
		displayName: 'Requests',
		name: 'requests',
		placeholder: 'Add Setting',
		description: 'How many calls are made at once, and how long each may take',
	},
	[
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			description: 'Maximum number of calls at once, 1 or more (default 5); the node itself makes fewer when the server is busy',
		},
		{
			displayName: 'Max Reply Size (MB)',
			name: 'maxReplySize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 64,
			description: 'Maximum size of one reply in MB (default 64), so that a single one cannot fill the memory',
		},
		maxRetries,
		maxRetryWait,
		{
			displayName: 'Poll Timeout (Seconds)',
			name: 'pollTimeout',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description:
				'Maximum time in seconds to wait in all for a response in the background, 0 for no limit (default); after that it is cancelled at the server',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Maximum number of calls begun in a minute, evenly spaced, 0 for no limit (default)',
		},
		{
			displayName: 'Reuse Identical',
			name: 'reuseIdentical',
			type: 'boolean',
			default: false,
			description: 'Whether items for which Create would send the very same request share one call and its answer',
			hint: 'Saves the tokens of repeated items',
		},
		timeout,
	],
);
