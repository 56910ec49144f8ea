import type { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { toNodeError } from '../shared/errors/node-error';
import type { ItemContext } from '../shared/errors/parameter-error';
import { labels } from './options';

/** Whatever was thrown, as the error that n8n shows on this node and, with its own words, on the node that uses it. */
export function toSubNodeError(error: unknown, item: ItemContext): NodeApiError | NodeOperationError {
	const nodeError = toNodeError(error, item, labels);
	nodeError.functionality = 'configuration-node';
	// n8n asks for a model once for all items, so the error belongs to no single item
	delete nodeError.context.itemIndex;
	return nodeError;
}
