import { collection, type Field } from '../field';

/** How often a call is made again. */
export const maxRetries: Field = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 2,
	description:
		'How often a call is made again when the server fails or the connection is lost before a reply, 0 for never (default 2); never once an answer has begun; waiting for a busy server does not count',
	hint: 'A call that a server gives up with status 408 or 504 may be billed each time',
};

/** How long calls wait for a server that takes none. */
export const maxRetryWait: Field = {
	displayName: 'Max Retry Wait (Seconds)',
	name: 'maxRetryWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 120,
	description:
		'Maximum time in seconds to wait for a server that takes no calls because it is busy, its limit is used up or it is away (default 120), and four times as long while it takes calls of other executions of this node; if the server asks to wait longer, the item fails at once',
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
			default: 10,
			description:
				'Maximum number of calls at once, 1 or more; left out, the node finds out by itself what the server takes: it begins with 5 and goes up to 200 while the server takes all of them and answers no slower',
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
			description:
				'Whether items for which Create would send the very same request share one call and its answer; not where tools are connected, which may do something for each item',
			hint: 'Saves the tokens of repeated items',
		},
		timeout,
	],
);
