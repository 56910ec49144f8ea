import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiResponse } from '../../../api/decode/normalize';
import { refusalOf } from '../../shared/output/answer';
import type { Execution } from '../execution';

/** Shows the answer of one row in the chat that called the workflow, while the answer arrives. */
export interface ChatStream {
	/** Shows a piece of the answer's text. */
	text(piece: string): void;
	/** Shows the rest of one answer (all of it if the reply was no stream), or the refusal. What follows is a new paragraph. */
	complete(response: ApiResponse): void;
	/** Ends the message. */
	finish(): void;
	/** Shows the error, if the execution goes on; n8n itself shows an error that ends the execution. */
	fail(error: unknown): void;
}

/** The stream to the chat, if the execution has a chat that takes one; an agent's tool never writes into the chat. */
export function chatStreamFor({ context, isTool }: Execution, index: number): ChatStream | undefined {
	if (isTool || !isStreaming(context)) return undefined;
	let hasBegun = false;
	let streamedText = '';
	let separator = '';
	const show = (text: string) => {
		if (!hasBegun) context.sendChunk('begin', index);
		hasBegun = true;
		context.sendChunk('item', index, text);
	};
	const showPiece = (piece: string) => {
		show(separator + piece);
		separator = '';
		streamedText += piece;
	};
	return {
		text: showPiece,
		complete: (response) => {
			const answer = response.text + (refusalOf(response) ?? '');
			// what was streamed cannot be taken back: an answer that differs from it is not shown again
			const rest = answer.startsWith(streamedText) ? answer.slice(streamedText.length) : '';
			if (rest !== '') showPiece(rest);
			if (/\S$/.test(streamedText)) separator = '\n\n';
			streamedText = '';
		},
		finish: () => {
			if (!hasBegun) show('');
			context.sendChunk('end', index);
		},
		fail: (error) => {
			if (context.continueOnFail()) context.sendChunk('error', index, error instanceof Error ? error.message : String(error));
		},
	};
}

/** Hosts before 1.100 cannot stream. */
const isStreaming = (context: IExecuteFunctions) => 'isStreaming' in context && context.isStreaming();
