import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { CREDENTIAL } from '../../api/http/connection';
import { Scheduler } from '../../api/scheduling/scheduler';
import { searchModels } from '../shared/listSearch/searchModels';
import { schedulerSettings } from '../shared/request/settings';
import { properties } from './description/properties';
import { executeItems } from './execute-items';
import { cancelCheck, createExecution, lastTakenOf } from './execution';
import { showSummary, showWaits, showWarnings } from './execution-hints';

/** What the canvas shows below the name of the node: for Create of a response the model, once there is one. */
const SUBTITLE =
	'={{ ($parameter["resource"] === "response" && $parameter["operation"] === "create" && $parameter["model"] && ($parameter["model"]["value"] ?? $parameter["model"])) || $parameter["operation"] + ": " + $parameter["resource"] }}';

/** Create of a response has an input for tools besides the main one. */
const INPUTS: INodeTypeDescription['inputs'] =
	'={{ $parameter["resource"] === "response" && $parameter["operation"] === "create" ? ["main", "ai_tool"] : ["main"] }}';

/**
 * The action node that n8n loads. It is programmatic: n8n's declarative style has no streams, retries, waiting or binary
 * input.
 */
export class Responses implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Responses API',
		name: 'responses',
		icon: { light: 'file:responses.svg', dark: 'file:responses.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: SUBTITLE,
		description: 'Ask a model on any server that speaks the OpenAI Responses API, such as AnyFast, AnyAPI or OpenAI',
		defaults: { name: 'Responses API' },
		usableAsTool: true,
		inputs: INPUTS,
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties,
	};

	methods = { listSearch: { searchModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const count = this.getInputData().length;
		if (count === 0) return [[]];
		const settings = { ...schedulerSettings(requestsOfFirstItem(this)), lastTaken: lastTakenOf(this) };
		const scheduler = new Scheduler(settings, cancelCheck(this));
		const execution = createExecution(this);
		try {
			return [await executeItems(execution, scheduler, count)];
		} finally {
			showSummary(this, execution.usage, { rows: count, ...scheduler.callCounts });
			showWaits(this, scheduler.waits.times, scheduler.rate.perMinute);
			showWarnings(this, execution.failures, count);
		}
	}
}

/** The parameter `requests` of the first item. Nothing if its expression is wrong: then each item fails with that. */
function requestsOfFirstItem(context: IExecuteFunctions): unknown {
	try {
		return context.getNodeParameter('requests', 0, null);
	} catch {
		return undefined;
	}
}
