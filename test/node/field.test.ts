import { gateway } from '../support/one-item';
import { json } from '../support/replies';

const { run } = gateway();

describe('An error of the server that names a parameter says which field of the form sends it', () => {
	test.each([
		['temperature', 'Sampling > Temperature'],
		['max_output_tokens', 'Sampling > Max Output Tokens'],
		['reasoning.effort', 'Reasoning > Effort'],
		['text.verbosity', 'Options > Verbosity'],
		['text.format.schema', 'Output Format'],
		['tools[1].parameters', 'Tools'],
		['tool_choice', 'Tools > Tool Choice'],
		['input[0].content', 'Input Type'],
		['metadata', 'Options > Metadata'],
		['prompt.id', 'Options > Prompt Template'],
		['previous_response_id', 'Options > Previous Response ID'],
	])('%s is sent by %s', async (param, label) => {
		const error = { message: 'No', type: 'invalid_request_error', param, code: null };
		const failed = await run({ model: 'gpt-5.4', prompt: 'Hi' }, {}, json({ error }, { status: 400 }));
		expect(failed.error?.description).toContain(`Change or remove ${label} (it sends "${param}")`);
	});
});
