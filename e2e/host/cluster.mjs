// n8n's own way to many machines: a main, a process for webhooks and workers, over one Redis and one PostgreSQL.

import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { packed } from '../../scripts/package.mjs';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';
import { installedN8n } from './install.mjs';
import { environmentIn, newN8n } from './n8n.mjs';
import { start } from './processes.mjs';

const HOST = '127.0.0.1';

/**
 * Starts a main, a webhook process and two workers, each with this package installed.
 * @param {object[]} credentials decrypted
 * @param {import('./workflows.mjs').Workflow[]} workflows
 */
export async function startCluster(credentials, workflows) {
	const [install, { tarball }, redis, postgres] = await Promise.all([installedN8n(), packed(), startRedis(), startPostgres()]);
	const settings = {
		...environmentIn('queue.env'),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		QUEUE_BULL_REDIS_PORT: redis.port,
		DB_POSTGRESDB_PORT: postgres.port,
	};
	const startWorker = async () => await (await newN8n(install, tarball, settings)).serve('worker', '--concurrency=5');

	const main = await newN8n(install, tarball, settings);
	await main.importAll(credentials, workflows);
	const webhook = await newN8n(install, tarball, settings);
	const services = [await main.serve('start'), await webhook.serve('webhook')];
	const workers = [await startWorker(), await startWorker()];
	const stop = async () => {
		await Promise.all([...workers, ...services].map((service) => service.stop()));
		await Promise.all([redis.stop(), postgres.stop('SIGINT')]); // PostgreSQL's signal to end at once but in order
	};
	return { main, webhookUrl: `${webhook.url}/webhook`, workers, startWorker, stop };
}

/** Starts Redis, which keeps nothing. */
async function startRedis() {
	const port = String(await getPort({ host: HOST }));
	const args = ['--port', port, '--bind', HOST, '--dir', temporaryFolder('redis'), '--save', '', '--appendonly', 'no'];
	return { port, ...(await start('redis-server', args, `tcp:${HOST}:${port}`)) };
}

/** Starts PostgreSQL with the user `n8n`, who needs no password. It refuses to run as root. */
async function startPostgres() {
	const port = String(await getPort({ host: HOST }));
	const folder = temporaryFolder('postgres');
	const isRoot = userInfo().uid === 0;
	if (isRoot) await execa('chown', ['postgres', folder]);
	const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : ['env'];
	const { stdout: bin } = await execa('pg_config', ['--bindir']);
	/** @type {(name: string, ...args: string[]) => [string, string[]]} */
	const program = (name, ...args) => [asUser[0], [...asUser.slice(1), join(bin, name), '-D', join(folder, 'data'), ...args]];
	await execa(...program('initdb', '-U', 'n8n', '--auth=trust', '-E', 'UTF8', '--no-sync'), { cwd: folder });
	const settings = [`listen_addresses=${HOST}`, 'unix_socket_directories=', 'fsync=off', 'max_connections=200'];
	const [command, args] = program('postgres', '-p', port, ...settings.flatMap((setting) => ['-c', setting]));
	return { port, ...(await start(command, args, `tcp:${HOST}:${port}`, { cwd: folder })) };
}
