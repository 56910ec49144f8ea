import type { INodeProperties } from 'n8n-workflow';

/** By this comment n8n's editor knows an expression that its star button made, and shows that the model fills the field in. */
const STAR_BUTTON = '/*n8n-auto-generated-fromAI-override*/';
const PROMPT_FOR_AGENTS = 'The whole task for the model, with every text that it is about: the model sees nothing else';
const DESCRIPTION_FOR_AGENTS =
	'Asks another AI model and gives its answer. Prompt holds the whole task, with every text that it is about: the model sees nothing of this conversation and remembers nothing.';

/**
 * The description of the tool that an agent reads, in place of n8n's own field of this name, which would hold "Create
 * response in Responses API". Blank, n8n makes it from resource and operation.
 */
export const toolDescriptions: INodeProperties[] = [
	toolDescription(DESCRIPTION_FOR_AGENTS, { show: { resource: ['response'], operation: ['create'] } }),
	toolDescription('', { hide: { operation: ['create'] } }),
	toolDescription('', { show: { operation: ['create'] }, hide: { resource: ['response'] } }),
];

function toolDescription(preset: string, { show, hide }: NonNullable<INodeProperties['displayOptions']>): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: preset,
		placeholder: 'e.g. Translates a text into French',
		description: 'What the agent is told of this tool, so that it knows when to use it and what to give; blank says the operation alone',
		displayOptions: { show: { '@tool': [true], ...show }, ...(hide && { hide }) },
	};
}

/** The field Prompt twice: as it is, and for the tool of an agent, where the agent fills it in unless the user says otherwise. */
export function filledInByAgent(prompt: INodeProperties): INodeProperties[] {
	const { show } = prompt.displayOptions ?? {};
	return [
		{ ...prompt, displayOptions: { show, hide: { '@tool': [true] } } },
		{
			...prompt,
			default: `={{ ${STAR_BUTTON} $fromAI('Prompt', \`${PROMPT_FOR_AGENTS}\`, 'string') }}`,
			displayOptions: { show: { ...show, '@tool': [true] } },
		},
	];
}
