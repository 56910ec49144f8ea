import { collection, labelOf, type Field } from '../shared/description/field';
import { codeInterpreter, fileSearch, parallelToolCalls, webSearch } from '../shared/description/fields/built-in-tools';
import { mcp } from '../shared/description/fields/function-and-mcp-tools';
import { metadata } from '../shared/description/fields/metadata';
import { model } from '../shared/description/fields/model';
import {
	extraBody,
	include,
	promptCacheKey,
	safetyIdentifier,
	serviceTier,
	store,
	user,
	verbosity,
} from '../shared/description/fields/options';
import { maxRetries, maxRetryWait, timeout } from '../shared/description/fields/requests';
import { maxOutputTokens, reasoning, temperature, topP } from '../shared/description/fields/sampling';
import type { FormLabels } from '../shared/errors/form-labels';

/** Most seconds that a call waits for its next try: somebody waits in a chat, and there may be a fallback model */
export const DEFAULT_MAX_RETRY_WAIT = 20;

/** The optional parameters and settings of the model; most users need none of them. */
const options = collection(
	{
		displayName: 'Options',
		name: 'options',
		placeholder: 'Add Option',
		description: 'How the model answers, what it may use, and how the calls are made',
	},
	[
		codeInterpreter,
		extraBody,
		fileSearch,
		include,
		maxOutputTokens,
		maxRetries,
		{
			...maxRetryWait,
			default: DEFAULT_MAX_RETRY_WAIT,
			description: `Maximum time in seconds to wait before the next try (default ${DEFAULT_MAX_RETRY_WAIT}); if the server asks for more, the call fails at once`,
		},
		mcp,
		metadata('metadata'),
		parallelToolCalls,
		promptCacheKey,
		reasoning,
		safetyIdentifier,
		serviceTier,
		store,
		temperature,
		timeout,
		topP,
		user,
		verbosity,
		webSearch,
	],
);

/** Every field of the form, in its order. */
export const fields: readonly Field[] = [model, options];

/** What this form calls the fields that hints name. */
export const labels: FormLabels = {
	fieldOf: (param) => labelOf(fields, param),
	sentFieldOf: (param) => labelOf(fields, param),
	requestSettings: 'Options',
	longAnswer: 'let the agent stream its answer',
	rateLimit: 'Run it again later, raise Max Retry Wait in Options, or connect a fallback model',
	storedResponses: 'Store from Options',
};
