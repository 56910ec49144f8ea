// Examples in which what stands for the world outside is replaced by it: a mailbox, tables of a database, files on a disk.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from '@playwright/test';
import { startLocalServer } from '../scripts/demo/local-server.js';
import { temporaryFolder } from '../scripts/temporary-folder.mjs';
import { json } from '../test/support/replies.js';
import { startServer } from '../test/support/server.js';
import { known } from './examples.mjs';
import { startDovecot, startPostgres } from './host/servers.mjs';
import { withWebhook, workflowsIn } from './host/workflows.mjs';

/** @typedef {import('./host/n8n.mjs').Json} Json */
/** @typedef {import('./host/workflows.mjs').Node} Node */

const OURS = 'n8n-nodes-responses.responses';
const files = temporaryFolder('files');
const [dovecot, postgres, local] = await Promise.all([startDovecot(), startPostgres(), startLocalServer()]);
/** Keeps what is sent to the local server. */
const recorder = await startServer(async ({ method, path, body }) => {
	const headers = { authorization: `Bearer ${local.apiKey}`, 'content-type': 'application/json' };
	const reply = await fetch(`${local.url}${path}`, { method, headers, body: JSON.stringify(body) });
	return json(await reply.json(), { status: reply.status });
});
await postgres.query(`
	CREATE TABLE emails (received timestamptz, sender text, subject text, summary text, urgency text, next_step text, due_date date);
	CREATE TABLE failed (received timestamptz, sender text, subject text, error text, advice text);
	CREATE TABLE messages (message text)`);

export const twinSettings = { N8N_RESTRICT_FILE_ACCESS_TO: files };
const database = { host: '127.0.0.1', port: Number(postgres.port), database: 'postgres', user: 'n8n', password: '', ssl: 'disable' };
export const twinCredentials = [
	{ id: 'responsesOfTwins', name: 'Responses API of the twins', type: 'responsesApi', data: { baseUrl: recorder.url, apiKey: 'twin' } },
	{ id: 'imap', name: 'imap', type: 'imap', data: dovecot.credential },
	{ id: 'postgres', name: 'postgres', type: 'postgres', data: database },
];

/** @type {(name: string, type: string, typeVersion: number, parameters: object, credential?: string) => Node} */
const node = (name, type, typeVersion, parameters, credential) => ({
	...{ id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters },
	...(credential && { credentials: { [credential]: { id: credential, name: credential } } }),
});
const byName = (/** @type {string} */ value) => ({ __rl: true, mode: 'name', value });
const table = (/** @type {string} */ name) => {
	const columns = { mappingMode: 'autoMapInputData', value: null, matchingColumns: [], schema: [] };
	return node(`Table ${name}`, 'postgres', 2.6, { schema: byName('public'), table: byName(name), columns, options: {} }, 'postgres');
};
/** @type {(name: string) => [write: Node, read: Node]} */
const disk = (name) => {
	const file = join(files, name);
	const write = node(`Write ${name}`, 'readWriteFile', 1, { operation: 'write', fileName: file, options: {} });
	return [write, node(`Read ${name}`, 'readWriteFile', 1, { operation: 'read', fileSelector: file, options: {} })];
};
const mailbox = node('New e-mail', 'emailReadImap', 2.2, { format: 'resolved', options: {} }, 'imap');
const opened = node('Rows of the new spreadsheet', 'extractFromFile', 1, { operation: 'xlsx', options: {} });

/** An example with further nodes after some of its own, and without others. @type {(id: string, added: Record<string, Node[]>, without?: string[]) => import('./host/workflows.mjs').Workflow} */
function twinOf(id, added, without = []) {
	const [{ nodes, connections, ...example }] = workflowsIn('examples').filter((one) => one.id === id);
	for (const { type, credentials } of nodes)
		if (type === OURS) Object.assign(credentials ?? {}, { responsesApi: { id: 'responsesOfTwins', name: '' } });
	for (const [before, after] of Object.entries(added)) {
		const names = [before, ...after.map(({ name }) => name)];
		connections[names[after.length]] = connections[before] ?? {};
		after.forEach(({ name }, at) => (connections[names[at]] = { main: [[{ node: name, type: 'main', index: 0 }]] }));
		nodes.push(...after);
	}
	for (const name of without) delete connections[name];
	return { ...example, id: `${id}-twin`, nodes: nodes.filter(({ name }) => !without.includes(name)), connections };
}
const MAILBOX = twinOf(
	'responsesMailbox',
	{
		'One item per e-mail': [mailbox],
		'Row for the table': [table('emails')],
		'Message to us': [table('messages')],
		'Row for failed e-mails': [table('failed')],
	},
	['Start', 'Sample e-mails', 'One item per e-mail'],
);
const SPREADSHEET = twinOf('responsesSpreadsheet', {
	'Sample spreadsheet': disk('comments.xlsx'),
	'New spreadsheet': [...disk('replies.xlsx'), opened],
});
export const twins = [MAILBOX, withWebhook(SPREADSHEET)];

