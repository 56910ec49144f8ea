// One n8n of its own: a temporary user folder, free ports, nothing reached but this machine.

import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { execa } from 'execa';
import getPort from 'get-port';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';
import { start } from './processes.mjs';

/** @typedef {Awaited<ReturnType<typeof newN8n>>} N8n */

const HOST = '127.0.0.1';
/** What any program needs of the caller's own environment; nothing else is passed on. */
const BASICS = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE'];
/** Installed as n8n installs a community package: alone, without what only developers need. */
const INSTALL = ['install', '--ignore-scripts', '--omit=dev', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefix'];

/** Variables for n8n, from a file of this folder. @param {string} file */
export const environmentIn = (file) => parseEnv(readFileSync(join(import.meta.dirname, file), 'utf8'));

/**
 * Gets an n8n ready, with our package in it; nothing runs yet.
 * @param {import('./install.mjs').Install} install
 * @param {string} tarball of our package
 * @param {NodeJS.ProcessEnv} [settings] n8n's environment variables
 */
export async function newN8n(install, tarball, settings = {}) {
	const userFolder = temporaryFolder('user');
	await execa('npm', [...INSTALL, join(userFolder, '.n8n', 'nodes'), tarball]);
	const port = String(await getPort({ host: HOST }));
	const environment = {
		...Object.fromEntries(BASICS.map((name) => [name, process.env[name]])),
		...environmentIn('n8n.env'),
		// Newer versions fetch a list of servers when they start; older ones refuse to turn off what they do not have.
		...(existsSync(join(install.folder, 'node_modules/n8n/dist/modules/mcp-registry')) && { N8N_DISABLED_MODULES: 'mcp-registry' }),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_PORT: port,
		QUEUE_HEALTH_CHECK_PORT: port,
		...settings,
	};
	/** Each n8n process opens a broker for code runners, even one that only runs a command. */
	const options = async () => ({
		env: { ...environment, N8N_RUNNERS_BROKER_PORT: String(await getPort({ host: HOST })) },
		extendEnv: false,
	});
	/** Runs one of n8n's own commands to its end; gives what it printed. @param {string[]} args */
	const command = async (...args) => (await execa(install.node, [install.program, ...args], await options())).stdout;

	return {
		version: install.version,
		url: `http://${HOST}:${port}`,
		command,
		/** Starts n8n and waits until it answers. @param {string[]} args `start`, `worker` or `webhook` */
		serve: async (...args) =>
			await start(install.node, [install.program, ...args], `http-get://${HOST}:${port}/healthz/readiness`, await options()),
		/**
		 * Imports them with their IDs. The editor gives a workflow a version by itself; the command of n8n 2.0 takes none without.
		 * @param {object[]} credentials decrypted
		 * @param {import('./workflows.mjs').Workflow[]} workflows
		 */
		importAll: async (credentials, workflows) => {
			const versioned = workflows.map((workflow) => ({ versionId: randomUUID(), ...workflow }));
			const file = join(userFolder, 'import.json');
			for (const [what, entries] of Object.entries({ credentials, workflow: versioned })) {
				writeFileSync(file, JSON.stringify(entries));
				await command(`import:${what}`, `--input=${file}`);
			}
		},
	};
}
