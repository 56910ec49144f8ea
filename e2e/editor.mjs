// The editor as a newcomer uses it: credential, nodes panel, form, run, error. Every step leaves a screenshot.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MODEL } from '../scripts/demo/local-server.js';
import { openEditor } from './host/editor.mjs';
import { ROOT } from './host/package.mjs';

/** @typedef {{name: string, displayName: string, type: string, placeholder?: string, options?: Property[]}} Property */

const SCREENSHOTS = join(ROOT, 'screenshots');
const GROUPS = ['reasoning', 'sampling', 'tools', 'options', 'requests'];

/**
 * @param {import('./host/n8n.mjs').N8n} n8n
 * @param {{url: string, apiKey: string}} server
 */
export function editorTests(n8n, server) {
	describe(`n8n ${n8n.install.version} shows in its editor`, () => {
		/** @type {import('./host/editor.mjs').Editor} */
		let editor;
		before(async () => {
			editor = await openEditor(n8n.url, SCREENSHOTS);
		});
		after(() => editor.close());

		it('a credential whose test tells a wrong key and a wrong address from right ones', async () => {
			await newCredential(editor);
			for (const [field, value, works, words] of /** @type {const} */ ([
				['baseUrl', server.url, false, 'does not accept this API Key'],
				['apiKey', server.apiKey, true, 'Connection tested successfully'],
				['baseUrl', `${server.url}/nowhere`, false, 'Base URL'],
				['baseUrl', 'example.com', false, 'https://'],
				['baseUrl', server.url, true, 'Connection tested successfully'],
			])) {
				await editor.field(field).fill(value);
				const verdict = await editor.saveCredential();
				assert.equal(verdict.works, works, `${field} ${value}: ${verdict.words}`);
				assert.ok(verdict.words.includes(words), verdict.words);
				await editor.screenshot(`credential-${works ? 'works' : 'fails'}-${field}`);
			}
		});

		it('the node in its panel under "responses" and "anyfast", with an icon for light and for dark', async () => {
			for (const words of ['anyfast', 'responses']) {
				await editor.open('/workflow/new');
				await searchPanel(editor, words);
				await editor.screenshot(`panel-${words}`);
			}
			await showsIcon(editor, 'light', 'responses.svg');
			await showsIcon(editor, 'dark', 'responses.dark.svg');
			await editor.screenshot('panel-dark');
			await editor.page.emulateMedia({ colorScheme: 'light' });
		});

		it('the examples that were imported, with a table of their answers or one in full', async () => {
			await execute(editor, 'responsesEnrich');
			await editor.screenshot('canvas');
			await editor.openNode('Enrich company');
			await editor.screenshot('output-table');
			await editor.page.locator('label[for="instructions"]').evaluate((/** @type {any} */ label) => label.scrollIntoView());
			await editor.screenshot('form-fields');
			await execute(editor, 'responsesChained');
			await editor.openNode('Draft');
			await editor.part('radio-button-json').last().click();
			await editor.screenshot('output');
		});

		it('a form with which a model is picked, a prompt typed and a step executed', async () => {
			await editor.open('/workflow/new');
			await searchPanel(editor, 'responses');
			await editor.part('node-creator-item-name').filter({ hasText: 'Responses API' }).first().click();
			await editor.page.getByText('Create response', { exact: true }).first().click();
			await editor.part('ndv').waitFor();
			await editor.part('rlc-input').first().click();
			await editor.part('rlc-item').filter({ hasText: MODEL }).first().click();
			await editor.field('prompt').fill('What is this server?');
			await editor.screenshot('form');
			await editor.part('node-execute-button').click();
			await editor.part('node-run-status-success').waitFor();
			await editor.part('radio-button-json').last().click();
			await editor.screenshot('output-json');
			const shown = await editor.part('output-panel').innerText();
			for (const words of ['This is the local example server', 'total_tokens', 'completed']) assert.ok(shown.includes(words), shown);
		});

		it("an error in the server's words with what to do about it", async () => {
			await editor.part('credential-edit-button').click();
			await editor.field('apiKey').fill('wrong');
			await editor.saveCredential();
			await editor.part('editCredential-modal').getByRole('button', { name: 'Close' }).click();
			await editor.part('node-execute-button').click();
			await editor.part('node-error-message').waitFor();
			await editor.screenshot('error');
			const shown = await editor.part('output-panel').innerText();
			for (const words of ['API key', '401']) assert.ok(shown.includes(words), shown);
		});

		for (const group of GROUPS) {
			it(`every field of ${group}`, async () => {
				const { displayName, options } = await propertyOf(editor, group);
				assert.ok(options);
				const box = editor
					.part('parameter-item')
					.filter({ has: editor.page.locator(`label[for="${group}"]`) })
					.last();
				for (const { displayName: option, type, placeholder = '' } of options) {
					// The group's own list comes after those of the collections in it.
					await editor.choose(box.locator('[data-test-id=collection-parameter-add]').last(), option);
					// A list without a row vanishes when the next option is added, in n8n's own nodes too.
					if (type === 'fixedCollection') await box.getByText(placeholder, { exact: true }).click();
				}
				for (const { displayName: option } of options) {
					await box.getByText(option, { exact: true }).locator('visible=true').first().waitFor();
				}
				await editor.screenshot(`group-${group}`, box);
				console.log(`${displayName}: ${options.length} fields`);
			});
		}
	});
}

