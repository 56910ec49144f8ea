import { isObject, objectIn, textIn, type JsonObject } from '../../../../api/json';
import type { Body } from '../../../../api/params';
import { fixedCollection, showFor, type Field, type ParameterValues } from '../../../shared/description/field';
import { parameterError, type ItemContext } from '../../../shared/errors/parameter-error';
import { refuseErrorKey, schemaFromExample, schemaFromFields, type OutputField } from '../../request/json-schema';

const showForFormats = (...outputFormats: string[]) => showFor('outputFormat', outputFormats, 'text.format');

/** The fields of the parameter `text.format`. Output Format sends the values of the fields that it shows. */
export const outputFormatFields: Field[] = [
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'text',
		options: [
			{ name: 'Fields', value: 'fields', description: 'Several values that you name below, such as summary and urgency' },
			{ name: 'JSON Like an Example', value: 'example', description: 'JSON built like a sample that you give' },
			{ name: 'JSON Object', value: 'jsonObject', description: 'Any JSON object; describe it in the prompt and use the word JSON there' },
			{ name: 'JSON Schema', value: 'jsonSchema', description: 'JSON that follows a schema you give' },
			{ name: 'Text', value: 'text', description: 'Plain text' },
		],
		description: 'What form the answer takes',
		hint: 'For several values, such as a summary and an urgency, choose Fields',
		param: 'text.format',
		sends: (type: string, values, item): Body => formatOf(type, values, item),
	},
	{
		...fixedCollection(
			{
				displayName: 'Output Fields',
				name: 'outputFields',
				placeholder: 'Add Field',
				description: 'The values that the answer should hold, each under its name',
				// one row is there from the start, because users who see no row overlook the button that adds one
				default: { values: [{ name: '', type: 'string', description: '', options: '' }] },
			},
			'Field',
			[
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. urgency',
					description: 'Name of the value, as a column of a table',
				},
				{
					displayName: 'Type',
					name: 'type',
					type: 'options',
					default: 'string',
					options: [
						{ name: 'List of Texts', value: 'array' },
						{ name: 'Number', value: 'number' },
						{ name: 'Text', value: 'string' },
						{ name: 'Whole Number', value: 'integer' },
						{ name: 'Yes or No', value: 'boolean' },
					],
					description: 'What kind of value it is',
				},
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					placeholder: 'e.g. How soon the sender needs an answer',
					description: 'What the model should put there',
				},
				{
					displayName: 'Allowed Values',
					name: 'options',
					accepts: 'list',
					type: 'string',
					default: '',
					placeholder: 'e.g. low, normal, high',
					description: 'The only values that may stand there, separated by commas, semicolons or line ends; blank allows any',
				},
			],
		),
		...showForFormats('fields'),
	},
	{
		displayName: 'Example',
		name: 'schemaExample',
		type: 'json',
		typeOptions: { rows: 5 },
		default: '{\n  "title": "A short title",\n  "tags": ["first", "second"],\n  "urgent": false\n}',
		description: 'Sample of the answer, which will have the same keys and kinds of values; a list is built like its first entry',
		...showForFormats('example'),
	},
	{
		displayName: 'Schema',
		name: 'schema',
		type: 'json',
		typeOptions: { rows: 6 },
		default: '{\n  "type": "object",\n  "properties": {\n    "title": { "type": "string" }\n  }\n}',
		description: 'JSON Schema that the answer follows',
		...showForFormats('jsonSchema'),
	},
	{
		displayName: 'Schema Name',
		name: 'schemaName',
		type: 'string',
		default: 'result',
		description: 'What the answer is called for the model: letters, digits, _ and -, at most 64',
		...showForFormats('jsonSchema'),
	},
	{
		displayName: 'Schema Description',
		name: 'schemaDescription',
		type: 'string',
		default: '',
		placeholder: 'e.g. Facts about one company',
		description: 'What the answer is, for the model to read',
		...showForFormats('jsonSchema'),
	},
	{
		displayName: 'Strict',
		name: 'strict',
		type: 'boolean',
		default: true,
		description: 'Whether the server makes sure that the answer follows the schema; what this needs in the schema is added for you',
		...showForFormats('jsonSchema'),
	},
];

function formatOf(type: string, values: ParameterValues, item: ItemContext): Body {
	if (type === 'text') return {};
	if (type === 'jsonObject') return { text: { format: { type: 'json_object' } } };
	const { schema, ...given } = schemaOf(type, values, item);
	const name = typedName(values.schemaName) ?? given.name ?? 'result';
	if (!/^[\w-]{1,64}$/.test(name)) {
		throw parameterError(item, `"Schema Name" may hold letters, digits, _ and - (at most 64), not "${name}"`, 'Type a name such as result');
	}
	const description = textIn(values, 'schemaDescription') ?? given.description;
	const strict = values.strict !== false;
	return {
		text: { format: { type: 'json_schema', name, schema, strict, ...(description && { description }) } },
	};
}

/** The name that the user typed. The default of the field gives way to a name that comes with the schema. */
const typedName = (name: unknown) => (typeof name === 'string' && name !== 'result' ? name.trim() : undefined);

interface GivenSchema {
	schema: JsonObject;
	name?: string;
	description?: string;
}

function schemaOf(type: string, values: ParameterValues, item: ItemContext): GivenSchema {
	if (type === 'fields') {
		// a fixed collection is converted to a list of rows
		return { schema: schemaFromFields((values.outputFields ?? []) as OutputField[], item) };
	}
	if (type === 'example') return { schema: schemaFromExample(values.schemaExample, item) };
	if (!isObject(values.schema)) {
		throw parameterError(item, '"Schema" is not a JSON object', 'Give a JSON Schema such as {"type": "object", "properties": {...}}');
	}
	const given = unwrapSchema(values.schema);
	refuseErrorKey(given.schema, 'Schema', item);
	return given;
}

/** The schema itself. Users also paste it wrapped, as chat completions (`response_format`, `json_schema`) or `text.format` take it. */
function unwrapSchema(given: JsonObject): GivenSchema {
	const outer = isObject(given.response_format) ? given.response_format : given;
	const inner = isObject(outer.json_schema) ? outer.json_schema : outer;
	if (!isObject(inner.schema)) return { schema: inner };
	return { schema: objectIn(inner, 'schema'), name: textIn(inner, 'name'), description: textIn(inner, 'description') };
}
