import type { INodeParameters } from 'n8n-workflow';

import type { Field } from '../../nodes/shared/description/field';
import type { ItemContext } from '../../nodes/shared/errors/parameter-error';
import { readParameters } from '../../nodes/shared/request/parameters';

const field = (name: string, type: Field['type']): Field => ({ displayName: name, name, type, default: '' });
const FIELDS = [field('prompt', 'string'), field('instructions', 'string'), field('stop', 'json'), field('extra', 'json')];

test('A parameter without an expression is read once for all items, one with an expression for each', () => {
	const parameters: INodeParameters = { prompt: '={{ $json.text }}', instructions: 'Be short', extra: { a: [{ b: '={{ 1 }}' }] } };
	const getNodeParameter = jest.fn((name: string, index: number) => (name === 'prompt' ? `Text ${index}` : (parameters[name] ?? null)));
	// readParameters calls nothing else of n8n
	const context = { getNode: () => ({ parameters }), getNodeParameter } as unknown as ItemContext['context'];
	const values = [0, 1, 2].map((index) => readParameters(FIELDS, { context, index }));
	expect(values.map(({ prompt, instructions, stop }) => [prompt, instructions, stop])).toEqual(
		[0, 1, 2].map((index) => [`Text ${index}`, 'Be short', undefined]),
	);
	const reads = (name: string) => getNodeParameter.mock.calls.filter(([read]) => read === name).length;
	expect(['prompt', 'instructions', 'stop', 'extra'].map(reads)).toEqual([3, 1, 1, 3]);
});
