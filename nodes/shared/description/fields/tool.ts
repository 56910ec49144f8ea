import type { Tool } from 'openai/resources/responses/responses';

import type { Body } from '../../../../api/params';
import { isObject, definedKeys } from '../../../../api/json';
import { optionsOf, type Field } from '../field';
import { splitNames } from '../../request/parameters';

/** A tool of the body from the values that are set; what is not set is left out. */
export function toolOf(tool: { [key: string]: unknown }): Body {
	// the members are those of the tool named by `type`; option values are the form's or what an expression gave
	return { tools: [definedKeys(tool) as unknown as Tool] };
}

/** The names in such a text, or nothing where there are none. */
export const listOrNothing = (names: unknown) => (splitNames(names).length > 0 ? splitNames(names) : undefined);

/** A field of text. */
export const text = (displayName: string, key: string, placeholder: string, description: string): Field => ({
	displayName,
	name: key,
	type: 'string',
	default: '',
	placeholder,
	description,
});

/** A field of choices, the first of which is the default. */
export const option = (displayName: string, key: string, [preset, ...values]: string[], description: string): Field => ({
	displayName,
	name: key,
	type: 'options',
	default: preset,
	options: optionsOf(preset, ...values),
	description,
});

/** A JSON object from the form; nothing for the empty one that an untouched field holds. */
export const filledOrNothing = (object: unknown) => (isObject(object) && Object.keys(object).length === 0 ? undefined : object);
