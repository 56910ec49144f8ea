import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { startStormServer } from '../support/storm-server';
import { credentialsOf, parametersOf } from '../support/cases';

const COUNT = 500;
/** After these the same call may be made again, twice at most */
const TRANSIENT = ['limited', 'trouble', 'reset'];
/** What the item says of the last lot that was drawn for it */
const SAID: { [lot: string]: IDataObject } = {
	limited: { status: 429, code: 'rate_limit_exceeded' },
	trouble: { status: 500 },
	reset: { code: 'ECONNRESET' },
	cut: { status: 200, code: 'interrupted' },
	cutJson: { code: 'cut' },
	noModel: { status: 503, code: 'model_not_found' },
	quota: { status: 429, code: 'insufficient_quota' },
	origin: { status: 524 },
};

let server: Awaited<ReturnType<typeof startStormServer>>;
let items: INodeExecutionData[];
const named = (index: number) => `item ${index}`;
const lotsOf = (index: number) => server.log.get(named(index)) ?? [];
const indexes = Array.from({ length: COUNT }, (_, index) => index);

beforeAll(async () => {
	server = await startStormServer(4711);
	const parameters = parametersOf({
		prompt: '={{ $json.name }}',
		options: { stream: '={{ $itemIndex % 2 === 0 }}' },
		requests: { concurrency: 20 },
	});
	({ items } = await runNode(parameters, {
		credentials: credentialsOf(server.url),
		items: indexes.map((index) => ({ json: { name: named(index) } })),
		node: { onError: 'continueRegularOutput' },
	}));
});
afterAll(async () => await server.close());

test('every item comes out, in its place', () => {
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(indexes.map((item) => ({ item })));
});

test('every item is the right answer or the error that the server gave last', () => {
	const expected = indexes.map((index) => {
		const last = lotsOf(index).at(-1) ?? '';
		return { json: last in SAID ? { details: { ...SAID[last], attempts: lotsOf(index).length } } : { text: `Answer to ${named(index)}` } };
	});
	expect(items).toMatchObject(expected);
});

test('no item is asked for again after an answer, or after an error that may have been billed', () => {
	const wrong = indexes.filter(
		(index) =>
			!lotsOf(index)
				.slice(0, -1)
				.every((lot) => TRANSIENT.includes(lot)),
	);
	expect(wrong.map(lotsOf)).toEqual([]);
});

test('after a passing error an item is asked for twice more; a refusal for the load of the others does not count', () => {
	const counted = (index: number) => lotsOf(index).filter((lot) => lot !== 'limited').length;
	const isGivenUp = (index: number) => TRANSIENT.includes(lotsOf(index).at(-1) ?? '');
	const wrong = indexes.filter((index) => counted(index) > 3 || (isGivenUp(index) && lotsOf(index).length < 3));
	expect(wrong.map(lotsOf)).toEqual([]);
});

test('every kind of error was among them', () => {
	expect([...new Set([...server.log.values()].flat())].sort()).toEqual([...Object.keys(SAID), 'good', 'slow', 'stream'].sort());
});
