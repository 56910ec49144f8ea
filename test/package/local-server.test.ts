import { MODEL, startLocalServer } from '../../scripts/demo/local-server';

let server: Awaited<ReturnType<typeof startLocalServer>>;

beforeAll(async () => {
	server = await startLocalServer();
});
afterAll(async () => await server.stop());

const headersOf = (apiKey: string) => ({ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' });

const models = async (apiKey: string) => await fetch(`${server.url}/models`, { headers: headersOf(apiKey) });

async function ask(content: string) {
	const body = JSON.stringify({ model: MODEL, input: [{ role: 'user', content }] });
	const reply = await fetch(`${server.url}/responses`, { method: 'POST', headers: headersOf(server.apiKey), body });
	const { output, usage } = (await reply.json()) as {
		output: Array<{ content: Array<{ text: string }> }>;
		usage: { input_tokens: number };
	};
	return { text: output[0].content[0].text, usage };
}

it('lists the model of the examples', async () => {
	const { data } = (await (await models(server.apiKey)).json()) as { data: Array<{ id: string }> };
	expect(data.map(({ id }) => id)).toEqual([MODEL]);
});

it('refuses any key but its own', async () => {
	expect((await models('another')).status).toBe(401);
});

it('says so when it does not know the answer', async () => {
	expect((await ask('What is the capital of France?')).text).toMatch(/only knows the answers to the example workflows/);
});

it('counts a token for four letters, and one for each Chinese character', async () => {
	expect((await ask('茶叶礼盒 box!')).usage.input_tokens).toBe(6);
});

it('gives embeddings by which a question is nearest to the text that answers it', async () => {
	const texts = ['May an opened chest be sent back?', 'Opened chests are not taken back', 'Tastings are on Thursday'];
	const embeddingsOf = async (more: object) => {
		const body = JSON.stringify({ model: 'small', input: texts, ...more });
		const reply = await fetch(`${server.url}/embeddings`, { method: 'POST', headers: headersOf(server.apiKey), body });
		return ((await reply.json()) as { data: Array<{ embedding: number[] | string }> }).data.map(({ embedding }) => embedding);
	};
	const [question, answer, other] = (await embeddingsOf({})) as number[][];
	const nearness = (one: number[], another: number[]) => one.reduce((sum, value, at) => sum + value * another[at], 0);
	expect(nearness(question, question)).toBeCloseTo(1);
	expect(nearness(question, answer)).toBeGreaterThan(nearness(question, other));
	// as n8n's own node asks for them
	const [encoded] = (await embeddingsOf({ encoding_format: 'base64' })) as string[];
	const bytes = Buffer.from(encoded, 'base64');
	expect([...question.keys()].map((at) => bytes.readFloatLE(at * 4))).toEqual(question);
});

describe('in the background', () => {
	const states = async (reply: Response) => {
		const { status, output } = (await reply.json()) as { status: string; output: object[] };
		return [status, output.length];
	};

	/** What it shows of a response: when it is begun, after these calls, and at the end. */
	async function seen(workTime: number, ...calls: Array<[method: string, path: string]>) {
		const own = await startLocalServer({ workTime });
		const headers = headersOf(own.apiKey);
		const body = JSON.stringify({ model: MODEL, input: 'Hello', background: true });
		const begun = await fetch(`${own.url}/responses`, { method: 'POST', headers, body });
		const { id } = (await begun.clone().json()) as { id: string };
		const seen = [await states(begun)];
		for (const [method, path] of calls) seen.push(await states(await fetch(`${own.url}/responses/${id}${path}`, { method, headers })));
		await own.stop();
		return seen;
	}

	it('works on a response for a while', async () => {
		expect(await seen(60_000, ['GET', ''], ['GET', ''])).toEqual([
			['queued', 0],
			['in_progress', 0],
			['in_progress', 0],
		]);
	});

	it('has it finished afterwards', async () => {
		expect(await seen(0, ['GET', ''])).toEqual([
			['queued', 0],
			['completed', 1],
		]);
	});

	it('keeps the format that was asked for, by which Get knows JSON', async () => {
		const own = await startLocalServer({ workTime: 0 });
		const text = { format: { type: 'json_object' } };
		const body = JSON.stringify({ model: MODEL, input: 'Article: Rooibos', background: true, text });
		const begun = await fetch(`${own.url}/responses`, { method: 'POST', headers: headersOf(own.apiKey), body });
		const { id } = (await begun.json()) as { id: string };
		const got = await fetch(`${own.url}/responses/${id}`, { headers: headersOf(own.apiKey) });
		await own.stop();
		expect(await got.json()).toMatchObject({ status: 'completed', text });
	});

	it('can be told to stop', async () => {
		expect(await seen(60_000, ['POST', '/cancel'], ['GET', ''])).toEqual([
			['queued', 0],
			['cancelled', 0],
			['cancelled', 0],
		]);
	});

	it('does not know other responses', async () => {
		const reply = await fetch(`${server.url}/responses/resp_0`, { headers: headersOf(server.apiKey) });
		expect([reply.status, await reply.json()]).toMatchObject([404, { error: { message: "Response with id 'resp_0' not found." } }]);
	});
});
