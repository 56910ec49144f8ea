import type { INodeParameters } from 'n8n-workflow';

import type { Body } from '../../api/params';
import { gateway } from '../support/one-item';
import { typeErrors } from '../support/type-errors';

/** Every parameter of `POST /responses`: a field of the form, or why it is none. A new one of OpenAI's stops the build here. */
const PARAMETERS: Record<keyof Body, 'field' | { notOffered: string }> = {
	access_programs: { notOffered: 'only for accounts that OpenAI has admitted; Extra Body takes it' },
	background: 'field',
	background_options: 'field',
	context_management: { notOffered: 'only compaction, which has an operation of its own; Extra Body takes it' },
	conversation: 'field',
	frequency_penalty: 'field',
	image: { notOffered: 'only how OpenAI compresses the images of long conversations; Extra Body takes it' },
	include: 'field',
	input: 'field',
	instructions: 'field',
	max_output_tokens: 'field',
	max_tool_calls: 'field',
	metadata: 'field',
	model: 'field',
	moderation: { notOffered: 'its result comes with the raw reply, and only at OpenAI; Extra Body takes it' },
	n: 'field',
	parallel_tool_calls: 'field',
	presence_penalty: 'field',
	previous_response_id: 'field',
	prompt: 'field',
	prompt_cache_key: 'field',
	prompt_cache_options: { notOffered: 'only for the newest models of OpenAI; Extra Body takes it' },
	prompt_cache_retention: { notOffered: 'deprecated by OpenAI' },
	reasoning: 'field',
	safety_identifier: 'field',
	service_tier: 'field',
	stop: 'field',
	store: 'field',
	stream: 'field',
	stream_options: { notOffered: 'pads the events of a stream, which are not shown; Extra Body takes it' },
	temperature: 'field',
	text: 'field',
	tool_choice: 'field',
	tools: 'field',
	top_logprobs: 'field',
	top_p: 'field',
	truncation: 'field',
	user: 'field',
};

/** The same of `background_options`. */
const BACKGROUND_OPTIONS: Record<keyof NonNullable<Body['background_options']>, 'field' | { notOffered: string }> = {
	completion_window: 'field',
	continuation_id: { notOffered: 'only the order in which OpenAI works; Extra Body takes it' },
};

/** A form with everything filled in. */
const FULL: INodeParameters = {
	model: 'gpt-5.4',
	prompt: 'Hi',
	instructions: 'Be brief',
	outputFormat: 'jsonObject',
	reasoning: { effort: 'low' },
	sampling: { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, maxOutputTokens: 99, stop: 'END', n: 1, topLogprobs: 0 },
	tools: { webSearch: {}, toolChoice: 'auto', parallelToolCalls: true, maxToolCalls: 1 },
	options: {
		background: true,
		completionWindow: '8h',
		conversation: 'conv_1',
		include: [],
		metadata: { values: [{ name: 'order', value: '1' }] },
		previousResponseId: 'resp_1',
		promptCacheKey: 'news',
		promptTemplate: { id: 'pmpt_1' },
		safetyIdentifier: 'u1',
		serviceTier: 'auto',
		store: false,
		stream: false,
		truncation: 'auto',
		treatAsErrors: [],
		user: 'u1',
	},
};

const { run } = gateway();

test('every parameter of the API is sent by a field of the form, or has a reason not to be', async () => {
	const { requests } = await run(FULL);
	const fields = Object.entries(PARAMETERS).filter(([, kind]) => kind === 'field');
	expect(Object.keys(requests[0].body).sort()).toEqual(fields.map(([name]) => name).sort());
	const members = Object.entries(BACKGROUND_OPTIONS).filter(([, kind]) => kind === 'field');
	expect(Object.keys(requests[0].body.background_options)).toEqual(members.map(([name]) => name));
});

describe('A field that would send what the API does not know', () => {
	const good = `export const field: Field = { ...shown, sends: 'max_output_tokens' };`;
	const sending = (body: string) => `export const field: Field = { ...shown, sends: (value: string): Body => (${body}) };`;
	const inside = (field: string) => `export const field = collection({ displayName: 'C', name: 'c' }, [{ ...shown, ${field} }]);`;
	const cases: Array<[string, string, RegExp]> = [
		['a misspelt name', good.replace('tokens', 'token'), /"max_output_token"' is not assignable/],
		['a misspelt name in a collection', inside(`sends: 'temprature'`), /"temprature"' is not assignable/],
		['a misspelt name in an object', inside(`sends: 'reasoning.efort'`), /"reasoning.efort"' is not assignable/],
		['a misspelt key of the body', sending('{ max_output_token: 1 }'), /'max_output_token' does not exist/],
		['a misspelt key below it', sending(`{ reasoning: { efort: 'low' } }`), /'efort' does not exist/],
		['a value that is none of its values', sending(`{ reasoning: { effort: 'lowest' } }`), /"lowest"' is not assignable/],
		[
			'a misspelt member of a tool',
			sending(`{ tools: [{ type: 'web_search', search_contextsize: 'low' }] }`),
			/'search_contextsize' does not exist/,
		],
		['a tool of no known type', sending(`{ tools: [{ type: 'websearch' }] }`), /"websearch"' is not assignable/],
		['a misspelt member of an input message', sending(`{ input: [{ role: 'user', contents: 'x' }] }`), /'contents' does not exist/],
	];
	const [ofGood, ...ofBad] = typeErrors([good, ...cases.map(([, declaration]) => declaration)]);

	test('does not stand for one that it knows', () => expect(ofGood).toEqual([]));
	test.each(cases.map(([title, , message], index) => [title, message, ofBad[index].join('\n')] as const))(
		'does not compile: %s',
		(_, message, errors) => expect(errors).toMatch(message),
	);
});
