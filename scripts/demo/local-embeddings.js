/** What the embedded server lacks: embeddings by which texts with the same words are near to each other. */
const { createHash } = require('node:crypto');
const consumers = require('node:stream/consumers');

const DIMENSIONS = 256;
/** Words so common that they tell no text from another */
const COMMON = new Set('a an and are as at be by for from i in is it may of on or that the this to was what when with'.split(' '));

/** How often each word stands in a text, as a vector of length 1. @param {string} text */
function embeddingOf(text) {
	const vector = new Float32Array(DIMENSIONS);
	for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
		// the beginning of a word, so that `opened` is near to `open`
		if (!COMMON.has(word)) vector[createHash('sha256').update(word.slice(0, 4)).digest().readUInt8()] += 1;
	}
	const length = Math.hypot(...vector) || 1;
	return vector.map((value) => value / length);
}

/** @type {(embedding: Float32Array, format: unknown) => number[] | string} */
const encoded = (embedding, format) => (format === 'base64' ? Buffer.from(embedding.buffer).toString('base64') : [...embedding]);

/** A part of the server for the path `/v1/embeddings`. @type {import('@copilotkit/aimock').Mountable} */
const embeddings = {
	async handleRequest(request, reply) {
		const { model, input, encoding_format: format } = /** @type {Record<string, unknown>} */ (await consumers.json(request));
		const texts = [input].flat().map(String);
		const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: encoded(embeddingOf(text), format) }));
		const tokens = texts.join(' ').split(/\s+/).length;
		const body = { object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } };
		reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		return true;
	},
};

module.exports = { embeddings };
