import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiResponse } from '../../../api/decode/normalize';
import { refusalOf } from '../../shared/output/answer';
import type { Execution } from '../execution';

/** Shows the answer of one row in the chat that called the workflow, while the answer arrives. */
export interface ChatStream {
	/** Shows a piece of the answer's text. */
	text(piece: string): void;
	/** Shows the rest of the answer (all of it if the reply was no stream), or the refusal, and ends the message. */
	finish(response: ApiResponse): void;
	/** Shows the error, if the execution goes on; n8n itself shows an error that ends the execution. */
	fail(error: unknown): void;
}

/** The stream to the chat, if the execution has a chat that takes one; an agent's tool never writes into the chat. */
export function chatStreamFor({ context, isTool }: Execution, index: number): ChatStream | undefined {
	if (isTool || !isStreaming(context)) return undefined;
	let streamedText = '';
	const show = (text: string) => {
		if (streamedText === '') context.sendChunk('begin', index);
		streamedText += text;
		context.sendChunk('item', index, text);
	};
	return {
		text: show,
		finish: (response) => {
			const answer = response.text + (refusalOf(response) ?? '');
			// what was streamed cannot be taken back: an answer that differs from it is not shown again
			const rest = answer.startsWith(streamedText) ? answer.slice(streamedText.length) : '';
			if (rest !== '' || streamedText === '') show(rest);
			context.sendChunk('end', index);
		},
		fail: (error) => {
			if (context.continueOnFail()) context.sendChunk('error', index, error instanceof Error ? error.message : String(error));
		},
	};
}

/** Hosts before 1.100 cannot stream. */
const isStreaming = (context: IExecuteFunctions) => 'isStreaming' in context && context.isStreaming();
