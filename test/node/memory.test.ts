import { bytesInUse, startForgetfulServer } from '../support/memory';
import { runNode } from '../support/engine';

const MB = 1024 * 1024;

test('Rows with large files: what is in use is at most twice the size of the bodies in flight', async () => {
	const IN_FLIGHT = 5;
	let inUse = 0;
	const server = await startForgetfulServer(IN_FLIGHT, async () => {
		inUse = await bytesInUse();
	});
	const parameters = { model: { __rl: true, mode: 'id', value: 'm' }, prompt: 'Read', binaryFields: 'data' };
	const file = { data: Buffer.alloc(8 * MB, 'x').toString('base64'), mimeType: 'application/pdf', fileName: 'report.pdf' };
	const items = Array.from({ length: 12 }, () => ({ json: {}, binary: { data: file } }));
	const before = await bytesInUse();
	const { items: outputs } = await runNode(parameters, {
		credentials: { responsesApi: { baseUrl: `${server.url}/v1`, apiKey: 'sk' } },
		items,
	});
	server.close();
	expect(outputs).toHaveLength(12);
	const body = server.bytes() / items.length;
	expect(inUse - before).toBeLessThanOrEqual(2 * IN_FLIGHT * body);
});
