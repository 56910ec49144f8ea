/** What n8n writes to its log while a test runs. */
const { createRequire } = require('node:module');
const path = require('node:path');
require('./host');

const fromCore = createRequire(path.join(path.dirname(require.resolve('n8n-core')), 'x.js'));
const { Container } = fromCore('@n8n/di');
const { Logger } = fromCore('@n8n/backend-common');

const LEVELS = /** @type {const} */ (['error', 'warn', 'info', 'debug']);

/** Collects the lines of n8n's logger, of every level, from its making to `stop`. */
class LoggedLines {
	/** @type {string[]} */
	lines = [];

	constructor() {
		const logger = Container.get(Logger);
		const own = Object.fromEntries(LEVELS.map((level) => [level, logger[level]]));
		for (const level of LEVELS) {
			logger[level] = (/** @type {unknown[]} */ ...words) => void this.lines.push(JSON.stringify([level, ...words]));
		}
		this.stop = () => Object.assign(logger, own);
	}

	/** how many lines there are */
	get count() {
		return this.lines.length;
	}
}

module.exports = { LoggedLines };