/** The sample data of an example. @type {(id: string, node: string, list: string) => Json[]} */
const samplesOf = (id, node, list) => {
	const [{ nodes }] = workflowsIn('examples').filter((one) => one.id === id);
	const [{ parameters }] = nodes.filter(({ name }) => name === node);
	return JSON.parse(/** @type {Json} */ (parameters).jsonOutput)[list];
};
/** What the server answers to a text. @type {(text: string) => import('../scripts/demo/local-server.js').Answer['response']} */
const responseTo = (text) => known.filter(({ match }) => text === match.userMessage)[0]?.response ?? {};
const utf8 = (/** @type {string} */ text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A mail as a mail program sends it, with files as `[type, name, content]`. @type {(mail: Json, files: string[][]) => string} */
function mimeOf({ from, subject, date, text, html }, files) {
	const [, name, address] = from.text.match(/(.*) <(.*)>/);
	const body = [`text/${text ? 'plain' : 'html'}; charset=utf-8`, '', text ?? html];
	const parts = [body, ...files].map(([type, filename, content]) =>
		[
			`--part\r\nContent-Type: ${type}`,
			...(filename ? [`Content-Disposition: attachment; filename="${filename}"`] : []),
			`Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
		].join('\r\n'),
	);
	const head = [`From: ${utf8(name)} <${address}>`, 'To: office@tallowreed.example', `Subject: ${utf8(subject)}`];
	const more = [`Date: ${new Date(date).toUTCString()}`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=part'];
	return [...head, ...more, '', ...parts, '--part--', ''].join('\r\n');
}
const EVENT = ['BEGIN:VEVENT', 'SUMMARY:Cupping', 'DTSTART:20261203T140000Z', 'DTEND:20261203T153000Z', 'END:VEVENT'];
/** The files that come with a mail, by a word of its subject. @type {Record<string, string[]>} */
const ATTACHMENTS = {
	Invitation: ['text/calendar; method=REQUEST', 'invite.ics', ['BEGIN:VCALENDAR', ...EVENT, 'END:VCALENDAR'].join('\r\n')],
	Invoice: ['application/pdf', 'invoice.pdf', '%PDF-1.4\n%%EOF\n'],
};

export function twinTests(/** @type {import('./host/n8n.mjs').Owner} */ owner) {
	describe('For real', () => {
		after(() => Promise.all([dovecot.stop(), postgres.stop(), recorder.close(), local.stop()]));
		/** @type {(table: string) => Promise<Json[]>} */
		const tableOf = async (table) => {
			const rows = JSON.parse((await postgres.query(`SELECT json_agg(t ORDER BY t) FROM ${table} t`)) || '[]');
			// n8n's mail parser quotes the name of a sender
			return rows.map((/** @type {Json} */ row) => ({
				...row,
				...(row.received && { received: Date.parse(row.received), sender: row.sender.replaceAll('"', '') }),
			}));
		};
		const filesOf = (/** @type {Json} */ { subject }) =>
			Object.entries(ATTACHMENTS).flatMap(([word, file]) => (subject.includes(word) ? [file] : []));

		it('Mailbox to table: mails from an IMAP server become rows in PostgreSQL', async () => {
			const mails = samplesOf('responsesMailbox', 'Sample e-mails', 'emails');
			await owner.publish(MAILBOX.id);
			await expect.poll(dovecot.output, { timeout: 30_000 }).toMatch(/Mailbox opened/);
			await dovecot.deliver(mails.map((mail) => mimeOf(mail, filesOf(mail))));

			const rowOf = (/** @type {Json} */ { from, subject, date }) => {
				const { content, error } = responseTo(`Subject: ${subject}`);
				const rest = error ? { error: error.message } : { ...Object(content), due_date: Object(content).due_date || null };
				return { sender: from.text, subject, received: Date.parse(date), ...rest };
			};
			const [failed, rows] = [mails.slice(-1).map(rowOf), mails.slice(0, -1).map(rowOf)];
			const messages = rows.filter(({ urgency }) => urgency === 'high').map((row) => `Urgent, by ${row.due_date}: ${row.next_step}`);
			const tables = async () => await Promise.all(['emails', 'failed', 'messages'].map(tableOf));
			const sizes = async () => (await tables()).map(({ length }) => length);
			await expect.poll(sizes, { timeout: 60_000 }).toEqual([rows.length, failed.length, messages.length]);
			await owner.ask('POST', `/workflows/${MAILBOX.id}/deactivate`);

			const [emails, [{ advice, ...unread }], sent] = await tables();
			assert.deepEqual(emails, rows);
			assert.deepEqual([unread], failed);
			assert.match(advice, /./);
			assert.deepEqual(
				sent.map(({ message }) => message.split('\n')[0]),
				messages,
			);
			for (const mail of mails) {
				const asked = recorder.requests.filter(({ body }) => JSON.stringify(body.input).includes(`Subject: ${mail.subject}`));
				const parts = asked.flatMap(({ body }) => body.input[0].content).filter(({ type }) => type === 'input_file');
				const sentFiles = parts.map((part) => [part.filename, Buffer.from(part.file_data.split(',')[1], 'base64').toString()]);
				assert.deepEqual(
					sentFiles,
					filesOf(mail).map(([, ...file]) => file),
				);
			}
		});

		it('Spreadsheet in, spreadsheet out: each row of the file that was written is right', async () => {
			const written = await owner.run(SPREADSHEET.id);
			const rows = samplesOf('responsesSpreadsheet', 'Sample rows', 'rows').map((row) => {
				const { content, error = { message: row.comment ? '' : '"Prompt" is blank for this item' } } = responseTo(row.comment);
				return { ...row, ...Object(content), error: error.message };
			});
			assert.deepEqual(written, rows);
			assert.deepEqual(Object.keys(written[0]), Object.keys(rows[0])); // the order of the columns too
		});
	});
}
