import { collection } from '../field';

/** How the calls are made; nothing of it is sent. */
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
			description: 'Most calls at work at once, 1 or more, 5 unless set; the node itself makes fewer when the server is busy',
		},
		{
			displayName: 'Max Reply Size',
			name: 'maxReplySize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 64,
			description: 'Most MB one reply may have, 64 unless set, so that a single one cannot fill the memory',
		},
		{
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 2,
			description: 'How often a call is made again when the server is busy or the connection fails, 0 for never, 2 unless set; never when an answer may have been billed',
		},
		{
			displayName: 'Max Retry Wait',
			name: 'maxRetryWait',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 60,
			description: 'Most seconds to wait before the next try, 60 unless set; if the server asks for more, the item fails at once',
		},
		{
			displayName: 'Poll Timeout',
			name: 'pollTimeout',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Most seconds to wait in all for a response in the background, 0 for no limit, as it is unless set; after that it is cancelled at the server',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Most calls begun in a minute, evenly spaced, 0 for no limit, as it is unless set',
		},
		{
			displayName: 'Reuse Identical',
			name: 'reuseIdentical',
			type: 'boolean',
			default: false,
			description: 'Whether items for which Create would send the very same request share one call and its answer',
			hint: 'Saves the tokens of repeated items',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 600,
			description: 'Most seconds for one call, 600 unless set; with Stream the longest silence between two pieces',
		},
	],
);
