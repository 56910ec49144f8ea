import type { INodeParameters } from 'n8n-workflow';

import { gateway } from '../support/one-item';
import { json } from '../support/replies';

const { run } = gateway();

describe('An error of the server that names a parameter says which field of the form sends it', () => {
	test.each<[string, string, INodeParameters]>([
		['temperature', 'Sampling > Temperature', { sampling: { temperature: 0 } }],
		['max_output_tokens', 'Sampling > Max Output Tokens', { sampling: { maxOutputTokens: 20 } }],
		['reasoning.effort', 'Reasoning > Effort', { reasoning: { effort: 'low' } }],
		['reasoning', 'Reasoning', { reasoning: { effort: 'low' } }],
		['text.verbosity', 'Options > Verbosity', { options: { verbosity: 'low' } }],
		['text.format', 'Output Format', { outputFormat: 'jsonObject' }],
		['text.format', 'Output Fields', { outputFormat: 'fields', outputFields: { values: [{ name: 'a' }] } }],
		['text.format', 'Schema', { outputFormat: 'jsonSchema' }],
		['tools[1].parameters', 'Tools', { tools: { webSearch: {} } }],
		['tool_choice', 'Tools > Tool Choice', { tools: { toolChoice: 'auto' } }],
		['input[0].content', 'Prompt', {}],
		['input[0].content', 'Messages', { inputType: 'messages', messages: { values: [{ role: 'user', content: 'Hi' }] } }],
		['metadata', 'Options > Metadata', { options: { metadata: { values: [{ name: 'a', value: 'b' }] } } }],
		['prompt.id', 'Options > Prompt Template', { options: { promptTemplate: { id: 'pmpt_1' } } }],
		['previous_response_id', 'Options > Previous Response ID', { options: { previousResponseId: 'resp_1' } }],
		['top_k', 'Options > Extra Body', { options: { extraBody: '{"top_k": 40}' } }],
	])('%s is sent by %s', async (param, label, parameters) => {
		expect(await hintFor(param, parameters)).toContain(`Change or remove ${label} (it sends "${param}")`);
	});

	test.each<[string, INodeParameters]>([
		['temperature', {}],
		['temperature', { sampling: {} }],
		['reasoning', { reasoning: {} }],
		['logit_bias', {}],
	])('%s is sent by none, and none is blamed', async (param, parameters) => {
		expect(await hintFor(param, parameters)).toContain(`does not accept "${param}", which no field of this node sent`);
	});
});

/** What to do, where the server complains of a parameter. */
async function hintFor(param: string, parameters: INodeParameters) {
	const error = { message: 'No', type: 'invalid_request_error', param, code: null };
	const failed = await run({ model: 'gpt-5.4', prompt: 'Hi', ...parameters }, {}, json({ error }, { status: 400 }));
	return failed.error?.description;
}
