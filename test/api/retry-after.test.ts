import { formatSeconds, parseDuration } from '../../api/duration';
import { retryAfterMs, withRetryAfter } from '../../api/http/retry-after';

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
		[{ 'retry-after': '2s' }, 2000],
		[{ 'retry-after': '500ms' }, 500],
		[{ 'retry-after': '1m30s' }, 90_000],
		[{ 'retry-after': '"7"' }, 7000],
		[{ 'retry-after': 'PT1M' }, 60_000],
		[{ 'retry-after': '1795780860' }, 60_000],
		[{ 'retry-after': '1795780860000' }, 60_000],
		[{ 'retry-after': '2026-11-27T12:00:30Z' }, 30_000],
		[{ 'retry-after': '2 apples' }, undefined],
		[{ 'retry-after': '12-' }, undefined],
	])('of %j is %p', (headers, milliseconds) => expect(retryAfterMs(headers)).toBe(milliseconds));
});

describe('formatSeconds', () => {
	test.each([
		[1, '1 second'],
		[1000, '1 second'],
		[1001, '2 seconds'],
		[0, '0 seconds'],
	])('of %i ms is %s', (milliseconds, text) => expect(formatSeconds(milliseconds)).toBe(text));
});

describe('withRetryAfter', () => {
	test.each<[{ [name: string]: string }, number | undefined, { [name: string]: string }]>([
		[{ server: 'x' }, 1500, { server: 'x', 'retry-after-ms': '1500' }],
		[{ 'retry-after': '7' }, 1500, { 'retry-after': '7' }],
		[{ server: 'x' }, undefined, { server: 'x' }],
	])('of %j with %p ms is %j', (headers, milliseconds, expected) => expect(withRetryAfter(headers, milliseconds)).toEqual(expected));
});

describe('parseDuration', () => {
	test.each([
		['2s', 2000],
		['1.5 s', 1500],
		['250ms', 250],
		['1h2m3.5s', 3_723_500],
		['2 minutes', 120_000],
		['1 minute and 30 seconds', 90_000],
		['1 hour, 2 minutes', 3_720_000],
		['PT2M1S', 121_000],
		['1d', 86_400_000],
		['30秒', 30_000],
		['2 分钟', 120_000],
		['2', undefined],
		['s', undefined],
		['2 steps', undefined],
		['', undefined],
	])('of "%s" is %p', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));
});
