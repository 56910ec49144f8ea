// n8n's own way to many machines: a main, a process for webhooks and workers, over one Redis and one PostgreSQL.
import { randomBytes } from 'node:crypto';
import { packed } from '../../scripts/package.mjs';
import { installedN8n } from './install.mjs';
import { environmentIn, newN8n } from './n8n.mjs';
import { startPostgres, startRedis } from './servers.mjs';

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
		await Promise.all([redis.stop(), postgres.stop()]);
	};
	return { main, webhookUrl: `${webhook.url}/webhook`, workers, startWorker, stop };
}
