// Programs of Debian's packages that workflows and n8n itself need: each at a free port, with a folder that goes with the script.
import { writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { temporaryFolder } from '../../scripts/temporary-folder.mjs';
import { start } from './processes.mjs';

const host = '127.0.0.1';

/** Starts Redis, which keeps nothing. */
export async function startRedis() {
	const port = String(await getPort({ host }));
	const args = ['--port', port, '--bind', host, '--dir', temporaryFolder('redis'), '--save', '', '--appendonly', 'no'];
	return { port, ...(await start('redis-server', args, `tcp:${host}:${port}`)) };
}

/** Starts PostgreSQL with the user `n8n`, who needs no password. */
export async function startPostgres() {
	const port = String(await getPort({ host }));
	const { folder, asUser } = await unprivileged('postgres');
	const data = join(folder, 'data');
	const { stdout: bin } = await execa`pg_config --bindir`;
	await execa({ cwd: folder })`${asUser} ${join(bin, 'initdb')} -D ${data} -U n8n --auth=trust -E UTF8 --no-sync`;
	const settings = [`listen_addresses=${host}`, 'unix_socket_directories=', 'fsync=off', 'max_connections=200'];
	const args = ['-D', data, '-p', port, ...settings.flatMap((setting) => ['-c', setting])];
	const [program, ...first] = [...asUser, join(bin, 'postgres'), ...args];
	const service = await start(program, first, `tcp:${host}:${port}`, { cwd: folder });
	/** What it answers, as text. @param {string} sql */
	const query = async (sql) => (await execa`${join(bin, 'psql')} -h ${host} -p ${port} -U n8n -At -c ${sql} postgres`).stdout;
	/** PostgreSQL's signal to end at once but in order. */
	const stop = () => service.stop('SIGINT');
	return { port, query, stop };
}

/** Starts Dovecot, an IMAP server, with an empty mailbox for whoever knows the password. */
export async function startDovecot() {
	const port = await getPort({ host });
	const { folder, user, group, asUser } = await unprivileged('dovecot');
	const [mail, file, password] = [join(folder, 'mail'), join(folder, 'dovecot.conf'), 'local'];
	const lines = [
		...['run', 'state'].map((name) => `${name === 'run' ? 'base' : name}_dir = ${join(folder, name)}`),
		...['log_path = /dev/stderr', 'mail_debug = yes', 'protocols = imap', `listen = ${host}`, 'ssl = no', 'disable_plaintext_auth = no'],
		...['internal_user', 'login_user'].map((name) => `default_${name} = ${user}`),
		...[`default_internal_group = ${group}`, 'first_valid_uid = 1', `mail_location = maildir:${mail}`],
		...['passdb {', 'driver = static', `args = password=${password}`, '}'],
		...['userdb {', 'driver = static', `args = uid=${user} gid=${group} home=${folder}`, '}'],
		...['service anvil {', 'chroot =', '}', 'service imap-login {', 'chroot ='],
		...['inet_listener imap {', `port = ${port}`, '}', 'inet_listener imaps {', 'port = 0', '}', '}'],
	];
	writeFileSync(file, lines.join('\n'));
	const [program, ...first] = [...asUser, 'dovecot', '-F', '-c', file];
	const service = await start(program, first, `tcp:${host}:${port}`, { cwd: folder });
	/** Puts mails into the mailbox, once its output says `Mailbox opened`. @param {string[]} mails */
	const deliver = async (mails) => {
		const names = mails.map((_, at) => `${at}.local`);
		await Promise.all(names.map((name, at) => writeFile(join(mail, 'tmp', name), mails[at])));
		await Promise.all(names.map((name) => rename(join(mail, 'tmp', name), join(mail, 'new', name))));
	};
	return { credential: { host, port, user: 'office', password, secure: false }, deliver, ...service };
}

/** A new folder and how to run a program in it: these refuse to run as root, so root runs them as the user of their package. */
async function unprivileged(/** @type {string} */ itsUser) {
	const isRoot = userInfo().uid === 0;
	const [folder, user] = [temporaryFolder(itsUser), isRoot ? itsUser : userInfo().username];
	const { stdout: group } = await execa`id -gn ${user}`;
	if (isRoot) await execa`chown ${user} ${folder}`;
	return { folder, user, group, asUser: isRoot ? ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'] : ['env'] };
}
