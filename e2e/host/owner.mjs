// What the editor's owner may ask of a running n8n, over the API that the editor itself uses.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { post } from './post.mjs';

/** The first account of every n8n started here; it lives as long as that n8n does. */
export const OWNER = { email: 'owner@example.com', password: 'Responses-1', firstName: 'Local', lastName: 'Owner' };

/**
 * @typedef {Record<string, any>} Json what n8n replies; its shapes are n8n's own
 * @typedef {Awaited<ReturnType<typeof newOwner>>} Owner
 */

/**
 * Creates the first account of a running n8n and signs in with it.
 * @param {import('./n8n.mjs').N8n} n8n
 */
export async function newOwner({ url, install }) {
	const { parse } = createRequire(join(install.folder, 'package.json'))('flatted');
	const setUp = await post(`${url}/rest/owner/setup`, OWNER);
	const cookie = setUp.headers
		.getSetCookie()
		.map((text) => text.split(';')[0])
		.join('; ');

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {object} [body]
	 * @returns {Promise<Json>}
	 */
	const ask = async (method, path, body) => {
		const headers = { cookie, 'content-type': 'application/json' };
		const reply = await fetch(`${url}/rest${path}`, { method, headers, body: body && JSON.stringify(body) });
		const text = await reply.text();
		if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
		return JSON.parse(text).data;
	};

	return {
		ask,
		/**
		 * An execution with its run data, by node name.
		 * @param {string} id
		 * @returns {Promise<Json>}
		 */
		execution: async (id) => {
			const { data, ...execution } = await ask('GET', `/executions/${id}`);
			return { ...execution, data: parse(data) };
		},
		/**
		 * Executions of a workflow, newest first.
		 * @param {string} workflowId
		 * @returns {Promise<Json[]>}
		 */
		executions: async (workflowId) => {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			return (await ask('GET', `/executions?limit=100&filter=${filter}`)).results;
		},
		/**
		 * Puts a workflow live, its production webhooks with it.
		 * @param {string} workflowId
		 */
		publish: async (workflowId) => {
			const { versionId } = await ask('GET', `/workflows/${workflowId}`);
			await ask('POST', `/workflows/${workflowId}/activate`, { versionId });
		},
	};
}
