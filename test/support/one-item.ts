import type { INodeParameters } from 'n8n-workflow';

import { runNode, type NodeOptions } from './engine';
import type { Reply } from './replies';
import { json, startServer } from './server';

/** The answer that AnyFast's page of `POST /responses` shows, in English. */
export const ANSWER = {
	id: 'resp_0ed94fe7ec73cf56',
	object: 'response',
	created_at: 1773132155,
	model: 'gpt-5.4',
	status: 'completed',
	output: [
		{
			id: 'msg_0ed94fe7ec73cf56',
			type: 'message',
			role: 'assistant',
			status: 'completed',
			content: [{ type: 'output_text', text: 'Hello!', annotations: [] }],
		},
	],
	usage: {
		input_tokens: 8,
		input_tokens_details: { cached_tokens: 0 },
		output_tokens: 15,
		output_tokens_details: { reasoning_tokens: 0 },
		total_tokens: 23,
	},
};

/** The same with another text. */
export function saying(text: string) {
	const [message] = ANSWER.output;
	return json({ ...ANSWER, output: [{ ...message, content: [{ ...message.content[0], text }] }] });
}

/** A server for the tests of a file, and our node with a credential for it. */
export function gateway() {
	let server: Awaited<ReturnType<typeof startServer>>;
	let replies: Reply[] = [];
	beforeAll(async () => {
		server = await startServer(() => (replies.length > 1 ? replies.shift() : replies[0]) ?? json(ANSWER));
	});
	afterAll(async () => await server.close());
	const credentials = () => ({ responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk-test-4711' } });
	return {
		credentials,
		/** Runs the node; the replies are given out in turn, the last one for all further calls; `requests` are those of this run. */
		async run(parameters: INodeParameters, options: NodeOptions = {}, ...given: Reply[]) {
			replies = given;
			const first = server.requests.length;
			const result = await runNode(parameters, { credentials: credentials(), ...options });
			return { ...result, requests: server.requests.slice(first) };
		},
	};
}
