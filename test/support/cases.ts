/** Tests as tables: what a server sends, and what the node makes of it. */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { binaryOf, bytesOf, runNode, type NodeOptions } from './engine';
import { startRawServer } from './raw-server';
import { startServer, type Handler, type Recorded } from './server';

/** The key in the credential of every case; it must never come back. */
export const SECRET_KEY = 'sk-example-4711-Qm9vIQzz/+';

/** What the node is asked to do; by default a prompt for a model. */
interface RunOptions extends Pick<NodeOptions, 'node' | 'signal'> {
	parameters?: INodeParameters;
	/** Content of the item's binary field `data` */
	file?: { content: string; mimeType: string };
	/** Over base URL (`{server}/v1`) and key; `{server}` in it is the server's address */
	credential?: ICredentialDataDecryptedObject;
}

/** One behaviour: what the server replies, and what is expected. */
export interface Case extends RunOptions {
	/** The behaviour in plain words */
	title: string;
	/** Why it is tested: the server that does so, or a link to where it was seen or is laid down */
	why?: string;
	reply?: Handler;
	/** Instead of `reply`: bytes from the status line on, and whether the socket is then reset */
	raw?: { pieces: Array<string | Uint8Array>; reset?: boolean };
	/** n8n's word for how the run ended; default `success` */
	expectStatus?: string;
	/** Part of the item's json, or its `text` */
	expectJson?: IDataObject | string;
	/** Part of the error item: its message, and what its details hold */
	expectError?: { message?: unknown } & IDataObject;
	/** Calls that the server sees; default 1 */
	expectCalls?: number;
	/** The first call as it arrived */
	expectRequest?: Partial<Recorded>;
}

/** What came of one item. */
export interface Answer {
	status: string;
	json: IDataObject;
	/** By field the bytes, in base64 */
	files: { [field: string]: string };
	requests: Recorded[];
}

const model = { __rl: true, mode: 'id', value: 'gpt-5.4' };

/** What comes of `chat-full.1`, plain or as a stream. */
export const CHAT_FULL = {
	id: 'chatcmpl-1',
	model: 'deepseek-v4',
	status: 'completed',
	text: 'Looking.',
	reasoning: 'Think first.',
	toolCalls: [
		{ callId: 'call_a', name: 'get_weather', arguments: { city: 'Paris' } },
		{ callId: 'call_b', name: 'get_time', arguments: {} },
	],
	sources: [{ url: 'https://example.com', title: 'Ex' }],
	alternatives: ['Second choice'],
	usage: { input_tokens: 11, cached_tokens: 8, output_tokens: 22, reasoning_tokens: 5, total_tokens: 33 },
};

/** Runs the node on one item against a server that replies so; a failed item comes out as an error item. */
export async function runOnce(reply: Handler, { parameters, credential, node, file, signal }: RunOptions = {}): Promise<Answer> {
	const binary = file && { data: await binaryOf(Buffer.from(file.content), { mimeType: file.mimeType, fileName: 'a' }) };
	const server = await startServer(reply);
	try {
		const result = await runNode(parametersOf(parameters), {
			items: [{ json: {}, binary }],
			signal,
			node: { onError: 'continueRegularOutput', ...node },
			credentials: credentialsOf(server.url, credential),
		});
		return { ...(await shown(result)), requests: server.requests };
	} finally {
		await server.close();
	}
}

/** The parameters with model and prompt filled in. */
export const parametersOf = (parameters: INodeParameters = {}): INodeParameters => ({ model, prompt: 'Say hello', ...parameters });

/** A credential for the server at an address. */
export function credentialsOf(url: string, credential: ICredentialDataDecryptedObject = {}) {
	const filled = JSON.stringify({ baseUrl: '{server}/v1', apiKey: SECRET_KEY, ...credential }).replaceAll('{server}', url);
	return { responsesApi: JSON.parse(filled) as ICredentialDataDecryptedObject };
}

async function shown({ items, error, status }: Awaited<ReturnType<typeof runNode>>): Promise<Omit<Answer, 'requests'>> {
	// what ends the run before there is an item has the same two things
	const [item] = items.length > 0 ? items : [{ json: { error: error?.message, details: error?.context.details } as IDataObject }];
	const fields = Object.entries(item.binary ?? {});
	const files = await Promise.all(fields.map(async ([name, file]) => [name, (await bytesOf(file)).toString('base64')]));
	return { status, json: item.json, files: Object.fromEntries(files) as Answer['files'] };
}

async function runOnceRaw({ pieces, reset }: NonNullable<Case['raw']>, options: RunOptions): Promise<Answer & { calls: number }> {
	const server = await startRawServer(pieces, { reset });
	try {
		const result = await runNode(parametersOf(options.parameters), {
			node: { onError: 'continueRegularOutput' },
			credentials: credentialsOf(server.url, options.credential),
		});
		return { ...(await shown(result)), requests: [], calls: server.calls };
	} finally {
		await server.close();
	}
}

async function check({
	reply = [],
	raw,
	expectJson,
	expectError,
	expectCalls = 1,
	expectRequest,
	expectStatus = 'success',
	...options
}: Case) {
	const answer = raw ? await runOnceRaw(raw, options) : await runOnce(reply, options);
	const { json, requests, status } = answer;
	expect(status).toBe(expectStatus);
	expect(JSON.stringify(json)).not.toContain(SECRET_KEY);
	if (expectError) {
		const { message, ...details } = expectError;
		expect(json).toMatchObject({ error: message ?? expect.any(String), details });
		expect(Object.keys(json).sort()).toEqual(['details', 'error']);
	} else if (expectJson !== undefined) {
		expect(json).not.toHaveProperty('error');
		expect(json).toMatchObject(typeof expectJson === 'string' ? { text: expectJson } : expectJson);
	}
	expect('calls' in answer ? answer.calls : requests.length).toBe(expectCalls);
	if (expectRequest) expect(requests[0]).toMatchObject(expectRequest);
}

/** A test for each case, under the name of what they have in common. */
export function testCases(topic: string, cases: Case[]) {
	describe(topic, () => {
		test.each(cases)('$title', check);
	});
}
