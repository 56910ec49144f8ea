import type { INodeParameters } from 'n8n-workflow';

import { bytes, compressed, json, sse, type Reply } from '../support/replies';
import { runOnce } from '../support/cases';

const MB = 1024 * 1024;
const large = json({ output: 'x'.repeat(2 * MB) });
const delta = { type: 'response.output_text.delta', delta: 'y'.repeat(MB / 4) };
const endless = sse([{ type: 'response.created', response: {} }, ...Array.from({ length: 12 }, () => delta)]);
const limit = (maxReplySize: number, more: INodeParameters = {}) => ({ parameters: { requests: { maxReplySize }, ...more } });
const refused = {
	error: 'The reply is larger than 1 MB',
	details: { code: 'reply_too_large', attempts: 1, hint: 'Raise Max Reply Size in Requests if so large a reply is right' },
};

describe('A reply above Max Reply Size is refused, and not asked for again', () => {
	test.each<[string, Reply, INodeParameters]>([
		['plain', large, {}],
		['compressed to a thousandth', compressed(large, 'gzip'), {}],
		['a stream', endless, { options: { stream: true } }],
		['of blanks', bytes(' '.repeat(2 * MB), 'application/json'), {}],
		['without a line end', bytes(`data: ${'z'.repeat(2 * MB)}`, 'text/event-stream'), {}],
	])('%s', async (_, reply, parameters) => {
		const { json: item, requests } = await runOnce(reply, limit(1, parameters));
		expect(item).toMatchObject(refused);
		expect(requests).toHaveLength(1);
	});

	test('a stream keeps what had come', async () => {
		const { json: item } = await runOnce(endless, limit(1, { options: { stream: true } }));
		expect(item.details).toMatchObject({ partialText: 'y'.repeat(3 * (MB / 4)) });
	});
});

describe('A reply below it is taken', () => {
	test.each<[string, Reply]>([
		['plain', large],
		['compressed', compressed(large, 'br')],
	])('%s', async (_, reply) => {
		expect((await runOnce(reply, limit(3))).json.text).toHaveLength(2 * MB);
	});

	test('by default up to 64 MB', async () => {
		expect((await runOnce(json({ output: 'x'.repeat(40 * MB) }))).json.text).toHaveLength(40 * MB);
		expect((await runOnce(json({ output: 'x'.repeat(65 * MB) }))).json.error).toBe('The reply is larger than 64 MB');
	});
});
