// The editor as a newcomer uses it: credential, nodes panel, form, run, error. Every step leaves a screenshot, a test
// that fails leaves a trace (`npx playwright show-trace FILE`).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { chromium, expect as expectSoon, selectors } from '@playwright/test';
import { MODEL } from '../scripts/demo/local-server.js';
import { ROOT } from '../scripts/package.mjs';
import { OWNER } from './host/n8n.mjs';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {{name: string, displayName: string, type: string, placeholder?: string, options?: Property[]}} Property */

const SCREENSHOTS = join(ROOT, 'screenshots');
const SIZE = { width: 1440, height: 900 };
const TALL = { width: 1440, height: 5_000 }; // a part is pictured as far as the window shows it
const LOADED = /** @type {const} */ ({ waitUntil: 'networkidle' });
/** A browser of its own that asks no server but ours; as root it must go without its sandbox. */
const BROWSER = {
	...(existsSync('/usr/bin/chromium') ? { executablePath: '/usr/bin/chromium' } : { channel: 'chrome' }),
	args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'],
	chromiumSandbox: process.getuid?.() !== 0,
};
const timeout = 20_000;
const expect = expectSoon.configure({ timeout });
const see = async (/** @type {Locator} */ locator) => await expect(locator).toBeVisible();

/** @type {(n8n: import('./host/n8n.mjs').N8n, server: {url: string, apiKey: string}) => void} */
export function editorTests({ url }, server) {
	describe('Editor', () => {
		/** @type {import('@playwright/test').Page} */
		let page;
		before(async () => {
			selectors.setTestIdAttribute('data-test-id'); // n8n's names for the parts of its page
			const browser = await chromium.launch(BROWSER);
			page = await browser.newPage({ baseURL: url, viewport: SIZE, deviceScaleFactor: 2, colorScheme: 'light' });
			page.setDefaultTimeout(timeout);
			await page.context().tracing.start({ snapshots: true });
			await page.goto('/signin');
			await page.getByLabel('Email').fill(OWNER.email);
			await page.locator('input[type=password]').fill(OWNER.password);
			await page.getByRole('button', { name: 'Sign in' }).click();
			await page.waitForURL(/home|workflow/);
		});
		beforeEach(() => page.context().tracing.startChunk());
		afterEach(async (test) => {
			const { name, passed } = /** @type {{name: string, passed?: boolean}} */ (test); // newer than Node's types
			const path = join(SCREENSHOTS, `${name.replace(/\W+/g, '-')}.zip`);
			await page.context().tracing.stopChunk(passed ? {} : { path });
		});
		after(() => page.context().browser()?.close());
		const part = (/** @type {string} */ id) => page.getByTestId(id);
		const field = (/** @type {string} */ name) => part(`parameter-input-${name}`).locator('input, textarea, .cm-content').first();
		const ours = () => part('node-creator-item-name').filter({ hasText: 'Responses API' }).first();
		const shows = async (/** @type {string} */ words) => await expect(part('output-panel')).toContainText(words);
		/** A picture of the window, or of one part of it however long it is. @type {(name: string, of?: Locator) => Promise<void>} */
		const screenshot = async (name, of) => {
			if (of) await page.setViewportSize(TALL);
			const path = join(SCREENSHOTS, `${name}.png`);
			await (of ?? page).screenshot({ path, animations: 'disabled', style: '.el-notification { display: none }' });
			if (of) await page.setViewportSize(SIZE);
		};
		/** Opens the nodes panel of a new workflow and searches it. @param {string} words */
		const searchPanel = async (words) => {
			await page.goto('/workflow/new', LOADED);
			await part('canvas-plus-button').first().click();
			await part('node-creator-search-bar').first().fill(words);
			await see(ours());
		};
		/** Executes a workflow, then opens one of its nodes. @type {(workflowId: string, node: string) => Promise<void>} */
		const execute = async (workflowId, node) => {
			await page.goto(`/workflow/${workflowId}`, LOADED);
			await part('execute-workflow-button').first().click();
			await see(page.getByText('Workflow executed successfully'));
			// an entry that is chosen already is closed by a click
			for (const entry of ['Start', node]) await part('logs-overview-body').getByText(entry, { exact: true }).click();
			await see(part('log-details-output'));
			await screenshot(`canvas-${workflowId}`);
			await part('canvas-node').filter({ hasText: node }).first().dblclick();
			await see(part('ndv'));
		};
		/** Saves the credential that is open; n8n then tests it. */
		const saveCredential = async () => {
			const tested = page.waitForResponse((reply) => reply.url().endsWith('/credentials/test'));
			await part('credential-save-button').click();
			await tested;
		};

		it('tells in a credential a wrong key and a wrong address from right ones', async () => {
			await page.goto('/home/credentials', LOADED);
			await part('add-resource-credential').first().click();
			await part('new-credential-type-select').locator('input').fill('Responses API');
			await part('new-credential-type-select-option').filter({ hasText: 'Responses API' }).first().click();
			await part('new-credential-type-button').click();
			await field('apiKey').fill('wrong');
			for (const [name, value, works, words] of /** @type {const} */ ([
				['baseUrl', server.url, false, 'does not accept this API Key'],
				['apiKey', server.apiKey, true, 'Connection tested successfully'],
				['baseUrl', `${server.url}/nowhere`, false, 'Base URL'],
				['baseUrl', 'example.com', false, 'https://'],
				['baseUrl', server.url, true, 'Connection tested successfully'],
			])) {
				await field(name).fill(value);
				await saveCredential();
				const success = part('credentials-config-container-test-success');
				await see(
					success
						.or(page.getByText(/Couldn.t connect with these settings/))
						.locator('visible=true')
						.first(),
				);
				await expect(success).toBeVisible({ visible: works });
				const more = page.getByText('More details');
				if (await more.isVisible()) await more.click();
				await expect(part('editCredential-modal')).toContainText(words);
				await screenshot(`credential-${works ? 'works' : 'fails'}-${name}`);
			}
		});

		it('finds the node under "responses" and "anyfast", with an icon for light and for dark', async () => {
			for (const [words, colorScheme, file] of /** @type {const} */ ([
				['anyfast', 'dark', 'responses.dark.svg'],
				['responses', 'light', 'responses.svg'],
			])) {
				await page.emulateMedia({ colorScheme });
				await searchPanel(words);
				const picture = part('item-iterator-item').locator(`img[src$="/${file}"]`).first();
				await picture.evaluate((/** @type {any} */ image) => image.decode()); // it is no broken one
				await screenshot(`panel-${colorScheme}`);
			}
		});

		it('shows in a chat what an agent says, and in its log the tokens that the server counted', async () => {
			await page.goto('/workflow/responsesAgent', LOADED);
			await part('workflow-chat-button').first().click();
			await part('chat-input')
				.first()
				.fill('What do 12 cartons of Assam at 38.50 pounds cost with 5 percent off? Write it to a customer in Hamburg.');
			await page.keyboard.press('Enter');
			await expect(part('canvas-chat')).toContainText('Guten Tag');
			await see(part('logs-overview-status').getByText(/Success/));
			await part('logs-overview-body').getByText('Responses Chat Model', { exact: true }).last().click();
			await expect(part('log-details-header')).toContainText(/\d+ Tokens/);
			await screenshot('agent');
		});

		it('runs a tool on the canvas for each row', async () => {
			await execute('responsesLookUp', 'Decide');
			await shows('20 items, 40 calls');
			await screenshot('tools');
		});

		it('runs imported examples and shows a table of their answers, or one in full', async () => {
			await execute('responsesChained', 'Draft');
			await part('radio-button-json').last().click();
			await screenshot('output');
			await execute('responsesEnrich', 'Enrich company');
			await screenshot('output-table');
			await page.locator('label[for="instructions"]').evaluate((/** @type {any} */ label) => label.scrollIntoView());
			await screenshot('form-fields');
		});

		it('has a form in which a model is picked, a prompt typed and a step executed', async () => {
			await searchPanel('responses');
			await ours().click();
			await page.getByText('Create response', { exact: true }).first().click();
			await part('rlc-input').first().click();
			await part('rlc-item').filter({ hasText: MODEL }).first().click();
			await field('prompt').fill('What is this server?');
			await screenshot('form');
			await part('node-execute-button').click();
			await see(part('node-run-status-success'));
			await part('radio-button-json').last().click();
			await screenshot('output-json');
			for (const words of ['This is the local example server', 'total_tokens', 'completed']) await shows(words);
		});

		it("shows an error in the server's words with what to do about it", async () => {
			await part('credential-edit-button').click();
			await field('apiKey').fill('wrong');
			await saveCredential();
			await part('editCredential-modal').getByRole('button', { name: 'Close' }).click();
			await part('node-execute-button').click();
			for (const words of ['API key', '401']) await shows(words);
			await part('output-panel').getByText('From Responses API').click();
			await screenshot('error');
		});

		for (const group of ['reasoning', 'sampling', 'tools', 'options', 'requests']) {
			it(`offers every field of ${group}`, async () => {
				const reply = await page.request.get('/types/nodes.json');
				const types = /** @type {{name: string, properties: Property[]}[]} */ (await reply.json());
				const [{ properties }] = types.filter(({ name }) => name === 'n8n-nodes-responses.responses');
				const [{ options = [] }] = properties.filter(({ name }) => name === group);
				const box = part('parameter-item')
					.filter({ has: page.locator(`label[for="${group}"]`) })
					.last();
				for (const { displayName, type, placeholder = '' } of options) {
					// The group's own list comes after those of the collections in it.
					await box.getByTestId('collection-parameter-add').last().click();
					await page.getByRole('option', { name: displayName, exact: true }).locator('visible=true').click();
					// A list without a row vanishes when the next option is added, in n8n's own nodes too.
					if (type === 'fixedCollection') await box.getByText(placeholder, { exact: true }).click();
				}
				for (const { displayName } of options) await see(box.getByText(displayName, { exact: true }).locator('visible=true').first());
				expect(options).not.toHaveLength(0);
				await screenshot(`group-${group}`, box);
			});
		}
	});
}