/**
 * Opens the form of a new credential of ours.
 * @param {import('./host/editor.mjs').Editor} editor
 */
async function newCredential(editor) {
	await editor.open('/home/credentials');
	await editor.part('add-resource-credential').first().click();
	await editor.part('new-credential-type-select').locator('input').fill('Responses API');
	await editor.part('new-credential-type-select-option').filter({ hasText: 'Responses API' }).first().click();
	await editor.part('new-credential-type-button').click();
	await editor.field('apiKey').fill('wrong');
}

/**
 * Opens a workflow and executes it.
 * @param {import('./host/editor.mjs').Editor} editor
 * @param {string} workflowId
 */
async function execute(editor, workflowId) {
	await editor.open(`/workflow/${workflowId}`);
	await editor.part('execute-workflow-button').first().click();
	await editor.page.getByText('Workflow executed successfully').waitFor();
}

/**
 * Opens the nodes panel and searches it; the node is then in it.
 * @param {import('./host/editor.mjs').Editor} editor
 * @param {string} words
 */
async function searchPanel(editor, words) {
	await editor.part('canvas-plus-button').first().click();
	await editor.part('node-creator-search-bar').first().fill(words);
	await editor.part('node-creator-item-name').filter({ hasText: 'Responses API' }).first().waitFor();
}

/**
 * Sees the picture of our node in the nodes panel; throws if another one shows there, or a broken one.
 * @param {import('./host/editor.mjs').Editor} editor
 * @param {'light' | 'dark'} colorScheme
 * @param {string} file
 */
async function showsIcon(editor, colorScheme, file) {
	await editor.page.emulateMedia({ colorScheme });
	// The editor changes the address first, the browser fetches the picture later.
	const picture = editor.part('item-iterator-item').locator(`img[src$="/${file}"]`).first();
	await picture.waitFor();
	await picture.evaluate((/** @type {any} */ image) => image.decode());
}

/**
 * What our node says of a parameter, as the editor was told.
 * @param {import('./host/editor.mjs').Editor} editor
 * @param {string} name
 * @returns {Promise<Property>}
 */
async function propertyOf(editor, name) {
	const reply = await editor.page.request.get('/types/nodes.json');
	const types = /** @type {{name: string, properties: Property[]}[]} */ (await reply.json());
	const property = types.find((type) => type.name === 'n8n-nodes-responses.responses')?.properties.find((one) => one.name === name);
	assert.ok(property, name);
	return property;
}
