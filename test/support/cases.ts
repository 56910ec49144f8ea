/** Rows of the tests of the wire: what a server sends, and what the node makes of it. */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { binaryOf, bytesOf, runNode, type NodeOptions } from './engine';
import { startRawServer } from './raw-server';
import { startServer, type Handler, type Recorded } from './server';

/** What every row's credential holds as its key; it must never come back. */
export const MARK = 'sk-wire-4711-Qm9vIQzz/+';

/** What the node is asked to do; a prompt for a model by default. */
interface Asking extends Pick<NodeOptions, 'node' | 'signal'> {
	parameters?: INodeParameters;
	/** Content of the item's binary field `data` */
	file?: { content: string; mimeType: string };
	/** Over base URL (`{server}/v1`) and key; `{server}` in it is the server's address */
	credential?: ICredentialDataDecryptedObject;
}

/** One behaviour. */
export interface Row extends Asking {
	/** Number of the case in the list of nasty inputs and replies */
	of: number;
	/** The behaviour in plain words */
	does: string;
	reply?: Handler;
	/** Instead of `reply`: bytes from the status line on, and whether the socket is then reset */
	raw?: { pieces: Array<string | Uint8Array>; reset?: boolean };
	/** n8n's word for how the run ended; `success` unless said, and no item otherwise */
	ends?: string;
	/** Part of the item's json, or its `text` */
	gives?: IDataObject | string;
	/** Part of the error item: its message, and what its details hold */
	fails?: { message?: unknown } & IDataObject;
	/** Calls that the server sees; 1 unless said */
	calls?: number;
	/** The one call as it arrived */
	sends?: Partial<Recorded>;
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
export async function ask(reply: Handler, { parameters, credential, node, file, signal }: Asking = {}): Promise<Answer> {
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
	const filled = JSON.stringify({ baseUrl: '{server}/v1', apiKey: MARK, ...credential }).replaceAll('{server}', url);
	return { responsesApi: JSON.parse(filled) as ICredentialDataDecryptedObject };
}

async function shown({ items, error, status }: Awaited<ReturnType<typeof runNode>>): Promise<Omit<Answer, 'requests'>> {
	// what ends the run before there is an item has the same two things
	const [item] = items.length > 0 ? items : [{ json: { error: error?.message, details: error?.context.details } as IDataObject }];
	const fields = Object.entries(item.binary ?? {});
	const files = await Promise.all(fields.map(async ([name, file]) => [name, (await bytesOf(file)).toString('base64')]));
	return { status, json: item.json, files: Object.fromEntries(files) as Answer['files'] };
}

async function askRaw({ pieces, reset }: NonNullable<Row['raw']>, asking: Asking): Promise<Answer & { calls: number }> {
	const server = await startRawServer(pieces, { reset });
	try {
		const result = await runNode(parametersOf(asking.parameters), {
			node: { onError: 'continueRegularOutput' },
			credentials: credentialsOf(server.url, asking.credential),
		});
		return { ...(await shown(result)), requests: [], calls: server.calls };
	} finally {
		await server.close();
	}
}

async function check({ reply = [], raw, gives, fails, calls = 1, sends, ends = 'success', ...asking }: Row) {
	const answer = raw ? await askRaw(raw, asking) : await ask(reply, asking);
	const { json, requests, status } = answer;
	expect(status).toBe(ends);
	expect(JSON.stringify(json)).not.toContain(MARK);
	if (fails) {
		const { message, ...details } = fails;
		expect(json).toMatchObject({ error: message ?? expect.any(String), details });
		expect(Object.keys(json).sort()).toEqual(['details', 'error']);
	} else if (gives !== undefined) {
		expect(json).not.toHaveProperty('error');
		expect(json).toMatchObject(typeof gives === 'string' ? { text: gives } : (gives ?? {}));
	}
	expect('calls' in answer ? answer.calls : requests.length).toBe(calls);
	if (sends) expect(requests[0]).toMatchObject(sends);
}

/** Runs the rows, and sees that every case from `first` to `last` has one. */
export function testCases(first: number, last: number, rows: Row[]) {
	test.each(rows)('case $of: $does', check);

	const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
	test(`all ${numbers.length} cases from ${first} to ${last} are covered, by ${rows.length} rows`, () => {
		expect([...new Set(rows.map((row) => row.of))].sort((a, b) => a - b)).toEqual(numbers);
	});
}
