import { wholenessOf } from '../../nodes/Responses/output/whole-json';

describe('wholenessOf', () => {
	test.each([
		'{}',
		'[]',
		'{"a": 1, "b": [true, null, -1.5e3]}',
		' {"a": "}"}\n',
		`{'a': 'it'}`,
		'{“a”: “b”}',
		'{"a": "say "yes" to it"}',
		'{"a": 1,}',
		'{"a": 1}}',
		'[{"a": 1}, {"a": 2}]',
	])('calls %s whole', (text) => expect(wholenessOf(text)).toBe('whole'));

	test.each(['{', '{"a', '{"a": "b', '{"a": 1', '[1, 2', '{"a": {"b": 1}', '[{"a": "}"}', `{'a': 'b`])('calls %s cut', (text) =>
		expect(wholenessOf(text)).toBe('cut'),
	);

	test.each(['', 'Sorry, no.', '{"a": 1} and more', '{"a": }', '{"a": ...}', '{"a": 1.}', '{"a": -}', '[1}', '12', '"text"'])(
		'calls %j neither',
		(text) => expect(wholenessOf(text)).toBe('other'),
	);
});
