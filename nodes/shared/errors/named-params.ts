import type { FormLabels } from './form-labels';

/** Parameters by their names in the chat API, which the server behind a gateway may have got instead */
const CHAT_NAMES = new Map([
	['functions', 'tools'],
	['max_completion_tokens', 'max_output_tokens'],
	['max_tokens', 'max_output_tokens'],
	['messages', 'input'],
	['reasoning_effort', 'reasoning.effort'],
	['response_format', 'text.format'],
]);

/** The name of a parameter in this API, by its name or path in the words of a server: `body.messages[0]` is `input[0]`. */
export function nameInApi(param: string): string {
	const [, name = '', rest] = /^(?:body\.|\$\.)?(\w*)(.*)$/s.exec(param) ?? [];
	return `${CHAT_NAMES.get(name) ?? name}${rest}`;
}

/** The parameter that a complaint names in its text, if a field of the form sends it. */
export function paramInMessage(message: string, labels: FormLabels): string | undefined {
	// zod names the path of what it checked first, and what it does not know after it (OpenClaw)
	const [, path = '', key] = /^([\w.[\]]*): (?:unrecognized key: "(\w+)")?/i.exec(message) ?? [];
	const checked = [path, key].filter(Boolean).join('.');
	if (labels.sentFieldOf(checked) !== undefined) return checked;
	// Go names the type of the request before it
	const names: string[] = message.replace(/\b[A-Z]\w*\./g, '').match(/[a-z]+(?:[._][a-z]+)*/g) ?? [];
	// a word that is a parameter may also be just a word of the sentence
	const isNamed = (name: string) =>
		/[._]/.test(name) || new RegExp(`['"\`:]\\s*${name}\\b|^${name} (is|was|must|cannot|can't|should)\\b`).test(message);
	return names.find((name) => isNamed(name) && labels.sentFieldOf(name) !== undefined);
}
