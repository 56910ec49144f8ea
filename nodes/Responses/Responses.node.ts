import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { CREDENTIAL } from '../../api/http/connection';
import { showSummary } from './execution-hints';
import { properties } from './description/properties';
import { Gate } from '../../api/scheduling/scheduler';
import { searchModels } from '../shared/listSearch/searchModels';
import { executeItems } from './execute-items';
import { createExecution, cancelCheck } from './execution';
import { schedulerSettings } from '../shared/request/settings';
import { showWarnings } from './warnings';

/**
 * The node that n8n loads. It is programmatic because streams, waiting, retries and binary input cannot be said in
 * n8n's declarative style.
 */
export class Responses implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Responses API',
		name: 'responses',
		icon: { light: 'file:responses.svg', dark: 'file:responses.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Ask a model on any server that speaks the OpenAI Responses API, such as AnyFast, AnyAPI or OpenAI',
		defaults: { name: 'Responses API' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties,
	};

	methods = { listSearch: { searchModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const count = this.getInputData().length;
		if (count === 0) return [[]];
		const gate = new Gate(schedulerSettings(this.getNodeParameter('requests', 0, null)), cancelCheck(this));
		const run = createExecution(this);
		try {
			return [await executeItems(run, gate, count)];
		} finally {
			showSummary(this, run.usage, { rows: count, ...gate.made });
			showWarnings(this, run.failures, count);
		}
	}
}
