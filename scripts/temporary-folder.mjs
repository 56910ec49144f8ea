// Folders that last as long as the script.

import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

// A signal by itself would end the process without `exit`.
for (const signal of /** @type {const} */ (['SIGHUP', 'SIGINT', 'SIGTERM'])) {
	process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

/**
 * A new folder, removed when the script ends.
 * @param {string} name
 * @param {string} [inside] the folder in which it is made; default: the system's for temporary files
 */
export function temporaryFolder(name, inside = tmpdir()) {
	const folder = mkdtempSync(join(inside, `n8n-nodes-responses-${name}-`));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
	return folder;
}
