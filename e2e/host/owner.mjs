// What the editor's owner may ask of a running n8n, over the API that the editor itself uses.

import { expect } from '@playwright/test';

/** The first account of every n8n started here; it lives as long as that n8n does. */
export const OWNER = { email: 'owner@example.com', password: 'Responses-1', firstName: 'Local', lastName: 'Owner' };

/**
 * @typedef {Record<string, any>} Json what n8n replies; its shapes are n8n's own
 * @typedef {Awaited<ReturnType<typeof newOwner>>} Owner
 */

/**
 * What an address of n8n replies; throws what it replies instead of a success. n8n says that it is ready a little before
 * all of its addresses are: one that is not there is waited for.
 * @param {string} url
 * @param {object} [body] sent as JSON
 */
export async function post(url, body = {}) {
	const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	let reply = new Response();
	const send = async () => (reply = await fetch(url, request)).status;
	await expect.poll(send, { timeout: 30_000 }).not.toBe(404);
	if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
	return reply;
}

/**
 * Creates the first account of a running n8n and signs in with it.
 * @param {import('./n8n.mjs').N8n} n8n
 */
export async function newOwner({ url }) {
	const signedIn = await post(`${url}/rest/owner/setup`, OWNER);
	const cookies = signedIn.headers.getSetCookie().map((text) => text.split(';')[0]);
	const headers = { cookie: cookies.join('; '), 'content-type': 'application/json' };

	/** @type {(method: string, path: string, body?: object) => Promise<Json>} */
	const ask = async (method, path, body) => {
		const reply = await fetch(`${url}/rest${path}`, { method, headers, body: body && JSON.stringify(body) });
		const text = await reply.text();
		if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
		return JSON.parse(text).data;
	};
	/** Puts a workflow live, its production webhooks with it. @param {string} id */
	const publish = async (id) => {
		const { versionId } = await ask('GET', `/workflows/${id}`);
		await ask('POST', `/workflows/${id}/activate`, { versionId });
	};
	return {
		ask,
		publish,
		/** Runs a workflow with a webhook (`withWebhook`) by it; gives the items of its last node. @param {string} id */
		run: async (id) => {
			await publish(`${id}-webhook`);
			return /** @type {Json[]} */ (await (await post(`${url}/webhook/${id}`)).json());
		},
	};
}
