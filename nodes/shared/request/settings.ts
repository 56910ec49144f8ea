import type { RequestLimits } from '../../../api/http/request';
import { isObject, objectIn } from '../../../api/json';
import type { SchedulerSettings } from '../../../api/scheduling/scheduler';
import type { ParameterValues } from '../description/field';

/** Seconds, where the user sets nothing */
const TIMEOUT = 600;
const MAX_RETRY_WAIT = 120;

/** The settings of an item that are not sent to the server. */
export interface Settings {
	waitForCompletion: boolean;
	limits: RequestLimits;
	/** Seconds to wait in all for a response in the background; 0 for no limit */
	pollTimeout: number;
	reuseIdentical: boolean;
}

/** The settings in an item's values, with defaults for those that are not set. */
export function readSettings(values: ParameterValues): Settings {
	const options = objectIn(values, 'options');
	const requests = objectIn(values, 'requests');
	return {
		waitForCompletion: options.waitForCompletion !== false,
		limits: readLimits(requests),
		pollTimeout: notNegative(requests.pollTimeout, 0),
		reuseIdentical: requests.reuseIdentical === true,
	};
}

/** The limits among these values, with defaults for those that are not set; the default of `maxRetryWait` differs between the nodes. */
export function readLimits(values: ParameterValues, defaultMaxRetryWait = MAX_RETRY_WAIT): RequestLimits {
	return {
		timeout: positive(values.timeout, TIMEOUT),
		maxRetries: Math.floor(notNegative(values.maxRetries, 2)),
		maxRetryWait: notNegative(values.maxRetryWait, defaultMaxRetryWait),
		maxReplySize: positive(values.maxReplySize, 64),
	};
}

/** The scheduler's settings in the parameter `requests` as n8n gives it for the first item: all rows share them. */
export function schedulerSettings(requests: unknown): SchedulerSettings {
	const given = isObject(requests) ? requests : {};
	const concurrency = Number(given.concurrency ?? NaN);
	return {
		concurrency: concurrency > 0 ? Math.max(1, Math.floor(concurrency)) : undefined,
		requestsPerMinute: notNegative(Number(given.requestsPerMinute), 0),
		maxRetryWaitMs: notNegative(Number(given.maxRetryWait ?? NaN), MAX_RETRY_WAIT) * 1000,
		timeoutMs: positive(Number(given.timeout), TIMEOUT) * 1000,
	};
}

const positive = (value: unknown, fallback: number) => (typeof value === 'number' && value > 0 ? value : fallback);
const notNegative = (value: unknown, fallback: number) => (typeof value === 'number' && value >= 0 ? value : fallback);
