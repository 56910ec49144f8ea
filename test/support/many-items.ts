import type { IDataObject } from 'n8n-workflow';

import { runNode } from './engine';
import { json, type Reply } from './replies';
import { startServer } from './server';

type Server = Awaited<ReturnType<typeof startServer>>;
type Request = Server['requests'][number];

/** What each answer costs */
export const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3, total_tokens: 13 };
/** What a server says that takes no more calls */
export const BUSY = { error: { message: 'Too many requests', code: 'rate_limit_exceeded' } };

/** What was asked: the text of the row. */
export const asked = ({ body }: Request): string => body.input[0].content;

/** The answer to a row */
export function answer(request: Request, more: Partial<Reply> = {}): Reply {
	const content = [{ type: 'output_text', text: `Answer to ${asked(request)}`, annotations: [] }];
	const output = [{ type: 'message', role: 'assistant', content }];
	return json({ id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-5.4', output, usage }, more);
}

/** A refusal that asks to wait so long */
export const busy = (milliseconds?: number): Reply =>
	json(BUSY, { status: 429, headers: milliseconds === undefined ? {} : { 'retry-after-ms': String(milliseconds) } });

/** An error that lasts */
export const wrong = (): Reply => json({ error: { message: 'The prompt is wrong', code: 'bad_prompt' } }, { status: 400 });

/** A promise and what resolves it. */
export function deferred() {
	let give = () => {};
	const given = new Promise<void>((resolve) => (give = resolve));
	return { given, give };
}

interface Given {
	rows?: string[];
	requests?: IDataObject;
	options?: IDataObject;
	parameters?: IDataObject;
	node?: object;
	signal?: AbortSignal;
	/** In place of `rows` */
	items?: Array<{ json: IDataObject }>;
}

/** A server for each test of a file, and our node on rows of text. */
export function rowsGateway() {
	let server: Server;
	afterEach(async () => await server.close());
	return {
		/** The server of this test */
		server: () => server,
		/** Runs the node on rows, against a server that replies so. */
		async run(reply: (request: Request) => Reply | Promise<Reply>, given: Given = {}) {
			server = await startServer(reply);
			return await runRows(server.url, given);
		},
		/** Runs the node in several executions at once, against one server. */
		async runTogether(reply: (request: Request) => Reply | Promise<Reply>, given: Given[]) {
			server = await startServer(reply);
			return await Promise.all(given.map((each) => runRows(server.url, each)));
		},
	};
}

async function runRows(url: string, given: Given) {
	const { rows = prompts(5), requests = {}, options = {}, parameters = {}, ...more } = given;
	return await runNode(
		{
			model: { __rl: true, mode: 'id', value: 'gpt-5.4' },
			prompt: '={{ $json.text }}',
			options: options as never,
			requests: requests as never,
			...(parameters as object),
		},
		{
			credentials: { responsesApi: { baseUrl: `${url}/v1`, apiKey: 'sk-test-4711' } },
			items: rows.map((text) => ({ json: { text } })),
			...more,
		},
	);
}

/** a, b, c ... then a1, b1 ... */
export const prompts = (count: number) =>
	Array.from({ length: count }, (_, index) => 'abcdefghijklmnopqrstuvwxyz'[index % 26] + (index < 26 ? '' : Math.floor(index / 26)));
/** The text or the error of each item */
export const texts = (items: Array<{ json: IDataObject }>) => items.map(({ json: { text, error } }) => text ?? error);
/** The texts of the answers to these rows */
export const answersTo = (rows: string[]) => rows.map((row) => `Answer to ${row}`);
/** Continue On Fail */
export const CONTINUE_ON_FAIL = { onError: 'continueRegularOutput' };
