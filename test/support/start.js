const { spawnSync } = require('node:child_process');
const path = require('node:path');

/**
 * What `npm start` prints, and its exit code, with this base URL in the environment. Build first.
 * @param {string} baseUrl
 */
function runStart(baseUrl) {
	const script = path.resolve(__dirname, '../../scripts/start.mjs');
	const env = { ...process.env, RESPONSES_BASE_URL: baseUrl };
	const { stdout, status } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
	return { stdout, status };
}

module.exports = { runStart };
