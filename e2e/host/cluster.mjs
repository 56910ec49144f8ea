// n8n's own way to many machines: a main, a process for webhooks and workers, over one Redis and one PostgreSQL.

import { randomBytes } from 'node:crypto';
import { startPostgres, startRedis } from './databases.mjs';
import { importCredential } from './examples.mjs';
import { installedN8n } from './install.mjs';
import { newN8n } from './n8n.mjs';
import { newOwner } from './owner.mjs';
import { installPackage } from './package.mjs';

/** @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster */

/** How soon n8n takes a worker for dead that no longer renews its lock: a minute unless told. */
const LOCK = { QUEUE_WORKER_LOCK_DURATION: '6000', QUEUE_WORKER_LOCK_RENEW_TIME: '2000', QUEUE_WORKER_STALLED_INTERVAL: '3000' };

/**
 * Starts a main, a webhook process and two workers, each with this package installed.
 * @param {import('./package.mjs').Packed} pack
 * @param {{url: string, apiKey: string}} server behind the credential
 */
export async function startCluster(pack, server) {
	const install = await installedN8n();
	const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
	const settings = {
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_DATABASE: 'postgres',
		...LOCK,
	};

	/** @param {string[]} args */
	const begin = async (...args) => {
		const n8n = await newN8n(install, settings);
		await installPackage(pack, n8n.userFolder);
		return { n8n, service: await n8n.serve(...args) };
	};
	const startWorker = () => begin('worker', '--concurrency=5');

	const main = await begin('start'); // first: it makes the tables
	await importCredential(main.n8n, server);
	const owner = await newOwner(main.n8n);
	const webhook = await begin('webhook');
	const workers = [await startWorker(), await startWorker()];

	return {
		main: main.n8n,
		owner,
		webhookUrl: `${webhook.n8n.url}/webhook`,
		workers,
		startWorker,
		stop: async () => {
			await Promise.all([...workers, webhook, main].map(({ service }) => service.stop()));
			await Promise.all([redis.stop(), postgres.stop()]);
		},
	};
}
