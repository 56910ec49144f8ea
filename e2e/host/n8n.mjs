// One n8n of its own: a temporary user folder, free ports, nothing reached but this machine.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import getPort from 'get-port';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';
import { start } from './processes.mjs';

/** @typedef {Awaited<ReturnType<typeof newN8n>>} N8n */
/** @typedef {Awaited<ReturnType<typeof newOwner>>} Owner */
/** @typedef {Record<string, any>} Json what n8n replies; its shapes are n8n's own */
/** What any program needs of the caller's own environment; nothing else is passed on. */
const BASICS = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE'];

/** The first account of every n8n started here; it lives as long as that n8n does. */
export const OWNER = { email: 'owner@example.com', password: 'Responses-1', firstName: 'Local', lastName: 'Owner' };

/** Variables for n8n, from a file of this folder. @param {string} file */
export const environmentIn = (file) => parseEnv(readFileSync(join(import.meta.dirname, file), 'utf8'));

/**
 * Gets an n8n ready, with our package (a tarball) in it; nothing runs yet.
 * @param {import('./install.mjs').Install} install
 * @param {NodeJS.ProcessEnv} [settings] n8n's environment variables
 */
export async function newN8n({ version, folder, node, program }, /** @type {string} */ tarball, settings) {
	const userFolder = temporaryFolder('user');
	const port = String(await getPort({ host: '127.0.0.1' }));
	const url = `http://127.0.0.1:${port}`;
	// As n8n installs a community package: alone, without what only developers need.
	await execa`npm install ${tarball} --prefix ${userFolder}/.n8n/nodes --ignore-scripts --omit=dev --legacy-peer-deps --no-audit --no-fund`;
	const environment = {
		...Object.fromEntries(BASICS.map((name) => [name, process.env[name]])),
		...environmentIn('n8n.env'),
		// Newer versions fetch a list of servers when they start; older ones refuse to turn off what they do not have.
		...(existsSync(join(folder, 'node_modules/n8n/dist/modules/mcp-registry')) && { N8N_DISABLED_MODULES: 'mcp-registry' }),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_PORT: port,
		QUEUE_HEALTH_CHECK_PORT: port,
		...settings,
	};
	/** Each n8n process opens a broker for code runners, even one that only runs a command. */
	const options = async () => ({
		env: { ...environment, N8N_RUNNERS_BROKER_PORT: String(await getPort({ host: '127.0.0.1' })) },
		extendEnv: false,
	});
	/** Runs one of n8n's own commands to its end; gives what it printed. @param {string[]} args */
	const command = async (...args) => (await execa(node, [program, ...args], await options())).stdout;

	/** Starts n8n (`start`, `worker` or `webhook`) and waits until it answers. @param {string[]} args */
	const serve = async (...args) => await start(node, [program, ...args], `${url}/healthz/readiness`, await options());
	/**
	 * Imports them with their IDs. The editor gives a workflow a version by itself; the command of n8n 2.0 takes none without.
	 * @type {(credentials: object[], workflows: import('./workflows.mjs').Workflow[]) => Promise<void>}
	 */
	const importAll = async (credentials, workflows) => {
		const versioned = workflows.map((workflow) => ({ active: false, versionId: randomUUID(), ...workflow }));
		const file = join(userFolder, 'import.json');
		for (const [what, entries] of Object.entries({ credentials, workflow: versioned })) {
			writeFileSync(file, JSON.stringify(entries));
			await command(`import:${what}`, `--input=${file}`);
		}
	};
	return { version, url, command, serve, importAll };
}

/**
 * What n8n replies; throws what it replies instead of a success. n8n says that it is ready a little before all of its
 * addresses are: one that is not there is waited for.
 * @type {(method: string, url: string, body?: object, cookie?: string) => Promise<Response>}
 */
export async function request(method, url, body, cookie = '') {
	const init = { method, headers: { cookie, 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
	let reply = new Response();
	const send = async () => (reply = await fetch(url, init)).status;
	await expect.poll(send, { timeout: 30_000 }).not.toBe(404);
	if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${await reply.text()}`);
	return reply;
}

/** Creates the first account of a running n8n and signs in with it. @param {N8n} n8n */
export async function newOwner({ url }) {
	const { headers } = await request('POST', `${url}/rest/owner/setup`, OWNER);
	const cookies = headers.getSetCookie().map((text) => text.split(';')[0]);

	/** @type {(method: string, path: string, body?: object) => Promise<Json>} */
	const ask = async (method, path, body) => {
		const reply = await request(method, `${url}/rest${path}`, body, cookies.join('; '));
		return /** @type {Json} */ (await reply.json()).data;
	};
	/** Puts a workflow live, its production webhooks with it. @param {string} id */
	const publish = async (id) => {
		const { versionId } = await ask('GET', `/workflows/${id}`);
		await ask('POST', `/workflows/${id}/activate`, { versionId });
	};
	/** Runs a workflow by its webhook (`withWebhook`); gives the items of its last node. @type {(id: string) => Promise<Json[]>} */
	const run = async (id) => {
		await publish(`${id}-webhook`);
		return /** @type {Json[]} */ (await (await request('POST', `${url}/webhook/${id}`)).json());
	};
	return { ask, publish, run };
}
