// Redis and PostgreSQL of one run, on free ports of 127.0.0.1 with their data in a temporary folder.

import { chownSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { postgres, redis } from './programs.mjs';
import { freePort, run, start, temporaryFolder, waitFor } from './processes.mjs';

/** Starts Redis; gives its port. */
export async function startRedis() {
	const port = await freePort();
	const memoryOnly = ['--save', '', '--appendonly', 'no'];
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', temporaryFolder('redis'), ...memoryOnly];
	const service = start(redis(), args);
	await waitFor('Redis', service, () => listens(port));
	return { port, stop: service.stop };
}

/** Starts PostgreSQL with the user `n8n`, who needs no password; gives its port. */
export async function startPostgres() {
	const port = await freePort();
	const folder = temporaryFolder('postgres');
	const data = join(folder, 'data');
	const user = await unprivileged();
	if (user) chownSync(folder, user.uid, user.gid);
	await run(postgres('initdb'), ['-D', data, '-U', 'n8n', '--auth=trust', '-E', 'UTF8', '--no-sync'], { ...user, cwd: folder });
	const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: '200' };
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const service = start(postgres('postgres'), ['-D', data, '-p', String(port), ...args], { ...user, cwd: folder });
	await waitFor('PostgreSQL', service, () => listens(port));
	return { port, stop: () => service.stop('SIGINT') }; // its signal to end at once but in order
}

/** PostgreSQL refuses to run as root, where Debian's package has made a user for it. */
async function unprivileged() {
	if (userInfo().uid !== 0) return undefined;
	const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'postgres'])));
	return { uid: Number(uid), gid: Number(gid) };
}

/**
 * @param {number} port
 * @returns {Promise<true>}
 */
function listens(port) {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('error', reject);
		socket.once('connect', () => {
			socket.end();
			resolve(true);
		});
	});
}
