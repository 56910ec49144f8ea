// One n8n of its own: a temporary user folder, free ports, nothing reached but this machine.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, run, start, temporaryFolder, waitFor } from './processes.mjs';

/**
 * @typedef {import('./install.mjs').Install} Install
 * @typedef {import('./processes.mjs').Service} Service
 * @typedef {Awaited<ReturnType<typeof newN8n>>} N8n
 */

/** No call home, no editor extras that fetch from n8n's servers, no sign-in that asks for https. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
};

/**
 * Gets an n8n ready; nothing runs yet. Settings are n8n's environment variables and come last;
 * of the caller's own environment only what any program needs is passed on.
 * @param {Install} install
 * @param {Record<string, string>} [settings]
 */
export async function newN8n(install, settings = {}) {
	const userFolder = temporaryFolder('user');
	const port = String(await freePort());
	const environment = {
		...basics(),
		...QUIET,
		...withoutRegistry(install),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: port,
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		QUEUE_HEALTH_CHECK_ACTIVE: 'true', // gives a worker, too, an address to ask for its health
		QUEUE_HEALTH_CHECK_PORT: port,
		...settings,
	};
	const url = `http://127.0.0.1:${port}`;

	/** @param {string[]} args */
	const options = async (args) => ({
		args: [install.program, ...args],
		// Each n8n process opens a broker for code runners, even one that only runs a command.
		options: { env: { ...environment, N8N_RUNNERS_BROKER_PORT: String(await freePort()) } },
	});

	return {
		install,
		userFolder,
		url,
		/** The value that another n8n needs to read this one's credentials. */
		encryptionKey: environment.N8N_ENCRYPTION_KEY,
		/**
		 * Runs one of n8n's own commands to its end and gives what it printed.
		 * @param {string[]} args
		 */
		command: async (...args) => {
			const { args: all, options: own } = await options(args);
			return await run(install.node, all, own);
		},
		/**
		 * Starts n8n (`start`, `worker`, `webhook`) and waits until it answers.
		 * @param {string[]} args
		 */
		serve: async (...args) => {
			const { args: all, options: own } = await options(args.length > 0 ? args : ['start']);
			const service = start(install.node, all, own);
			await waitFor('n8n', service, () => ready(url));
			return service;
		},
	};
}

/** @param {string} url */
async function ready(url) {
	const { ok } = await fetch(`${url}/healthz/readiness`);
	return ok || undefined;
}

function basics() {
	const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE'];
	return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Newer versions fetch a list of servers when they start; older ones refuse to turn off what they do not have.
 * @param {Install} install
 * @returns {Record<string, string>}
 */
function withoutRegistry({ folder }) {
	const module = 'mcp-registry';
	const known = existsSync(join(folder, 'node_modules', 'n8n', 'dist', 'modules', module));
	return known ? { N8N_DISABLED_MODULES: module } : {};
}
