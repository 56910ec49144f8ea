import { isErrorObject } from './classify';
import { asObjects, isObject, parseJson, type JsonObject } from '../json';

/** One server-sent event. */
export interface ServerEvent {
	/** The `event` field; "" where the server sends none */
	name: string;
	/** The `data` lines, joined with line feeds */
	data: string;
}

/** Characters of text outside of events that are kept: enough for an error that a proxy writes into the stream */
const MAX_UNPARSED_LENGTH = 4000;

/**
 * Reads server-sent events from text that comes in pieces, cut anywhere; lines end in LF, CR or CRLF. Each character
 * is looked at once, however long a line is: an image in a line of 20 MB takes time linear in its length.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html, except that an event at the very end counts also
 * without its blank line, that the name of a field may be indented or in capitals, and that JSON in a line counts without one:
 * a piece of the answer that was passed over would leave a hole in it.
 */
export class SseParser {
	/** Pieces of the line that has not ended yet. They are joined once, when it ends. */
	private line: string[] = [];

	/** Whether the last piece ended in CR: an LF at the start of the next piece is part of that line end */
	private afterReturn = false;

	private name = '';

	private data: string[] = [];

	/** The beginning of the text that is no event: a proxy's HTML, words or JSON */
	unparsedText = '';

	/** Takes the next piece of the stream. Returns the events that are complete with it. */
	feed(text: string): ServerEvent[] {
		const events: ServerEvent[] = [];
		const lineEnd = /\r\n|\r|\n/g;
		let start = this.afterReturn && text.startsWith('\n') ? 1 : 0;
		lineEnd.lastIndex = start;
		for (let end = lineEnd.exec(text); end; end = lineEnd.exec(text)) {
			this.line.push(text.slice(start, end.index));
			start = lineEnd.lastIndex;
			this.endLine(events);
		}
		if (start < text.length) this.line.push(text.slice(start));
		if (text !== '') this.afterReturn = text.endsWith('\r');
		return events;
	}

	/** To be called at the end of the stream. Returns the last event, if its blank line is missing. */
	flush(): ServerEvent[] {
		const events: ServerEvent[] = [];
		if (this.line.length > 0) this.endLine(events);
		this.dispatch(events);
		return events;
	}

	/** Adds a text that is no event to `unparsedText`. */
	keepUnparsed(text: string): void {
		if (this.unparsedText.length < MAX_UNPARSED_LENGTH) this.unparsedText += `${text.slice(0, MAX_UNPARSED_LENGTH)}\n`;
	}

	private endLine(events: ServerEvent[]) {
		const line = this.line.length === 1 ? this.line[0] : this.line.join('');
		this.line = [];
		if (line === '') this.dispatch(events);
		else this.readField(line);
	}

	private readField(line: string) {
		if (/^\s*\{/.test(line) && line.trimEnd().endsWith('}')) return void this.data.push(line);
		const colon = line.indexOf(':');
		const field = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase();
		const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
		if (field === 'data') this.data.push(value);
		else if (field === 'event') this.name = value;
		// a line that begins with a colon is a comment
		else if (!['', 'id', 'retry'].includes(field)) this.keepUnparsed(line);
	}

	private dispatch(events: ServerEvent[]) {
		if (this.data.length > 0) events.push({ name: this.name, data: this.data.join('\n') });
		this.name = '';
		this.data = [];
	}
}

/** How an object begins in JSON, or in what was meant as such */
const JSON_BEGINNING = /^\s*\{|\{\s*["']/;

/** Whether data that cannot be read was meant as JSON, so that it may have held a piece of the answer. */
export const looksLikeJson = (data: string): boolean => JSON_BEGINNING.test(data);

/** The object in the data of an event, also where that is JSON in JSON, a list with an error (Gemini), or has something else around it. */
export function objectInData(data: string): JsonObject | undefined {
	// a failed attempt to parse is dear: a server may send a million lines that are none
	if (!data.includes('}')) return undefined;
	const parsed = parseJson(data) ?? (data.startsWith('[') ? undefined : objectWithin(data));
	const event = typeof parsed === 'string' ? parseJson(parsed) : parsed;
	const [first] = asObjects(event);
	return isObject(event) ? event : first && isErrorObject(first) ? first : undefined;
}

/** The object from the first brace of a text to its last. */
function objectWithin(text: string): unknown {
	const within = text.slice(Math.max(text.indexOf('{'), 0), text.lastIndexOf('}') + 1);
	return within === '' || within === text ? undefined : parseJson(within);
}
