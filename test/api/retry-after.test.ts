import { formatSeconds, isRateLimited, retryAfterMs } from '../../api/http/retry-after';

describe('retryAfterMs', () => {
	beforeEach(() => jest.useFakeTimers({ now: new Date('2026-11-27T12:00:00Z') }));
	afterEach(() => jest.useRealTimers());

	test.each<[{ [name: string]: string }, number | undefined]>([
		[{}, undefined],
		[{ 'retry-after': '7' }, 7000],
		[{ 'retry-after': '0.5' }, 500],
		[{ 'retry-after': '0' }, 0],
		[{ 'retry-after-ms': '120' }, 120],
		[{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
		[{ 'retry-after-ms': '-1', 'retry-after': '7' }, 7000],
		[{ 'retry-after-ms': '', 'retry-after': '7' }, 7000],
		[{ 'retry-after': 'Fri, 27 Nov 2026 12:01:30 GMT' }, 90_000],
		[{ 'retry-after': 'Fri, 27 Nov 2026 11:59:59 GMT' }, undefined],
		[{ 'retry-after': '-1' }, undefined],
		[{ 'retry-after': 'soon' }, undefined],
		[{ 'retry-after': '' }, undefined],
	])('of %j is %p', (headers, milliseconds) => expect(retryAfterMs(headers)).toBe(milliseconds));
});

describe('isRateLimited', () => {
	test.each<[number, { [name: string]: string }, boolean]>([
		[429, {}, true],
		[503, { 'retry-after': '1' }, true],
		[529, { 'retry-after-ms': '1' }, true],
		[503, {}, false],
		[529, {}, false],
		[500, { 'retry-after': '1' }, false],
		[200, { 'retry-after': '1' }, false],
	])('of status %i with %j is %p', (status, headers, expected) => expect(isRateLimited(status, headers)).toBe(expected));
});

describe('formatSeconds', () => {
	test.each([
		[1, '1 second'],
		[1000, '1 second'],
		[1001, '2 seconds'],
		[0, '0 seconds'],
	])('of %i ms is %s', (milliseconds, text) => expect(formatSeconds(milliseconds)).toBe(text));
});
