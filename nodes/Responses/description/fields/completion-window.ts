import type { Body } from '../../../../api/params';
import type { Field, ParameterValues } from '../../../shared/description/field';
import type { ItemContext } from '../../../shared/errors/parameter-error';

/**
 * How long the server may take for a response in the background; it takes this with `background` only.
 * https://platform.openai.com/docs/guides/background
 */
export const completionWindow: Field = {
	displayName: 'Completion Window',
	name: 'completionWindow',
	type: 'options',
	default: 'soonest',
	options: [
		{ name: 'Soonest', value: 'soonest', description: 'At the usual price' },
		{ name: 'Within 2 Hours', value: '2h', description: 'Costs less' },
		{ name: 'Within 8 Hours', value: '8h', description: 'Costs less' },
	],
	description: 'How long the server may take in the background: the longer, the cheaper; few servers know it',
	hint: 'Goes with Background; turn Wait for Completion off, so that the ID comes out at once',
	param: 'background_options',
	sends: (window: string, { background }: ParameterValues, item: ItemContext): Body => {
		// a value from an expression may be any text: the server judges it
		const completion_window = window as NonNullable<Body['background_options']>['completion_window'];
		if (background === true) return { background_options: { completion_window } };
		item.warn?.('Completion Window does nothing without Background: turn on Background in Options, or remove Completion Window');
		return {};
	},
};
