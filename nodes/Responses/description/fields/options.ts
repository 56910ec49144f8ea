import type { Body } from '../../../../api/params';
import { definedKeys } from '../../../../api/json';
import { optionsOf, collection, type ParameterValues } from '../../../shared/description/field';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';
import { metadata } from '../../../shared/description/fields/metadata';
import {
	extraBody,
	include,
	promptCacheKey,
	safetyIdentifier,
	serviceTier,
	store,
	user,
	verbosity,
} from '../../../shared/description/fields/options';
import { completionWindow } from './completion-window';
import { prices } from './prices';

/** How often the model may call connected tools for one item, where the user sets nothing. */
export const MAX_TOOL_ROUNDS = 10;

/**
 * All other parameters of Create, and settings of its output; most users need none of them. Those that go together stand
 * together: the answer, files, long answers, what the server keeps, and the rest.
 */
export const options = collection(
	{
		displayName: 'Options',
		name: 'options',
		placeholder: 'Add Option',
		description: 'What comes out, what is kept at the server, and how the answer is made',
	},
	[
		{
			displayName: 'Treat as Errors',
			name: 'treatAsErrors',
			type: 'multiOptions',
			default: ['incomplete', 'invalidJson'],
			options: [
				{ name: 'Incomplete Answer', value: 'incomplete', description: 'The answer was cut off, e.g. by Max Output Tokens' },
				{ name: 'Invalid JSON', value: 'invalidJson', description: 'The answer is not the JSON that was asked for' },
				{ name: 'Refusal', value: 'refusal', description: 'The model refused to answer' },
			],
			description:
				'Which answers fail the item (default: invalid JSON, and where JSON is asked for also incomplete answers); the others come out with a field that says so',
		},
		verbosity,
		{
			displayName: 'Image Detail',
			name: 'imageDetail',
			type: 'options',
			default: 'auto',
			options: optionsOf('auto', 'low', 'high', 'original'),
			description: 'How closely the model looks at images (default auto)',
			hint: 'High and original cost more tokens',
		},
		{
			displayName: 'Max File Size (MB)',
			name: 'maxFileSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 20,
			description: 'Maximum size of one file in Binary Fields, and of one that is downloaded, in MB (default 20)',
		},
		{
			displayName: 'Download Files',
			name: 'downloadFiles',
			type: 'boolean',
			default: true,
			description:
				'Whether files that the model made with Code Interpreter come out as binary fields: <code>file</code>, <code>file2</code> and so on',
		},
		{
			displayName: 'Stream',
			name: 'stream',
			type: 'boolean',
			default: true,
			description: 'Whether the answer is sent in pieces, so that a long one runs into no timeout; the output is the same',
			sends: 'stream',
		},
		{
			displayName: 'Background',
			name: 'background',
			type: 'boolean',
			default: true,
			description: 'Whether the server works on it in the background; few gateways support it, and those keep the response for some time',
			hint: 'For answers that take many minutes',
			sends: 'background',
		},
		completionWindow,
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description: 'Whether to wait for a response in the background (default on)',
			hint: 'Goes with Background: off, the ID of the response comes out at once, for a later Get',
		},
		store,
		{
			displayName: 'Previous Response ID',
			name: 'previousResponseId',
			type: 'string',
			default: '',
			placeholder: 'e.g. resp_123',
			description: 'Response that this one goes on from; the server must have stored it, which most gateways do not',
			hint: 'Goes on from an earlier answer, whose Instructions are not carried over',
			sends: 'previous_response_id',
		},
		{
			displayName: 'Conversation ID',
			name: 'conversation',
			type: 'string',
			default: '',
			placeholder: 'e.g. conv_123',
			description: 'Conversation at the server that this belongs to; not together with Previous Response ID',
			sends: 'conversation',
		},
		{
			displayName: 'Max Tool Rounds',
			name: 'maxToolRounds',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: MAX_TOOL_ROUNDS,
			description: `How often at most the model may call connected tools and be asked again with what they gave, 1 or more (default ${MAX_TOOL_ROUNDS})`,
			hint: 'For tools that are connected to this node; if the model then calls still more, the item fails',
		},
		metadata('metadata'),
		collection(
			{
				displayName: 'Prompt Template',
				name: 'promptTemplate',
				placeholder: 'Add Setting',
				description: 'A prompt that is kept at the server; with it Model and Prompt may stay blank',
				param: 'prompt',
				sends: ({ id, version, variables }: ParameterValues, _: ParameterValues, item: ItemContext): Body => {
					if (typeof id !== 'string') {
						throw parameterError(item, '"Prompt Template" has no ID', 'Give the ID of the prompt, e.g. pmpt_123, or remove the option');
					}
					// `variables` may hold anything, from the form or an expression: the server judges it
					return { prompt: { id, ...definedKeys({ version, variables }) } as Body['prompt'] };
				},
			},
			[
				{
					displayName: 'ID',
					name: 'id',
					type: 'string',
					default: '',
					placeholder: 'e.g. pmpt_123',
					description: 'ID of the prompt at the server',
				},
				{
					displayName: 'Variables',
					name: 'variables',
					type: 'json',
					default: '{}',
					placeholder: 'e.g. {"city": "Munich"}',
					description: 'Values for the variables of the prompt',
				},
				{
					displayName: 'Version',
					name: 'version',
					type: 'string',
					default: '',
					placeholder: 'e.g. 2',
					description: 'Version of the prompt; blank takes the current one',
				},
			],
		),
		{ ...include, hint: 'For data that stands in the Raw Response only, such as search results' },
		promptCacheKey,
		serviceTier,
		prices,
		{
			displayName: 'Truncation',
			name: 'truncation',
			type: 'options',
			default: 'auto',
			options: optionsOf('auto', 'disabled'),
			description: 'What the server does with an input that is too long: shorten it (auto) or refuse it (disabled, the default)',
			sends: 'truncation',
		},
		safetyIdentifier,
		user,
		extraBody,
	],
);
