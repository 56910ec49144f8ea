/** Milliseconds in a unit of time, by its first letters in English, or in Chinese */
const UNITS: ReadonlyArray<readonly [RegExp, number]> = [
	[/^(ms|milli|毫)/i, 1],
	[/^(s|秒)/i, 1000],
	[/^(m|分)/i, 60_000],
	[/^(h|小)/i, 3_600_000],
	[/^(d|天)/i, 86_400_000],
];

/** One part of a duration. Numbers, and durations, have a greatest length, so that a long row of either is read once. */
const PART =
	'(?<![\\d.])\\d{1,12}(?:\\.\\d{1,12})?\\s?' +
	'(?:(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])|毫秒|秒钟?|分钟?|小时|天)';

/** The source of a regular expression for a duration such as `1m30s`, `2 seconds` or `1 minute and 30 seconds`. */
export const DURATION = `${PART}(?:(?:,? ?and ?|,? ?)${PART}){0,4}`;

/** Milliseconds of a duration such as `2s`, `500ms`, `1m30s`, `2 seconds` or `PT2S` (ISO 8601); `undefined` for another text. */
export function parseDuration(text: string): number | undefined {
	const duration = text.trim().replace(/^PT(?=\d)/i, '');
	if (!new RegExp(`^${DURATION}$`, 'i').test(duration)) return undefined;
	const parts = [...duration.matchAll(/([\d.]+)\s?([a-z]+|[\u4e00-\u9fff]+)/gi)].filter(([, , unit]) => !/^and$/i.test(unit));
	return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * unitMs(unit), 0);
}

const unitMs = (unit: string) => UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? NaN;

/** A duration in words, rounded up: `7 seconds`. */
export function formatSeconds(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
