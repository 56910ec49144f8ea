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

/**
 * Starts a main, a webhook process and two workers, each with this package installed.
 * @param {Parameters<import('./n8n.mjs').N8n['importAll']>} imported
 */
export async function startCluster(...imported) {
	const [install, { tarball }, redis, postgres] = await Promise.all([installedN8n(), packed(), startRedis(), startPostgres()]);
	const settings = {
		...environmentIn('queue.env'),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		QUEUE_BULL_REDIS_PORT: redis.port,
		DB_POSTGRESDB_PORT: postgres.port,
	};
	const startWorker = async () => await (await newN8n(install, tarball, settings)).serve('worker', '--concurrency=5');

	const main = await newN8n(install, tarball, settings);
	await main.importAll(...imported);
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
	const port = String(await getPort({ host: '127.0.0.1' }));
	const args = ['--port', port, '--bind', '127.0.0.1', '--dir', temporaryFolder('redis'), '--save', '', '--appendonly', 'no'];
	return { port, ...(await start('redis-server', args, `tcp:127.0.0.1:${port}`)) };
}

/** Starts PostgreSQL with the user `n8n`, who needs no password. It refuses to run as root. */
async function startPostgres() {
	const port = String(await getPort({ host: '127.0.0.1' }));
	const folder = temporaryFolder('postgres');
	const data = join(folder, 'data');
	const { stdout: bin } = await execa`pg_config --bindir`;
	const isRoot = userInfo().uid === 0;
	if (isRoot) await execa`chown postgres ${folder}`;
	const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : ['env'];
	await execa({ cwd: folder })`${asUser} ${join(bin, 'initdb')} -D ${data} -U n8n --auth=trust -E UTF8 --no-sync`;
	const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=200'];
	const args = ['-D', data, '-p', port, ...settings.flatMap((setting) => ['-c', setting])];
	const [program, ...first] = [...asUser, join(bin, 'postgres'), ...args];
	return { port, ...(await start(program, first, `tcp:127.0.0.1:${port}`, { cwd: folder })) };
}
