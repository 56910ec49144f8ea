import { ApiError } from '../errors/api-error';

/**
 * The path of an endpoint, `/responses/{id}/input_items`, with each part encoded, so that an id cannot lead elsewhere.
 * @throws ApiError `invalid_id` for a part that is blank or a step in a path (`.`, `..`): a DELETE would hit another address
 */
export function pathOf(...parts: string[]): string {
	for (const part of parts) {
		// a proxy may decode the slashes of a part before it takes the steps
		const isStep = part.split(/[\\/]/).some((step) => ['.', '..'].includes(step.trim()));
		if (isStep || part.trim() === '') {
			throw new ApiError('invalid_id', part.trim() === '' ? 'The ID is blank' : `"${part}" is not an ID`, { isRetryable: false });
		}
	}
	return parts.map((part) => `/${encodeURIComponent(part.trim().toWellFormed())}`).join('');
}
