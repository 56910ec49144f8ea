// n8n says that it is ready a little before all of its addresses are.

/** How long an address may answer 404 until it is there, in ms. */
const PATIENCE = 30_000;

/**
 * What an address of n8n replies, once it is there. Throws what it replies instead of a success.
 * @param {string} url
 * @param {object} [body] sent as JSON
 * @returns {Promise<Response>}
 */
export async function post(url, body = {}) {
	const end = Date.now() + PATIENCE;
	for (;;) {
		const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
		if (reply.ok) return reply;
		if (reply.status !== 404 || Date.now() > end) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
}
