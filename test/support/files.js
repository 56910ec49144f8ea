/** Files as n8n's nodes hand them on: in n8n's binary store, with the name and type that the sender gave. */
const { binaryOf } = require('./engine');

/** The smallest PNG, one transparent pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const PDF = Buffer.from(
	'%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
);

/**
 * A file as n8n keeps it; `fileExtension` is what n8n makes of the type.
 * @param {string} mimeType
 * @param {string} [fileName]
 * @param {string | Buffer} [content]
 */
const fileOf = async (mimeType, fileName, content = 'Hello') => await binaryOf(Buffer.from(content), { mimeType, fileName });

/**
 * How a model gets it.
 * @param {string} mimeType
 * @param {string | Buffer} [content]
 */
const dataUrl = (mimeType, content = 'Hello') => `data:${mimeType};base64,${Buffer.from(content).toString('base64')}`;

/** @param {number} megabytes */
const zeros = (megabytes) => Buffer.alloc(megabytes * 1024 * 1024);

module.exports = { PDF, PNG, dataUrl, fileOf, zeros };
