import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiResponse } from '../../../api/decode/normalize';
import { refusalOf } from './simplify';
import type { Execution } from '../execution';

/** Shows one row's answer in the chat that waits for it, as it comes. */
export interface ChatStream {
	/** A piece of the answer's text */
	text(piece: string): void;
	/** The answer is whole; what was not shown yet (a plain reply, a refusal) is shown now */
	finish(response: ApiResponse): void;
	/** It ended with an error; n8n itself shows one that ends the run */
	fail(error: unknown): void;
}

/** The chat of this run, if there is one that shows answers as they come; an agent's tool never talks to it. */
export function chatStreamFor({ context, isTool }: Execution, index: number): ChatStream | undefined {
	if (isTool || !isStreaming(context)) return undefined;
	let shown = '';
	const show = (text: string) => {
		if (shown === '') context.sendChunk('begin', index);
		shown += text;
		context.sendChunk('item', index, text);
	};
	return {
		text: show,
		finish: (response) => {
			const answer = response.text + (refusalOf(response) ?? '');
			// nothing, if the answer is another one than its pieces made: it cannot be taken back
			const rest = answer.startsWith(shown) ? answer.slice(shown.length) : '';
			if (rest !== '' || shown === '') show(rest);
			context.sendChunk('end', index);
		},
		fail: (error) => {
			if (context.continueOnFail()) context.sendChunk('error', index, error instanceof Error ? error.message : String(error));
		},
	};
}

/** Hosts before 1.100 cannot stream. */
const isStreaming = (context: IExecuteFunctions) => 'isStreaming' in context && context.isStreaming();
