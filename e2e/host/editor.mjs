// n8n's editor in a real browser, as its owner sees it.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as browsers } from 'playwright-core';
import { OWNER } from './owner.mjs';
import { chromium } from './programs.mjs';

/**
 * @typedef {import('playwright-core').Locator} Locator
 * @typedef {Awaited<ReturnType<typeof openEditor>>} Editor
 */

const SIZE = { width: 1440, height: 900 };
const TALL = { width: 1440, height: 5_000 }; // a part is pictured as far as the window shows it
const WITHOUT_TOASTS = '.el-notification { display: none }';
/** A browser of its own that asks no server but ours; as root it must go without its sandbox. */
const ARGS = [
	...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'],
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * Opens the editor of a running n8n, signed in.
 * @param {string} url of n8n
 * @param {string} screenshots folder
 */
export async function openEditor(url, screenshots) {
	mkdirSync(screenshots, { recursive: true });
	const browser = await browsers.launch({ executablePath: chromium(), args: ARGS });
	const page = await browser.newPage({ baseURL: url, viewport: SIZE, deviceScaleFactor: 2, colorScheme: 'light' });
	page.setDefaultTimeout(20_000);

	await page.goto('/signin');
	await page.getByLabel('Email').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home|workflow/);

	/** @param {string} id what n8n names a part of its page for tests */
	const part = (id) => page.locator(`[data-test-id="${id}"]`);
	/** @param {string} name of a node parameter or a credential field */
	const field = (name) => part(`parameter-input-${name}`).locator('input, textarea, .cm-content').first();

	return {
		page,
		part,
		field,
		close: () => browser.close(),
		/** @param {string} path */
		open: async (path) => {
			await page.goto(path);
			await page.waitForLoadState('networkidle');
		},
		/**
		 * A picture of the window, or of one part of it however long it is.
		 * @param {string} name
		 * @param {Locator} [of]
		 */
		screenshot: async (name, of) => {
			if (of) await page.setViewportSize(TALL);
			await page.waitForTimeout(500); // n8n moves its panels into place
			await (of ?? page).screenshot({ path: join(screenshots, `${name}.png`), style: WITHOUT_TOASTS });
			if (of) await page.setViewportSize(SIZE);
		},
		/** @param {string} name */
		openNode: async (name) => {
			await part('canvas-node').filter({ hasText: name }).first().dblclick();
			await part('ndv').waitFor();
		},
		/**
		 * Chooses an entry of the list that a field opens.
		 * @param {Locator} list
		 * @param {string} entry
		 */
		choose: async (list, entry) => {
			await list.click();
			await page.getByRole('option', { name: entry, exact: true }).locator('visible=true').click();
		},
		/**
		 * Saves the credential that is open; gives n8n's verdict on it and all that the form then says.
		 * @returns {Promise<{works: boolean, words: string}>}
		 */
		saveCredential: async () => {
			const tested = page.waitForResponse((reply) => reply.url().endsWith('/credentials/test'));
			await part('credential-save-button').click();
			await tested;
			const works = part('credentials-config-container-test-success');
			await works
				.or(page.getByText(/Couldn.t connect with these settings/))
				.locator('visible=true')
				.first()
				.waitFor();
			const more = page.getByText('More details');
			if (await more.isVisible()) await more.click();
			return { works: await works.isVisible(), words: await part('editCredential-modal').innerText() };
		},
	};
}
