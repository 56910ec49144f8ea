// Folders that last as long as the script.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = /** @type {string[]} */ ([]);
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));
// A signal by itself would end the process without `exit`.
for (const signal of /** @type {const} */ (['SIGHUP', 'SIGINT', 'SIGTERM'])) {
	process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

/** A new folder, removed when the script ends. @param {string} name */
export function temporaryFolder(name, inside = tmpdir()) {
	folders.push(mkdtempSync(join(inside, `n8n-nodes-responses-${name}-`)));
	return folders[folders.length - 1];
}
