import { optionsOf, collection, type Field } from '../field';

/** The parameter `reasoning`: how much the model thinks before it answers. */
export const reasoning = collection(
	{
		displayName: 'Reasoning',
		name: 'reasoning',
		placeholder: 'Add Setting',
		description: 'How much a reasoning model thinks before it answers',
	},
	[
		{
			displayName: 'Effort',
			name: 'effort',
			type: 'options',
			default: 'medium',
			options: optionsOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
			description: 'How long the model thinks, from none to max; not every model knows every level',
			hint: 'Thinking is billed as output: high levels can cost many times the tokens of the answer',
			sends: 'reasoning.effort',
		},
		{
			displayName: 'Summary',
			name: 'summary',
			type: 'options',
			default: 'auto',
			options: optionsOf('auto', 'concise', 'detailed'),
			description: 'How long a summary of its thoughts the server gives; it comes out in <code>reasoning</code>',
			sends: 'reasoning.summary',
		},
	],
);

/** How long the answer may become. */
export const maxOutputTokens: Field = {
	displayName: 'Max Output Tokens',
	name: 'maxOutputTokens',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1024,
	description: 'Maximum number of tokens of the answer, its reasoning included, 1 or more; OpenAI and Azure want at least 16',
	hint: 'Too few tokens cut the answer off, or use them all up for reasoning and leave no answer',
	sends: 'max_output_tokens',
};

/** How surprising the words may be. */
export const temperature: Field = {
	displayName: 'Temperature',
	name: 'temperature',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
	default: 1,
	description: 'From 0 to 2, the higher, the more surprising the words; change this or Top P, not both; reasoning models often refuse it',
	sends: 'temperature',
};

/** How unlikely the words may be. */
export const topP: Field = {
	displayName: 'Top P',
	name: 'topP',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
	default: 1,
	description: 'From 0 to 1, choose only among the likeliest words that together reach this share; change this or Temperature, not both',
	sends: 'top_p',
};

/** The parameters that say how the model chooses its words, and how many it may use. */
export const sampling = collection(
	{
		displayName: 'Sampling',
		name: 'sampling',
		placeholder: 'Add Setting',
		description: 'How the model chooses its words, and how many it may use',
	},
	[
		{
			displayName: 'Frequency Penalty',
			name: 'frequencyPenalty',
			type: 'number',
			typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
			default: 0,
			description: 'From -2 to 2, the higher, the less the model repeats words it has used often; OpenAI itself does not take it',
			sends: 'frequency_penalty',
		},
		maxOutputTokens,
		{
			displayName: 'Number of Answers',
			name: 'n',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description:
				'How many answers to give, 1 or more; further ones come out in <code>alternatives</code>; OpenAI itself does not take it',
			hint: 'Every answer is billed',
			sends: 'n',
		},
		{
			displayName: 'Presence Penalty',
			name: 'presencePenalty',
			type: 'number',
			typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
			default: 0,
			description: 'From -2 to 2, the higher, the more the model turns to new topics; OpenAI itself does not take it',
			sends: 'presence_penalty',
		},
		{
			displayName: 'Stop',
			name: 'stop',
			type: 'string',
			default: '',
			placeholder: 'e.g. END',
			description: 'Text at which the answer ends; OpenAI itself does not take it',
			sends: 'stop',
		},
		temperature,
		{
			displayName: 'Top Logprobs',
			name: 'topLogprobs',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 20 },
			default: 0,
			description:
				'For how many of the likeliest tokens, 0 to 20, the server gives their probability; they come with Include Additional Data > Logprobs',
			sends: 'top_logprobs',
		},
		topP,
	],
);
